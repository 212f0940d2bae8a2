//! The steps of an episode and their guards: no closure without what the handbook asks for first.

use jiff::civil::Date;

use super::model::{
    CloseCode, EpisodeOpened, EpisodeRecord, EpisodeState, EpisodeStep, EpisodeTransition, SuspendCode,
};
use crate::calendar::{longer_than_a_month, review_due};
use crate::domain::fault::{Faults, FieldFault};
use crate::id::{AgencyId, PersonId, RecordId, WorkerId};

/// Why a step of an episode was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEpisodeStep {
    /// The state does not allow it.
    #[error("not possible from the episode's present state")]
    NotFromHere,
    /// A guard is not met; names the evidence.
    #[error("{0}")]
    Guard(FieldFault),
}

/// What the gateway itself knows of a new episode.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The record's id.
    pub id: RecordId,
    /// The person.
    pub person: PersonId,
    /// The agency.
    pub agency: AgencyId,
    /// Its worker.
    pub opened_by: WorkerId,
    /// When it is entered.
    pub recorded_at: jiff::Timestamp,
}

impl EpisodeOpened {
    /// Checks what the form of the fields cannot say.
    ///
    /// # Errors
    /// Every rule that is broken, by field.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        faults.require(
            self.admitted_on <= today,
            "admitted_on",
            "must not lie in the future",
        );
        let opening = !matches!(self.state, EpisodeState::Suspended | EpisodeState::Closed);
        faults.require(opening, "state", "an episode does not begin suspended or closed");
        faults.into_result()
    }

    /// The episode as it is stored first.
    pub fn into_record(self, origin: Origin) -> EpisodeRecord {
        EpisodeRecord {
            id: origin.id,
            version: 1,
            person: origin.person,
            agency: origin.agency,
            opened_by: origin.opened_by,
            recorded_at: origin.recorded_at,
            admitted_on: self.admitted_on,
            review_due: Some(review_due(self.admitted_on)),
            part: self.part,
            case_manager: self.case_manager,
            state: self.state,
            suspensions: Vec::new(),
            close_code: None,
            steps: Vec::new(),
        }
    }
}

impl EpisodeTransition {
    /// Where the step leads from this state; `None` if it is not possible.
    pub const fn from_state(self, state: EpisodeState) -> Option<EpisodeState> {
        use EpisodeState::{Active, Assessed, CarePlanned, Closed, Identified, Suspended};
        match (self, state) {
            (Self::Assess, Identified) => Some(Assessed),
            (Self::Plan, Assessed) => Some(CarePlanned),
            (Self::Activate, CarePlanned) | (Self::Resume, Suspended) => Some(Active),
            (Self::Suspend, Active) => Some(Suspended),
            (Self::Close, Identified | Assessed | CarePlanned | Active | Suspended) => Some(Closed),
            _ => None,
        }
    }
}

/// The next version of the episode after a step. `transfer_accepted`: another partnership accepted this person's referral.
///
/// # Errors
/// [`InvalidEpisodeStep`] if the state or a guard forbids it; then nothing has changed.
pub fn apply(
    record: &EpisodeRecord,
    transition: EpisodeTransition,
    step: &EpisodeStep,
    transfer_accepted: bool,
    today: Date,
) -> Result<EpisodeRecord, InvalidEpisodeStep> {
    let state = transition
        .from_state(record.state)
        .ok_or(InvalidEpisodeStep::NotFromHere)?;
    let on = step.on.unwrap_or(today);
    require(
        record.admitted_on <= on && on <= today,
        "on",
        "must lie between admission and today",
    )?;
    let mut next = record.clone();
    match transition {
        EpisodeTransition::Suspend => {
            let code = step.suspend_code.ok_or(missing("suspend_code"))?;
            guard_suspension(code, step)?;
            next.suspensions.push(code);
            next.review_due = None;
        }
        EpisodeTransition::Resume => next.review_due = Some(review_due(on)),
        EpisodeTransition::Close => {
            let code = step.close_code.ok_or(missing("close_code"))?;
            guard_closure(record, code, step, transfer_accepted, on)?;
            next.close_code = Some(code);
            next.review_due = None;
        }
        EpisodeTransition::Assess | EpisodeTransition::Plan | EpisodeTransition::Activate => {}
    }
    next.version = next.version.saturating_add(1);
    next.state = state;
    next.steps.push((
        transition,
        EpisodeStep {
            on: Some(on),
            ..step.clone()
        },
    ));
    Ok(next)
}

