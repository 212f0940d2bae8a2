//! Telling the two sides of a referral of a step: an event for whoever did not take it, and the tasks of who acts next and who chases.

use jiff::Timestamp;

use super::model::{ReferralRecord, ReferralState};
use super::transition::Transition;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::store::change::Changes;
use crate::store::record::Kind;
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{DutyRole, EventType, TaskKind};

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
}

impl Moved<'_> {
    /// Tells both sides, with the change and never without it. Of a draft the recipient never hears.
    ///
    /// # Errors
    /// When the database fails.
    pub(in crate::domain) fn tell(
        &self,
        tx: &mut Snapshot<'_>,
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
            let is_sender = agency == self.sender;
            let now = changes.now();
            if let Some(due_at) = next.due(&is_sender, answer_due) {
                let remind_at = now.saturating_add(due_at.duration_since(now) / 2).unwrap_or(due_at);
                changes.task_put(self.task(agency, TaskKind::AnswerReferral, &subject, (remind_at, due_at)));
            }
            if let (Some(remind_at), Some(due_at)) =
                (next.due(&is_sender, chase_from), next.due(&is_sender, chase_until))
            {
                changes.task_put(self.task(agency, TaskKind::ChaseReferral, &subject, (remind_at, due_at)));
            }
        }
        Ok(())
    }

    fn task(
        &self,
        agency: &AgencyId,
        kind: TaskKind,
        subject: &str,
        (remind_at, due_at): (Timestamp, Timestamp),
    ) -> NewTask {
        NewTask {
            agency: agency.clone(),
            duty: DutyRole::Referrals,
            holder: None,
            kind,
            person: self.person,
            record: self.record,
            subject: subject.to_owned(),
            remind_at: remind_at.min(due_at),
            due_at,
        }
    }
}

/// Where the recipient of a referral stands in a list of agencies.
pub(in crate::domain) fn recipient_among(record: &ReferralRecord, agencies: &[AgencyId]) -> Option<usize> {
    agencies.iter().position(|agency| *agency == record.recipient)
}

fn was_sent(record: &ReferralRecord, (): &()) -> Result<(), ()> {
    if record.history.iter().any(|step| step.transition == Transition::Send) { Ok(()) } else { Err(()) }
}

/// By when this side must take the next step, if it is the one that must.
fn answer_due(record: &ReferralRecord, is_sender: &bool) -> Option<Timestamp> {
    let by_sender = record.state == ReferralState::Returned;
    record.next_due().filter(|_| by_sender == *is_sender)
}

/// From when the sender rings the recipient: once the step that is due is late.
fn chase_from(record: &ReferralRecord, is_sender: &bool) -> Option<Timestamp> {
    record.next_due().filter(|_| *is_sender && record.sender_must_chase())
}

/// By when that must have helped: the moment at which the referral would expire, where it can.
fn chase_until(record: &ReferralRecord, is_sender: &bool) -> Option<Timestamp> {
    let due = chase_from(record, is_sender)?;
    Some(record.due.and_then(|clocks| clocks.expires_after).unwrap_or(due))
}
