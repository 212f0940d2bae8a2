//! The steps of a referral to housing, on the version that was read, and what they tell the other side.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::HousingTransition;
use super::refer::Setting;
use super::referral::{HousingRecord, HousingStep, InvalidHousingStep, Mover};
use super::telling::notify;
use crate::domain::agreed::{consent_required, may_pass};
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::HousingWrite;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, Segment, SegmentSet, TaskKind};

/// `POST /housing-referrals/{id}/{transition}`.
pub struct StepHousing {
    /// What the agency calls the referral.
    pub id: Handle,
    /// The step.
    pub transition: HousingTransition,
    /// What goes with it.
    pub step: HousingStep,
    /// What there is besides.
    pub setting: Setting,
}

/// It is sent, or a step of it is taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct HousingMoved {
    /// What the agency calls the referral.
    #[schema(value_type = String)]
    pub id: Handle,
}

impl Command for StepHousing {
    type Action = HousingWrite;
    type Acknowledgement = HousingMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::HousingReferral, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<HousingWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<HousingMoved>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let (agency, sender) = (&principal.agency, &target.custodian);
        let record = target.record.ok_or(Error::Corrupt("a referral to housing without a record"))?;
        let current = tx.document_read::<_, HousingRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let mover = Mover {
            by: (agency.clone(), principal.worker.clone()),
            at: changes.now(),
            today: self.setting.calendar.date_of(changes.now()),
        };
        let next = current.revise(&(self.transition, self.step.clone(), mover), after).map_err(problem_of)?;
        let provider = self.provider(&next)?;
        if self.transition == HousingTransition::TellRisk {
            let what = SegmentSet::EMPTY.with(Segment::Risk);
            let passing = self.setting.passing(sender, &provider, what, changes.now());
            tx.documents_of_person(permit, target.person, Kind::Consent)?
                .judge(&passing, may_pass)
                .map_err(|()| consent_required("risk"))?;
        }
        let version = tx.next_version(record, Kind::HousingReferral, target.person, sender)?;
        changes.document_put(tx, &version, &next)?;
        let other = if agency == sender { &provider } else { sender };
        notify(tx, changes, &version, other)?;
        match self.transition {
            HousingTransition::AgreePlacement | HousingTransition::Decline => {
                changes.task_done(&provider, TaskKind::AnswerHousingReferral, record);
            }
            HousingTransition::Withdraw => {
                changes.task_lapse(&provider, TaskKind::AnswerHousingReferral, record);
            }
            HousingTransition::TellRisk => {}
        }
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: HousingMoved { id: self.id },
        })
    }
}

impl StepHousing {
    /// The provider: found by its place in the directory, so that nothing else leaves the record.
    fn provider(&self, next: &crate::journal::sealed::Sealed<HousingRecord>) -> Result<AgencyId, Error> {
        let directory = self.setting.journal.directory();
        let housing = directory.iter().filter(|agency| agency.agency_type == AgencyType::Housing);
        let agencies: Vec<AgencyId> = housing.map(|agency| agency.id.clone()).collect();
        let at = next.pick(&agencies, |record, agencies| {
            agencies.iter().position(|agency| *agency == record.provider)
        });
        at.and_then(|at| agencies.get(at)).cloned().ok_or(Error::Corrupt("a referral to no landlord"))
    }
}

fn after(
    document: &Document<HousingRecord>,
    (transition, step, mover): &(HousingTransition, HousingStep, Mover),
) -> Result<HousingRecord, InvalidHousingStep> {
    document.value.step(*transition, step, mover)
}

fn problem_of(invalid: InvalidHousingStep) -> Problem {
    match invalid {
        InvalidHousingStep::NotFromHere => Problem::new(ProblemType::InvalidTransition),
        InvalidHousingStep::Guard(fault) => {
            Problem::fields(ProblemType::UnprocessableDocument, vec![fault.into()])
        }
    }
}
