//! By when holders answer: each in its own duty hours, and for the asker one time that tells nothing of who was asked.

use jiff::Timestamp;

use crate::calendar::{Calendar, OpeningHours};
use crate::directory::{Agency, AgencyStatus, Directory};
use crate::id::AgencyId;

/// How many hours a holder's duty role has to answer, counted while it is open: a working day of it (our default; rule 17).
const ANSWER_OPEN_HOURS: u32 = 8;
/// After how many of them its deputy is reminded.
const REMIND_OPEN_HOURS: u32 = ANSWER_OPEN_HOURS / 2;
/// How many working days a holder has of which the directory knows no hours.
const ANSWER_WORKING_DAYS: u32 = 1;
/// After how many working days no case waits for a holder any longer, however seldom that one is open.
const LATEST_WORKING_DAYS: u32 = 2;

/// The times of one who was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Times {
    /// When the deputy is reminded.
    pub remind_at: Timestamp,
    /// Until when an answer is due.
    pub due: Timestamp,
}

/// The times of this agency for a question asked at this moment.
pub(super) fn times_of(agency: &Agency, asked_at: Timestamp, calendar: &Calendar) -> Times {
    let latest = latest(asked_at, calendar);
    let hours = agency.duty_hours();
    let after =
        |count: u32, hours: &OpeningHours| calendar.add_open_hours(asked_at, count, hours).min(latest);
    match &hours {
        Some(hours) => {
            Times { remind_at: after(REMIND_OPEN_HOURS, hours), due: after(ANSWER_OPEN_HOURS, hours) }
        }
        None => Times {
            remind_at: after(REMIND_OPEN_HOURS, &OpeningHours::default()),
            due: end_of_working_day(asked_at, ANSWER_WORKING_DAYS, calendar),
        },
    }
}

/// Until when the asker waits: until the last of all who could have been asked would have had to answer. It follows from the
/// moment and the directory alone. A holder's own time would tell which one it is.
pub(super) fn contact_by(
    directory: &Directory,
    asker: &AgencyId,
    asked_at: Timestamp,
    calendar: &Calendar,
) -> Timestamp {
    directory
        .iter()
        .filter(|agency| agency.id != *asker && may_be_asked(agency))
        .map(|agency| times_of(agency, asked_at, calendar).due)
        .max()
        .unwrap_or_else(|| end_of_working_day(asked_at, ANSWER_WORKING_DAYS, calendar))
}

/// Who answers live in the asker's area: asked at each check there, whoever it is about and whatever was found.
pub(super) fn asked_live(directory: &Directory, asker: &AgencyId) -> Vec<AgencyId> {
    let Some(area) = directory.agency(asker).map(|agency| &agency.area) else {
        return Vec::new();
    };
    directory
        .iter()
        .filter(|agency| {
            agency.answers_live && agency.area == *area && agency.id != *asker && may_be_asked(agency)
        })
        .map(|agency| agency.id.clone())
        .collect()
}

fn may_be_asked(agency: &Agency) -> bool {
    agency.status == AgencyStatus::Active && agency.agency_type.has_caseload()
}

fn latest(asked_at: Timestamp, calendar: &Calendar) -> Timestamp {
    end_of_working_day(asked_at, LATEST_WORKING_DAYS, calendar)
}

fn end_of_working_day(from: Timestamp, count: u32, calendar: &Calendar) -> Timestamp {
    calendar.end_of(calendar.add_working_days(calendar.date_of(from), count))
}

#[cfg(test)]
mod tests {
    use jiff::civil::time;

    use super::*;
    use crate::calendar::Exceptions;
    use crate::directory::{Contact, Day, OpeningHours};
    use crate::vocabulary::AgencyType;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn calendar() -> Calendar {
        Calendar::england_and_wales(Exceptions::default()).unwrap()
    }

    fn agency(id: &str, agency_type: AgencyType, days: &[Day]) -> Agency {
        let (from, until) = (time(9, 0, 0, 0), time(17, 0, 0, 0));
        Agency {
            id: id.parse().unwrap(),
            name: id.to_owned(),
            agency_type,
            area: "Northmoor".to_owned(),
            status: AgencyStatus::Active,
            issuer: format!("https://{id}.example"),
            roles: Vec::new(),
            certificates: Vec::new(),
            token_keys: Vec::new(),
            workers: Vec::new(),
            contact: Contact {
                telephone_office: "01632 960100".to_owned(),
                telephone_out_of_hours: None,
                telephone_crisis: None,
                hours: days.iter().map(|day| OpeningHours { day: *day, from, until }).collect(),
                spoc: "duty-worker".to_owned(),
                spoc_deputy: "team-manager".to_owned(),
                adviser: None,
                verified_at: None,
            },
            provides: Vec::new(),
            cannot_provide: Vec::new(),
            answers_live: false,
            break_glass: crate::directory::BreakGlassPower::default(),
        }
    }

    const WEEK: [Day; 5] = [Day::Monday, Day::Tuesday, Day::Wednesday, Day::Thursday, Day::Friday];

    #[test]
    fn asked_on_friday_at_ten_to_five_a_duty_role_has_until_monday_at_the_same_time() {
        let asked = moment("2026-06-12T15:50:00Z");
        let times = times_of(&agency("lantern", AgencyType::SpecialistProject, &WEEK), asked, &calendar());
        assert_eq!(times.remind_at, moment("2026-06-15T11:50:00Z"));
        assert_eq!(times.due, moment("2026-06-15T15:50:00Z"));
        let unknown = times_of(&agency("lantern", AgencyType::SpecialistProject, &[]), asked, &calendar());
        assert_eq!(unknown.due, moment("2026-06-15T22:59:00Z"));
    }

    #[test]
    fn the_time_that_the_asker_is_told_follows_from_the_directory_and_not_from_who_holds() {
        let asked = moment("2026-06-12T15:50:00Z");
        let every_day = [&WEEK[..], &[Day::Saturday, Day::Sunday]].concat();
        let agencies = [
            agency("northmoor-cjit", AgencyType::Cjit, &WEEK),
            agency("lantern", AgencyType::SpecialistProject, &every_day),
            agency("fallowgate-carat", AgencyType::Carat, &WEEK),
            agency("northmoor-police", AgencyType::Police, &[]),
        ];
        let directory = Directory::new(1, agencies).unwrap();
        let by = contact_by(&directory, &"northmoor-cjit".parse().unwrap(), asked, &calendar());
        assert_eq!(by, moment("2026-06-15T15:50:00Z"), "the latest of those who may be asked");
    }

    #[test]
    fn only_who_answers_live_in_the_askers_area_is_asked_whatever_was_found() {
        let live = |id, area: &str, status| Agency {
            answers_live: true,
            area: area.to_owned(),
            status,
            ..agency(id, AgencyType::SpecialistProject, &WEEK)
        };
        let directory = Directory::new(
            1,
            [
                agency("northmoor-cjit", AgencyType::Cjit, &WEEK),
                agency("eastvale-cjit", AgencyType::Cjit, &WEEK),
                live("lantern", "Northmoor", AgencyStatus::Active),
                live("beacon", "Eastvale", AgencyStatus::Active),
                live("gone", "Northmoor", AgencyStatus::Suspended),
            ],
        )
        .unwrap();
        let asked = |asker: &str| asked_live(&directory, &asker.parse().unwrap());
        assert_eq!(asked("northmoor-cjit"), ["lantern".parse().unwrap()]);
        assert_eq!(asked("lantern"), [], "nobody asks itself");
    }
}
