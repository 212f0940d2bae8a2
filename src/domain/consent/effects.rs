//! What the end of a consent does: which consents end or are narrowed, which referrals it cancels, and what must be confirmed before.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan as _};

use super::codes::ConsentStatus;
use super::coverage::{Question, covers};
use super::model::{ConsentRecord, EndGiven, WithdrawalGiven};
use super::why::Why;
use crate::calendar::{Calendar, OpeningHours};
use crate::domain::fault::{Faults, FieldFault, is_distinct};
use crate::domain::referral::deadlines::DeadlineTable;
use crate::domain::referral::model::{ReferralRecord, ReferralState, Urgency};
use crate::domain::referral::resting::{Carried, SeenByRoute};
use crate::domain::referral::states::{Act, Circumstances, apply};
use crate::domain::referral::transition::{Side, Transition, TransitionBody};
use crate::domain::release::pick_up::{self, PickUpRecord, PickUpState};
use crate::id::{AgencyId, WorkerId};
use crate::identity::principal::Principal;
use crate::policy::engine::Engine;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::vocabulary::Purpose;

/// How far ahead of the gateway's clock a sender's clock may be.
const CLOCK_SKEW_MINUTES: i64 = 5;

/// The end of consents, with all that its rules need.
#[derive(Debug, Clone)]
pub struct Closing<'p> {
    /// Why they end, and which ones.
    pub why: Why,
    /// The agency and the worker who recorded it.
    pub by: (AgencyId, WorkerId),
    /// When.
    pub now: Timestamp,
    /// Working days and clocks.
    pub clocks: Clocks,
    /// What the recipients of referrals could see of what a person agrees to.
    pub seen: SeenByRoute<'p>,
}

impl<'p> Closing<'p> {
    /// What ends for this reason, by the word of a worker, under these policies.
    pub fn new(why: Why, by: &Principal, now: Timestamp, clocks: &Clocks, policies: &'p Engine) -> Self {
        Self {
            why,
            by: (by.agency.clone(), by.worker.clone()),
            now,
            clocks: clocks.clone(),
            seen: SeenByRoute::under(policies),
        }
    }
}

/// What the clocks of a referral go by.
#[derive(Debug, Clone)]
pub struct Clocks {
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// By when steps are due.
    pub deadlines: Arc<DeadlineTable>,
}

/// The record is not touched by the end of the consents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Untouched;

impl WithdrawalGiven {
    /// Checks what the form of the fields cannot say.
    ///
    /// # Errors
    /// Every rule that is broken, by field; the values stay here.
    pub fn check(&self, now: Timestamp) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        faults.require(
            self.said_at.is_none_or(|said| said <= latest(now)),
            "said_at",
            "must not lie in the future",
        );
        faults.require(
            self.only_recipients.as_deref().is_none_or(is_distinct_list),
            "only_recipients",
            "must not repeat an entry",
        );
        faults.into_result()
    }
}

impl EndGiven {
    /// Checks what the form of the fields cannot say.
    ///
    /// # Errors
    /// Every rule that is broken, by field; the values stay here.
    pub fn check(&self, now: Timestamp) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        faults.require(
            self.occurred_at.is_none_or(|occurred| occurred <= latest(now)),
            "occurred_at",
            "must not lie in the future",
        );
        faults.into_result()
    }
}

/// The latest moment that a worker may write down, on whose clock it is later than on ours.
fn latest(now: Timestamp) -> Timestamp {
    now.saturating_add(CLOCK_SKEW_MINUTES.minutes()).unwrap_or(Timestamp::MAX)
}

fn is_distinct_list(agencies: &[AgencyId]) -> bool {
    is_distinct(agencies)
}

