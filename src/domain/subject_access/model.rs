//! A person's request for her own account: as it is received, how she was identified, how it ends, and how its agency sees it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::{AnswerManner, AskedBy, Authority, IdentityMeans, RefusalGround, SubjectAccessState};
use crate::calendar::{Calendar, add_months_clamped};
use crate::domain::fault::{Faults, FieldFault, to_the_minute};
use crate::id::{Handle, WorkerId};

/// Within how many months a request is answered (UK GDPR Art. 12(3)).
pub const DUE_MONTHS: i32 = 1;
/// Within how many, where that was extended.
pub const EXTENDED_MONTHS: i32 = 3;
/// How long ago a request that is entered late may have been received, in months.
const OLDEST_MONTHS: i32 = 12;

/// A request as the worker who receives it enters it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectAccessReceived {
    /// The day on which it was received, in whatever way; the time to answer runs from then.
    #[schema(value_type = String, format = Date)]
    pub received_on: Date,
    /// Who asked.
    pub asked_by: AskedBy,
    /// On what authority a representative asks.
    #[serde(default)]
    pub authority: Option<Authority>,
    /// How the person was identified, where that was done at once.
    #[serde(default)]
    #[validate(nested)]
    pub identity: Option<IdentityCheck>,
}

/// How whoever asks was identified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityCheck {
    /// By what means. Of a representative: the representative.
    pub means: IdentityMeans,
    /// Whether the person herself was seen alone. If not, the account tells of nothing silent.
    pub seen_alone: bool,
    /// SHA-256 of the representative's authority as it was shown, lower-case hexadecimal.
    #[serde(default)]
    #[validate(custom(function = "valid_hash"))]
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub authority_hash: Option<String>,
}

/// One version of a request as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectAccessRecord {
    /// The day on which it was received.
    pub received_on: Date,
    /// The last day for the answer.
    pub due_on: Date,
    /// Who asked.
    pub asked_by: AskedBy,
    /// On what authority a representative asks.
    pub authority: Option<Authority>,
    /// The worker who entered it.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// How whoever asks was identified, last.
    pub identity: Option<Identified>,
    /// How the time to answer was extended, if it was.
    pub extension: Option<Extension>,
    /// How it ended, if it did.
    pub end: Option<End>,
}

/// An identity check, as it was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identified {
    /// How.
    pub check: IdentityCheck,
    /// By whom.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

/// More time to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// Why, as the person was told.
    pub reason: String,
    /// By whom.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

/// The end of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// How it ended.
    pub how: Ending,
    /// By whom.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The account was given to whoever asked.
    Answered {
        /// In which way.
        manner: AnswerManner,
    },
    /// It was refused.
    Refused {
        /// Why.
        ground: RefusalGround,
        /// Why in words, as the person was told.
        reason: String,
    },
    /// The person took it back.
    Withdrawn,
}

/// A request as its agency sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SubjectAccessView {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// Where it stands.
    pub state: SubjectAccessState,
    /// Who asked.
    pub asked_by: AskedBy,
    /// On what authority a representative asks.
    pub authority: Option<Authority>,
    /// The day on which it was received.
    #[schema(value_type = String, format = Date)]
    pub received_on: Date,
    /// The last day for the answer.
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
    /// Whether that day is over, and the request still open.
    pub overdue: bool,
    /// Whether the time to answer was extended.
    pub extended: bool,
    /// By what means whoever asks was identified.
    pub identified_by: Option<IdentityMeans>,
    /// Whether the person was seen alone when she was identified.
    pub seen_alone: Option<bool>,
    /// In which way it was answered.
    pub answered: Option<AnswerManner>,
    /// Why it was refused.
    pub refused_because: Option<RefusalGround>,
    /// When it ended, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

impl SubjectAccessReceived {
    /// Checks what the form of the fields cannot say.
    ///
    /// # Errors
    /// Every rule that is broken, by field.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        faults.require(self.received_on <= today, "received_on", "must not lie ahead");
        let oldest = add_months_clamped(today, -OLDEST_MONTHS);
        faults.require(self.received_on >= oldest, "received_on", "must lie within the last twelve months");
        let represented = self.asked_by == AskedBy::Representative;
        faults.require(
            self.authority.is_some() == represented,
            "authority",
            "is required of a representative, and of nobody else",
        );
        if let Some(identity) = &self.identity {
            identity.check_for(self.asked_by, &mut faults);
        }
        faults.into_result()
    }
}

impl IdentityCheck {
    pub(super) fn check_for(&self, asked_by: AskedBy, faults: &mut Faults) {
        faults.require(
            self.authority_hash.is_some() == (asked_by == AskedBy::Representative),
            "identity.authority_hash",
            "is required of a representative, and of nobody else",
        );
    }
}

/// The last day to answer what was received on this one: so many months on, or the next working day. It runs from the receipt
/// even where whoever asks is identified later, so that it is never later than the law has it.
pub fn due_on(calendar: &Calendar, received_on: Date, months: i32) -> Date {
    calendar.clamp_to_working_day(add_months_clamped(received_on, months))
}

impl SubjectAccessRecord {
    /// Where it stands.
    pub fn state(&self) -> SubjectAccessState {
        match (&self.end, &self.identity) {
            (Some(End { how: Ending::Answered { .. }, .. }), _) => SubjectAccessState::Answered,
            (Some(End { how: Ending::Refused { .. }, .. }), _) => SubjectAccessState::Refused,
            (Some(End { how: Ending::Withdrawn, .. }), _) => SubjectAccessState::Withdrawn,
            (None, Some(_)) => SubjectAccessState::IdentityChecked,
            (None, None) => SubjectAccessState::Received,
        }
    }

    /// Whether it awaits its end.
    pub fn is_open(&self) -> bool {
        self.end.is_none()
    }

    /// Whether nobody but the person herself hears the answer. Only then it tells of what is silent: whoever speaks for her,
    /// or sits beside her, may be the one from whom it is kept.
    pub fn is_heard_alone(&self) -> bool {
        self.asked_by == AskedBy::Person
            && self.identity.as_ref().is_some_and(|identity| identity.check.seen_alone)
    }

    /// The request as its agency sees it.
    pub fn view(&self, id: Handle, today: Date) -> SubjectAccessView {
        let (answered, refused_because) = match self.end.as_ref().map(|end| &end.how) {
            Some(Ending::Answered { manner }) => (Some(*manner), None),
            Some(Ending::Refused { ground, .. }) => (None, Some(*ground)),
            Some(Ending::Withdrawn) | None => (None, None),
        };
        let identity = self.identity.as_ref().map(|identity| &identity.check);
        SubjectAccessView {
            id,
            state: self.state(),
            asked_by: self.asked_by,
            authority: self.authority,
            received_on: self.received_on,
            due_on: self.due_on,
            overdue: self.is_open() && today > self.due_on,
            extended: self.extension.is_some(),
            identified_by: identity.map(|check| check.means),
            seen_alone: identity.map(|check| check.seen_alone),
            answered,
            refused_because,
            ended_at: self.end.as_ref().map(|end| to_the_minute(end.at)),
        }
    }
}

fn valid_hash(text: &str) -> Result<(), validator::ValidationError> {
    let hexadecimal = text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if hexadecimal {
        return Ok(());
    }
    let message = "must be 64 lower-case hexadecimal digits";
    Err(validator::ValidationError::new("sha256").with_message(message.into()))
}
