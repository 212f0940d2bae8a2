//! Telling the two sides of a referral of a step: an event for whoever did not take it, and the tasks of who acts next and who chases.

use std::sync::Arc;

use jiff::Timestamp;

use super::model::{ReferralRecord, ReferralState, Route};
use super::transition::Transition;
use crate::calendar::Calendar;
use crate::directory::Directory;
use crate::domain::assessment::Between;
use crate::domain::task::half_way;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::record::Kind;
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Due, DutyRole, EventType, TaskKind};

/// A step that was taken, and between whom.
pub(in crate::domain) struct Moved<'m> {
    /// The referral.
    pub(in crate::domain) record: RecordId,
    /// Whom it is about.
    pub(in crate::domain) person: PersonId,
    /// Who sent it.
    pub(in crate::domain) sender: &'m AgencyId,
    /// To whom it went.
    pub(in crate::domain) recipient: &'m AgencyId,
    /// Who took the step; `None` where the gateway did by itself.
    pub(in crate::domain) mover: Option<&'m AgencyId>,
    /// Civil time.
    pub(in crate::domain) calendar: &'m Arc<Calendar>,
}

impl Moved<'_> {
    /// Tells both sides, with the change and never without it. Of a draft the recipient never hears.
    ///
    /// # Errors
    /// When the database fails.
    pub(in crate::domain) fn tell<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        changes: &mut Changes,
        next: &Sealed<ReferralRecord>,
    ) -> Result<(), Error> {
        if next.judge(&(), was_sent).is_err() {
            return Ok(());
        }
        for agency in [self.sender, self.recipient] {
            let id = changes.handle_for(tx, agency, Kind::Referral, self.record.as_bytes(), self.person)?;
            let subject = format!("/v1/referrals/{id}");
            if self.mover != Some(agency) {
                changes.notify(agency, EventType::ReferralChanged, subject.clone());
            }
            for kind in [TaskKind::AnswerReferral, TaskKind::ChaseReferral] {
                if self.mover == Some(agency) {
                    changes.task_done(agency, kind, self.record);
                } else {
                    changes.task_lapse(agency, kind, self.record);
                }
            }
            let view = View { is_sender: agency == self.sender, now: changes.now() };
            for due in next.dues(&view, dues_of) {
                changes.task_put(NewTask {
                    agency: agency.clone(),
                    duty: DutyRole::Referrals,
                    holder: None,
                    kind: due.kind,
                    person: self.person,
                    record: self.record,
                    subject: subject.clone(),
                    remind_at: due.remind_at,
                    due_at: due.due_at,
                });
            }
        }
        if next.judge(&(), is_between_teams).is_ok() {
            let between = Between { from: self.sender, to: self.recipient, calendar: self.calendar };
            let has_arrived = next.judge(&(self.sender.clone(), self.recipient.clone()), has_brought).is_ok();
            between.referral_moved(tx, permit, changes, (self.person, self.record), has_arrived)?;
        }
        Ok(())
    }
}

/// Whether it takes a person, with the record, to the team of where the person lives.
fn is_between_teams(record: &ReferralRecord, (): &()) -> Result<(), ()> {
    if record.route == Route::CjitToCjit && !record.dirs.is_empty() { Ok(()) } else { Err(()) }
}

fn has_brought(record: &ReferralRecord, (from, to): &(AgencyId, AgencyId)) -> Result<(), ()> {
    if record.has_brought_record(from, to) { Ok(()) } else { Err(()) }
}

/// To whom a referral goes.
///
/// # Errors
/// If it is to an agency that the directory never knew.
pub(in crate::domain) fn recipient_of(
    referral: &Sealed<ReferralRecord>,
    directory: &Directory,
) -> Result<AgencyId, Error> {
    let agencies: Vec<&AgencyId> = directory.iter().map(|agency| &agency.id).collect();
    referral
        .pick(&agencies, |referral, agencies| agencies.iter().position(|id| **id == referral.recipient))
        .and_then(|at| agencies.get(at).copied().cloned())
        .ok_or(Error::Corrupt("a referral to an unknown agency"))
}

fn was_sent(record: &ReferralRecord, (): &()) -> Result<(), ()> {
    if record.history.iter().any(|step| step.transition == Transition::Send) { Ok(()) } else { Err(()) }
}

/// From which side of a referral, and when, it is asked what is to be done.
struct View {
    is_sender: bool,
    now: Timestamp,
}

/// What this side must do by when: take the next step, if it is the one that must, or, until the first contact, ring the other side
/// from the moment on at which its step is late.
fn dues_of(record: &ReferralRecord, view: &View) -> Vec<Due> {
    let Some(next_due) = record.next_due() else {
        return Vec::new();
    };
    let due = |kind, remind_at: Timestamp, due_at| Due {
        kind,
        worker: None,
        remind_at: remind_at.min(due_at),
        due_at,
    };
    let answers = (record.state == ReferralState::Returned) == view.is_sender;
    let chases = view.is_sender && record.sender_must_chase();
    let in_vain = record.due.and_then(|clocks| clocks.expires_after).unwrap_or(next_due);
    [
        answers.then(|| due(TaskKind::AnswerReferral, half_way(view.now, next_due), next_due)),
        chases.then(|| due(TaskKind::ChaseReferral, next_due, in_vain)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
