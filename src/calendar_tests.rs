//! The calendar against published bank holidays and the deadlines of the acceptance scenarios.

use proptest::prelude::*;

use super::*;

fn calendar() -> Calendar {
    Calendar::england_and_wales(Exceptions::default()).unwrap()
}

fn london(text: &str) -> Timestamp {
    let civil: jiff::civil::DateTime = text.parse().unwrap();
    calendar().moment(civil.date(), civil.time())
}

#[test]
fn the_bank_holidays_of_2024_to_2030_are_those_published() {
    let published: [(i16, [(i8, i8); 8]); 7] = [
        (2024, [(1, 1), (3, 29), (4, 1), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)]),
        (2025, [(1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)]),
        (2026, [(1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)]),
        (2027, [(1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)]),
        (2028, [(1, 3), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)]),
        (2029, [(1, 1), (3, 30), (4, 2), (5, 7), (5, 28), (8, 27), (12, 25), (12, 26)]),
        (2030, [(1, 1), (4, 19), (4, 22), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)]),
    ];
    for (year, days) in published {
        let expected: BTreeSet<Date> = days.iter().map(|&(month, day)| date(year, month, day)).collect();
        assert_eq!(computed_bank_holidays(year), expected, "{year}");
    }
}

#[test]
fn a_christmas_on_sunday_is_kept_after_boxing_day() {
    let days = computed_bank_holidays(2022);
    assert!(days.contains(&date(2022, 12, 26)) && days.contains(&date(2022, 12, 27)));
    assert!(!days.contains(&date(2022, 12, 25)));
}

#[test]
fn proclaimed_days_are_added_and_moved_by_configuration() {
    let jubilee = Calendar::england_and_wales(Exceptions {
        added: BTreeSet::from([date(2022, 6, 2), date(2022, 6, 3)]),
        removed: BTreeSet::from([date(2022, 5, 30)]),
    })
    .unwrap();
    assert!(jubilee.is_working_day(date(2022, 5, 30)));
    assert_eq!(jubilee.add_working_days(date(2022, 6, 1), 1), date(2022, 6, 6));
    assert!(!calendar().is_working_day(date(2022, 5, 30)));
}

#[test]
fn the_fifth_working_day_after_maundy_thursday_2026_is_13_april() {
    assert_eq!(calendar().add_working_days(date(2026, 4, 2), 5), date(2026, 4, 13));
}

#[test]
fn both_first_appointments_of_maundy_thursday_night_are_due_on_tuesday() {
    let identified = london("2026-04-02T22:30");
    for residence in [Residence::Resident, Residence::NonResident] {
        assert_eq!(calendar().first_appointment_by(identified, residence), date(2026, 4, 7));
    }
    assert_eq!(calendar().add_hours_clamped(identified, 48), london("2026-04-07T23:59"));
}

#[test]
fn on_ordinary_days_the_clock_alone_counts() {
    let identified = london("2026-06-09T10:00");
    assert_eq!(calendar().first_appointment_by(identified, Residence::Resident), date(2026, 6, 10));
    assert_eq!(calendar().first_appointment_by(identified, Residence::NonResident), date(2026, 6, 11));
    assert_eq!(calendar().add_hours_clamped(identified, 24), london("2026-06-10T10:00"));
}

#[test]
fn opening_hours_stop_at_the_weekend() {
    let hours = OpeningHours::default();
    assert_eq!(calendar().add_open_hours(london("2026-06-12T16:50"), 2, &hours), london("2026-06-15T10:50"));
    assert_eq!(calendar().add_open_hours(london("2026-06-13T03:00"), 2, &hours), london("2026-06-15T11:00"));
    assert_eq!(calendar().add_open_hours(london("2026-06-12T09:00"), 8, &hours), london("2026-06-12T17:00"));
    let weekends = OpeningHours { every_day: true, ..hours };
    assert_eq!(
        calendar().add_open_hours(london("2026-06-12T16:50"), 2, &weekends),
        london("2026-06-13T10:50")
    );
}

#[test]
fn hours_that_never_open_count_by_the_clock() {
    let never = OpeningHours { opens: time(9, 0, 0, 0), closes: time(9, 0, 0, 0), every_day: false };
    assert_eq!(calendar().add_open_hours(london("2026-06-12T16:50"), 2, &never), london("2026-06-12T18:50"));
}

#[test]
fn civil_days_follow_summer_time() {
    assert_eq!(calendar().date_of("2026-06-30T23:30:00Z".parse().unwrap()), date(2026, 7, 1));
    assert_eq!(calendar().date_of("2026-12-31T23:30:00Z".parse().unwrap()), date(2026, 12, 31));
}

#[test]
fn months_clamp_and_reviews_fall_after_sixteen_weeks() {
    assert_eq!(add_months_clamped(date(2026, 1, 30), 1), date(2026, 2, 28));
    assert_eq!(review_due(date(2026, 1, 5)), date(2026, 4, 27));
    assert!(!longer_than_a_month(date(2026, 5, 14), date(2026, 6, 3)));
    assert!(!longer_than_a_month(date(2026, 1, 31), date(2026, 2, 28)));
    assert!(longer_than_a_month(date(2026, 1, 31), date(2026, 3, 1)));
}

proptest! {
    #[test]
    fn counted_days_are_working_days_and_increase(days in 0i32..20_000, count in 1u32..30) {
        let start = later(date(2000, 1, 1), days.days());
        let end = calendar().add_working_days(start, count);
        prop_assert!(calendar().is_working_day(end));
        prop_assert!(end > calendar().add_working_days(start, count - 1));
    }

    #[test]
    fn easter_is_a_sunday_in_march_or_april(year in 1583i16..=9999) {
        let easter = easter_sunday(year).unwrap();
        prop_assert_eq!(easter.weekday(), Weekday::Sunday);
        prop_assert!((date(year, 3, 22)..=date(year, 4, 25)).contains(&easter));
    }
}
