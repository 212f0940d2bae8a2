//! The acts of an assessment and their guards, as a table: what may follow what, on whose side, and with what in hand.

use std::sync::Arc;

use jiff::Timestamp;

use super::acts::{Attended, Booking, Cancelled, ConsentAsked, EndedEarly, NoticeServed, Released};
use super::codes::{
    AppointmentKind, AssessmentState, AttendanceOutcome, CancelReason, FollowUpDecision, NoticeKind,
};
use super::model::{
    Appointment, AssessmentRecord, ConsentAnswer, Ending, Kept, Notice, Party, Release, Standing,
};
use crate::calendar::Calendar;
use crate::domain::dir::contact_codes::Pathway;
use crate::domain::fault::FieldFault;
use crate::domain::minute::Minute;

/// Within how many working days the follow-up or the additional appointment must be (IE2, IE3, IPAE5).
pub const FOLLOW_UP_WORKING_DAYS: u32 = 5;

/// What somebody does in an assessment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Asks the person whether to be assessed.
    Ask(ConsentAsked),
    /// Books an appointment, or gives another place or time for it.
    Book(Booking),
    /// Takes an appointment back.
    Cancel(Cancelled),
    /// Serves a notice.
    Serve(NoticeServed),
    /// Records how an appointment was kept.
    Attend(Attended),
    /// Records the release from custody.
    Release(Released),
    /// Ends it early.
    End(EndedEarly),
}

/// On whose side somebody acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The police.
    Police,
    /// A team that assesses.
    Team,
}

/// When an act is taken, by whom, and beside what.
#[derive(Clone)]
pub struct Taking {
    /// When it is entered.
    pub now: Timestamp,
    /// The same as civil time.
    pub minute: Minute,
    /// Who acts.
    pub by: Party,
    /// On whose side.
    pub side: Side,
    /// The working days.
    pub calendar: Arc<Calendar>,
    /// Whether the person is on the acting team's caseload with a signed record.
    pub on_caseload: bool,
}

/// Why an act was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvalidAct {
    /// Something must come first, or has come already: a code for each.
    NotNow(Vec<&'static str>),
    /// A field breaks a rule.
    Guard(FieldFault),
}

type Next = Result<AssessmentRecord, InvalidAct>;

/// The next version after an act.
///
/// # Errors
/// [`InvalidAct`]; then nothing has changed.
pub fn apply(record: &AssessmentRecord, act: &Act, taking: &Taking) -> Next {
    let mut next = match act {
        Act::Ask(asked) => ask(record, asked, taking),
        Act::Book(booking) => book(record, booking, taking),
        Act::Cancel(cancelled) => cancel(record, cancelled, taking),
        Act::Serve(served) => serve(record, served, taking),
        Act::Attend(attended) => attend(record, attended, taking),
        Act::Release(released) => release(record, released, taking),
        Act::End(ended) => end(record, ended, taking),
    }?;
    next.version = next.version.saturating_add(1);
    Ok(next)
}

fn ask(record: &AssessmentRecord, asked: &ConsentAsked, taking: &Taking) -> Next {
    is_open(record)?;
    only(taking, Side::Team)?;
    let voluntary = record.pathway == Pathway::ProactiveEngagement;
    first(&[(voluntary, "required-by-law"), (record.consent.is_none(), "already-asked")])?;
    let warned = asked.agreed || asked.warned_at.is_some();
    guard(warned, "warned_at", "is required: a refusal may be told only after a warning")?;
    guard(asked.warned_at.is_none_or(|at| at <= taking.minute), "warned_at", "must not lie in the future")?;
    let answer = ConsentAnswer {
        agreed: asked.agreed,
        warned_at: asked.warned_at,
        by: taking.by.clone(),
        at: taking.now,
    };
    let mut next = AssessmentRecord { consent: Some(answer), ..record.clone() };
    if !asked.agreed {
        // Nobody waits for who said no.
        for appointment in next.appointments.iter_mut().filter(|appointment| appointment.is_booked()) {
            appointment.standing = Standing::Cancelled { reason: CancelReason::AgreedWithPerson };
        }
    }
    Ok(next)
}

