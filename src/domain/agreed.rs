//! Whether the person agreed that one agency tells another one thing, for one purpose, now: the guard of everything that is sent by consent.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::domain::consent::coverage::{Question, covers};
use crate::domain::consent::model::ConsentRecord;
use crate::id::AgencyId;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::record::Document;
use crate::vocabulary::{Purpose, SegmentSet};

/// The person's consents, the latest version of each.
pub(super) type Consents = Vec<Document<ConsentRecord>>;

/// What would pass.
#[derive(Debug, Clone)]
pub(super) struct Passing {
    /// Who would tell.
    pub(super) from: AgencyId,
    /// Who would be told.
    pub(super) to: AgencyId,
    /// What for.
    pub(super) purpose: Purpose,
    /// What: all of it must be agreed to.
    pub(super) what: SegmentSet,
    /// When.
    pub(super) now: Timestamp,
    /// The same as a day.
    pub(super) today: Date,
}

/// Whether it may.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
pub(super) fn may_pass(consents: &Consents, passing: &Passing) -> Result<(), ()> {
    passes_until(consents, passing).map(|_| ()).ok_or(())
}

/// Until when it may, if nobody changes anything; `None` where it may not.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
pub(super) fn passes_until(consents: &Consents, passing: &Passing) -> Option<Timestamp> {
    let consents: Vec<ConsentRecord> = consents.iter().map(|consent| consent.value.clone()).collect();
    let question = Question {
        disclosing: &passing.from,
        recipient: &passing.to,
        purpose: passing.purpose,
        data_date: passing.today,
    };
    let coverage = covers(&consents, &question, passing.now);
    let is_covered = passing.what.without(coverage.segments).is_empty();
    is_covered.then(|| coverage.valid_until.unwrap_or(Timestamp::MAX))
}

/// That it may not, as the one who would tell is told. Each consent that names an agency is for it to read.
pub(super) fn consent_required(field: &'static str) -> Problem {
    let message = "the person must agree that this agency is told this, by a consent in force";
    let errors = vec![FieldProblem::new(field, "consent-required", message)];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, "consent-required") }
}
