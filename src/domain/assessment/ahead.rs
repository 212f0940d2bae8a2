//! The record goes ahead of the person (IE4a, D5): where another team is to hold the follow-up, the one that assesses has it there
//! before. Its task opens with the booking, is done when a referral has brought the record, and opens again if that comes to nothing.

use std::sync::Arc;

use super::codes::AppointmentKind;
use super::model::AssessmentRecord;
use super::states::Act;
use crate::calendar::Calendar;
use crate::domain::referral::model::ReferralRecord;
use crate::domain::task::half_way;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::record::{Document, Kind};
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Due, DutyRole, TaskKind};

const KIND: TaskKind = TaskKind::SendRecordAhead;

/// From which team the record goes to which.
pub(in crate::domain) struct Between<'b> {
    /// The team that assesses, and has the record.
    pub(in crate::domain) from: &'b AgencyId,
    /// The team that is to hold the follow-up.
    pub(in crate::domain) to: &'b AgencyId,
    /// Civil time.
    pub(in crate::domain) calendar: &'b Arc<Calendar>,
}

impl Between<'_> {
    /// After an act of the assessment: whoever holds the follow-up now, and whenever it is.
    pub(super) fn assessment_moved<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        changes: &mut Changes,
        (person, assessment): (PersonId, RecordId),
        (next, act): (&Sealed<AssessmentRecord>, &Act),
    ) -> Result<(), Error> {
        let awaited = next.dues(self.calendar, held_elsewhere);
        let is_there = !awaited.is_empty()
            && tx
                .documents_of_person::<_, ReferralRecord>(permit, person, Kind::Referral)?
                .judge(&self.but(None), brings_record)
                .is_ok();
        let is_booked_anew =
            matches!(act, Act::Book(booking) if booking.appointment != AppointmentKind::Initial);
        if awaited.is_empty() || is_there || is_booked_anew {
            changes.task_lapse(self.from, KIND, assessment);
        }
        for due in awaited.iter().filter(|_| !is_there) {
            self.put(tx, changes, (person, assessment), due)?;
        }
        Ok(())
    }

    /// After a step of a referral from the one team to the other, by which the record is there now, or is not.
    pub(in crate::domain) fn referral_moved<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        changes: &mut Changes,
        (person, referral): (PersonId, RecordId),
        has_arrived: bool,
    ) -> Result<(), Error> {
        let is_there = has_arrived
            || tx
                .documents_of_person::<_, ReferralRecord>(permit, person, Kind::Referral)?
                .judge(&self.but(Some(referral)), brings_record)
                .is_ok();
        let assessments = tx.documents_of_person::<_, AssessmentRecord>(permit, person, Kind::Assessment)?;
        for held in tx.versions_of_person(person, Kind::Assessment)? {
            let meant = (held.record, (self.from.clone(), self.to.clone()), Arc::clone(self.calendar));
            for due in assessments.dues(&meant, held_by_that_team) {
                if is_there {
                    changes.task_done(self.from, KIND, held.record);
                } else {
                    self.put(tx, changes, (held.person, held.record), &due)?;
                }
            }
        }
        Ok(())
    }

    fn but(&self, referral: Option<RecordId>) -> Brought {
        Brought { from: self.from.clone(), to: self.to.clone(), but: referral }
    }

    /// The task; while it is open it stays as it is.
    fn put(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        (person, record): (PersonId, RecordId),
        due: &Due,
    ) -> Result<(), Error> {
        let id = changes.handle_for(tx, self.from, Kind::Assessment, record.as_bytes(), person)?;
        changes.task_put(NewTask {
            agency: self.from.clone(),
            duty: DutyRole::Referrals,
            holder: None,
            kind: KIND,
            person,
            record,
            subject: format!("/v1/assessments/{id}"),
            remind_at: half_way(changes.now(), due.due_at),
            due_at: due.due_at,
        });
        Ok(())
    }
}

/// Which referrals count.
struct Brought {
    from: AgencyId,
    to: AgencyId,
    but: Option<RecordId>,
}

#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn brings_record(referrals: &Vec<Document<ReferralRecord>>, meant: &Brought) -> Result<(), ()> {
    let mut others = referrals.iter().filter(|referral| Some(referral.record) != meant.but);
    let brings = others.any(|referral| referral.value.has_brought_record(&meant.from, &meant.to));
    if brings { Ok(()) } else { Err(()) }
}

/// The time of the follow-up, where it is to come and another team than the one that assesses holds it.
fn held_elsewhere(record: &AssessmentRecord, calendar: &Arc<Calendar>) -> Vec<Due> {
    let booked = record.booked(record.next_kind()).filter(|_| record.is_open());
    let elsewhere = booked.filter(|follow_up| follow_up.agency != record.assessor);
    let due = elsewhere.map(|follow_up| {
        let at = follow_up.at.as_datetime();
        let due_at = calendar.moment(at.date(), at.time());
        Due { kind: KIND, worker: None, remind_at: due_at, due_at }
    });
    due.into_iter().collect()
}

type Meant = (RecordId, (AgencyId, AgencyId), Arc<Calendar>);

/// The same for one of a person's assessments, where it is these two teams'.
#[allow(clippy::ptr_arg, reason = "the form of a rule on what is sealed")]
fn held_by_that_team(
    assessments: &Vec<Document<AssessmentRecord>>,
    (record, (from, to), calendar): &Meant,
) -> Vec<Due> {
    let of = assessments.iter().find(|assessment| assessment.record == *record);
    let of = of.map(|assessment| &assessment.value).filter(|assessment| assessment.assessor == *from);
    let theirs = of.filter(|assessment| {
        assessment.booked(assessment.next_kind()).is_some_and(|follow_up| follow_up.agency == *to)
    });
    theirs.map_or_else(Vec::new, |assessment| held_elsewhere(assessment, calendar))
}
