//! The assessments of a client of which the agency knows: its own handles, each to be read by itself.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::known::{KnownRecord, known_of};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::AssessmentRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;
use crate::store::record::Kind;

/// `GET /clients/{ref}/assessments`.
pub struct ListAssessments(pub Handle);

/// The assessments of a client, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssessmentList {
    /// One line each.
    pub assessments: Vec<KnownRecord>,
}

impl Disclosure for ListAssessments {
    type Action = AssessmentRead;
    type View = AssessmentList;

    fn subject(&self) -> Subject {
        Subject::Client(self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<AssessmentRead>,
    ) -> Result<Sealed<AssessmentList>, Rejection> {
        Ok(known_of(tx, call, permit, Kind::Assessment)?.map(|assessments| AssessmentList { assessments }))
    }
}
