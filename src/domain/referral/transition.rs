//! The steps of a referral as a table: from which states to which, by whom, and with what in hand.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::invalid::InvalidTransition;
use super::model::{ReferralOutcome, ReferralState, RejectionReason, ReturnReason};
use crate::id::{AgencyId, WorkerId};
use crate::problem::FieldProblem;

crate::code_list! {
    /// A step; its code is the last part of the URL `/referrals/{id}/{transition}`.
    pub enum Transition {
        Send = "send",
        Acknowledge = "acknowledge",
        Accept = "accept",
        Reject = "reject",
        Return = "return",
        /// Sent on to the agency where it belongs.
        Reroute = "reroute",
        Resend = "resend",
        Start = "start",
        Hold = "hold",
        Resume = "resume",
        Complete = "complete",
        Fail = "fail",
        Cancel = "cancel",
        /// Only the gateway itself takes this step.
        Expire = "expire",
        /// Entered in error.
        Correct = "correct",
    }
}

/// Which side of a referral acts.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The agency that sent it.
    Sender,
    /// The agency that it went to.
    Recipient,
    /// The gateway by itself.
    System,
}

/// A field of [`TransitionBody`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BodyField {
    /// `named_worker`
    NamedWorker,
    /// `rejection_reason`
    RejectionReason,
    /// `return_reason`
    ReturnReason,
    /// `information_requested`
    InformationRequested,
    /// `recipient`
    Recipient,
    /// `reason`
    Reason,
    /// `review_due`
    ReviewDue,
    /// `first_contact_at`
    FirstContactAt,
    /// `outcome`
    Outcome,
}

impl BodyField {
    /// Every field.
    pub const ALL: &'static [Self] = &[
        Self::NamedWorker,
        Self::RejectionReason,
        Self::ReturnReason,
        Self::InformationRequested,
        Self::Recipient,
        Self::Reason,
        Self::ReviewDue,
        Self::FirstContactAt,
        Self::Outcome,
    ];

    /// Its name in the document.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NamedWorker => "named_worker",
            Self::RejectionReason => "rejection_reason",
            Self::ReturnReason => "return_reason",
            Self::InformationRequested => "information_requested",
            Self::Recipient => "recipient",
            Self::Reason => "reason",
            Self::ReviewDue => "review_due",
            Self::FirstContactAt => "first_contact_at",
            Self::Outcome => "outcome",
        }
    }
}

/// What goes with a step. Each step needs, or may have, the fields that its rule lists and takes no other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TransitionBody {
    /// `accept`: the recipient's worker who takes it on.
    pub named_worker: Option<WorkerId>,
    /// `reject`: why.
    pub rejection_reason: Option<RejectionReason>,
    /// `return`, `reroute`: why it does not stay.
    pub return_reason: Option<ReturnReason>,
    /// `return` for more information: what is missing.
    #[validate(length(min = 1, max = 1000))]
    pub information_requested: Option<String>,
    /// `reroute`: the agency where it belongs, and goes; `return` for another reason: where it belongs, if that is known.
    pub recipient: Option<AgencyId>,
    /// `hold`, `cancel`: why.
    #[validate(length(min = 1, max = 500))]
    pub reason: Option<String>,
    /// `hold`: when it is looked at again.
    #[schema(value_type = Option<String>, format = Date)]
    pub review_due: Option<Date>,
    /// `start`: when the first contact took place.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_contact_at: Option<Timestamp>,
    /// `complete`, `fail`: how it ended for the person.
    pub outcome: Option<ReferralOutcome>,
}

impl TransitionBody {
    /// Whether the field was sent.
    pub const fn has(&self, field: BodyField) -> bool {
        match field {
            BodyField::NamedWorker => self.named_worker.is_some(),
            BodyField::RejectionReason => self.rejection_reason.is_some(),
            BodyField::InformationRequested => self.information_requested.is_some(),
            BodyField::Reason => self.reason.is_some(),
            BodyField::ReturnReason => self.return_reason.is_some(),
            BodyField::Recipient => self.recipient.is_some(),
            BodyField::ReviewDue => self.review_due.is_some(),
            BodyField::FirstContactAt => self.first_contact_at.is_some(),
            BodyField::Outcome => self.outcome.is_some(),
        }
    }
}

