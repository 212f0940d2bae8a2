//! The steps of a request, from one state to the next: what each asks for, and when it is possible.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::{AnswerManner, AskedBy, RefusalGround, SubjectAccessState, SubjectAccessStep};
use super::model::{
    EXTENDED_MONTHS, End, Ending, Extension, Identified, IdentityCheck, SubjectAccessRecord, due_on,
};
use crate::calendar::Calendar;
use crate::domain::fault::{Faults, FieldFault};
use crate::id::WorkerId;
use crate::problem::FieldProblem;

/// What a step states: each step needs its own members, and takes no others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SubjectAccessStepBody {
    /// `identity-check`: how who asks was identified.
    #[validate(nested)]
    pub identity: Option<IdentityCheck>,
    /// `answer`: in which way the account was given.
    pub manner: Option<AnswerManner>,
    /// `refusal`: why.
    pub ground: Option<RefusalGround>,
    /// `extension`, `refusal`: why in words, as the person was told, without her name.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: Option<String>,
}

/// A step as it is taken.
pub(super) struct Taken<'a> {
    pub(super) step: SubjectAccessStep,
    pub(super) body: &'a SubjectAccessStepBody,
    pub(super) by: &'a WorkerId,
    pub(super) at: Timestamp,
    pub(super) today: Date,
    pub(super) calendar: &'a Calendar,
}

/// Why a step is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NotTaken {
    /// Not from the state in which it is.
    NotFromHere,
    /// Something that it states does not fit the request.
    Faults(Vec<FieldFault>),
}

impl SubjectAccessStep {
    /// Whether it decides on the request. The others note what the person did.
    pub const fn is_decision(self) -> bool {
        match self {
            Self::Extension | Self::Answer | Self::Refusal => true,
            Self::IdentityCheck | Self::Withdrawal => false,
        }
    }

    /// Checks that the step states what it must, and nothing else.
    ///
    /// # Errors
    /// Each member that is missing or out of place.
    pub fn check(self, body: &SubjectAccessStepBody) -> Result<(), Vec<FieldProblem>> {
        let needs_reason = matches!(self, Self::Extension | Self::Refusal);
        let members = [
            ("identity", body.identity.is_some(), self == Self::IdentityCheck),
            ("manner", body.manner.is_some(), self == Self::Answer),
            ("ground", body.ground.is_some(), self == Self::Refusal),
            ("reason", body.reason.is_some(), needs_reason),
        ];
        let problems: Vec<FieldProblem> = members
            .into_iter()
            .filter_map(|(member, is_there, is_needed)| match (is_there, is_needed) {
                (false, true) => Some(FieldProblem::new(member, "missing", "is required for this step")),
                (true, false) => Some(FieldProblem::new(member, "out-of-place", "is not of this step")),
                (true, true) | (false, false) => None,
            })
            .collect();
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

impl SubjectAccessRecord {
    /// The next version, one step on.
    pub(super) fn after(&self, taken: &Taken<'_>) -> Result<Self, NotTaken> {
        let state = self.state();
        let body = taken.body;
        let possible = self.is_open()
            && match taken.step {
                SubjectAccessStep::IdentityCheck | SubjectAccessStep::Withdrawal => true,
                SubjectAccessStep::Extension => self.extension.is_none() && taken.today <= self.due_on,
                SubjectAccessStep::Answer => state == SubjectAccessState::IdentityChecked,
                SubjectAccessStep::Refusal => self.could_be_refused(body.ground),
            };
        if !possible {
            return Err(NotTaken::NotFromHere);
        }
        let (by, at) = (taken.by.clone(), taken.at);
        let mut next = self.clone();
        match taken.step {
            SubjectAccessStep::IdentityCheck => {
                let check = body.identity.clone().ok_or(NotTaken::NotFromHere)?;
                let mut faults = Faults::default();
                check.check_for(self.asked_by, &mut faults);
                faults.into_result().map_err(NotTaken::Faults)?;
                next.identity = Some(Identified { check, by, at });
            }
            SubjectAccessStep::Extension => {
                let reason = body.reason.clone().ok_or(NotTaken::NotFromHere)?;
                next.due_on = due_on(taken.calendar, self.received_on, EXTENDED_MONTHS);
                next.extension = Some(Extension { reason, by, at });
            }
            SubjectAccessStep::Answer => {
                let manner = body.manner.ok_or(NotTaken::NotFromHere)?;
                next.end = Some(End { how: Ending::Answered { manner }, by, at });
            }
            SubjectAccessStep::Refusal => {
                let ground = body.ground.ok_or(NotTaken::NotFromHere)?;
                let reason = body.reason.clone().ok_or(NotTaken::NotFromHere)?;
                next.end = Some(End { how: Ending::Refused { ground, reason }, by, at });
            }
            SubjectAccessStep::Withdrawal => next.end = Some(End { how: Ending::Withdrawn, by, at }),
        }
        Ok(next)
    }

    /// Whoever was identified is not refused for not being so.
    fn could_be_refused(&self, ground: Option<RefusalGround>) -> bool {
        match ground {
            Some(RefusalGround::IdentityNotShown) => self.identity.is_none(),
            Some(RefusalGround::AuthorityNotShown) => {
                self.identity.is_none() && self.asked_by == AskedBy::Representative
            }
            Some(RefusalGround::ManifestlyUnfounded | RefusalGround::Excessive) => true,
            None => false,
        }
    }
}

#[cfg(test)]
#[path = "steps_tests.rs"]
mod tests;
