//! Taking an act of an assessment, on the version that was read.

use std::marker::PhantomData;

use super::acts::{Booking, BookingAsked};
use super::codes::{AppointmentKind, Disposal, EndReason, FollowUpDecision, Warning};
use super::model::AssessmentRecord;
use super::open::{AssessmentMoved, Setting, not_now, unprocessable};
use super::states::{Act, InvalidAct, Side, Taking, apply};
use super::telling::tell;
use crate::directory::AgencyStatus;
use crate::domain::caseload::model::EpisodeRecord;
use crate::domain::death::Death;
use crate::domain::delegation::follow_act;
use crate::domain::dir::{DirHead, DirState};
use crate::domain::minute::Minute;
use crate::domain::slot::{Slot, give_back, take_slot};
use crate::id::{AgencyId, Handle, RecordId, SlotId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::Action;
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, SegmentSet};

/// What is asked for.
#[derive(Debug, Clone)]
pub enum Asked {
    /// An act as it is.
    Act(Act),
    /// An appointment, whose time and place a slot may say.
    Book(BookingAsked),
}

/// `POST /assessments/{id}/…`, each under the action that it needs.
pub struct TakeAct<A> {
    /// What the agency calls the assessment.
    pub id: Handle,
    /// What is done.
    pub asked: Asked,
    /// What there is besides.
    pub setting: Setting,
    /// Under which action.
    pub action: PhantomData<fn() -> A>,
}

impl<A: Action> Command for TakeAct<A> {
    type Action = A;
    type Acknowledgement = AssessmentMoved;
    // That a follow-up lies with a project, of which the police must learn nothing, makes a difference in time.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Assessment, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<A>,
        changes: &mut Changes,
    ) -> Result<Accepted<AssessmentMoved>, Rejection> {
        let principal = worker(call)?;
        let (agency, target) = (&principal.agency, target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("an assessment without a record"))?;
        let current = tx.document_read::<_, AssessmentRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let act = self.act(tx, changes, agency)?;
        let taking = Taking {
            now: changes.now(),
            minute: Minute::of(self.setting.calendar.civil(changes.now())),
            by: (agency.clone(), principal.worker.clone()),
            side: if principal.agency_type == AgencyType::Police { Side::Police } else { Side::Team },
            calendar: self.setting.calendar.clone(),
            on_caseload: is_review(&act) && is_on_caseload(tx, permit, agency, target)?,
        };
        let next = current.revise(&(act.clone(), taking), after).map_err(problem_of)?;
        let version = tx.next_version(record, Kind::Assessment, target.person, &target.custodian)?;
        changes.document_put(tx, &version, &next)?;
        tell(tx, permit, changes, &version, &next, &act, (&self.setting, agency))?;
        let claimed = (current.slots(&(), claimed_before), next.slots(&(), claimed_after));
        give_back(tx, changes, (&claimed.0, &claimed.1), agency)?;
        if matches!(&act, Act::End(ended) if ended.reason == EndReason::Died) {
            let by = (agency, &principal.worker);
            Death { person: target.person, by, ended: Some(record) }.carry_out(tx, permit, changes)?;
        }
        let warnings = [
            (Warning::FixedPenalty, next.judge(&act, leads_to_help).is_err()),
            (Warning::FirstAppointmentLate, next.judge(&act, is_in_time).is_err()),
        ];
        let is_follow_up =
            matches!(&act, Act::Attend(attended) if attended.appointment == AppointmentKind::FollowUp);
        let acted = (current.with(next), is_follow_up);
        follow_act(tx, permit, changes, target.person, acted, agency)?;
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: AssessmentMoved {
                id: self.id,
                warnings: warnings.into_iter().filter(|(_, is_so)| *is_so).map(|(it, _)| it).collect(),
            },
        })
    }
}

