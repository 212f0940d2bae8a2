//! The power to break glass: who has it at a moment, and how it is taken from a worker or an agency and given back.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::end::not_taken;
use super::model::{BreakGlassRecord, NotTaken};
use crate::directory::Agency;
use crate::domain::validation::clean_text;
use crate::id::{AgencyId, WorkerId};
use crate::identity::principal::Principal;
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::worker as worker_of;
use crate::policy::action::{BreakGlassGovern, DirectoryWrite};
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::{Error, Snapshot};

/// How long ago a worker may have shown a second factor.
const AUTHENTICATED_WITHIN: SignedDuration = SignedDuration::from_mins(15);
/// How far a clock may be ahead of ours, as with a token's own times.
const AHEAD: SignedDuration = SignedDuration::from_secs(10);

/// A worker's power, as the agency's Caldicott guardian sets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PowerSet {
    /// The worker, of the guardian's own agency.
    #[schema(value_type = String)]
    pub worker: WorkerId,
    /// Whether the worker may not break glass from now on.
    pub suspended: bool,
    /// Why. It stays in the log, under a retention key.
    #[validate(length(min = 20, max = 500), custom(function = "clean_text"))]
    pub reason: String,
}

/// `POST /break-glass-power`.
pub struct SetWorkerPower(pub PowerSet);

/// `throughgate agency suspend-break-glass`, and `resume-break-glass`: nobody of the agency may break glass.
pub struct SetAgencyPower {
    /// The agency.
    pub agency: AgencyId,
    /// From now on.
    pub suspended: bool,
}

/// The directory says so now.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreakGlassPowerSet {
    /// Whether the worker, or the agency, may not break glass.
    pub suspended: bool,
}

/// Makes sure that the power of the worker and of the agency stands. It is about nobody's record, so the refusal may say so.
pub(super) fn may_break_glass(principal: &Principal, journal: &Journal) -> Result<(), Problem> {
    let directory = journal.directory();
    let stands = directory
        .agency(&principal.agency)
        .is_some_and(|agency| agency.break_glass.stands_for(&principal.worker));
    if stands {
        return Ok(());
    }
    const CODE: &str = "break-glass-suspended";
    let words = "the power to break glass is suspended; the agency's Caldicott guardian, or the operator, gives it back";
    let errors = vec![FieldProblem::new("worker", CODE, words)];
    Err(Problem { errors, ..Problem::because(ProblemType::PurposeNotPermitted, CODE) })
}

/// Makes sure that the worker has just shown more than one factor.
pub(super) fn was_just_authenticated(principal: &Principal, now: Timestamp) -> Result<(), Problem> {
    let is_fresh = principal.stepped_up_at.is_some_and(|at| {
        let age = now.duration_since(at);
        age <= AUTHENTICATED_WITHIN && age >= -AHEAD
    });
    if is_fresh { Ok(()) } else { Err(Problem::new(ProblemType::InsufficientUserAuthentication)) }
}

/// Takes the power from the worker who broke this glass.
pub(super) fn suspend(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    opener: &AgencyId,
    broken: &Sealed<BreakGlassRecord>,
) -> Result<(), Error> {
    let worker = broken.worker(&(), |broken, ()| broken.by.1.clone());
    set(tx, changes, opener, |agency| {
        agency.break_glass.workers.insert(worker);
    })
    .map(drop)
}

impl Command for SetWorkerPower {
    type Action = BreakGlassGovern;
    type Acknowledgement = BreakGlassPowerSet;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        _permit: &Permit<BreakGlassGovern>,
        changes: &mut Changes,
    ) -> Result<Accepted<BreakGlassPowerSet>, Rejection> {
        let Self(PowerSet { worker, suspended, .. }) = self;
        if *worker == worker_of(call)?.worker {
            return Err(not_taken(NotTaken::OwnAct).into());
        }
        let known = set(tx, changes, call.caller.agency(), |agency| {
            let workers = &mut agency.break_glass.workers;
            if *suspended {
                workers.insert(worker.clone())
            } else {
                workers.remove(worker)
            };
        })?;
        known.ok_or(Error::Corrupt("a caller who is not in the directory"))?;
        Ok(done(*suspended))
    }
}

impl Command for SetAgencyPower {
    type Action = DirectoryWrite;
    type Acknowledgement = BreakGlassPowerSet;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        _permit: &Permit<DirectoryWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<BreakGlassPowerSet>, Rejection> {
        let known = set(tx, changes, &self.agency, |agency| agency.break_glass.suspended = self.suspended)?;
        if known.is_none() {
            let unknown =
                Problem::field(ProblemType::MalformedRequest, "agency", "unknown", "is not enrolled");
            return Err(unknown.into());
        }
        Ok(done(self.suspended))
    }
}

fn done(suspended: bool) -> Accepted<BreakGlassPowerSet> {
    Accepted { status: 200, location: None, etag: None, acknowledgement: BreakGlassPowerSet { suspended } }
}

/// Writes the next version of an agency; `None` if there is no such agency.
fn set(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    of: &AgencyId,
    change: impl FnOnce(&mut Agency),
) -> Result<Option<()>, Error> {
    let directory = tx.directory_read()?;
    let Some(known) = directory.agency(of) else { return Ok(None) };
    let mut agency = Agency::clone(known);
    change(&mut agency);
    let version = tx.agency_version(of)?.saturating_add(1);
    changes.agency_put(tx, &agency, version)?;
    Ok(Some(()))
}
