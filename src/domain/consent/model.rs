//! A consent as it is sent and as it is stored.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::codes::{
    ConsentDecision, ConsentMethod, ConsentStatus, EndCause, EndingEvent, GivenBy, Present, Redisclosure,
    WithdrawalChannel,
};
use crate::domain::fault::{Faults, FieldFault, is_distinct};
use crate::id::{AgencyId, Handle, RecordId, WorkerId};
use crate::vocabulary::{Purpose, Segment};

/// No consent lasts longer than this many months from its start.
pub const LONGEST_MONTHS: i32 = 12;
/// How far ahead of the gateway's clock a sender's clock may be.
const CLOCK_SKEW_MINUTES: i64 = 5;

/// A consent, or its refusal, as a worker records it. Names each agency and each segment: there is no wildcard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConsentGiven {
    /// What the person answered.
    pub decision: ConsentDecision,
    /// Who gave it.
    pub given_by: GivenBy,
    /// Whether the giver was found able to decide this.
    pub capacity_confirmed: bool,
    /// The worker who asked, if a colleague enters it (late paper); otherwise the sender.
    pub obtained_by: Option<WorkerId>,
    /// When the person answered; may be days before it is entered.
    #[schema(value_type = String, format = DateTime)]
    pub obtained_at: Timestamp,
    /// How.
    pub method: ConsentMethod,
    /// The worker who witnessed it; required where it was given by word of mouth.
    pub witness: Option<WorkerId>,
    /// SHA-256 of the signed form or recording, lower-case hexadecimal; required unless given by word of mouth.
    #[validate(length(equal = 64))]
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub evidence_hash: Option<String>,
    /// Which wording the person was shown.
    #[validate(length(min = 1, max = 200))]
    pub form_version_uri: String,
    /// The language in which it was explained (BCP 47).
    #[validate(length(min = 2, max = 35))]
    pub language: String,
    /// Whether an interpreter took part.
    pub interpreter_used: bool,
    /// The agencies that may give.
    #[validate(length(max = 32))]
    pub disclosing_agencies: Vec<AgencyId>,
    /// The agencies that may receive, by name.
    #[validate(length(max = 32))]
    pub recipients: Vec<AgencyId>,
    /// What for.
    #[validate(length(max = 13))]
    pub purposes: Vec<Purpose>,
    /// What may pass. A silent segment passes only if it stands here.
    #[validate(length(max = 20))]
    pub segments: Vec<Segment>,
    /// Agencies that must not receive anything; they override every consent of the person.
    #[serde(default)]
    #[validate(length(max = 32))]
    pub exclusions: Vec<AgencyId>,
    /// Only what happened on or after this day.
    #[schema(value_type = Option<String>, format = Date)]
    pub data_from: Option<Date>,
    /// Only what happened on or before this day.
    #[schema(value_type = Option<String>, format = Date)]
    pub data_to: Option<Date>,
    /// From when on it counts.
    #[schema(value_type = String, format = DateTime)]
    pub not_before: Timestamp,
    /// Until when it counts; at most twelve months after `not_before`.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// What ends it earlier.
    #[serde(default = "transfer_complete")]
    pub expires_on_event: EndingEvent,
    /// Whether the person was seen alone (with nobody but those who are there for them).
    pub seen_alone: bool,
    /// Who else was there. With police or a partner present no consent is taken.
    #[serde(default)]
    #[validate(length(max = 10))]
    pub present: Vec<Present>,
    /// Whether the person was told what refusing changes, and what it does not.
    pub refusal_explained: bool,
    /// Whether a recipient may pass it on.
    pub redisclosure: Redisclosure,
    /// The consent that this one replaces.
    pub supersedes: Option<Handle>,
}

const fn transfer_complete() -> EndingEvent {
    EndingEvent::TransferComplete
}