impl<A: Action> TakeAct<A> {
    /// The act, with the slot that it takes.
    fn act(&self, tx: &mut Snapshot<'_>, changes: &mut Changes, mover: &AgencyId) -> Result<Act, Rejection> {
        let asked = match &self.asked {
            Asked::Act(act) => return Ok(act.clone()),
            Asked::Book(asked) => asked,
        };
        let appointment = asked.appointment;
        let Some(slot) = asked.slot else {
            let (Some(at), Some(place)) = (asked.at, asked.place.clone()) else {
                return Err(form("slot", "is required, or `at` and `place` in its stead").into());
            };
            let agency = asked.agency.clone();
            if !agency.as_ref().is_none_or(|agency| self.is_team(agency)) {
                return Err(form("agency", "must be an active team that assesses").into());
            }
            return Ok(Act::Book(Booking { appointment, at, place, agency, slot: None }));
        };
        if asked.at.is_some() || asked.place.is_some() || asked.agency.is_some() {
            return Err(form("slot", "says the time, the place and the team: nothing else does").into());
        }
        let Slot { agency, at, place, .. } =
            take_slot(tx, changes, slot, appointment, (&self.setting.calendar, mover))?;
        Ok(Act::Book(Booking { appointment, at, place, agency: Some(agency), slot: Some(slot) }))
    }

    fn is_team(&self, agency: &AgencyId) -> bool {
        let directory = self.setting.journal.directory();
        directory.agency(agency).is_some_and(|agency| {
            agency.status == AgencyStatus::Active && agency.agency_type == AgencyType::Cjit
        })
    }
}

fn claimed_before(document: &Document<AssessmentRecord>, (): &()) -> Vec<SlotId> {
    document.value.slots_claimed()
}

fn claimed_after(record: &AssessmentRecord, (): &()) -> Vec<SlotId> {
    record.slots_claimed()
}

fn form(field: &'static str, message: &'static str) -> Problem {
    Problem::field(ProblemType::UnprocessableDocument, field, "rule", message)
}

fn after(
    document: &Document<AssessmentRecord>,
    (act, taking): &(Act, Taking),
) -> Result<AssessmentRecord, InvalidAct> {
    apply(&document.value, act, taking)
}

fn problem_of(invalid: InvalidAct) -> Problem {
    match invalid {
        InvalidAct::NotNow(codes) => not_now(&codes),
        InvalidAct::Guard(fault) => unprocessable(&[fault]),
    }
}

/// A fixed penalty leaves somebody who need not come with nothing that leads to help.
fn leads_to_help(next: &AssessmentRecord, act: &Act) -> Result<(), ()> {
    match act {
        Act::Release(released) if released.disposal == Disposal::FixedPenalty && !next.is_required() => {
            Err(())
        }
        _ => Ok(()),
    }
}

fn is_in_time(next: &AssessmentRecord, act: &Act) -> Result<(), ()> {
    match act {
        Act::Book(booking)
            if booking.appointment == AppointmentKind::Initial
                && booking.at.date() > next.first_appointment_by =>
        {
            Err(())
        }
        _ => Ok(()),
    }
}

/// Whether it says that the review of the care plan satisfied the requirement.
fn is_review(act: &Act) -> bool {
    matches!(act, Act::Attend(attended) if attended.follow_up == Some(FollowUpDecision::CarePlanReviewed))
}

/// Whether the person is on the agency's caseload, with a record that it signed.
fn is_on_caseload<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    agency: &AgencyId,
    target: &Target,
) -> Result<bool, Error> {
    let episodes = tx.documents_of_person::<_, EpisodeRecord>(permit, target.person, Kind::Episode)?;
    let mut has_signed = false;
    for (record, custodian) in tx.custodians_of_person(permit, target.person, Kind::Dir)? {
        let is_signed = custodian == *agency && is_signed(tx, permit, agency, record)?;
        has_signed |= is_signed;
    }
    Ok(has_signed && episodes.judge(agency, has_open_episode).is_ok())
}

fn is_signed<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    agency: &AgencyId,
    dir: RecordId,
) -> Result<bool, Error> {
    let head = tx.segments_read::<_, DirHead>(permit, agency, dir, SegmentSet::EMPTY)?;
    Ok(head.judge(&DirState::Signed, has_state).is_ok())
}

fn has_state(dir: &Segments<DirHead>, state: &DirState) -> Result<(), ()> {
    if dir.head.state == *state { Ok(()) } else { Err(()) }
}

#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn has_open_episode(episodes: &Vec<Document<EpisodeRecord>>, agency: &AgencyId) -> Result<(), ()> {
    let has = episodes.iter().any(|episode| episode.custodian == *agency && episode.value.is_open());
    if has { Ok(()) } else { Err(()) }
}
