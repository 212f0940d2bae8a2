//! What a step of a referral rests on: the referral, the consents, the records that it carries, the sender's other referrals.

use jiff::Timestamp;

use super::deadlines::DeadlineTable;
use super::drafting::takes_part;
use super::model::ReferralRecord;
use super::rerouting::{onward, passes_on};
use super::resting::{Carried, SeenByRoute};
use super::states::{Act, Circumstances, InvalidTransition, another_open, apply};
use super::stepping::Referral;
use super::transition::{Side, Transition, TransitionBody};
use crate::calendar::Calendar;
use crate::directory::Directory;
use crate::domain::consent::model::ConsentRecord;
use crate::domain::dir::{DirHead, DirState};
use crate::id::{AgencyId, PersonId, RecordId, WorkerId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// The referral with the person's consents, the person's other referrals, and the records. All but the referral is empty unless
/// the step sends it.
pub(super) type Evidence =
    ((Referral, Vec<Document<ConsentRecord>>), (Vec<Referral>, Vec<Document<DirHead>>));

/// The referral that the step is taken on.
pub(super) const fn record_in(((referral, _), _): &Evidence) -> &ReferralRecord {
    &referral.value
}

/// A step about to be taken.
#[derive(Clone, Copy)]
pub(super) struct Taking<'a> {
    pub(super) transition: Transition,
    pub(super) body: &'a TransitionBody,
    pub(super) agency: &'a AgencyId,
    pub(super) worker: &'a WorkerId,
    pub(super) now: Timestamp,
    pub(super) calendar: &'a Calendar,
    pub(super) deadlines: &'a DeadlineTable,
    pub(super) directory: &'a Directory,
    pub(super) caseload_checked: bool,
    /// What a recipient could see of what a consent covers.
    pub(super) seen: SeenByRoute<'a>,
    /// The record as which the referral goes on, where the step sends it on.
    pub(super) onward: Option<RecordId>,
}

/// Why a step is not taken. Holds nothing of the referral.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// The state machine refuses it.
    Step(InvalidTransition),
    /// The recipient takes part no more.
    NoSuchRecipient,
    /// A record that it carries was superseded since the draft.
    DirNotSigned,
}

/// Reads what the step rests on, and no more.
pub(super) fn gather<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    person: PersonId,
    transition: Transition,
    referral: Sealed<Referral>,
) -> Result<Sealed<Evidence>, Error> {
    let (consents, referrals, dirs) = if hands_on(transition) {
        (
            tx.documents_of_person(permit, person, Kind::Consent)?,
            tx.documents_of_person(permit, person, Kind::Referral)?,
            tx.documents_of_person(permit, person, Kind::Dir)?,
        )
    } else {
        (Sealed::new(permit, Vec::new()), Sealed::new(permit, Vec::new()), Sealed::new(permit, Vec::new()))
    };
    Ok(referral.with(consents).with(referrals.with(dirs)))
}

/// Whether a step makes what the referral carries known to an agency.
const fn hands_on(transition: Transition) -> bool {
    matches!(transition, Transition::Send | Transition::Resend | Transition::Reroute)
}

/// The referral after the step.
pub(super) fn take(evidence: &Evidence, taking: &Taking<'_>) -> Result<ReferralRecord, Refused> {
    let record = record_in(evidence);
    let side = record.side_of(taking.agency).ok_or(Refused::Step(InvalidTransition::NotThisSide))?;
    let (_, recipient_type) = record.route.ends();
    let takes_no_part = |named: &AgencyId| !takes_part(taking.directory, named, recipient_type);
    if taking.body.recipient.as_ref().is_some_and(takes_no_part) {
        return Err(Refused::NoSuchRecipient);
    }
    let ((_, consents), _) = evidence;
    let consent_effective = match taking.transition {
        Transition::Send | Transition::Resend => {
            let moment = (taking.now, taking.calendar);
            carried_in(evidence).rests_on(&consents_in(consents), taking.seen, moment)
        }
        Transition::Reroute => {
            onward(record, taking).is_some_and(|onward| passes_on(evidence, taking, &onward))
        }
        _ => false,
    };
    let next = step(evidence, taking, record, (side, taking.transition, taking.body), consent_effective)?;
    let sends = matches!(taking.transition, Transition::Send | Transition::Resend);
    if sends && takes_no_part(&record.recipient) {
        return Err(Refused::NoSuchRecipient);
    }
    if taking.transition == Transition::Send {
        all_signed(evidence)?;
    }
    Ok(ReferralRecord { continued_as: taking.onward.or(next.continued_as), ..next })
}

/// The referral as it goes on to the agency where it belongs: sent anew in its sender's name, at its recipient's word.
pub(super) fn send_on(evidence: &Evidence, taking: &Taking<'_>) -> Result<ReferralRecord, Refused> {
    let onward = onward(record_in(evidence), taking).ok_or(Refused::Step(InvalidTransition::NotThisSide))?;
    all_signed(evidence)?;
    let consent_effective = passes_on(evidence, taking, &onward);
    let sending = (Side::Sender, Transition::Send, &TransitionBody::default());
    step(evidence, taking, &onward, sending, consent_effective)
}

/// One step of the referral, or of the one as which it goes on.
fn step(
    evidence: &Evidence,
    taking: &Taking<'_>,
    record: &ReferralRecord,
    (side, transition, body): (Side, Transition, &TransitionBody),
    consent_effective: bool,
) -> Result<ReferralRecord, Refused> {
    let (_, (referrals, _)) = evidence;
    let recipient = taking.directory.agency(&record.recipient);
    let hours = recipient.and_then(|agency| agency.duty_hours()).unwrap_or_default();
    // What it goes on as takes its place.
    let others =
        referrals.iter().map(|other| &other.value).filter(|other| other.id != record_in(evidence).id);
    let act = Act {
        side,
        by: Some((taking.agency, taking.worker)),
        now: taking.now,
        calendar: taking.calendar,
        deadlines: taking.deadlines,
        recipient_hours: &hours,
        circumstances: Circumstances {
            caseload_checked: taking.caseload_checked,
            consent_effective,
            another_open: another_open(record, others),
        },
    };
    apply(record, transition, body, &act).map_err(Refused::Step)
}

/// The heads of the records that the referral carries.
fn carried(evidence: &Evidence) -> impl Iterator<Item = &DirHead> {
    let (_, (_, dirs)) = evidence;
    dirs.iter().filter(|dir| record_in(evidence).dirs.contains(&dir.record)).map(|dir| &dir.value)
}

fn all_signed(evidence: &Evidence) -> Result<(), Refused> {
    if carried(evidence).all(|dir| dir.state == DirState::Signed) {
        Ok(())
    } else {
        Err(Refused::DirNotSigned)
    }
}

/// The referral, with what the records say that it carries.
pub(super) fn carried_in(evidence: &Evidence) -> Carried<'_> {
    let (_, (_, dirs)) = evidence;
    Carried::of(record_in(evidence), dirs)
}

/// The consents themselves.
pub(super) fn consents_in(documents: &[Document<ConsentRecord>]) -> Vec<ConsentRecord> {
    documents.iter().map(|document| document.value.clone()).collect()
}
