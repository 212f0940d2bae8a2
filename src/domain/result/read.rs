//! Reading a test result: the worker who is named, and who communicated it.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{Finding, ResultRecord};
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle, WorkerId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::ResultRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /test-results/{id}`.
pub struct ReadResult(pub Handle);

/// A communicated test result.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResultView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// What was found of Class A drugs.
    pub class_a: Finding,
    /// What was found of cannabis.
    pub cannabis: Finding,
    /// The day of the test.
    #[schema(value_type = String, format = Date)]
    pub tested_on: Date,
    /// Who communicated it.
    #[schema(value_type = String)]
    pub from: AgencyId,
    /// When, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub communicated_at: Timestamp,
}

impl Disclosure for ReadResult {
    type Action = ResultRead;
    type View = ResultView;
    const READ_FIRST: usize = 1;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::TestResult, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ResultRead>,
    ) -> Result<Sealed<ResultView>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a result without a record"))?;
        let result = tx.document_read::<_, ResultRecord>(permit, &principal.agency, record)?;
        result.judge(&(principal.agency.clone(), principal.worker.clone()), is_for)?;
        Ok(result.beside((self.0, target.client_ref)).view(shown))
    }
}

/// A colleague of who is named is told what everybody is who may not: that there is nothing.
pub(super) fn is_for(
    result: &Document<ResultRecord>,
    (agency, worker): &(AgencyId, WorkerId),
) -> Result<(), Problem> {
    if result.value.is_for(agency, worker) {
        return Ok(());
    }
    Err(Problem::because(ProblemType::NotFoundOrNotPermitted, "not-named"))
}

fn shown((document, (id, client_ref)): &(Document<ResultRecord>, (Handle, Option<Handle>))) -> ResultView {
    let result = &document.value;
    ResultView {
        id: *id,
        client_ref: *client_ref,
        class_a: result.class_a,
        cannabis: result.cannabis,
        tested_on: result.tested_on,
        from: result.by.0.clone(),
        communicated_at: to_the_minute(result.at),
    }
}
