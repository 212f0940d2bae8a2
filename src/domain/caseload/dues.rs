//! What an episode asks of its agency by when, as tasks: they follow from where it stands, so that none is forgotten and none is left.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::model::{EpisodeRecord, EpisodeTransition, SuspendCode};
use super::scheme::Bail;
use crate::calendar::{Calendar, add_months_clamped};
use crate::store::record::Document;
use crate::vocabulary::{Due, TaskKind};

/// Within what time somebody goes after a person who stays away (D6).
const OUTREACH_WITHIN: SignedDuration = SignedDuration::from_hours(24);
/// Within how many working days it is decided what becomes of somebody who stays away (our default).
const RE_ENGAGE_WORKING_DAYS: u32 = 5;
/// How many days before a review the deputy is told, and before any other day of an episode.
const REMIND_OF_REVIEW_DAYS: i32 = 14;
const REMIND_DAYS: i32 = 2;
/// How many days before the end of extended bail: when half of its four weeks are over.
const REMIND_OF_BAIL_DAYS: i32 = 14;

/// What is to be done about an episode, by when. Nothing about one that is closed.
pub fn dues_of(episode: &EpisodeRecord, calendar: &Calendar) -> Vec<Due> {
    if !episode.is_open() {
        return Vec::new();
    }
    let due = |kind, remind_at, due_at| Due { kind, worker: episode.case_manager.clone(), remind_at, due_at };
    let on = |kind, day: Date, days: i32| {
        due(kind, calendar.end_of(day.saturating_sub(days.days())), calendar.end_of(day))
    };
    let in_prison = episode.stay.as_ref().filter(|_| episode.suspended_for() == Some(SuspendCode::S1));
    let awaited = in_prison.map(|stay| stay.released_on.unwrap_or(stay.custody.release_expected_on));
    let away = episode
        .disengaged
        .map(|away| calendar.add_working_days(calendar.date_of(away.noted_at), RE_ENGAGE_WORKING_DAYS));
    let month_ends = in_prison.filter(|stay| stay.released_on.is_none()).map(|stay| {
        let too_long = stay.is_longer_than_a_month(stay.noted_on);
        if too_long { stay.noted_on } else { add_months_clamped(stay.custody.received_on, 1) }
    });
    let outreach = episode.disengaged.filter(|away| away.outreach_awaited).map(|away| {
        let after = |time: SignedDuration| away.noted_at.saturating_add(time).unwrap_or(Timestamp::MAX);
        due(TaskKind::ReachOut, after(OUTREACH_WITHIN / 2), after(OUTREACH_WITHIN))
    });
    let court = episode.bail.as_ref().filter(|bail| bail.awaits_reminder());
    let bail = episode.bail.as_ref().filter(|bail| bail.awaits_appointments());
    [
        court.map(|bail| on(TaskKind::RemindOfCourt, bail.remind_by(calendar), REMIND_DAYS)),
        bail.and_then(Bail::until)
            .map(|until| on(TaskKind::KeepBailAppointments, until, REMIND_OF_BAIL_DAYS)),
        episode.stage.map(|stage| on(TaskKind::EndStage, stage.until, REMIND_DAYS)),
        episode.review_due.map(|day| on(TaskKind::ReviewCarePlan, day, REMIND_OF_REVIEW_DAYS)),
        outreach,
        awaited.into_iter().chain(away).min().map(|day| on(TaskKind::ReEngage, day, REMIND_DAYS)),
        month_ends.map(|day| on(TaskKind::CustodyMonth, day, REMIND_DAYS)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// As a rule on an episode that was read.
pub(super) fn dues_read(episode: &Document<EpisodeRecord>, calendar: &Arc<Calendar>) -> Vec<Due> {
    dues_of(&episode.value, calendar)
}

/// As a rule on the next version of an episode.
pub(super) fn dues_next(episode: &EpisodeRecord, calendar: &Arc<Calendar>) -> Vec<Due> {
    dues_of(episode, calendar)
}

/// What was just done about an episode, as far as that is what a task asked for.
pub(super) const fn does(step: EpisodeTransition, kind: TaskKind) -> bool {
    matches!(
        (step, kind),
        (EpisodeTransition::ReachOut, TaskKind::ReachOut)
            | (EpisodeTransition::ReEngage | EpisodeTransition::Resume, TaskKind::ReEngage)
            | (EpisodeTransition::Resume | EpisodeTransition::Close, TaskKind::CustodyMonth)
            | (EpisodeTransition::Close, TaskKind::ReEngage)
            | (EpisodeTransition::RemindOfCourt, TaskKind::RemindOfCourt)
            | (EpisodeTransition::NoteBailAppointment, TaskKind::KeepBailAppointments)
            | (EpisodeTransition::EnterStage | EpisodeTransition::LeaveProgramme, TaskKind::EndStage)
    )
}
