//! Taking a step of a referral: the guards, the clocks, and who must act next.

use jiff::{SignedDuration, Timestamp};

use super::deadlines::DeadlineTable;
pub use super::invalid::InvalidTransition;
use super::model::{
    CareMoves, Due, Findings, ReferralOutcome, ReferralRecord, ReferralState, Release, ReturnReason, Step,
};
use super::transition::{BodyField, Side, Transition, TransitionBody};
use crate::calendar::{Calendar, OpeningHours};
use crate::id::{AgencyId, PersonId, WorkerId};

/// Until when an author may strike out a referral as entered in error; later a correction record is needed.
const CORRECTION_HOURS: i64 = 24;

/// What stored facts say about the step; gathered by the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances {
    /// A caseload check for this person was run by the sender or is under way.
    pub caseload_checked: bool,
    /// An effective consent covers what the referral carries, from the sender to the recipient; for a step that sends it on, to the
    /// agency where it belongs, and the recipient may pass it on to that one.
    pub consent_effective: bool,
    /// The sender has another open referral for this person and service; see [`another_open`].
    pub another_open: bool,
}

/// Who takes a step, when, and by which clocks.
#[derive(Debug, Clone, Copy)]
pub struct Act<'a> {
    /// Which side acts.
    pub side: Side,
    /// The agency and worker who act; `None` for the gateway itself.
    pub by: Option<(&'a AgencyId, &'a WorkerId)>,
    /// The present moment.
    pub now: Timestamp,
    /// Working days.
    pub calendar: &'a Calendar,
    /// The clocks.
    pub deadlines: &'a DeadlineTable,
    /// When the recipient's duty role answers.
    pub recipient_hours: &'a OpeningHours,
    /// What stored facts say.
    pub circumstances: Circumstances,
}

/// The next version of the referral after a step.
///
/// # Errors
/// [`InvalidTransition`] if the table or a guard forbids it; then nothing has changed.
pub fn apply(
    record: &ReferralRecord,
    transition: Transition,
    body: &TransitionBody,
    act: &Act<'_>,
) -> Result<ReferralRecord, InvalidTransition> {
    let rule = transition.rule();
    if !rule.sides.contains(&act.side) {
        return Err(InvalidTransition::NotThisSide);
    }
    if !rule.from.contains(&record.state) {
        return Err(InvalidTransition::NotFromHere);
    }
    if let Some(fault) = BodyField::ALL.iter().find_map(|field| rule.fault_of(*field, body)) {
        return Err(fault);
    }
    guard(record, transition, body, act)?;

    let mut next = record.clone();
    next.version = next.version.saturating_add(1);
    next.state = rule.to;
    next.findings = findings_after(&record.findings, body);
    next.due = due_after(record, transition, act);
    next.history.push(Step {
        transition,
        to: rule.to,
        at: act.now,
        by: act.by.map(|(agency, worker)| (agency.clone(), worker.clone())),
    });
    Ok(next)
}

/// Whether the sender already has an open referral for this person and the same service, other than this one: `all` are those of
/// the person.
pub fn another_open<'a>(record: &ReferralRecord, all: impl IntoIterator<Item = &'a ReferralRecord>) -> bool {
    all.into_iter().any(|other| {
        other.id != record.id
            && other.sender == record.sender
            && other.route.service() == record.route.service()
            && other.state.is_open()
    })
}

impl ReferralRecord {
    /// Which side the agency is on; `None` if it is no party.
    pub fn side_of(&self, agency: &AgencyId) -> Option<Side> {
        if *agency == self.sender {
            Some(Side::Sender)
        } else if *agency == self.recipient && self.state != ReferralState::Draft && !self.never_sent() {
            Some(Side::Recipient)
        } else {
            None
        }
    }

    /// The person, for a side that may know who it is: the recipient of an anonymous slot may not.
    pub fn person_for(&self, side: Side) -> Option<PersonId> {
        (side != Side::Recipient || !self.anonymous).then_some(self.person)
    }

    /// Who answers for the person's care: it moves with the first contact, not with the paper; to the team of the area where the
    /// person lives it moves on notification (IE4b), and the sender goes on chasing; to whoever does a part of it, it never moves.
    pub const fn responsible(&self) -> Side {
        let moves = self.route.care_moves();
        if matches!(moves, CareMoves::Never) {
            return Side::Sender;
        }
        match self.state {
            ReferralState::Requested | ReferralState::Received | ReferralState::Accepted
                if matches!(moves, CareMoves::OnNotification) =>
            {
                Side::Recipient
            }
            ReferralState::InProgress
            | ReferralState::OnHold
            | ReferralState::Completed
            | ReferralState::Failed => Side::Recipient,
            _ => Side::Sender,
        }
    }

    /// Whether the sender must chase the recipient: from the sending until the first contact.
    pub const fn sender_must_chase(&self) -> bool {
        matches!(self.state, ReferralState::Requested | ReferralState::Received | ReferralState::Accepted)
    }

    /// Whether the step that is due next is late.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.next_due().is_some_and(|due| due < now)
    }

    /// By when the next step is due, where one is.
    pub fn next_due(&self) -> Option<Timestamp> {
        let due = self.due.as_ref()?;
        match self.state {
            ReferralState::Requested => Some(due.ack_due),
            ReferralState::Received | ReferralState::Returned => Some(due.decision_due),
            ReferralState::Accepted => Some(due.contact_due),
            _ => None,
        }
    }

    /// Cancelled or struck out as a draft: its recipient never knew of it.
    fn never_sent(&self) -> bool {
        !self.history.iter().any(|step| step.transition == Transition::Send)
    }
}

