//! What a step of a referral rests on: the referral, the consents, the records that it carries, the sender's other referrals.

use jiff::Timestamp;

use super::deadlines::DeadlineTable;
use super::drafting::takes_part;
use super::model::ReferralRecord;
use super::states::{Act, Circumstances, InvalidTransition, another_open, apply};
use super::stepping::Referral;
use super::transition::{Transition, TransitionBody};
use crate::calendar::Calendar;
use crate::directory::Directory;
use crate::domain::consent::coverage::{Question, covers, is_in_writing};
use crate::domain::consent::model::ConsentRecord;
use crate::domain::dir::{DirHead, DirState};
use crate::id::{AgencyId, PersonId, WorkerId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::engine::Engine;
use crate::policy::permit::Permit;
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Purpose, SegmentSet};

/// The referral with the person's consents, the person's other referrals, and the records. All but the referral is empty unless
/// the step sends it.
pub(super) type Evidence =
    ((Referral, Vec<Document<ConsentRecord>>), (Vec<Referral>, Vec<Document<DirHead>>));

/// The referral that the step is taken on.
pub(super) const fn record_in(((referral, _), _): &Evidence) -> &ReferralRecord {
    &referral.value
}

/// A step about to be taken.
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
    /// Says what a recipient could see of what a consent covers.
    pub(super) policies: &'a Engine,
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
    let sends = matches!(transition, Transition::Send | Transition::Resend);
    let (consents, referrals, dirs) = if sends {
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

/// The referral after the step.
pub(super) fn take(evidence: &Evidence, taking: &Taking<'_>) -> Result<ReferralRecord, Refused> {
    let (_, (referrals, _)) = evidence;
    let record = record_in(evidence);
    let sends = matches!(taking.transition, Transition::Send | Transition::Resend);
    let side = record.side_of(taking.agency).ok_or(Refused::Step(InvalidTransition::NotThisSide))?;
    let (_, recipient_type) = record.route.ends();
    let recipient = taking.directory.agency(&record.recipient);
    let hours = recipient.and_then(|agency| agency.duty_hours()).unwrap_or_default();
    let act = Act {
        side,
        by: Some((taking.agency, taking.worker)),
        now: taking.now,
        calendar: taking.calendar,
        deadlines: taking.deadlines,
        recipient_hours: &hours,
        circumstances: Circumstances {
            caseload_checked: taking.caseload_checked,
            consent_effective: sends && consent_is_effective(evidence, taking),
            another_open: another_open(record, referrals.iter().map(|other| &other.value)),
        },
    };
    let next = apply(record, taking.transition, taking.body, &act).map_err(Refused::Step)?;
    if sends && !takes_part(taking.directory, &record.recipient, recipient_type) {
        return Err(Refused::NoSuchRecipient);
    }
    if taking.transition == Transition::Send && !carried(evidence).all(|dir| dir.state == DirState::Signed) {
        return Err(Refused::DirNotSigned);
    }
    Ok(next)
}

/// The heads of the records that the referral carries.
fn carried(evidence: &Evidence) -> impl Iterator<Item = &DirHead> {
    let (_, (_, dirs)) = evidence;
    dirs.iter().filter(|dir| record_in(evidence).dirs.contains(&dir.record)).map(|dir| &dir.value)
}

/// Whether anything that the referral carries may pass from its sender to its recipient, and would be seen there.
fn consent_is_effective(evidence: &Evidence, taking: &Taking<'_>) -> bool {
    let ((_, consents), _) = evidence;
    let record = record_in(evidence);
    let consents = consents_in(consents);
    let (sender, recipient) = record.route.ends();
    let records = carried(evidence).fold(SegmentSet::EMPTY, |all, dir| all.union(dir.segment_set()));
    let summary = record.summary.as_ref().map_or(SegmentSet::EMPTY, |summary| summary.segments());
    let release = record.release.as_ref().map(|_| record.route.release_segment());
    record.route.purposes().into_iter().any(|purpose| {
        let question = question(record, purpose, taking.now, taking.calendar);
        if record.route.in_writing() && !is_in_writing(&consents, &question, taking.now) {
            return false;
        }
        let covered = covers(&consents, &question, taking.now).segments;
        let seen = taking.policies.consent_would_show(recipient, sender, purpose, covered);
        let released = release.is_some_and(|segment| covered.contains(segment));
        released || !seen.intersection(records.union(summary)).is_empty()
    })
}

/// What the consents let pass from the sender of the referral to its recipient.
pub(super) fn covered(
    consents: &[ConsentRecord],
    record: &ReferralRecord,
    purpose: Purpose,
    now: Timestamp,
    calendar: &Calendar,
) -> SegmentSet {
    covers(consents, &question(record, purpose, now, calendar), now).segments
}

fn question<'a>(
    record: &'a ReferralRecord,
    purpose: Purpose,
    now: Timestamp,
    calendar: &Calendar,
) -> Question<'a> {
    Question {
        disclosing: &record.sender,
        recipient: &record.recipient,
        purpose,
        data_date: calendar.date_of(now),
    }
}

/// The consents themselves.
pub(super) fn consents_in(documents: &[Document<ConsentRecord>]) -> Vec<ConsentRecord> {
    documents.iter().map(|document| document.value.clone()).collect()
}
