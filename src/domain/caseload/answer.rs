//! The holder's side of a check: its duty role reads the question and answers it, once.

use serde::Serialize;
use utoipa::ToSchema;

use super::check::{AnswerGiven, CheckAnswer, CheckRecord, QuestionView};
use crate::id::{AgencyId, Handle, WorkerId};
use crate::journal::call::{Call, Caller};
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::CaseloadAnswer;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /caseload-checks/{id}/answer`: what is asked, and what this holder answered.
pub struct ReadQuestion(pub Handle);

/// `POST /caseload-checks/{id}/answer`.
pub struct AnswerCheck {
    /// What the holder calls the check.
    pub id: Handle,
    /// The answer.
    pub given: AnswerGiven,
}

/// The answer is on record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Acknowledged {
    /// What the holder calls the check.
    pub id: Handle,
    /// What it answered.
    pub answer: CheckAnswer,
}

impl Disclosure for ReadQuestion {
    type Action = CaseloadAnswer;
    type View = QuestionView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Check, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CaseloadAnswer>,
    ) -> Result<Sealed<QuestionView>, Rejection> {
        let agency = call.caller.agency();
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a check without a record"))?;
        let client_ref = target.client_ref.ok_or_else(about_another)?;
        let check = tx.document_read::<_, CheckRecord>(permit, agency, record)?;
        // Made anew, without the version: its `ETag` would change when another holder answers.
        Ok(check.revise(&(agency.clone(), self.0, client_ref), question)?)
    }
}

fn question(
    check: &Document<CheckRecord>,
    (holder, id, client_ref): &(AgencyId, Handle, Handle),
) -> Result<QuestionView, Error> {
    Ok(check.value.question(holder, *id, *client_ref))
}

impl Command for AnswerCheck {
    type Action = CaseloadAnswer;
    type Acknowledgement = Acknowledged;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Check, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CaseloadAnswer>,
        changes: &mut Changes,
    ) -> Result<Accepted<Acknowledged>, Rejection> {
        let Caller::Worker(principal) = &call.caller else {
            return Err(Error::Corrupt("only a worker can answer").into());
        };
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a check without a record"))?;
        if target.client_ref.is_none() {
            return Err(about_another().into());
        }
        let current = tx.document_read::<_, CheckRecord>(permit, &principal.agency, record)?;
        let answer = Answer {
            by: (principal.agency.clone(), principal.worker.clone()),
            given: self.given.clone(),
            at: changes.now(),
        };
        let next = current.revise(&answer, with_answer)?;
        let version = tx.next_version(record, Kind::Check, target.person, &target.custodian)?;
        changes.document_put(tx, &version, &next)?;
        Ok(Accepted {
            status: 200,
            location: Some(format!("/v1/caseload-checks/{}/answer", self.id)),
            etag: None,
            acknowledgement: Acknowledged { id: self.id, answer: self.given.answer },
        })
    }
}

/// Whoever was asked about turned out not to be this holder's client.
fn about_another() -> Problem {
    Problem::because(ProblemType::NotFoundOrNotPermitted, "about-another")
}

struct Answer {
    by: (AgencyId, WorkerId),
    given: AnswerGiven,
    at: jiff::Timestamp,
}

fn with_answer(check: &Document<CheckRecord>, answer: &Answer) -> Result<CheckRecord, Problem> {
    check
        .value
        .answered(answer.by.clone(), answer.given.clone(), answer.at)
        .map_err(|_| Problem::because(ProblemType::InvalidTransition, "no-answer-awaited"))
}
