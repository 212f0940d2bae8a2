//! The duty to refer who is homeless, or will be within 56 days, to the council that the person chose: who, and what the council needs to
//! act, and nothing of treatment.

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::domain::fault::FieldFault;
use crate::vocabulary::{AgencyType, Segment, SegmentSet};

/// How long ahead somebody counts as threatened with homelessness (Housing Act 1996 s. 175).
const DAYS_AHEAD: i32 = 56;

crate::code_list! {
    /// Why somebody has no home, or will have none.
    pub enum HomelessBecause {
        /// Released with nowhere to go.
        LeavingCustody = "leaving-custody",
        TenancyEnds = "tenancy-ends",
        /// Family or friends do not let the person stay.
        AskedToLeave = "asked-to-leave",
        SleepingRough = "sleeping-rough",
        /// It is not safe to stay.
        Violence = "violence",
        Other = "other",
    }
}

/// What a council is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Homelessness {
    /// The name to call the person by (`identity`).
    #[validate(length(min = 1, max = 120), non_control_character)]
    pub name_to_use: String,
    /// How the council may safely reach the person (`contact`).
    #[validate(length(min = 1, max = 300))]
    pub reach: String,
    /// From which day, or since when, the person has no home (`housing`).
    #[schema(value_type = String, format = Date)]
    pub from: Date,
    /// Why (`housing`).
    pub because: HomelessBecause,
    /// That the person chose this council: without it nobody is referred.
    pub council_chosen: bool,
}

impl Homelessness {
    /// What of the person must be agreed to.
    pub(super) fn segments() -> SegmentSet {
        [Segment::Identity, Segment::Contact, Segment::Housing].into_iter().collect()
    }

    /// Checks it on the day on which it is sent.
    ///
    /// # Errors
    /// The rule that is broken.
    pub(super) fn check(&self, today: Date) -> Result<(), FieldFault> {
        let fault = |field, rule| Err(FieldFault { field, rule });
        if !self.council_chosen {
            return fault("homelessness.council_chosen", "must be true: the person chooses the council");
        }
        if self.from > today.saturating_add(DAYS_AHEAD.days()) {
            return fault("homelessness.from", "must be within 56 days: the duty begins then");
        }
        Ok(())
    }
}

/// Whether an agency of this type is under the duty; others refer with the six items.
pub(super) const fn is_under_duty(agency_type: AgencyType) -> bool {
    matches!(agency_type, AgencyType::Carat | AgencyType::PrisonHealthcare | AgencyType::Probation)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_duty_begins_fifty_six_days_ahead_and_ends_at_no_day_and_the_person_chooses() {
        let on = |from, council_chosen| Homelessness {
            name_to_use: "Juniper".to_owned(),
            reach: "By post to HMP Fallowgate.".to_owned(),
            from,
            because: HomelessBecause::LeavingCustody,
            council_chosen,
        };
        let field =
            |homelessness: Homelessness| homelessness.check(date(2026, 1, 5)).err().map(|fault| fault.field);
        assert_eq!(field(on(date(2026, 3, 2), true)), None, "the 56th day");
        assert_eq!(field(on(date(2026, 3, 3), true)), Some("homelessness.from"));
        assert_eq!(field(on(date(2025, 11, 1), true)), None, "who has no home since long");
        assert_eq!(field(on(date(2026, 1, 5), false)), Some("homelessness.council_chosen"));
    }
}