fn book(record: &AssessmentRecord, booking: &Booking, taking: &Taking) -> Next {
    is_open(record)?;
    let kind = booking.appointment;
    let is_of_pathway = kind == AppointmentKind::Initial || kind == record.next_kind();
    guard(is_of_pathway, "appointment", "must be one of this pathway")?;
    guard(booking.at >= record.identified_at, "at", "must not lie before the person was identified")?;
    // Of who need not come no other team is told.
    let own = booking.agency.as_ref().is_none_or(|agency| *agency == record.assessor);
    let may_know = own || record.is_required() || taking.side == Side::Police;
    guard(may_know, "agency", "must be the team itself where the law does not require it")?;
    let attended = record.latest(kind).is_some_and(Appointment::is_attended);
    first(&[(!attended, "already-attended")])?;
    if kind == AppointmentKind::Initial {
        first(&[(record.state() == AssessmentState::Awaited, "initial-assessment-over")])?;
    } else {
        only(taking, Side::Team)?;
        let from = base_of_follow_up(record).ok_or(not_now("initial-assessment-not-held"))?;
        let last = taking.calendar.add_working_days(from.date(), FOLLOW_UP_WORKING_DAYS);
        let within = from <= booking.at && booking.at.date() <= last;
        guard(within, "at", "must lie within five working days after the initial assessment")?;
    }
    let mut next = record.clone();
    for appointment in next.appointments.iter_mut().filter(|each| each.kind == kind && each.is_booked()) {
        appointment.standing = Standing::Moved;
    }
    next.appointments.push(Appointment {
        kind,
        at: booking.at,
        place: booking.place.clone(),
        agency: booking.agency.clone().unwrap_or_else(|| record.assessor.clone()),
        slot: booking.slot,
        booked_by: taking.by.clone(),
        standing: Standing::Booked,
    });
    Ok(next)
}

/// From when the days until the follow-up count: the end of the initial assessment, or its time while it is held. Who refused to
/// engage must come to one as well; for who was not there at all, or left, there is none yet.
fn base_of_follow_up(record: &AssessmentRecord) -> Option<Minute> {
    let initial = record.latest(AppointmentKind::Initial)?;
    match initial.kept() {
        None => initial.is_booked().then_some(initial.at),
        Some(kept) => match kept.outcome {
            AttendanceOutcome::AttendedAndRemained | AttendanceOutcome::RefusedToEngage => Some(kept.at),
            AttendanceOutcome::LeftEarly | AttendanceOutcome::DidNotAttend | AttendanceOutcome::GoodCause => {
                None
            }
        },
    }
}

fn cancel(record: &AssessmentRecord, cancelled: &Cancelled, taking: &Taking) -> Next {
    is_open(record)?;
    if cancelled.reason == CancelReason::CancelledByService {
        only(taking, Side::Team)?;
    }
    let mut next = record.clone();
    let booked = next.appointments.iter_mut().rev().find(|each| each.kind == cancelled.appointment);
    let booked = booked.filter(|each| each.is_booked()).ok_or(not_now("no-appointment-booked"))?;
    booked.standing = Standing::Cancelled { reason: cancelled.reason };
    Ok(next)
}

