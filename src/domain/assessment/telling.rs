//! Telling the parties of an assessment: handles of their own, events, and tasks with a time. Never what is in it.

use jiff::Timestamp;

use super::ahead::Between;
use super::codes::{AppointmentKind, AttendanceOutcome};
use super::ending::lapse_breaches;
use super::model::AssessmentRecord;
use super::states::Act;
use crate::domain::task::Halfway;
use crate::id::AgencyId;
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::{Changes, NewVersion};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, DutyRole, EventType, TaskKind};

use super::open::Setting;

/// Within how many hours somebody decides how soon a missed requirement is pursued: the shortest of its clocks.
const DECIDE_HOURS: i64 = 24;

/// Makes an assessment and whom it is about known to an agency, and tells it. The answer is the path of its own resource.
pub(super) fn hand_over(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    version: &NewVersion,
    agency: &AgencyId,
) -> Result<String, Error> {
    changes.client_make_known(tx, agency, version.person)?;
    let path = path_of(tx, changes, version, agency)?;
    changes.notify(agency, EventType::AssessmentChanged, path.clone());
    Ok(path)
}

/// The path of an agency's own resource.
fn path_of(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    version: &NewVersion,
    agency: &AgencyId,
) -> Result<String, Error> {
    let record = version.record.as_bytes();
    let id = changes.handle_for(tx, agency, Kind::Assessment, record, version.person)?;
    Ok(format!("/v1/assessments/{id}"))
}

/// Something to be done by a time.
pub(super) fn put_task(
    changes: &mut Changes,
    version: &NewVersion,
    agency: &AgencyId,
    kind: TaskKind,
    (subject, due_at): (String, Timestamp),
) {
    let duty = match kind {
        TaskKind::DecideBreach | TaskKind::PursueBreach => DutyRole::Custody,
        _ => DutyRole::Spoc,
    };
    Halfway { lies_with: (agency, duty), holder: None, kind, subject, due_at }.put(changes, version);
}

/// The parties of an assessment, as far as they hold a handle for it.
struct Parties {
    assessor: AgencyId,
    /// The police, where it is required: they alone learn of it.
    police: Option<AgencyId>,
    /// The team that holds the appointment of the act.
    holder: Option<AgencyId>,
    /// The team that holds the one after the initial one, as far as there is one.
    next_holder: Option<AgencyId>,
}

/// What follows for others from an act: events at once, and tasks that begin or end.
pub(super) fn tell<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    version: &NewVersion,
    next: &Sealed<AssessmentRecord>,
    act: &Act,
    (setting, mover): (&Setting, &AgencyId),
) -> Result<(), Error> {
    let parties = parties(next, act, setting)?;
    if let Act::Book(_) = act
        && let Some(holder) = parties.holder.as_ref().filter(|holder| *holder != mover)
        && parties.police.is_some()
    {
        hand_over(tx, changes, version, holder)?;
    } else if parties.police.is_some() && parties.assessor != *mover {
        let path = path_of(tx, changes, version, &parties.assessor)?;
        changes.notify(&parties.assessor, EventType::AssessmentChanged, path);
    }
    match act {
        Act::Book(booking) if booking.appointment != AppointmentKind::Initial => {
            let holder = parties.holder.as_ref().unwrap_or(&parties.assessor);
            let path = path_of(tx, changes, version, holder)?;
            let by = setting.calendar.end_of(booking.at.date());
            changes.task_lapse(holder, TaskKind::HoldFollowUp, version.record);
            put_task(changes, version, holder, TaskKind::HoldFollowUp, (path, by));
        }
        Act::Attend(attended) => {
            let holder = parties.holder.as_ref().unwrap_or(&parties.assessor);
            match attended.appointment {
                AppointmentKind::Initial => {
                    changes.task_done(&parties.assessor, TaskKind::HoldFirstAppointment, version.record);
                }
                AppointmentKind::FollowUp | AppointmentKind::Additional => {
                    changes.task_done(holder, TaskKind::HoldFollowUp, version.record);
                }
            }
            if let Some(police) = &parties.police {
                let path = format!("{}/attendance", path_of(tx, changes, version, police)?);
                changes.notify(police, EventType::AttendanceRecorded, path.clone());
                if attended.outcome.is_failure() {
                    let at = attended.at.as_datetime();
                    let failed_at = setting.calendar.moment(at.date(), at.time());
                    let by = failed_at.saturating_add(jiff::SignedDuration::from_hours(DECIDE_HOURS));
                    let by = by.unwrap_or(failed_at);
                    put_task(changes, version, police, TaskKind::DecideBreach, (path, by));
                } else if attended.outcome == AttendanceOutcome::GoodCause {
                    changes.task_lapse(police, TaskKind::DecideBreach, version.record);
                }
            }
        }
        Act::Ask(asked) if !asked.agreed => lapse(changes, version, &parties),
        Act::End(_) => {
            lapse(changes, version, &parties);
            lapse_breaches(tx, permit, changes, (version.person, version.record))?;
        }
        Act::Book(_) | Act::Ask(_) | Act::Cancel(_) | Act::Serve(_) | Act::Release(_) => {}
    }
    if let Some(next_holder) = &parties.next_holder {
        let between = Between { from: &parties.assessor, to: next_holder, calendar: &setting.calendar };
        between.assessment_moved(tx, permit, changes, (version.person, version.record), (next, act))?;
    }
    Ok(())
}