fn guard(
    record: &ReferralRecord,
    transition: Transition,
    body: &TransitionBody,
    act: &Act<'_>,
) -> Result<(), InvalidTransition> {
    let today = act.calendar.date_of(act.now);
    match transition {
        Transition::Send | Transition::Resend => {
            let facts = act.circumstances;
            if !facts.caseload_checked {
                return Err(InvalidTransition::NoCaseloadCheck);
            }
            if !record.anonymous && !facts.consent_effective {
                return Err(InvalidTransition::NoConsent);
            }
            if facts.another_open { Err(InvalidTransition::AnotherOpen) } else { Ok(()) }
        }
        Transition::Return => {
            let lacks = body.return_reason == Some(ReturnReason::MoreInformation);
            fits(BodyField::InformationRequested, body.information_requested.is_some() == lacks)?;
            fits(BodyField::Recipient, body.recipient.is_none() || !lacks && is_elsewhere(record, body))
        }
        Transition::Reroute => {
            let misplaced = body.return_reason != Some(ReturnReason::MoreInformation);
            fits(BodyField::ReturnReason, misplaced)?;
            fits(BodyField::Recipient, is_elsewhere(record, body))?;
            // A slot is kept where it was agreed; and nobody is told of a person without consent.
            let goes_on = !record.anonymous && act.circumstances.consent_effective;
            if goes_on { Ok(()) } else { Err(InvalidTransition::NoConsent) }
        }
        Transition::Start => {
            fits(BodyField::FirstContactAt, body.first_contact_at.is_some_and(|at| at <= act.now))
        }
        Transition::Hold => fits(BodyField::ReviewDue, body.review_due.is_some_and(|due| due > today)),
        Transition::Complete => {
            let fitting =
                |outcome: ReferralOutcome| outcome.is_success() && outcome.fits(record.route.service());
            fits(BodyField::Outcome, body.outcome.is_some_and(fitting))
        }
        Transition::Fail => {
            fits(BodyField::Outcome, body.outcome.is_some_and(|outcome| !outcome.is_success()))
        }
        Transition::Expire => {
            let over = record.due.and_then(|due| due.expires_after).is_some_and(|after| act.now > after);
            if over { Ok(()) } else { Err(InvalidTransition::NotNow) }
        }
        Transition::Correct => {
            let age = act.now.duration_since(record.created_at);
            if age <= SignedDuration::from_hours(CORRECTION_HOURS) {
                Ok(())
            } else {
                Err(InvalidTransition::NotNow)
            }
        }
        Transition::Acknowledge
        | Transition::Accept
        | Transition::Reject
        | Transition::Resume
        | Transition::Cancel => Ok(()),
    }
}

/// Whether the agency that is named is neither of the two sides.
fn is_elsewhere(record: &ReferralRecord, body: &TransitionBody) -> bool {
    body.recipient.as_ref().is_some_and(|named| *named != record.sender && *named != record.recipient)
}

const fn fits(field: BodyField, holds: bool) -> Result<(), InvalidTransition> {
    if holds { Ok(()) } else { Err(InvalidTransition::NotFitting(field)) }
}

/// A new value replaces the old one of its field; the others stay.
fn findings_after(before: &Findings, body: &TransitionBody) -> Findings {
    let before = before.clone();
    // Of an earlier return nothing is left in a later one.
    let (information_requested, belongs_with) = match body.return_reason {
        Some(_) => (body.information_requested.clone(), body.recipient.clone()),
        None => (before.information_requested, before.belongs_with),
    };
    Findings {
        named_worker: body.named_worker.clone().or(before.named_worker),
        rejection_reason: body.rejection_reason.or(before.rejection_reason),
        return_reason: body.return_reason.or(before.return_reason),
        information_requested,
        belongs_with,
        reason: body.reason.clone().or(before.reason),
        review_due: body.review_due.or(before.review_due),
        first_contact_at: body.first_contact_at.or(before.first_contact_at),
        outcome: body.outcome.or(before.outcome),
    }
}

/// The clocks after a step: set anew by each sending, the decision's by a return; expiry follows the clock that runs.
fn due_after(record: &ReferralRecord, transition: Transition, act: &Act<'_>) -> Option<Due> {
    let times = act.deadlines.of(record.urgency);
    let after = |allowance: super::deadlines::Allowance, from| {
        allowance.after(from, act.calendar, act.recipient_hours)
    };
    let expiry = |due| Some(after(act.deadlines.grace, due));
    match transition {
        Transition::Send | Transition::Resend => {
            let released = record.release.as_ref().and_then(|release| released_at(release, act.calendar));
            let contact_due = match released {
                Some(released) if record.route.is_before_release() => {
                    after(times.contact, act.now).min(released).max(act.now)
                }
                Some(released) => after(times.contact, released.max(act.now)),
                None => after(times.contact, act.now),
            };
            let ack_due = after(times.acknowledge, act.now);
            Some(Due {
                ack_due,
                decision_due: after(times.decide, act.now),
                contact_due,
                expires_after: expiry(ack_due),
            })
        }
        Transition::Acknowledge => {
            record.due.map(|due| Due { expires_after: expiry(due.decision_due), ..due })
        }
        Transition::Return => record.due.map(|due| {
            let decision_due = after(times.decide, act.now);
            Due { decision_due, expires_after: expiry(decision_due), ..due }
        }),
        _ => record.due.map(|due| Due { expires_after: None, ..due }),
    }
}

/// The moment of release; where only the day is known, its first minute, so that the clock cannot start too late.
fn released_at(release: &Release, calendar: &Calendar) -> Option<Timestamp> {
    let time = release.time.unwrap_or(jiff::civil::Time::MIN);
    release.date.map(|day| calendar.moment(day, time))
}

#[cfg(test)]
#[path = "states_tests.rs"]
mod tests;