fn guard_suspension(code: SuspendCode, step: &EpisodeStep) -> Result<(), InvalidEpisodeStep> {
    match code {
        SuspendCode::S1 => {
            let custody = step.custody.ok_or(missing("custody"))?;
            require(
                custody.received_on <= custody.release_expected_on,
                "custody",
                "must not end before it begins",
            )?;
            let short = !longer_than_a_month(custody.received_on, custody.release_expected_on);
            require(short, "custody", "S1 is for at most one month; close with C2")
        }
        SuspendCode::S2 => require(
            step.requirement_made_on.is_some(),
            "requirement_made_on",
            "required for S2",
        ),
    }
}

fn guard_closure(
    record: &EpisodeRecord,
    code: CloseCode,
    step: &EpisodeStep,
    transfer_accepted: bool,
    on: Date,
) -> Result<(), InvalidEpisodeStep> {
    let past = |day: Option<Date>| day.is_some_and(|day| day <= on);
    match code {
        CloseCode::C1 | CloseCode::C6 => Ok(()),
        CloseCode::C2 => {
            let custody = step.custody.ok_or(missing("custody"))?;
            let long = longer_than_a_month(custody.received_on, custody.release_expected_on);
            require(long, "custody", "C2 is for more than one month; suspend with S1")
        }
        CloseCode::C3 | CloseCode::C4 => {
            let suspension = if code == CloseCode::C3 {
                SuspendCode::S1
            } else {
                SuspendCode::S2
            };
            require(
                record.suspensions.contains(&suspension),
                "close_code",
                "needs a prior suspension of its kind",
            )?;
            let tried = past(step.re_engagement_attempted_on);
            require(
                tried,
                "re_engagement_attempted_on",
                "required: an active attempt to re-engage",
            )
        }
        CloseCode::C5 => require(transfer_accepted, "close_code", "C5 needs an accepted transfer"),
        CloseCode::C7 => {
            let found = step.class_a == Some(true) && step.offending == Some(false);
            require(
                found,
                "close_code",
                "C7 needs a review that found Class A misuse and no offending",
            )
        }
        CloseCode::C8 => {
            let found = step.class_a == Some(false) && step.offending == Some(true);
            require(
                found,
                "close_code",
                "C8 needs a review that found offending and no Class A misuse",
            )
        }
        CloseCode::C9 => {
            require(
                past(step.expectations_set_on),
                "expectations_set_on",
                "required for C9",
            )?;
            require(past(step.outreach_on), "outreach_on", "required for C9")?;
            require(past(step.warned_on), "warned_on", "required for C9")
        }
    }
}

const fn require(holds: bool, field: &'static str, rule: &'static str) -> Result<(), InvalidEpisodeStep> {
    if holds {
        Ok(())
    } else {
        Err(InvalidEpisodeStep::Guard(FieldFault { field, rule }))
    }
}