fn serve(record: &AssessmentRecord, served: &NoticeServed, taking: &Taking) -> Next {
    is_open(record)?;
    first(&[(record.is_required(), "not-required-by-law")])?;
    let of = match served.notice {
        NoticeKind::Ra1 => AppointmentKind::Initial,
        NoticeKind::FollowUp => AppointmentKind::FollowUp,
        NoticeKind::Ra2 => served.appointment.unwrap_or(AppointmentKind::Initial),
    };
    let names_it = served.appointment.is_none_or(|appointment| appointment == of);
    guard(names_it && of != AppointmentKind::Additional, "appointment", "must be the one of this notice")?;
    guard(served.served_at <= taking.minute, "served_at", "must not lie in the future")?;
    guard(served.orally && served.in_writing, "in_writing", "must be given both orally and in writing")?;
    let appointment = record.booked(of).ok_or(not_now("no-appointment-booked"))?;
    guard(served.served_at <= appointment.at, "served_at", "must not lie after the appointment")?;
    let earlier = record.notices.iter().any(|notice| notice.of == of);
    match served.notice {
        NoticeKind::Ra1 => {
            only(taking, Side::Police)?;
            first(&[(!earlier, "already-served"), (record.release.is_none(), "already-released")])?;
            let is_noted = served.dt1_at.is_some_and(|at| at <= taking.minute);
            guard(is_noted, "dt1_at", "is required: the time goes onto the drug test form as well")?;
        }
        NoticeKind::Ra2 => {
            let has_changed = record.notice_of(appointment).is_none();
            first(&[(earlier, "no-earlier-notice"), (has_changed, "nothing-has-changed")])?;
        }
        NoticeKind::FollowUp => {
            only(taking, Side::Team)?;
            first(&[(!earlier, "already-served")])?;
            let ended = record.latest(AppointmentKind::Initial).and_then(Appointment::kept);
            let before_its_end = ended.is_none_or(|kept| served.served_at <= kept.at);
            guard(before_its_end, "served_at", "must lie before the end of the initial assessment")?;
        }
    }
    let notice = Notice {
        kind: served.notice,
        of,
        at: appointment.at,
        place: appointment.place.clone(),
        text: served.text,
        served_at: served.served_at,
        dt1_at: served.dt1_at.filter(|_| served.notice == NoticeKind::Ra1),
        by: taking.by.clone(),
        superseded: false,
    };
    let mut next = record.clone();
    for old in next.notices.iter_mut().filter(|old| old.of == of) {
        old.superseded = true;
    }
    next.notices.push(notice);
    Ok(next)
}

fn attend(record: &AssessmentRecord, attended: &Attended, taking: &Taking) -> Next {
    is_open(record)?;
    only(taking, Side::Team)?;
    let kind = attended.appointment;
    let current = record.latest(kind).ok_or(not_now("no-appointment-booked"))?;
    let holds_it = current.agency == taking.by.0;
    // That there was a good cause may come to light after a failure was recorded.
    let excuses = attended.outcome == AttendanceOutcome::GoodCause
        && current.kept().is_some_and(|kept| kept.outcome.is_failure());
    first(&[(holds_it, "held-by-another-team"), (current.is_booked() || excuses, "no-appointment-booked")])?;
    checked(record, current, attended, taking)?;
    let kept = Kept {
        outcome: attended.outcome,
        at: attended.at,
        engagement: attended.engagement,
        good_cause: attended.good_cause,
        follow_up: attended.follow_up,
        by: taking.by.clone(),
        recorded_at: taking.now,
    };
    let mut next = record.clone();
    if let Some(current) = next.appointments.iter_mut().rev().find(|each| each.kind == kind) {
        current.standing = Standing::Recorded { kept };
    }
    Ok(next)
}

/// What each outcome needs.
fn checked(
    record: &AssessmentRecord,
    current: &Appointment,
    attended: &Attended,
    taking: &Taking,
) -> Result<(), InvalidAct> {
    let outcome = attended.outcome;
    let same_day_or_later = current.at.date() <= attended.at.date();
    guard(attended.at <= taking.minute, "at", "must not lie in the future")?;
    guard(same_day_or_later, "at", "must not lie before the day of the appointment")?;
    let tried = outcome.is_failure() == attended.engagement.is_some();
    guard(tried, "engagement", "goes with a failure, and no failure without it: engage first")?;
    let is_excused = outcome == AttendanceOutcome::GoodCause;
    guard(
        is_excused == attended.good_cause.is_some(),
        "good_cause",
        "goes with a good cause and nothing else",
    )?;
    let missed = outcome == AttendanceOutcome::DidNotAttend;
    guard(!missed || current.at <= attended.at, "at", "must not lie before the appointment")?;
    let decides =
        current.kind == AppointmentKind::Initial && outcome == AttendanceOutcome::AttendedAndRemained;
    guard(
        decides == attended.follow_up.is_some(),
        "follow_up",
        "is decided where an initial assessment was attended, and nowhere else",
    )?;
    let agreed = record.is_required() || record.consent.as_ref().is_some_and(|consent| consent.agreed);
    let took_part = outcome == AttendanceOutcome::AttendedAndRemained;
    first(&[(agreed || !took_part, "consent-to-assessment-required")])?;
    let on_caseload = attended.follow_up != Some(FollowUpDecision::CarePlanReviewed) || taking.on_caseload;
    first(&[(on_caseload, "not-on-caseload-with-a-record")])?;
    // Before the assessment ends the person knows when and where the next one is, orally and in writing.
    let goes_on = attended.follow_up == Some(FollowUpDecision::Needed)
        || current.kind == AppointmentKind::Initial && outcome == AttendanceOutcome::RefusedToEngage;
    if goes_on && record.is_required() {
        let follow_up = record.booked(AppointmentKind::FollowUp);
        let is_notified = follow_up.is_some_and(|follow_up| record.notice_of(follow_up).is_some());
        first(&[
            (follow_up.is_some(), "follow-up-not-booked"),
            (is_notified, "follow-up-notice-not-served"),
        ])?;
    }
    Ok(())
}