impl Closing<'_> {
    /// The next version of a consent, if it is one of those.
    ///
    /// # Errors
    /// [`Untouched`] if it is not, or has ended before.
    pub fn consent_after(&self, consent: &ConsentRecord) -> Result<ConsentRecord, Untouched> {
        self.why.after(consent, &self.by, self.now).ok_or(Untouched)
    }

    /// The next version of a referral, if it rested on what ends and can still be cancelled: without what ends it would
    /// carry nothing that its recipient sees, so that it could not be sent either.
    ///
    /// # Errors
    /// [`Untouched`] if it goes on: it rests on another consent, needs none, is only a draft, or care has begun.
    pub fn referral_after(
        &self,
        carried: Carried<'_>,
        consents: &[ConsentRecord],
    ) -> Result<ReferralRecord, Untouched> {
        let referral = carried.referral;
        // A draft carries nothing yet, and cannot be sent without a consent.
        if referral.anonymous || referral.state == ReferralState::Draft {
            return Err(Untouched);
        }
        let rests_on = |consents: &[ConsentRecord]| {
            carried.rests_on(consents, self.seen, (self.now, &self.clocks.calendar))
        };
        if !rests_on(consents) || rests_on(&self.all_after(consents)) {
            return Err(Untouched);
        }
        let reason = Some(self.why.words().to_owned());
        let body = TransitionBody { reason, ..TransitionBody::default() };
        let act = Act {
            side: Side::System,
            by: None,
            now: self.now,
            calendar: &self.clocks.calendar,
            deadlines: &self.clocks.deadlines,
            recipient_hours: &OpeningHours::default(),
            circumstances: Circumstances {
                caseload_checked: true,
                consent_effective: false,
                another_open: false,
            },
        };
        apply(referral, Transition::Cancel, &body, &act).map_err(|_| Untouched)
    }

    /// The next version of a pick-up, if it rested on what ends: nobody waits at a gate for somebody of whom no word may be
    /// said to all three.
    ///
    /// # Errors
    /// [`Untouched`] if it goes on, or is over.
    pub fn pick_up_after(
        &self,
        pick_up: &PickUpRecord,
        consents: &[ConsentRecord],
    ) -> Result<PickUpRecord, Untouched> {
        let is_covered = |consents: &[ConsentRecord]| {
            [&pick_up.host, &pick_up.prison_team].into_iter().all(|recipient| {
                let question = Question {
                    disclosing: &pick_up.home,
                    recipient,
                    purpose: Purpose::ContinuityOfCare,
                    data_date: self.clocks.calendar.date_of(self.now),
                };
                pick_up::suffices(covers(consents, &question, self.now).segments)
            })
        };
        if !pick_up.is_open() || !is_covered(consents) || is_covered(&self.all_after(consents)) {
            return Err(Untouched);
        }
        let reason = Some(self.why.words().to_owned());
        Ok(PickUpRecord { state: PickUpState::Cancelled, reason, ..pick_up.clone() })
    }

    pub(super) fn all_after(&self, consents: &[ConsentRecord]) -> Vec<ConsentRecord> {
        consents
            .iter()
            .map(|consent| self.consent_after(consent).unwrap_or_else(|Untouched| consent.clone()))
            .collect()
    }

    /// Makes sure that nothing urgent is cancelled unless the worker knows, and told the person so.
    ///
    /// What is cancelled is told only to an agency that may know of it: the one that took the consent, where it is a side of
    /// all that the consent lets pass. Everybody else confirms in any case, so that asking tells nothing.
    ///
    /// # Errors
    /// `withdrawal-needs-confirmation`, which says what, and never whose.
    pub fn confirmed(
        &self,
        consents: &[ConsentRecord],
        referrals: &[Carried<'_>],
        pick_ups: &[PickUpRecord],
    ) -> Result<(), Problem> {
        if self.why.is_confirmed() {
            return Ok(());
        }
        let one = consents.iter().find(|consent| Some(consent.id) == self.why.one());
        if !one.is_some_and(|consent| self.may_be_told(consent)) {
            return Err(unconfirmed(
                "may-cancel-referrals",
                "must be true: referrals that rest on this consent are cancelled, also one before a release",
            ));
        }
        let today = self.clocks.calendar.date_of(self.now);
        let cancelled = || {
            let of = referrals.iter().filter(|carried| self.referral_after(**carried, consents).is_ok());
            of.map(|carried| carried.referral)
        };
        let before_release = |referral: &ReferralRecord| {
            let date = referral.release.as_ref().and_then(|release| release.date);
            date.is_some_and(|date| today <= date) || referral.urgency == Urgency::ReleaseCritical
        };
        if pick_ups.iter().any(|pick_up| self.pick_up_after(pick_up, consents).is_ok()) {
            Err(unconfirmed("cancels-pick-up", "must be true: nobody will meet the person at the gate"))
        } else if cancelled().any(before_release) {
            Err(unconfirmed(
                "cancels-referral-before-release",
                "must be true: a referral before a release is cancelled",
            ))
        } else if cancelled().any(|referral| referral.urgency != Urgency::Routine) {
            Err(unconfirmed("cancels-urgent-referral", "must be true: an urgent referral is cancelled"))
        } else {
            Ok(())
        }
    }

    /// Whether the agency is a side of everything that ends, and knows so.
    pub(super) fn may_be_told(&self, consent: &ConsentRecord) -> bool {
        let (reader, terms) = (&self.by.0, &consent.terms);
        let gives_alone = terms.disclosing_agencies.iter().all(|agency| agency == reader);
        let struck = terms.recipients.iter().filter(|recipient| self.why.strikes(recipient));
        let receives_alone = struck.into_iter().all(|agency| agency == reader);
        consent.agency == *reader && (gives_alone || receives_alone)
    }
}

/// Makes sure that a consent can still end.
///
/// # Errors
/// `invalid-transition` if it has ended, or was never given.
pub fn is_active(consent: &ConsentRecord) -> Result<(), Problem> {
    if consent.status == ConsentStatus::Active {
        Ok(())
    } else {
        Err(Problem::because(ProblemType::InvalidTransition, "consent-not-active"))
    }
}

pub(super) fn unconfirmed(code: &'static str, message: &'static str) -> Problem {
    Problem::fields(
        ProblemType::WithdrawalNeedsConfirmation,
        vec![FieldProblem::new("urgent_effects_confirmed", code, message)],
    )
}

#[cfg(test)]
#[path = "effects_tests.rs"]
mod tests;