impl ConsentGiven {
    /// Checks what the form of the fields cannot say.
    ///
    /// # Errors
    /// Every rule that is broken, by field; the values stay here.
    pub fn check(&self, now: Timestamp) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        self.check_freedom(&mut faults);
        self.check_evidence(&mut faults);
        self.check_scope(&mut faults);
        self.check_times(&mut faults, now);
        faults.into_result()
    }

    fn check_freedom(&self, faults: &mut Faults) {
        let given = self.decision == ConsentDecision::Given;
        let watched = self.present.iter().any(|who| who.forbids_consent());
        faults.require(
            !(given && watched),
            "present",
            "consent is not taken in the presence of police or a partner",
        );
        faults.require(is_distinct(&self.present), "present", "must not repeat a code");
        let accompanied = self.present.iter().any(|who| !who.is_support());
        faults.require(!(self.seen_alone && accompanied), "seen_alone", "contradicts who was present");
        let interpreted = !self.present.contains(&Present::Interpreter) || self.interpreter_used;
        faults.require(interpreted, "interpreter_used", "contradicts who was present");
        faults.require(!given || self.refusal_explained, "refusal_explained", "must be true for a consent");
        let able = !given || self.given_by != GivenBy::Client || self.capacity_confirmed;
        faults.require(able, "capacity_confirmed", "must be true where the client consents");
    }

    fn check_evidence(&self, faults: &mut Faults) {
        let hexadecimal = |hash: &String| hash.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        faults.require(
            self.evidence_hash.as_ref().is_none_or(hexadecimal),
            "evidence_hash",
            "must be lower-case hexadecimal",
        );
        if self.decision == ConsentDecision::Given {
            let spoken = self.method == ConsentMethod::VerbalWitnessed;
            faults.require(!spoken || self.witness.is_some(), "witness", "required for verbal-witnessed");
            let evidenced = spoken || self.evidence_hash.is_some();
            faults.require(evidenced, "evidence_hash", "required for written and electronic");
        }
        let own_witness = self.witness.is_some() && self.witness == self.obtained_by;
        faults.require(!own_witness, "witness", "must be another worker than obtained_by");
    }

    fn check_scope(&self, faults: &mut Faults) {
        if self.decision == ConsentDecision::Given {
            let named = "must name at least one";
            faults.require(!self.disclosing_agencies.is_empty(), "disclosing_agencies", named);
            faults.require(!self.recipients.is_empty(), "recipients", named);
            faults.require(!self.purposes.is_empty(), "purposes", named);
            faults.require(!self.segments.is_empty(), "segments", named);
        }
        let once = "must not repeat an entry";
        faults.require(is_distinct(&self.disclosing_agencies), "disclosing_agencies", once);
        faults.require(is_distinct(&self.recipients), "recipients", once);
        faults.require(is_distinct(&self.purposes), "purposes", once);
        faults.require(is_distinct(&self.segments), "segments", once);
        faults.require(is_distinct(&self.exclusions), "exclusions", once);
        let contradiction = self.exclusions.iter().any(|agency| self.recipients.contains(agency));
        faults.require(!contradiction, "exclusions", "must not name a recipient");
    }

    fn check_times(&self, faults: &mut Faults, now: Timestamp) {
        let latest = now.saturating_add(CLOCK_SKEW_MINUTES.minutes()).unwrap_or(Timestamp::MAX);
        faults.require(self.obtained_at <= latest, "obtained_at", "must not lie in the future");
        faults.require(self.obtained_at <= self.not_before, "not_before", "must not lie before obtained_at");
        faults.require(self.not_before < self.expires_at, "expires_at", "must lie after not_before");
        faults.require(
            self.expires_at <= twelve_months_after(self.not_before),
            "expires_at",
            "must lie within twelve months of not_before",
        );
        let ordered = match (self.data_from, self.data_to) {
            (Some(from), Some(to)) => from <= to,
            _ => true,
        };
        faults.require(ordered, "data_to", "must not lie before data_from");
    }

    /// The consent as it is stored: active, or refused if the person said no.
    pub fn into_record(self, origin: Origin) -> ConsentRecord {
        let obtained_by = self.obtained_by.clone().unwrap_or_else(|| origin.entered_by.clone());
        ConsentRecord {
            id: origin.id,
            version: 1,
            status: match self.decision {
                ConsentDecision::Given => ConsentStatus::Active,
                ConsentDecision::Refused => ConsentStatus::Refused,
            },
            agency: origin.agency,
            obtained_by,
            entered_by: origin.entered_by,
            recorded_at: origin.recorded_at,
            supersedes: origin.supersedes,
            ending: None,
            // Handles are each agency's own and live outside the document; the record id above takes its place.
            terms: Self { supersedes: None, ..self },
        }
    }
}

/// The last moment at which a consent from this start may end: a year by the calendar (UTC), so that 29 February is clamped.
fn twelve_months_after(start: Timestamp) -> Timestamp {
    start.to_zoned(jiff::tz::TimeZone::UTC).saturating_add(LONGEST_MONTHS.months()).timestamp()
}

/// What the gateway itself knows of a new consent.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The record's id.
    pub id: RecordId,
    /// The agency whose worker records it.
    pub agency: AgencyId,
    /// That worker.
    pub entered_by: WorkerId,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The record that it replaces, from the sender's handle.
    pub supersedes: Option<RecordId>,
}

/// One version of a consent as stored. Every change is a new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRecord {
    /// The same for all its versions.
    pub id: RecordId,
    /// 1 for the first.
    pub version: u32,
    /// Where it stands.
    pub status: ConsentStatus,
    /// The agency that took it.
    pub agency: AgencyId,
    /// The worker of that agency who asked.
    pub obtained_by: WorkerId,
    /// The worker of that agency who entered it.
    pub entered_by: WorkerId,
    /// When it was entered.
    pub recorded_at: Timestamp,
    /// The consent that it replaces.
    pub supersedes: Option<RecordId>,
    /// How it ended, or was narrowed last.
    pub ending: Option<Ending>,
    /// What the person agreed to.
    pub terms: ConsentGiven,
}

/// How a consent ended or was narrowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// When it takes effect, which is when it was recorded.
    pub at: Timestamp,
    /// When the person said so, if earlier (late paper).
    pub said_at: Option<Timestamp>,
    /// The agency whose worker recorded it, and the worker; `None` if the gateway did by itself.
    pub by: Option<(AgencyId, WorkerId)>,
    /// How the withdrawal was given; `None` if it was not a withdrawal.
    pub channel: Option<WithdrawalChannel>,
    /// The person's reason, where they gave one.
    pub reason: Option<String>,
}

/// A withdrawal, as any agency records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalGiven {
    /// How the person said so.
    pub channel: WithdrawalChannel,
    /// When the person said so, if that was earlier.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub said_at: Option<Timestamp>,
    /// Why, if the person wished to say.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: Option<String>,
    /// Withdraws only from these recipients; left out, the whole consent.
    #[validate(length(min = 1, max = 32))]
    pub only_recipients: Option<Vec<AgencyId>>,
    /// The worker was told what urgent thing this cancels, told the person, and the person holds to it.
    #[serde(default)]
    pub urgent_effects_confirmed: bool,
}

/// The end of a consent that nobody takes back, as a worker records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndGiven {
    /// Why it is over.
    pub because: EndCause,
    /// When the event came, if that was earlier.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub occurred_at: Option<Timestamp>,
    /// What was wrong with it, in words.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: Option<String>,
    /// The worker was told what urgent thing this calls off, and holds to it.
    #[serde(default)]
    pub urgent_effects_confirmed: bool,
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
