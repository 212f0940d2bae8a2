//! A cohort tag as stored.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::domain::dir::Cohort;
use crate::id::WorkerId;

/// One version of a tag as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagRecord {
    /// To which cohort the person belongs.
    pub cohort: Cohort,
    /// Since which day.
    pub since: Date,
    /// Until which day it is looked at again; after it the tag says nothing any more.
    pub review_on: Date,
    /// Who says so, and when.
    pub by: (WorkerId, Timestamp),
    /// Who ended it, and when.
    pub ended: Option<(WorkerId, Timestamp)>,
}

/// The tag has ended already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over;

impl TagRecord {
    /// Whether it holds on this day.
    pub fn is_live(&self, today: Date) -> bool {
        self.ended.is_none() && today <= self.review_on
    }

    /// The next version, ended.
    ///
    /// # Errors
    /// [`Over`] if it has ended.
    pub fn end(&self, by: &(WorkerId, Timestamp)) -> Result<Self, Over> {
        if self.ended.is_some() { Err(Over) } else { Ok(Self { ended: Some(by.clone()), ..self.clone() }) }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::vocabulary::AgencyType;

    #[test]
    fn a_tag_holds_until_it_is_ended_or_nobody_has_looked_at_it() {
        let by: (WorkerId, Timestamp) =
            ("trial-elm".parse().unwrap(), "2026-06-01T10:00:00Z".parse().unwrap());
        let tag = TagRecord {
            cohort: Cohort::PriorityProlific,
            since: date(2026, 6, 1),
            review_on: date(2026, 9, 1),
            by: by.clone(),
            ended: None,
        };
        assert!(tag.is_live(date(2026, 9, 1)) && !tag.is_live(date(2026, 9, 2)));
        let ended = tag.end(&by).unwrap();
        assert!(!ended.is_live(date(2026, 6, 2)));
        assert_eq!(ended.end(&by), Err(Over));
    }

    #[test]
    fn who_supervises_an_order_says_who_is_under_it_and_no_treatment_team_tags_anybody() {
        let by = |cohort: Cohort| -> Vec<AgencyType> {
            AgencyType::ALL.iter().copied().filter(|agency_type| cohort.is_said_by(*agency_type)).collect()
        };
        assert_eq!(by(Cohort::Drr), [AgencyType::Probation]);
        assert_eq!(by(Cohort::Mappa), [AgencyType::Probation, AgencyType::Police]);
        for cohort in Cohort::ALL {
            assert!(by(*cohort).contains(&AgencyType::Probation), "{cohort}");
        }
    }
}
