//! Taking a step of a referral; sending it makes it, and what it carries, known to its recipient.

use std::sync::Arc;

use super::deadlines::DeadlineTable;
use super::drafting::ReferralMoved;
use super::grounds::{Evidence, Refused, Taking, gather, record_in, take};
use super::model::{ReferralOutcome, ReferralRecord};
use super::resting::SeenByRoute;
use super::telling::{Moved, recipient_of};
use super::transition::{Transition, TransitionBody};
use crate::calendar::Calendar;
use crate::domain::consent::effects::{Clocks, Closing};
use crate::domain::consent::why::Why;
use crate::domain::death::Death;
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::id::{AgencyId, Handle, PersonId, RecordId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::{self, Action};
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::handle::Found;
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `POST /referrals/{id}/{transition}`.
pub struct TakeStep {
    /// The agency's own handle.
    pub referral: Handle,
    /// What is done.
    pub transition: Transition,
    /// What goes with it.
    pub body: TransitionBody,
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// The clocks.
    pub deadlines: Arc<DeadlineTable>,
    /// Knows the directory.
    pub journal: Journal,
}

impl Command for TakeStep {
    type Action = action::ReferralTransition;
    type Acknowledgement = ReferralMoved;
    // Flags of others, of which the agency must learn nothing, make a difference in time.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Referral, self.referral)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<action::ReferralTransition>,
        changes: &mut Changes,
    ) -> Result<Accepted<ReferralMoved>, Rejection> {
        let principal = worker(call)?;
        let agency = &principal.agency;
        let (Found { person, .. }, record, sender) = find(tx, agency, self.referral)?;
        let current = tx.document_read::<_, ReferralRecord>(permit, agency, record)?;
        require_version(call, &current)?;

        let evidence = gather(tx, permit, person, self.transition, current)?;
        let directory = self.journal.directory();
        let taking = Taking {
            transition: self.transition,
            body: &self.body,
            agency,
            worker: &principal.worker,
            now: changes.now(),
            calendar: &self.calendar,
            deadlines: &self.deadlines,
            directory: &directory,
            seen: SeenByRoute::under(self.journal.policies()),
            caseload_checked: was_checked(tx, permit, person, &sender)?,
            onward: None,
        };
        let next = evidence.revise(&taking, take).map_err(problem_of)?;
        let recipient = &recipient_of(&next, &directory)?;
        if self.transition == Transition::Send {
            let handed = hand_over(tx, changes, &evidence, recipient, &sender, record, person)?;
            tell_reappearance(tx, permit, changes, person, Reappeared::Referred, agency, handed.unnamed_to)?;
        }
        let version = tx.next_version(record, Kind::Referral, person, &sender)?;
        changes.document_put(tx, &version, &next)?;
        let calendar = &self.calendar;
        let moved = Moved { record, person, sender: &sender, recipient, mover: Some(agency), calendar };
        moved.tell(tx, permit, changes, &next)?;
        // Whoever has arrived is spoken of on the way there no more, where that is what the person agreed to.
        if self.transition == Transition::Complete && next.judge(&(), is_named).is_ok() {
            let why = Why::Arrival { from: sender.clone(), at: recipient.clone() };
            let clocks = Clocks { calendar: self.calendar.clone(), deadlines: self.deadlines.clone() };
            let closing = Closing::new(why, principal, changes.now(), &clocks, self.journal.policies());
            closing.carry_out(tx, permit, changes, person, &directory)?;
        }
        // The recipient of an anonymous slot must not learn from its own tasks whom that was about.
        if self.body.outcome == Some(ReferralOutcome::Died) && next.judge(&(), is_named).is_ok() {
            let by = (agency, &principal.worker);
            Death { person, by, ended: None }.carry_out(tx, permit, changes)?;
        }
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: ReferralMoved { referral: self.referral, state: self.transition.rule().to },
        })
    }
}

