//! A script as a clinician opens it, what goes with each step, and the script as stored.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::codes::{BridgeReference, ClinicalReason, Collection, DoseBand, Drug, EndReason, ScriptState};
use crate::domain::fault::{Faults, FieldFault};
use crate::id::{AgencyId, PersonId, RecordId, WorkerId};

/// A script as a clinician opens it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScriptOpened {
    /// What is prescribed.
    pub drug: Drug,
    /// How high the dose is.
    pub dose_band: DoseBand,
    /// How often it is collected.
    pub collection: Collection,
    /// Whether it is taken under supervision.
    pub supervised: bool,
    /// The worker who prescribes, if a colleague enters it; otherwise the sender.
    pub prescriber: Option<WorkerId>,
    /// The first day. Left out where the script is only planned: then it is `proposed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub started_on: Option<Date>,
    /// Where another agency's prescriber bridges until this one has taken over: the reference that was told.
    pub bridge_reference: Option<BridgeReference>,
    /// Where the first day has passed and another agency's script runs: why it was begun all the same.
    pub clinical_reason: Option<ClinicalReason>,
    /// The same in words. It stands in the log, and nobody else is shown it.
    #[validate(length(min = 10, max = 500), non_control_character)]
    pub reason: Option<String>,
}

impl ScriptOpened {
    /// Checks what the form of the fields cannot say.
    ///
    /// # Errors
    /// Every rule that is broken, by field.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        let has_begun = self.started_on.is_none_or(|start| start <= today);
        faults.require(has_begun, "started_on", "must not lie in the future");
        let (code, words) = (self.clinical_reason.is_some(), self.reason.is_some());
        faults.require(code || !words, "clinical_reason", "required with a reason");
        faults.require(words || !code, "reason", "required with a clinical reason");
        let is_late = self.has_begun_before(today) || !(code || words);
        faults.require(is_late, "clinical_reason", "goes only with a first day that has passed");
        faults.into_result()
    }

    /// Whether something was dispensed on it before it is entered: that cannot be held up any more.
    pub fn has_begun_before(&self, today: Date) -> bool {
        self.started_on.is_some_and(|start| start < today)
    }

    /// The script as it is stored first, as if nobody else prescribed.
    pub fn into_record(self, origin: ScriptOrigin) -> ScriptRecord {
        let state = if self.started_on.is_some() { ScriptState::Active } else { ScriptState::Proposed };
        let begun = self.started_on.zip(self.clinical_reason).map(|(on, reason)| StepTaken {
            to: state,
            on,
            at: origin.recorded_at,
            by: Some(origin.opened_by.clone()),
            started_despite: Some(reason),
        });
        ScriptRecord {
            id: origin.id,
            version: 1,
            person: origin.person,
            agency: origin.agency,
            prescriber: self.prescriber.unwrap_or_else(|| origin.opened_by.clone()),
            opened_by: origin.opened_by,
            recorded_at: origin.recorded_at,
            drug: self.drug,
            dose_band: self.dose_band,
            collection: self.collection,
            supervised: self.supervised,
            state,
            started_on: self.started_on,
            last_collected_on: None,
            bridging_until: None,
            bridge_offered: None,
            bridge_taken: self.bridge_reference,
            end_reason: None,
            ended_on: None,
            steps: begun.into_iter().collect(),
        }
    }
}

/// What the gateway itself knows of a new script.
#[derive(Debug, Clone)]
pub struct ScriptOrigin {
    /// The record's id.
    pub id: RecordId,
    /// The person.
    pub person: PersonId,
    /// The agency.
    pub agency: AgencyId,
    /// Its worker.
    pub opened_by: WorkerId,
    /// When it is entered.
    pub recorded_at: Timestamp,
}

/// What goes with a step of a script. Each step needs what stands beside its name and takes no other but `on`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ScriptStep {
    /// The day on which it happened; today if left out.
    #[schema(value_type = Option<String>, format = Date)]
    pub on: Option<Date>,
    /// `change-dose-band`: the new one.
    pub dose_band: Option<DoseBand>,
    /// `agree-bridge`: the last day on which this script is collected; at most seven days ahead.
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// `start`: the reference that the other prescriber told, where a bridge was agreed.
    pub bridge_reference: Option<BridgeReference>,
    /// `end`: why.
    pub end_reason: Option<EndReason>,
    /// `start` beside another agency's script: why all the same.
    pub clinical_reason: Option<ClinicalReason>,
    /// `start` beside another agency's script: the same in words. It stands in the log, and nobody else is shown it.
    #[validate(length(min = 10, max = 500), non_control_character)]
    pub reason: Option<String>,
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepTaken {
    /// Where it led.
    pub to: ScriptState,
    /// The day on which it happened.
    pub on: Date,
    /// When it was entered.
    pub at: Timestamp,
    /// The agency's worker; none where both sides of a conflict agreed on it.
    pub by: Option<WorkerId>,
    /// Why it was started beside another.
    pub started_despite: Option<ClinicalReason>,
}

/// One version of a script as stored. Every step is a new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptRecord {
    /// The same for all its versions.
    pub id: RecordId,
    /// 1 for the first.
    pub version: u32,
    /// The person.
    pub person: PersonId,
    /// The agency that prescribes.
    pub agency: AgencyId,
    /// The worker who prescribes.
    pub prescriber: WorkerId,
    /// The worker who entered it.
    pub opened_by: WorkerId,
    /// When it was entered.
    pub recorded_at: Timestamp,
    /// What is prescribed.
    pub drug: Drug,
    /// How high the dose is.
    pub dose_band: DoseBand,
    /// How often it is collected.
    pub collection: Collection,
    /// Whether it is taken under supervision.
    pub supervised: bool,
    /// Where it stands.
    pub state: ScriptState,
    /// The first day; none before it ran.
    pub started_on: Option<Date>,
    /// The last day on which something was collected.
    pub last_collected_on: Option<Date>,
    /// The last day of the bridge, while it bridges.
    pub bridging_until: Option<Date>,
    /// The reference of the bridge that this script is, while it bridges.
    pub bridge_offered: Option<BridgeReference>,
    /// The reference of the bridge from which this script takes over.
    pub bridge_taken: Option<BridgeReference>,
    /// Why it ended.
    pub end_reason: Option<EndReason>,
    /// When it ended.
    pub ended_on: Option<Date>,
    /// The steps, oldest first. To open it is none, unless it was begun beside another.
    pub steps: Vec<StepTaken>,
}

impl ScriptRecord {
    /// Whether something is dispensed on it. A bridge runs until it is ended, also past its date: nobody can know that the last
    /// dose was not collected.
    pub fn is_running(&self) -> bool {
        matches!(self.state, ScriptState::Active | ScriptState::Bridging)
    }

    /// Whether somebody is under treatment by it: it runs, or would if another's did not.
    pub fn is_held_or_running(&self) -> bool {
        self.state == ScriptState::Held || self.is_running()
    }

    /// Whether its agency still has something to do with it.
    pub fn is_open(&self) -> bool {
        self.state != ScriptState::Ended
    }
}