fn release(record: &AssessmentRecord, released: &Released, taking: &Taking) -> Next {
    only(taking, Side::Police)?;
    first(&[(record.release.is_none(), "already-released"), (record.ending.is_none(), "ended")])?;
    guard(released.at <= taking.minute, "at", "must not lie in the future")?;
    guard(record.identified_at <= released.at, "at", "must not lie before the person was identified")?;
    if record.is_required() {
        let initial = record.appointments.iter().rev().find(|each| {
            each.kind == AppointmentKind::Initial && (each.is_booked() || each.kept().is_some())
        });
        let notice = initial.and_then(|initial| record.notice_of(initial));
        let in_time = notice.is_some_and(|notice| notice.served_at <= released.at);
        first(&[
            (initial.is_some(), "initial-appointment-not-booked"),
            (notice.is_some(), "notice-not-served"),
            (notice.is_none() || in_time, "notice-served-after-release"),
        ])?;
    }
    let release = Release { at: released.at, disposal: released.disposal, by: taking.by.clone() };
    Ok(AssessmentRecord { release: Some(release), ..record.clone() })
}

fn end(record: &AssessmentRecord, ended: &EndedEarly, taking: &Taking) -> Next {
    first(&[(record.ending.is_none(), "ended")])?;
    let ending = Ending { reason: ended.reason, at: taking.now, by: taking.by.clone() };
    Ok(AssessmentRecord { ending: Some(ending), ..record.clone() })
}

/// Whether anything may still happen in it but a release or an end.
fn is_open(record: &AssessmentRecord) -> Result<(), InvalidAct> {
    match record.state() {
        AssessmentState::Awaited | AssessmentState::FollowUpAwaited => Ok(()),
        // A failure that is excused later was recorded while it was open, and a completed one has none.
        state @ (AssessmentState::Completed
        | AssessmentState::NotImposed
        | AssessmentState::Declined
        | AssessmentState::Ended) => Err(not_now(state.code())),
    }
}

fn only(taking: &Taking, side: Side) -> Result<(), InvalidAct> {
    let code = match side {
        Side::Police => "for-the-police",
        Side::Team => "for-the-team",
    };
    first(&[(taking.side == side, code)])
}

/// Everything that must hold first; each that does not by its code.
fn first(musts: &[(bool, &'static str)]) -> Result<(), InvalidAct> {
    let missing: Vec<_> = musts.iter().filter(|(holds, _)| !holds).map(|(_, code)| *code).collect();
    if missing.is_empty() { Ok(()) } else { Err(InvalidAct::NotNow(missing)) }
}

fn not_now(code: &'static str) -> InvalidAct {
    InvalidAct::NotNow(vec![code])
}

fn guard(holds: bool, field: &'static str, rule: &'static str) -> Result<(), InvalidAct> {
    if holds { Ok(()) } else { Err(InvalidAct::Guard(FieldFault { field, rule })) }
}

#[cfg(test)]
#[path = "states_tests.rs"]
mod tests;