impl Transition {
    /// Checks that what goes with the step is what it needs and takes: the request alone decides that.
    ///
    /// # Errors
    /// Every field that is missing or does not belong to the step.
    pub fn check(self, body: &TransitionBody) -> Result<(), Vec<FieldProblem>> {
        let rule = self.rule();
        let problems: Vec<FieldProblem> = BodyField::ALL
            .iter()
            .filter_map(|field| match rule.fault_of(*field, body) {
                Some(InvalidTransition::Missing(_)) => {
                    Some(FieldProblem::new(field.name(), "required", "is required for this step"))
                }
                Some(_) => {
                    Some(FieldProblem::new(field.name(), "contradiction", "does not belong to this step"))
                }
                None => None,
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// The rule of one step.
#[derive(Debug, Clone, Copy)]
pub struct StepRule {
    /// The states from which it may be taken.
    pub from: &'static [ReferralState],
    /// The state that it leads to.
    pub to: ReferralState,
    /// Who may take it.
    pub sides: &'static [Side],
    /// The fields that it needs.
    pub needs: &'static [BodyField],
    /// The fields that it may have beside them.
    pub may: &'static [BodyField],
}

impl StepRule {
    /// What is wrong with a field of what goes with the step: that it lacks, or that it does not belong there.
    pub(super) fn fault_of(&self, field: BodyField, body: &TransitionBody) -> Option<InvalidTransition> {
        match (self.needs.contains(&field), body.has(field)) {
            (true, false) => Some(InvalidTransition::Missing(field)),
            (false, true) if !self.may.contains(&field) => Some(InvalidTransition::NotTaken(field)),
            _ => None,
        }
    }
}

impl Transition {
    /// The rule of this step. The whole state machine stands here.
    pub const fn rule(self) -> StepRule {
        use BodyField::{
            FirstContactAt, InformationRequested, NamedWorker, Outcome, Reason, RejectionReason,
            ReturnReason, ReviewDue,
        };
        use ReferralState::{
            Accepted, Cancelled, Completed, Draft, EnteredInError, Expired, Failed, InProgress, OnHold,
            Received, Rejected, Requested, Rerouted, Returned,
        };
        use Side::{Recipient, Sender, System};
        const fn rule(
            from: &'static [ReferralState],
            to: ReferralState,
            sides: &'static [Side],
            needs: &'static [BodyField],
        ) -> StepRule {
            StepRule { from, to, sides, needs, may: &[] }
        }
        match self {
            Self::Send => rule(&[Draft], Requested, &[Sender], &[]),
            Self::Acknowledge => rule(&[Requested], Received, &[Recipient], &[]),
            Self::Accept => rule(&[Received], Accepted, &[Recipient], &[NamedWorker]),
            Self::Reject => rule(&[Received], Rejected, &[Recipient], &[RejectionReason]),
            Self::Return => StepRule {
                may: &[InformationRequested, BodyField::Recipient],
                ..rule(&[Received], Returned, &[Recipient], &[ReturnReason])
            },
            Self::Reroute => rule(&[Received], Rerouted, &[Recipient], &[ReturnReason, BodyField::Recipient]),
            Self::Resend => rule(&[Returned], Requested, &[Sender], &[]),
            Self::Start => rule(&[Accepted], InProgress, &[Recipient], &[FirstContactAt]),
            Self::Hold => rule(&[InProgress], OnHold, &[Recipient], &[Reason, ReviewDue]),
            Self::Resume => rule(&[OnHold], InProgress, &[Recipient], &[]),
            Self::Complete => rule(&[InProgress], Completed, &[Recipient], &[Outcome]),
            Self::Fail => rule(&[InProgress], Failed, &[Recipient], &[Outcome]),
            // A withdrawn consent cancels what rests on it, by the gateway itself.
            Self::Cancel => rule(
                &[Draft, Requested, Received, Returned, Accepted],
                Cancelled,
                &[Sender, System],
                &[Reason],
            ),
            Self::Expire => rule(&[Requested, Received, Returned], Expired, &[System], &[]),
            Self::Correct => rule(
                &[Draft, Requested, Received, Returned, Accepted, InProgress, OnHold],
                EnteredInError,
                &[Sender],
                &[],
            ),
        }
    }
}
