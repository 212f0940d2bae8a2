//! Sending a referral on to the agency where it belongs, where the person let the one that has it pass it on to that one; else giving it
//! back to its sender, who is told where it belongs.

use std::sync::Arc;

use super::deadlines::DeadlineTable;
use super::drafting::ReferralMoved;
use super::grounds::{Evidence, Refused, Taking, carried_in, consents_in, gather, record_in, send_on, take};
use super::invalid::InvalidTransition;
use super::model::{Findings, ReferralRecord, ReferralState};
use super::resting::{SeenByRoute, covered};
use super::stepping::{find, hand_over, problem_of, was_checked};
use super::telling::Moved;
use super::transition::{Transition, TransitionBody};
use crate::calendar::Calendar;
use crate::domain::consent::codes::Redisclosure;
use crate::domain::consent::model::ConsentRecord;
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::ReferralReroute;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::Subject;
use crate::store::handle::Found;
use crate::store::record::Kind;

/// `POST /referrals/{id}/reroute`. What it goes on as is a referral of its own, with its own clocks: from the same sender, which is told
/// and chases it, to the agency where it belongs. Whoever sent it on sees no more of it.
pub struct Reroute {
    /// The recipient's own handle.
    pub referral: Handle,
    /// Where it belongs, and why it does not stay.
    pub body: TransitionBody,
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// The clocks.
    pub deadlines: Arc<DeadlineTable>,
    /// Knows the directory.
    pub journal: Journal,
}

impl Command for Reroute {
    type Action = ReferralReroute;
    type Acknowledgement = ReferralMoved;
    // As for every step that tells flags of others.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Referral, self.referral)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReferralReroute>,
        changes: &mut Changes,
    ) -> Result<Accepted<ReferralMoved>, Rejection> {
        let principal = worker(call)?;
        let agency = &principal.agency;
        let recipient = self.body.recipient.as_ref().ok_or_else(nowhere)?;
        let (Found { person, .. }, record, sender) = find(tx, agency, self.referral)?;
        let current = tx.document_read::<_, ReferralRecord>(permit, agency, record)?;
        require_version(call, &current)?;

        let evidence = gather(tx, permit, person, Transition::Reroute, current)?;
        let first = NewVersion::first(Kind::Referral, person, &sender);
        let directory = self.journal.directory();
        let taking = Taking {
            transition: Transition::Reroute,
            body: &self.body,
            agency,
            worker: &principal.worker,
            now: changes.now(),
            calendar: &self.calendar,
            deadlines: &self.deadlines,
            directory: &directory,
            seen: SeenByRoute::under(self.journal.policies()),
            caseload_checked: was_checked(tx, permit, person, &sender)?,
            onward: Some(first.record),
        };
        let sent = match evidence.revise(&taking, take) {
            Ok(closed) => match evidence.revise(&taking, send_on) {
                Ok(sent) => Some((closed, sent)),
                Err(Refused::NoSuchRecipient) => return Err(problem_of(Refused::NoSuchRecipient).into()),
                // Its sender has signed another record since, or refers there already, which is not for the recipient to hear.
                Err(Refused::Step(_) | Refused::DirNotSigned) => None,
            },
            // No consent lets it pass on to there.
            Err(Refused::Step(InvalidTransition::NoConsent)) => None,
            Err(refused) => return Err(problem_of(refused).into()),
        };
        let (closed, sent) = match sent {
            Some((closed, sent)) => (closed, Some(sent)),
            // Its sender is told where it belongs.
            None => {
                let back = Taking { transition: Transition::Return, onward: None, ..taking };
                (evidence.revise(&back, take).map_err(problem_of)?, None)
            }
        };
        let state = if sent.is_some() { ReferralState::Rerouted } else { ReferralState::Returned };
        let moved = |record, recipient| Moved {
            record,
            person,
            sender: &sender,
            recipient,
            mover: Some(agency),
            calendar: &self.calendar,
        };
        let version = tx.next_version(record, Kind::Referral, person, &sender)?;
        changes.document_put(tx, &version, &closed)?;
        moved(record, agency).tell(tx, permit, changes, &closed)?;
        if let Some(sent) = sent {
            let handed = hand_over(tx, changes, &evidence, recipient, &sender, first.record, person)?;
            tell_reappearance(tx, permit, changes, person, Reappeared::Referred, agency, handed.unnamed_to)?;
            changes.document_put(tx, &first, &sent)?;
            moved(first.record, recipient).tell(tx, permit, changes, &sent)?;
        }
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: ReferralMoved { referral: self.referral, state },
        })
    }
}

fn nowhere() -> Problem {
    Problem::field(ProblemType::MalformedRequest, "recipient", "required", "is required for this step")
}

/// The referral as which this one goes on, not yet sent: all that its sender wrote, but the slot, which was kept where it was agreed.
pub(super) fn onward(record: &ReferralRecord, taking: &Taking<'_>) -> Option<ReferralRecord> {
    Some(ReferralRecord {
        id: taking.onward?,
        version: 0,
        recipient: taking.body.recipient.clone()?,
        created_at: taking.now,
        slot: None,
        continued_as: None,
        state: ReferralState::Draft,
        due: None,
        findings: Findings::default(),
        history: Vec::new(),
        ..record.clone()
    })
}

/// Whether what it carries may go on: by a consent from its sender to the agency where it belongs, which lets the one that has it pass
/// it on to those that the same consent names.
pub(super) fn passes_on(evidence: &Evidence, taking: &Taking<'_>, onward: &ReferralRecord) -> bool {
    let ((_, consents), _) = evidence;
    let consents = consents_in(consents);
    let passing: Vec<ConsentRecord> = consents
        .iter()
        .filter(|consent| lets_pass_on(consent, &record_in(evidence).recipient))
        .cloned()
        .collect();
    carried_in(evidence).shows_something(taking.seen, |purpose| {
        let covered = |consents| covered(consents, onward, purpose, taking.now, taking.calendar);
        // An exclusion in any of the others stands all the same.
        covered(&passing).intersection(covered(&consents))
    })
}

fn lets_pass_on(consent: &ConsentRecord, holder: &AgencyId) -> bool {
    consent.terms.redisclosure == Redisclosure::NamedRecipients && consent.terms.recipients.contains(holder)
}
