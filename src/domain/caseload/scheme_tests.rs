//! The clocks of schemes, day by day.

use jiff::civil::date;

use super::*;
use crate::calendar::Exceptions;

fn calendar() -> Calendar {
    Calendar::england_and_wales(Exceptions::default()).unwrap()
}

#[test]
fn a_reminder_comes_before_the_wednesday_list_and_over_a_holiday_before_that() {
    let bail = |court_on| Bail::noted(None, Some(court_on), date(2026, 3, 25)).unwrap();
    let wednesday = bail(date(2026, 4, 1));
    assert_eq!(wednesday.remind_by(&calendar()), date(2026, 3, 31));
    // Good Friday and Easter Monday are no working days.
    assert_eq!(bail(date(2026, 4, 7)).remind_by(&calendar()), date(2026, 4, 2));
    assert!(wednesday.awaits_reminder() && !wednesday.awaits_appointments());
    assert!(Bail::noted(None, Some(date(2026, 3, 24)), date(2026, 3, 25)).is_err());
    assert!(Bail::noted(None, None, date(2026, 3, 25)).is_err());
}

#[test]
fn two_appointments_lie_within_the_four_weeks_and_the_last_day_counts() {
    let bail = Bail::noted(None, Some(date(2026, 4, 1)), date(2026, 3, 25)).unwrap();
    assert!(bail.kept(date(2026, 4, 2)).is_err(), "bail was not extended");
    assert!(bail.extended(date(2026, 3, 31)).is_err(), "before the day in court");
    let bail = bail.extended(date(2026, 4, 1)).unwrap();
    assert_eq!(bail.until(), Some(date(2026, 4, 29)));
    assert!(bail.awaits_appointments() && !bail.awaits_reminder());
    assert!(bail.kept(date(2026, 3, 31)).is_err() && bail.kept(date(2026, 4, 30)).is_err());
    let once = bail.kept(date(2026, 4, 8)).unwrap();
    assert!(once.awaits_appointments());
    // Back in court at the end: she is reminded again, and what she kept still counts.
    let back = Bail::noted(Some(&once), Some(date(2026, 4, 29)), date(2026, 4, 20)).unwrap();
    assert!(back.awaits_reminder() && back.awaits_appointments());
    assert!(!back.kept(date(2026, 4, 29)).unwrap().awaits_appointments());
    // What was over by then is another matter.
    let anew = Bail::noted(Some(&once), Some(date(2026, 6, 3)), date(2026, 5, 20)).unwrap();
    assert_eq!((anew.extended_on, anew.kept_on.len()), (None, 0));
}

#[test]
fn a_programme_goes_on_stage_by_stage_and_each_has_its_end() {
    let began = date(2026, 1, 31);
    let ends: Vec<Date> = Stage::ALL.iter().map(|stage| stage.ends(began)).collect();
    let expected = [
        date(2026, 3, 28),
        date(2026, 4, 25),
        date(2026, 4, 30),
        date(2026, 4, 30),
        date(2026, 7, 31),
        date(2026, 7, 31),
        date(2026, 4, 30),
        date(2026, 2, 28),
        date(2026, 7, 31),
        date(2029, 1, 31),
    ];
    assert_eq!(ends, expected);
    let boosters = std::iter::successors(Some(Stage::FamiliesFirstMaintenance), |stage| stage.next());
    let days = boosters.skip(1).scan(date(2026, 3, 31), |on, stage| {
        *on = stage.ends(*on);
        Some(*on)
    });
    assert_eq!(days.collect::<Vec<_>>(), [date(2026, 6, 30), date(2026, 9, 30), date(2027, 3, 30)]);
    let custody = InStage::enter(None, Some(Stage::C2Custody), began).unwrap();
    let on = date(2026, 4, 20);
    let bail = InStage::enter(Some(custody), Some(Stage::C2BailAssessment), on).unwrap();
    assert_eq!((bail.since, bail.until), (on, date(2026, 5, 20)));
    for wrong in [Stage::C2CommunityOrder, Stage::C2Custody, Stage::FamiliesFirstIntensive] {
        assert!(InStage::enter(Some(bail), Some(wrong), on).is_err(), "{wrong}");
    }
    assert!(InStage::enter(Some(bail), Some(Stage::C2DeferredSentence), date(2026, 4, 19)).is_err());
    assert!(InStage::enter(None, None, began).is_err());
    assert_eq!(Stage::C2CommunityOrder.next(), None);
}

#[test]
fn twelve_weeks_are_kept_on_their_last_day() {
    let began = date(2026, 1, 5);
    assert_eq!(Retained::between(began, date(2026, 3, 29)), Retained::UnderTwelveWeeks);
    assert_eq!(Retained::between(began, date(2026, 3, 30)), Retained::TwelveWeeks);
    assert_eq!(Retained::between(began, date(2026, 6, 21)), Retained::TwelveWeeks);
    assert_eq!(Retained::between(began, date(2026, 6, 22)), Retained::TwentyFourWeeks);
}
