//! Recording that somebody was identified in custody: by enforcement, where the law may require an assessment, or proactively.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::Residence;
use super::model::{AssessmentRecord, DrugTest, Party, Requirement};
use crate::calendar::Calendar;
use crate::domain::dir::contact_codes::{AssessmentTrigger, IdentificationCriterion, Pathway};
use crate::domain::fault::{Faults, FieldFault, is_distinct};
use crate::domain::minute::Minute;
use crate::domain::validation::{clean_text, plausible_minute};
use crate::id::{AgencyId, PersonId, RecordId, WorkerId};
use crate::vocabulary::AgencyType;

/// Somebody was identified in custody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssessmentOpened {
    /// How.
    pub pathway: Pathway,
    /// What led to it.
    pub trigger: AssessmentTrigger,
    /// Why the person is believed to misuse drugs; indirect evidence never alone.
    #[serde(default)]
    pub criteria: Vec<IdentificationCriterion>,
    /// The test in custody.
    pub test: Option<DrugTest>,
    /// When.
    #[validate(custom(function = "plausible_minute"))]
    pub identified_at: Minute,
    /// Where the person lives.
    pub residence: Residence,
    /// The team that assesses. Left out where that is who sends this.
    pub assessor: Option<AgencyId>,
    /// The police, where the team that assesses sends this for them; by enforcement alone.
    pub police: Option<AgencyId>,
    /// By enforcement, where it is not required all the same: who decided that, and why.
    #[validate(nested)]
    pub not_required: Option<NotRequired>,
}

/// The requirement is not imposed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotRequired {
    /// The officer, of the rank of inspector or above.
    pub authority: WorkerId,
    /// Whether the officer has that rank.
    pub inspector_or_above: bool,
    /// Why, as on the custody record.
    #[validate(custom(function = "clean_text"))]
    pub reasons: String,
}

/// Who takes part, as the request and the directory say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parties {
    pub(super) police: Option<AgencyId>,
    pub(super) assessor: AgencyId,
}

/// What the gateway itself knows of a new assessment.
pub(super) struct Origin {
    pub(super) id: RecordId,
    pub(super) person: PersonId,
    pub(super) opened_by: Party,
    pub(super) recorded_at: Timestamp,
    pub(super) parties: Parties,
}

impl AssessmentOpened {
    /// Checks what the form of the fields cannot say.
    ///
    /// # Errors
    /// Every rule that is broken, by field.
    pub(super) fn check(&self, sender: AgencyType, now: Minute) -> Result<(), Vec<FieldFault>> {
        let enforced = self.pathway == Pathway::Enforcement;
        let indirect_alone = !self.criteria.is_empty() && self.criteria.iter().all(|it| it.is_indirect());
        let positive = self.test.as_ref().is_some_and(DrugTest::is_positive);
        let by_police = sender == AgencyType::Police;
        let mut faults = Faults::default();
        faults.require(
            !indirect_alone,
            "criteria",
            "previous misuse or tests count only beside other evidence",
        );
        faults.require(is_distinct(&self.criteria), "criteria", "must not say the same thing twice");
        faults.require(
            enforced || !self.criteria.is_empty(),
            "criteria",
            "are required where nobody is required to come",
        );
        faults.require(!enforced || positive, "test", "must be positive for a requirement");
        faults.require(self.identified_at <= now, "identified_at", "must not lie in the future");
        faults.require(
            enforced || self.not_required.is_none(),
            "not_required",
            "goes with enforcement alone",
        );
        faults.require(
            self.not_required.as_ref().is_none_or(|it| it.inspector_or_above),
            "not_required.inspector_or_above",
            "must be true",
        );
        faults.require(
            self.assessor.is_some() == by_police,
            "assessor",
            "is named by the police, and by nobody else",
        );
        faults.require(
            self.police.is_some() == (!by_police && enforced),
            "police",
            "are named by a team that records what they required, and by nobody else",
        );
        faults.into_result()
    }

    /// The assessment as it is stored first.
    pub(super) fn into_record(self, origin: Origin, calendar: &Calendar) -> AssessmentRecord {
        let at = self.identified_at.as_datetime();
        let moment = calendar.moment(at.date(), at.time());
        AssessmentRecord {
            id: origin.id,
            version: 1,
            person: origin.person,
            police: origin.parties.police,
            assessor: origin.parties.assessor,
            opened_by: origin.opened_by,
            recorded_at: origin.recorded_at,
            pathway: self.pathway,
            trigger: self.trigger,
            criteria: self.criteria,
            test: self.test,
            identified_at: self.identified_at,
            first_appointment_by: calendar.first_appointment_by(moment, self.residence.into()),
            residence: self.residence,
            requirement: match (self.pathway, self.not_required) {
                (Pathway::ProactiveEngagement, _) => Requirement::Voluntary,
                (Pathway::Enforcement, None) => Requirement::Imposed,
                (Pathway::Enforcement, Some(not)) => {
                    Requirement::NotImposed { authority: not.authority, reasons: not.reasons }
                }
            },
            consent: None,
            appointments: Vec::new(),
            notices: Vec::new(),
            release: None,
            ending: None,
        }
    }
}