const fn missing(field: &'static str) -> InvalidEpisodeStep {
    InvalidEpisodeStep::Guard(FieldFault {
        field,
        rule: "required for this step",
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::caseload::model::{Custody, Part};

    fn today() -> Date {
        date(2026, 6, 10)
    }

    fn active() -> EpisodeRecord {
        let opened = EpisodeOpened {
            admitted_on: date(2026, 1, 5),
            state: EpisodeState::Active,
            part: Part::ProvisionalLead,
            case_manager: None,
        };
        assert_eq!(opened.check(today()), Ok(()));
        opened.into_record(Origin {
            id: RecordId::random(),
            person: PersonId::random(),
            agency: "northmoor-cjit".parse().unwrap(),
            opened_by: "worker-one".parse().unwrap(),
            recorded_at: "2026-01-05T10:00:00Z".parse().unwrap(),
        })
    }

    fn take(
        record: &EpisodeRecord,
        transition: EpisodeTransition,
        step: EpisodeStep,
    ) -> Result<EpisodeRecord, InvalidEpisodeStep> {
        apply(record, transition, &step, false, today())
    }

    fn close(
        record: &EpisodeRecord,
        code: CloseCode,
        step: EpisodeStep,
    ) -> Result<EpisodeRecord, InvalidEpisodeStep> {
        take(
            record,
            EpisodeTransition::Close,
            EpisodeStep {
                close_code: Some(code),
                ..step
            },
        )
    }

    fn field(result: Result<EpisodeRecord, InvalidEpisodeStep>) -> &'static str {
        match result {
            Err(InvalidEpisodeStep::Guard(fault)) => fault.field,
            other => panic!("no guard held: {other:?}"),
        }
    }

    fn stay(until: Date) -> Option<Custody> {
        Some(Custody {
            received_on: date(2026, 5, 14),
            release_expected_on: until,
        })
    }

    fn suspended(code: SuspendCode) -> EpisodeRecord {
        let step = EpisodeStep {
            suspend_code: Some(code),
            custody: stay(date(2026, 6, 3)),
            requirement_made_on: Some(date(2026, 5, 14)),
            ..EpisodeStep::default()
        };
        take(&active(), EpisodeTransition::Suspend, step).unwrap()
    }

    #[test]
    fn the_review_is_due_sixteen_weeks_after_admission() {
        assert_eq!(active().review_due, Some(date(2026, 4, 27)));
    }

    #[test]
    fn twenty_days_in_prison_suspend_and_more_than_a_month_closes() {
        assert_eq!(suspended(SuspendCode::S1).state, EpisodeState::Suspended);
        let long = EpisodeStep {
            custody: stay(date(2026, 6, 15)),
            ..EpisodeStep::default()
        };
        let too_long = EpisodeStep {
            suspend_code: Some(SuspendCode::S1),
            ..long.clone()
        };
        assert_eq!(
            field(take(&active(), EpisodeTransition::Suspend, too_long)),
            "custody"
        );
        assert_eq!(
            close(&suspended(SuspendCode::S1), CloseCode::C2, long)
                .unwrap()
                .state,
            EpisodeState::Closed
        );
        let short = EpisodeStep {
            custody: stay(date(2026, 6, 14)),
            ..EpisodeStep::default()
        };
        assert_eq!(field(close(&active(), CloseCode::C2, short)), "custody");
    }

    #[test]
    fn not_re_engaging_needs_its_suspension_and_an_attempt() {
        let tried = EpisodeStep {
            re_engagement_attempted_on: Some(date(2026, 6, 9)),
            ..EpisodeStep::default()
        };
        for (code, suspension, other) in [
            (CloseCode::C3, SuspendCode::S1, SuspendCode::S2),
            (CloseCode::C4, SuspendCode::S2, SuspendCode::S1),
        ] {
            assert!(close(&suspended(suspension), code, tried.clone()).is_ok());
            assert_eq!(field(close(&suspended(other), code, tried.clone())), "close_code");
            let untried = close(&suspended(suspension), code, EpisodeStep::default());
            assert_eq!(field(untried), "re_engagement_attempted_on");
        }
    }

    #[test]
    fn closing_by_disengagement_without_a_warning_is_blocked() {
        let mut step = EpisodeStep {
            expectations_set_on: Some(date(2026, 1, 5)),
            outreach_on: Some(date(2026, 6, 8)),
            ..EpisodeStep::default()
        };
        assert_eq!(field(close(&active(), CloseCode::C9, step.clone())), "warned_on");
        step.warned_on = Some(date(2026, 6, 9));
        assert!(close(&active(), CloseCode::C9, step).is_ok());
    }

    #[test]
    fn reviews_and_transfers_decide_their_codes() {
        let review = |class_a, offending| EpisodeStep {
            class_a: Some(class_a),
            offending: Some(offending),
            ..EpisodeStep::default()
        };
        assert!(close(&active(), CloseCode::C7, review(true, false)).is_ok());
        assert_eq!(
            field(close(&active(), CloseCode::C7, review(true, true))),
            "close_code"
        );
        assert!(close(&active(), CloseCode::C8, review(false, true)).is_ok());
        assert_eq!(
            field(close(&active(), CloseCode::C8, EpisodeStep::default())),
            "close_code"
        );
        let transfer = EpisodeStep {
            close_code: Some(CloseCode::C5),
            ..EpisodeStep::default()
        };
        assert!(apply(&active(), EpisodeTransition::Close, &transfer, true, today()).is_ok());
        assert_eq!(
            field(apply(
                &active(),
                EpisodeTransition::Close,
                &transfer,
                false,
                today()
            )),
            "close_code"
        );
    }

    #[test]
    fn a_step_lies_between_admission_and_today() {
        for on in [date(2026, 1, 4), date(2026, 6, 11)] {
            let step = EpisodeStep {
                on: Some(on),
                ..EpisodeStep::default()
            };
            assert_eq!(field(close(&active(), CloseCode::C1, step)), "on");
        }
    }

    #[test]
    fn nothing_leaves_closed_and_every_state_is_reachable() {
        let mut reached = vec![EpisodeState::Identified];
        for _ in EpisodeState::ALL {
            for (&step, &state) in EpisodeTransition::ALL
                .iter()
                .flat_map(|s| EpisodeState::ALL.iter().map(move |t| (s, t)))
            {
                if let Some(to) = step.from_state(state).filter(|_| reached.contains(&state)) {
                    assert_ne!(state, EpisodeState::Closed);
                    reached.push(to);
                }
            }
            reached.sort_unstable();
            reached.dedup();
        }
        assert_eq!(reached, EpisodeState::ALL);
    }

    #[test]
    fn a_resumed_episode_has_a_review_again() {
        let suspended = suspended(SuspendCode::S1);
        assert_eq!(suspended.review_due, None);
        let resumed = take(&suspended, EpisodeTransition::Resume, EpisodeStep::default()).unwrap();
        assert_eq!(resumed.review_due, Some(date(2026, 9, 30)));
    }
}