/// Whether the sender ever asked whether the person is on another caseload: a check is held by the agency that asked.
pub(super) fn was_checked<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    person: PersonId,
    sender: &AgencyId,
) -> Result<bool, Error> {
    let checks = tx.custodians_of_person(permit, person, Kind::Check)?;
    Ok(checks.iter().any(|(_, asker)| asker == sender))
}

/// The referral behind an agency's handle: whom it is about, which record it is, and who sent it.
pub(super) fn find(
    tx: &mut Snapshot<'_>,
    agency: &AgencyId,
    handle: Handle,
) -> Result<(Found, RecordId, AgencyId), Error> {
    let found = tx
        .handle_find(agency, Kind::Referral, handle)?
        .ok_or(Error::Corrupt("a permit for a referral that is not there"))?;
    let record = RecordId::from_bytes(found.target);
    let sender = tx.record_custodian(record)?.ok_or(Error::Corrupt("a referral without a custodian"))?;
    Ok((found, record, sender))
}

fn is_named(referral: &ReferralRecord, (): &()) -> Result<(), ()> {
    if referral.anonymous { Err(()) } else { Ok(()) }
}

/// Gives the recipient handles of its own: for the referral, and, unless that is an anonymous slot, for the person and each
/// record that it carries. What they open is for policy to say, each time.
pub(super) fn hand_over<'a>(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    evidence: &Sealed<Evidence>,
    recipient: &'a AgencyId,
    sender: &AgencyId,
    record: RecordId,
    person: PersonId,
) -> Result<Handed<'a>, Error> {
    changes.handle_for(tx, recipient, Kind::Referral, record.as_bytes(), person)?;
    let named = evidence.pick(&(), |evidence, ()| (!record_in(evidence).anonymous).then_some(0));
    if named.is_none() {
        return Ok(Handed { unnamed_to: Some(recipient) });
    }
    changes.client_make_known(tx, recipient, person)?;
    for listed in tx.handles_of_person(sender, Kind::Dir, person)? {
        let dir = RecordId::from_bytes(listed.target);
        let carried = evidence
            .pick(&dir, |evidence, dir| record_in(evidence).dirs.iter().position(|carried| carried == dir));
        if carried.is_some() {
            changes.handle_for(tx, recipient, Kind::Dir, dir.as_bytes(), listed.person)?;
        }
    }
    Ok(Handed { unnamed_to: None })
}

/// What a referral made known to its recipient.
pub(super) struct Handed<'a> {
    /// The recipient of an anonymous slot: a flag of its own must not tell it who that is.
    pub(super) unnamed_to: Option<&'a AgencyId>,
}

/// What the caller is told when a step is not taken.
pub(super) fn problem_of(refused: Refused) -> Problem {
    use super::invalid::InvalidTransition as Invalid;
    let invalid = |reason| Problem::because(ProblemType::InvalidTransition, reason);
    match refused {
        Refused::NoSuchRecipient => invalid("recipient-not-active"),
        Refused::DirNotSigned => invalid("dir-not-signed"),
        Refused::Step(Invalid::NotFromHere) => invalid("not-from-this-state"),
        Refused::Step(Invalid::NotThisSide) => invalid("not-this-side"),
        Refused::Step(Invalid::NotNow) => invalid("not-at-this-time"),
        Refused::Step(Invalid::NoCaseloadCheck) => invalid("no-caseload-check"),
        Refused::Step(Invalid::AnotherOpen) => {
            Problem::because(ProblemType::DuplicateCaseload, "another-referral-open")
        }
        Refused::Step(Invalid::NoConsent) => Problem::new(ProblemType::ConsentNotEffective),
        Refused::Step(Invalid::Missing(field) | Invalid::NotTaken(field) | Invalid::NotFitting(field)) => {
            Problem::field(
                ProblemType::UnprocessableDocument,
                field.name(),
                "not-fitting",
                "does not fit this step",
            )
        }
    }
}

/// The document of a referral, as other modules of this area name it.
pub(super) type Referral = Document<ReferralRecord>;
