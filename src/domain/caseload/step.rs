//! The steps of an own episode, from one state to the next, on the version that was read.

use serde::Serialize;
use utoipa::ToSchema;

use super::allocating::{Allocating, is_agreed, is_provisional, may_allocate};
use super::dues::{does, dues_next, dues_read};
use super::elsewhere::Elsewhere;
use super::model::{CloseCode, EpisodeRecord, EpisodeState, EpisodeStep, EpisodeTransition};
use super::open::unprocessable;
use super::states::{InvalidEpisodeStep, Known, apply};
use crate::domain::consent::effects::{Clocks, Closing};
use crate::domain::consent::why::Why;
use crate::domain::death::Death;
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::domain::partner::refuse_same_worker;
use crate::domain::referral::model::{ReferralRecord, ReferralState, ServiceType};
use crate::domain::task::Kept;
use crate::id::{AgencyId, Handle};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::EpisodeWrite;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `POST /caseload-episodes/{id}/{transition}`.
pub struct StepEpisode {
    /// What the agency calls the episode.
    pub id: Handle,
    /// The step.
    pub transition: EpisodeTransition,
    /// The evidence for it.
    pub step: EpisodeStep,
    /// What day it is, and the clocks of what a closure calls off.
    pub clocks: Clocks,
    /// Knows the directory.
    pub journal: Journal,
}

/// The step is taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct Stepped {
    /// What the agency calls the episode.
    pub id: Handle,
    /// Where it stands now.
    pub state: EpisodeState,
}

/// What a step is judged by besides the episode itself.
struct Taken {
    transition: EpisodeTransition,
    step: EpisodeStep,
    known: Known,
}

impl Command for StepEpisode {
    type Action = EpisodeWrite;
    type Acknowledgement = Stepped;
    // Flags of others, of which the agency must learn nothing, make a difference in time.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Episode, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<EpisodeWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<Stepped>, Rejection> {
        let principal = worker(call)?;
        let agency = &principal.agency;
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("an episode without a record"))?;
        let current = tx.document_read::<_, EpisodeRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let is_closing = self.transition == EpisodeTransition::Close;
        let transfer_accepted = is_closing
            && tx
                .documents_of_person::<_, ReferralRecord>(permit, target.person, Kind::Referral)?
                .judge(agency, a_transfer_was_accepted)
                .is_ok();
        let mut known = Known {
            transfer_accepted,
            nobody_leads: false,
            provisional: false,
            by: principal.worker.clone(),
            now: changes.now(),
            calendar: self.clocks.calendar.clone(),
        };
        // The one step that waits for a caseload check. No other asks for one.
        if self.transition == EpisodeTransition::Allocate {
            if let Some(worker) = &self.step.case_manager {
                refuse_same_worker(tx, permit, changes, agency, (target.person, worker))?;
            }
            let elsewhere = Elsewhere::of(tx, permit, agency, target.person)?;
            let none_on_record = elsewhere.leading.is_empty();
            let allocating = Allocating::new(agency, changes.now(), elsewhere);
            let checks = tx.documents_of_person(permit, target.person, Kind::Check)?;
            checks.judge(&allocating, may_allocate)?;
            known.provisional = checks.judge(&allocating, is_provisional).is_ok();
            // Who answers live may lead without a record.
            known.nobody_leads = none_on_record && checks.judge(&(allocating, true), is_agreed).is_err();
        }
        let taken = Taken { transition: self.transition, step: self.step.clone(), known };
        let next = current.revise(&taken, after)?;
        let state = EpisodeState::ALL
            .iter()
            .copied()
            .find(|state| next.judge(state, is_in).is_ok())
            .ok_or(Error::Corrupt("an episode is in no state"))?;
        let version = tx.next_version(record, Kind::Episode, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        let kept = Kept { agency, version: &version, subject: format!("/v1/caseload-episodes/{}", self.id) };
        let dues =
            (current.dues(&self.clocks.calendar, dues_read), next.dues(&self.clocks.calendar, dues_next));
        kept.tasks(tx, changes, (&dues.0, &dues.1), |kind| does(self.transition, kind))?;
        if self.step.custody.is_some() {
            tell_reappearance(tx, permit, changes, target.person, Reappeared::Custody, agency, None)?;
        }
        if is_closing && self.step.close_code.is_some_and(CloseCode::ends_treatment) {
            let goes_on_at = Elsewhere::of(tx, permit, agency, target.person)?.holders.into_iter().collect();
            let why = Why::TreatmentExit { from: agency.clone(), goes_on_at };
            let policies = self.journal.policies();
            let closing = Closing::new(why, principal, changes.now(), &self.clocks, policies);
            closing.carry_out(tx, permit, changes, target.person, &self.journal.directory())?;
        }
        if is_closing && self.step.close_code == Some(CloseCode::C6) {
            let by = (agency, &principal.worker);
            Death { person: target.person, by, ended: None }.carry_out(tx, permit, changes)?;
        }
        Ok(Accepted {
            status: 200,
            location: Some(format!("/v1/caseload-episodes/{}", self.id)),
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: Stepped { id: self.id, state },
        })
    }
}

fn after(document: &Document<EpisodeRecord>, taken: &Taken) -> Result<EpisodeRecord, Problem> {
    apply(&document.value, taken.transition, &taken.step, &taken.known).map_err(|invalid| match invalid {
        InvalidEpisodeStep::NotFromHere => Problem::fields(
            ProblemType::InvalidTransition,
            EpisodeTransition::possible(&document.value)
                .map(|step| {
                    FieldProblem::new("transition", step.code(), "is possible from the present state")
                })
                .collect(),
        ),
        InvalidEpisodeStep::Guard(fault) => unprocessable(&[fault]),
    })
}

fn is_in(episode: &EpisodeRecord, state: &EpisodeState) -> Result<(), ()> {
    if episode.state == *state { Ok(()) } else { Err(()) }
}

/// Whether another partnership took the person over from this one. A prison did not: whoever is there is suspended, or closed as C2.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn a_transfer_was_accepted(referrals: &Vec<Document<ReferralRecord>>, agency: &AgencyId) -> Result<(), ()> {
    let accepted = referrals.iter().any(|referral| {
        referral.value.sender == *agency
            && referral.value.route.service() == ServiceType::CommunityTreatment
            && matches!(
                referral.value.state,
                ReferralState::Accepted
                    | ReferralState::InProgress
                    | ReferralState::OnHold
                    | ReferralState::Completed
            )
    });
    if accepted { Ok(()) } else { Err(()) }
}