/// Nobody has anything to do with it any more.
fn lapse(changes: &mut Changes, version: &NewVersion, parties: &Parties) {
    for team in [Some(&parties.assessor), parties.holder.as_ref()].into_iter().flatten() {
        changes.task_lapse(team, TaskKind::HoldFirstAppointment, version.record);
        changes.task_lapse(team, TaskKind::HoldFollowUp, version.record);
    }
    if let Some(police) = &parties.police {
        changes.task_lapse(police, TaskKind::DecideBreach, version.record);
    }
}

/// Which agencies they are: found by their places in the directory, so that nothing else leaves the record.
fn parties(next: &Sealed<AssessmentRecord>, act: &Act, setting: &Setting) -> Result<Parties, Error> {
    let directory = setting.journal.directory();
    let agencies: Vec<AgencyId> = directory
        .iter()
        .filter(|agency| matches!(agency.agency_type, AgencyType::Cjit | AgencyType::Police))
        .map(|agency| agency.id.clone())
        .collect();
    let of = match act {
        Act::Book(booking) => Some(booking.appointment),
        Act::Attend(attended) => Some(attended.appointment),
        Act::Ask(_) | Act::Cancel(_) | Act::Serve(_) | Act::Release(_) | Act::End(_) => None,
    };
    let input = (agencies, of);
    let named = |at: Option<usize>| at.and_then(|at| input.0.get(at)).cloned();
    Ok(Parties {
        assessor: named(next.pick(&input, |record, (agencies, _)| place(agencies, Some(&record.assessor))))
            .ok_or(Error::Corrupt("an assessment by an unknown agency"))?,
        police: named(next.pick(&input, |record, (agencies, _)| {
            place(agencies, record.police.as_ref().filter(|_| record.is_required()))
        })),
        holder: named(next.pick(&input, |record, (agencies, of)| {
            let of = of.unwrap_or_else(|| record.next_kind());
            place(agencies, record.latest(of).map(|appointment| &appointment.agency))
        })),
        next_holder: named(next.pick(&input, |record, (agencies, _)| {
            place(agencies, record.latest(record.next_kind()).map(|appointment| &appointment.agency))
        })),
    })
}

fn place(agencies: &[AgencyId], agency: Option<&AgencyId>) -> Option<usize> {
    let agency = agency?;
    agencies.iter().position(|known| known == agency)
}
