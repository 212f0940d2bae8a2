//! The road that everything takes: facts, decision, work, entry, verdict; again when the ground has moved.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jiff::Timestamp;
use subtle::ConstantTimeEq as _;
use tokio::sync::{Semaphore, oneshot};

use super::batch::Job;
use super::call::{Call, Caller};
use super::disclosure::Rejection;
use super::draft::{Draft, Drafted, Signature};
use super::health::{CountsNow, Health, State};
use super::outcome::{Receipt, Refused, Stop, Unavailable};
use super::sealed::Version;
use super::writer::{LogIdentity, Recorded, ServiceKeys, Verdict, Writer};
use crate::clock::SharedClock;
use crate::crypto::{BlindIndex, Token};
use crate::directory::{AgencyStatus, CertificateSha256, Directory};
use crate::id::EntryId;
use crate::identity::principal::Principal;
use crate::ledger::Hash;
use crate::ledger::entry::{Commitments, Field, Opening};
use crate::ledger::receipt;
use crate::policy::action::{Action, ActionName};
use crate::policy::engine::Engine;
use crate::policy::facts::{Epoch, Gathered};
use crate::policy::permit::{Cause, Denial, Grounds, Permit};
use crate::problem::{Problem, ProblemType};
use crate::store::change::{Changes, Prepared};
use crate::store::facts::Subject;
use crate::store::log::EntryRow;
use crate::store::replay::GuardRow;
use crate::store::{Error, Snapshot, Store, epoch, setting};
use crate::vocabulary::{EntryKind, Outcome, SegmentSet};

/// How often a request is decided again when the ground moves under it.
const ATTEMPTS: usize = 3;
/// How long a request waits for its entry.
const DEADLINE: Duration = Duration::from_secs(2);
/// The tick on which answers leave whose time could tell something.
const TICK: Duration = Duration::from_millis(5);
/// How long the answer of an `Idempotency-Key` is kept.
const IDEMPOTENCY_HOURS: i64 = 24;

/// The policies of this process.
pub type Policies = Engine;

/// The journal of this process.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    store: Store,
    writer: Writer,
    policies: Policies,
    signature: Signature,
    clock: SharedClock,
    directory: RwLock<Arc<Directory>>,
    /// The epoch of the policy scope at which the active set was found to be ours.
    policy_epoch: RwLock<Option<i64>>,
    /// One permit a connection.
    readers: Arc<Semaphore>,
}

/// What a request was prepared to answer.
pub(super) struct Answer {
    body: Vec<u8>,
    status: u16,
    location: Option<String>,
    version: Option<Version>,
    next: Option<String>,
    changes: Option<Changes>,
    replayed: bool,
}

impl Answer {
    pub(super) fn view(body: Vec<u8>, version: Option<Version>, next: Option<String>) -> Self {
        Self {
            body,
            status: 200,
            location: None,
            version,
            next,
            changes: None,
            replayed: false,
        }
    }

    pub(super) fn change(
        body: Vec<u8>,
        status: u16,
        location: Option<String>,
        etag: Option<String>,
        changes: Changes,
    ) -> Self {
        let version = etag.map(|etag| Version { etag, label: None });
        Self {
            body,
            status,
            location,
            version,
            next: None,
            changes: Some(changes),
            replayed: false,
        }
    }
}

/// A request that needs only its entry.
pub(super) struct Ready {
    job: UnsentJob,
    end: End,
}

/// A job without its way back.
struct UnsentJob {
    entry: EntryRow,
    epochs: Vec<Epoch>,
    valid_until_us: Option<i64>,
    guards: Vec<GuardRow>,
    change: Option<Prepared>,
}

impl UnsentJob {
    fn send_with(self, reply: oneshot::Sender<Verdict>) -> Job {
        let Self {
            entry,
            epochs,
            valid_until_us,
            guards,
            change,
        } = self;
        Job {
            entry,
            epochs,
            valid_until_us,
            guards,
            change,
            reply,
        }
    }
}

enum End {
    View {
        body: Vec<u8>,
        status: u16,
        location: Option<String>,
        etag: Option<String>,
        next: Option<String>,
        openings: String,
    },
    Refusal(Problem),
}

/// A request whose entry is durable.
pub(super) struct Settled {
    pub(super) body: Vec<u8>,
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) etag: Option<String>,
    pub(super) next: Option<String>,
    pub(super) receipt: Receipt,
    pub(super) openings: String,
}

impl Journal {
    /// Starts the writer of this process.
    ///
    /// # Errors
    /// When its thread cannot be started.
    pub fn start(
        store: Store,
        policies: Policies,
        log: LogIdentity,
        replica: String,
        clock: SharedClock,
    ) -> std::io::Result<Self> {
        let policy_sha256 = policies.hash().parse().map_err(std::io::Error::other)?;
        let signature = Signature {
            origin: log.key.name().to_owned(),
            replica,
            policy_sha256,
        };
        let readers = Arc::new(Semaphore::new(store.connections()));
        let writer = Writer::start(store.clone(), log, clock.clone())?;
        Ok(Self(Arc::new(Inner {
            store,
            writer,
            policies,
            signature,
            clock,
            directory: RwLock::new(Arc::new(Directory::default())),
            policy_epoch: RwLock::new(None),
            readers,
        })))
    }

    /// Whether the journal can record.
    pub fn health(&self) -> &Health {
        &self.0.writer.health
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The policies of this process.
    pub fn policies(&self) -> &Policies {
        &self.0.policies
    }

    /// The store behind the journal. What it gives out needs a permit, and a permit leads back here.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// What was counted since the start.
    pub fn counts(&self) -> CountsNow {
        self.0.writer.counts.now()
    }

    /// The latest checkpoint that this process signed.
    pub fn checkpoint(&self) -> Option<Arc<str>> {
        self.0
            .writer
            .checkpoint
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The directory as this process last read it. Whoever is identified by it is checked against its epoch again.
    pub fn directory(&self) -> Arc<Directory> {
        self.0
            .directory
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Reads the directory again if it has changed. Blocking.
    ///
    /// # Errors
    /// When the database fails.
    pub fn directory_refresh(&self) -> Result<Arc<Directory>, Error> {
        self.0.store.snapshot(|tx| {
            let current = tx
                .epochs(&[epoch::DIRECTORY])?
                .pop()
                .map_or(0, |epoch| epoch.value);
            if self.directory().epoch() == current && current != 0 {
                return Ok(self.directory());
            }
            self.reload_directory(tx)
        })
    }

    /// Reads the directory again if it has changed, or gives up when the database hangs.
    ///
    /// # Errors
    /// When the database fails or does not answer in time.
    pub async fn directory_refreshed(&self) -> Result<Arc<Directory>, Unavailable> {
        let journal = self.clone();
        let refreshed = tokio::task::spawn_blocking(move || journal.directory_refresh());
        match tokio::time::timeout(DEADLINE, refreshed).await {
            Ok(Ok(Ok(directory))) => Ok(directory),
            Ok(Ok(Err(_)) | Err(_)) | Err(_) => Err(Unavailable),
        }
    }

    fn reload_directory(&self, tx: &mut Snapshot<'_>) -> Result<Arc<Directory>, Error> {
        let directory = tx.directory_read()?;
        *self.0.directory.write().unwrap_or_else(PoisonError::into_inner) = directory.clone();
        Ok(directory)
    }

    /// Records a refusal that the request alone decided: it could not be read, or its credential was not accepted.
    pub async fn refuse(&self, call: Call, kind: EntryKind, problem: Problem) -> Stop {
        let end = self
            .travel(call, false, move |journal, call| {
                journal.0.store.snapshot(|tx| {
                    journal.refusal(
                        tx,
                        call,
                        kind,
                        Outcome::Refused,
                        journal.no_grounds(),
                        problem.clone(),
                    )
                })
            })
            .await;
        match end {
            Ok(_) => Stop::Unavailable(Unavailable),
            Err(stop) => stop,
        }
    }

    /// Takes a request down the road until its entry is durable. With `ticks`, a view too leaves on the tick, because its
    /// time could tell whether something was found.
    pub(super) async fn travel<P>(&self, mut call: Call, ticks: bool, prepare: P) -> Result<Settled, Stop>
    where
        P: Fn(&Self, &mut Call) -> Result<Ready, Error> + Send + Sync + 'static,
    {
        let unavailable = || {
            self.0.writer.counts.unavailable();
            Stop::from(Unavailable)
        };
        let prepare = Arc::new(prepare);
        let arrived = call.arrived;
        for _ in 0..ATTEMPTS {
            if self.health().state() != State::Ready {
                return Err(unavailable());
            }
            // As many at once as there are connections: more threads would only wait for one, and wake each other up.
            let permit = tokio::time::timeout(DEADLINE, self.0.readers.clone().acquire_owned());
            let Ok(Ok(permit)) = permit.await else {
                return Err(unavailable());
            };
            let (journal, prepare) = (self.clone(), prepare.clone());
            let trace_id = call.trace_id.clone();
            let prepared = tokio::task::spawn_blocking(move || {
                let ready = prepare(&journal, &mut call);
                drop(permit);
                (ready, call)
            });
            // A database that hangs holds its thread, and must not hold the caller.
            let Ok(Ok((ready, back))) = tokio::time::timeout(DEADLINE, prepared).await else {
                return Err(unavailable());
            };
            call = back;
            let Ready { job, end } = ready.map_err(|error| {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(trace_id, error, "a request could not be prepared");
                unavailable()
            })?;
            let (reply, verdict) = oneshot::channel();
            if self.0.writer.submit(job.send_with(reply)).is_err() {
                return Err(unavailable());
            }
            match tokio::time::timeout(DEADLINE, verdict).await {
                Ok(Ok(Verdict::Recorded(recorded))) => {
                    return finish(end, recorded, trace_id, arrived, ticks).await;
                }
                // The ground moved, or another request took the guard: the next preparation sees it.
                Ok(Ok(Verdict::Stale | Verdict::GuardTaken)) => {}
                Ok(Ok(Verdict::Unavailable) | Err(_)) | Err(_) => return Err(unavailable()),
            }
        }
        Err(unavailable())
    }

    /// Decides a request, lets `work` answer it, and drafts its entry: all on one snapshot.
    pub(super) fn prepare<A: Action>(
        &self,
        call: &mut Call,
        subject: Subject,
        work: impl FnOnce(&mut Snapshot<'_>, &Call, &Permit<A>) -> Result<Answer, Rejection>,
    ) -> Result<Ready, Error> {
        let Caller::Worker(principal) = &call.caller else {
            return Err(Error::Corrupt("only a worker can ask"));
        };
        let mut principal = principal.clone();
        self.0.store.snapshot(|tx| {
            let now = self.now();
            let mut directory = self.directory();
            let loaded = tx.facts_load(&principal, subject, &directory, now)?;
            // To activate its own set is the one thing that a process may do while another set is active.
            if A::NAME != ActionName::PolicyWrite {
                self.check_policy_set(tx, loaded.epoch(epoch::POLICY))?;
            }
            let current = loaded.epoch(epoch::DIRECTORY);
            if principal.directory_epoch != current {
                if directory.epoch() != current {
                    directory = self.reload_directory(tx)?;
                }
                if !still_admits(&directory, &principal) {
                    let problem = Problem::because(ProblemType::InvalidToken, "agency-suspended");
                    return self.refusal(tx, call, A::KIND, Outcome::Refused, self.no_grounds(), problem);
                }
                principal = Arc::new(Principal {
                    directory_epoch: current,
                    ..(*principal).clone()
                });
                call.caller = Caller::Worker(principal.clone());
            }
            if self.is_replayed(tx, call, &principal)? {
                let problem = Problem::because(ProblemType::InvalidToken, "jti-replayed");
                return self.refusal_unguarded(
                    tx,
                    call,
                    A::KIND,
                    Outcome::Refused,
                    self.no_grounds(),
                    problem,
                );
            }
            if A::SCOPE.is_some_and(|scope| !principal.scopes.allow(scope)) {
                let problem = Problem::new(ProblemType::InsufficientScope);
                return self.refusal(tx, call, A::KIND, Outcome::Refused, self.no_grounds(), problem);
            }
            let wrong_subject = is_wrong_subject(&principal, subject, &loaded.gathered);
            match self.0.policies.decide::<A>(&principal, loaded.gathered.seal()) {
                Err(denial) => self.deny::<A>(tx, call, denial),
                Ok(permit) if wrong_subject => {
                    let mut grounds = permit.grounds().clone();
                    (grounds.released, grounds.withheld) = (SegmentSet::EMPTY, SegmentSet::EMPTY);
                    let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "wrong-subject");
                    self.refusal(tx, call, A::KIND, Outcome::Refused, grounds, problem)
                }
                Ok(permit) => match work(tx, call, &permit) {
                    Ok(answer) => self.permitted::<A>(tx, call, &principal, permit.grounds(), answer),
                    Err(Rejection::Store(error)) => Err(error),
                    Err(Rejection::Problem(problem)) => {
                        let mut grounds = permit.grounds().clone();
                        (grounds.released, grounds.withheld) = (SegmentSet::EMPTY, SegmentSet::EMPTY);
                        self.refusal(tx, call, A::KIND, Outcome::Refused, grounds, problem)
                    }
                },
            }
        })
    }

    /// The answer that this `Idempotency-Key` had before, if it had one.
    pub(super) fn answered_before(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
    ) -> Result<Option<Answer>, Rejection> {
        let Some((guard, request)) = self.idempotency(call) else {
            return Ok(None);
        };
        let Some(answered) = tx.answered(&guard, self.now().as_microsecond())? else {
            return Ok(None);
        };
        if !bool::from(answered.request.ct_eq(&request)) {
            return Err(Problem::new(ProblemType::IdempotencyConflict).into());
        }
        Ok(Some(Answer {
            body: b"{}".to_vec(),
            status: answered.status,
            location: answered.location,
            version: None,
            next: None,
            changes: None,
            replayed: true,
        }))
    }

    fn permitted<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        principal: &Principal,
        grounds: &Grounds,
        mut answer: Answer,
    ) -> Result<Ready, Error> {
        let mut grounds = grounds.clone();
        if let Some(about) = answer.changes.as_ref().and_then(Changes::about) {
            grounds.target = Some(about.clone());
        }
        let now = self.now();
        let draft = Draft {
            id: answer
                .changes
                .as_ref()
                .map_or_else(|| EntryId::at(now), Changes::entry),
            recorded_at: now,
            kind: answer.changes.as_ref().and_then(Changes::kind).unwrap_or(A::KIND),
            outcome: Outcome::Permitted,
            reason_code: if answer.replayed {
                "replayed"
            } else {
                grounds.reason_code
            },
            record_version: answer.version.as_ref().and_then(|version| version.label.clone()),
            response_sha256: Some(sha256(&answer.body)),
            envelope_sha256: answer.changes.as_ref().and_then(Changes::envelope_sha256),
        };
        // Where this is the custodian's first record of the person, the key is made with the change.
        let looked_up = match (&grounds.target, &answer.changes) {
            (Some(target), None) => tx.data_key(target.person, &target.custodian)?,
            _ => None,
        };
        let person_key = match (&grounds.target, answer.changes.as_mut()) {
            (Some(target), Some(changes)) => Some(changes.data_key(tx, target.person, &target.custodian)?),
            _ => looked_up.as_ref(),
        };
        let Drafted { row, commitments } = draft.finish(
            call,
            &grounds,
            &self.0.signature,
            tx.keys(),
            self.service_keys()?,
            person_key,
        )?;
        let mut guards: Vec<GuardRow> = self.jti_guard(call, principal).into_iter().collect();
        if !answer.replayed && answer.changes.is_some() {
            guards.extend(self.idempotency_guard(call, answer.status, answer.location.as_deref()));
        }
        let openings = openings(&commitments, &grounds, principal);
        let job = UnsentJob {
            entry: row,
            valid_until_us: earliest(grounds.valid_until, principal.expires_at)
                .map(Timestamp::as_microsecond),
            epochs: grounds.epochs,
            guards,
            change: answer.changes.map(Changes::into_parts),
        };
        let end = End::View {
            body: answer.body,
            status: answer.status,
            location: answer.location,
            etag: answer.version.map(|version| version.etag),
            next: answer.next,
            openings,
        };
        Ok(Ready { job, end })
    }

    fn deny<A: Action>(&self, tx: &mut Snapshot<'_>, call: &Call, denial: Denial) -> Result<Ready, Error> {
        let Denial {
            grounds,
            cause,
            outcome,
        } = denial;
        let problem = match cause {
            Cause::RequestAlone => ProblemType::PurposeNotPermitted,
            Cause::StoredFacts => ProblemType::NotFoundOrNotPermitted,
        };
        let problem = Problem::because(problem, grounds.reason_code);
        self.refusal(tx, call, A::KIND, outcome, grounds, problem)
    }

    /// A refusal of a write uses up the token: a copy of the request must not be tried again when facts have changed.
    fn refusal(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        kind: EntryKind,
        outcome: Outcome,
        grounds: Grounds,
        problem: Problem,
    ) -> Result<Ready, Error> {
        let guard = match &call.caller {
            Caller::Worker(principal) => self.jti_guard(call, principal),
            Caller::Agency { .. } => None,
        };
        let mut ready = self.refusal_unguarded(tx, call, kind, outcome, grounds, problem)?;
        ready.job.guards.extend(guard);
        Ok(ready)
    }

    fn refusal_unguarded(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        kind: EntryKind,
        outcome: Outcome,
        grounds: Grounds,
        problem: Problem,
    ) -> Result<Ready, Error> {
        let now = self.now();
        let draft = Draft {
            id: EntryId::at(now),
            recorded_at: now,
            kind,
            outcome,
            reason_code: problem.reason_code,
            record_version: None,
            response_sha256: None,
            envelope_sha256: None,
        };
        let person_key = match &grounds.target {
            Some(target) => tx.data_key(target.person, &target.custodian)?,
            None => None,
        };
        let Drafted { row, .. } = draft.finish(
            call,
            &grounds,
            &self.0.signature,
            tx.keys(),
            self.service_keys()?,
            person_key.as_ref(),
        )?;
        let job = UnsentJob {
            entry: row,
            epochs: Vec::new(),
            valid_until_us: None,
            guards: Vec::new(),
            change: None,
        };
        Ok(Ready {
            job,
            end: End::Refusal(problem),
        })
    }

    fn service_keys(&self) -> Result<&ServiceKeys, Error> {
        self.0
            .writer
            .keys
            .get()
            .ok_or(Error::Corrupt("the writer has not started"))
    }

    /// The grounds of a refusal for which no facts were asked.
    fn no_grounds(&self) -> Grounds {
        Grounds {
            target: None,
            released: SegmentSet::EMPTY,
            withheld: SegmentSet::EMPTY,
            policy_ids: Vec::new(),
            policy_set: self.0.policies.hash().to_owned(),
            obligations: Vec::new(),
            basis: None,
            reason_code: "",
            consent_versions: Vec::new(),
            valid_until: None,
            epochs: Vec::new(),
        }
    }

    /// Makes sure that the active policy set is ours. It is read again only when its epoch has moved.
    fn check_policy_set(&self, tx: &mut Snapshot<'_>, current: i64) -> Result<(), Error> {
        let known = *self.0.policy_epoch.read().unwrap_or_else(PoisonError::into_inner);
        if known == Some(current) {
            return Ok(());
        }
        match tx.setting(setting::ACTIVE_POLICY_SET)? {
            // Before the first activation there is nothing to disagree with.
            None => Ok(()),
            Some(active) if active == self.0.policies.hash() => {
                *self
                    .0
                    .policy_epoch
                    .write()
                    .unwrap_or_else(PoisonError::into_inner) = Some(current);
                Ok(())
            }
            Some(_) => Err(Error::OtherPolicySet),
        }
    }

    fn is_replayed(&self, tx: &mut Snapshot<'_>, call: &Call, principal: &Principal) -> Result<bool, Error> {
        match self.jti_token(call, principal) {
            Some(guard) => Ok(tx.answered(&guard, self.now().as_microsecond())?.is_some()),
            None => Ok(false),
        }
    }

    fn jti_token(&self, call: &Call, principal: &Principal) -> Option<Token> {
        let jti = principal.jti.as_deref().filter(|_| call.is_write)?;
        Some(self.index().token(
            "guard/jti",
            &[principal.agency.as_str().as_bytes(), jti.as_bytes()],
        ))
    }

    fn jti_guard(&self, call: &Call, principal: &Principal) -> Option<GuardRow> {
        let guard = self.jti_token(call, principal)?;
        let expires = principal.expires_at.unwrap_or_else(|| self.now());
        Some(GuardRow {
            guard: guard.to_vec(),
            expires_us: expires.as_microsecond(),
            request: Vec::new(),
            status: 0,
            location: String::new(),
        })
    }

    /// The guard of an `Idempotency-Key`, and the hash that binds it to worker, purpose, operation and request.
    fn idempotency(&self, call: &Call) -> Option<(Token, [u8; 32])> {
        let Caller::Worker(principal) = &call.caller else {
            return None;
        };
        let key = call.idempotency_key.as_deref()?;
        let agency = principal.agency.as_str().as_bytes();
        let guard = self.index().token("guard/idempotency", &[agency, key.as_bytes()]);
        let request = self.index().digest(
            "guard/request",
            &[
                principal.worker.as_str().as_bytes(),
                principal.purpose.code().as_bytes(),
                call.operation.as_bytes(),
                &call.request_sha256,
            ],
        );
        Some((guard, request))
    }

    fn idempotency_guard(&self, call: &Call, status: u16, location: Option<&str>) -> Option<GuardRow> {
        let (guard, request) = self.idempotency(call)?;
        Some(GuardRow {
            guard: guard.to_vec(),
            expires_us: self
                .now()
                .as_microsecond()
                .saturating_add(IDEMPOTENCY_HOURS * 3_600_000_000),
            request: request.to_vec(),
            status: i64::from(status),
            location: location.unwrap_or_default().to_owned(),
        })
    }

    fn index(&self) -> &BlindIndex {
        self.0.store.keys().index()
    }
}

/// Whether the directory, as it is now, still lets the principal in: suspension and revocation bite at once.
fn still_admits(directory: &Directory, principal: &Principal) -> bool {
    if principal.is_system {
        return true;
    }
    let certificate = CertificateSha256::from_bytes(principal.cert_sha256);
    directory.holder(&certificate).is_some_and(|holder| {
        let worker_is_active = holder
            .worker
            .as_ref()
            .is_none_or(|id| holder.agency.worker(id).is_some_and(|worker| worker.active));
        holder.agency.id == principal.agency
            && holder.agency.status == AgencyStatus::Active
            && holder.agency.may_assert(principal.role)
            && worker_is_active
    })
}

/// Whether a token was issued for another person than the one that the request is about.
fn is_wrong_subject(principal: &Principal, subject: Subject, gathered: &Gathered) -> bool {
    let about = gathered.target.as_ref().and_then(|target| target.client_ref);
    principal.subject_bound
        && subject != Subject::Nobody
        && gathered.target.is_some()
        && (principal.requested_record.is_none() || principal.requested_record != about)
}

/// Fields that the body itself states, opened, so that its reader can prove what was received and on what basis.
fn openings(commitments: &Commitments, grounds: &Grounds, principal: &Principal) -> String {
    let mut fields = vec![
        Field::Purpose,
        Field::SegmentsReleased,
        Field::SegmentsWithheld,
        Field::ResponseSha256,
    ];
    if grounds.basis.is_some() {
        fields.extend([
            Field::Art6,
            Field::Art9,
            Field::Sch1Condition,
            Field::Confidentiality,
        ]);
    }
    if grounds
        .target
        .as_ref()
        .is_some_and(|target| target.custodian == principal.agency)
    {
        fields.push(Field::Custodian);
    }
    let opened: Vec<Opening> = fields
        .into_iter()
        .filter_map(|field| commitments.open(field))
        .collect();
    Opening::print_header(&opened)
}

async fn finish(
    end: End,
    recorded: Recorded,
    trace_id: String,
    arrived: tokio::time::Instant,
    ticks: bool,
) -> Result<Settled, Stop> {
    let receipt = receipt_of(recorded).ok_or(Unavailable)?;
    match end {
        End::View {
            body,
            status,
            location,
            etag,
            next,
            openings,
        } => {
            if ticks {
                wait_for_tick(arrived).await;
            }
            Ok(Settled {
                body,
                status,
                location,
                etag,
                next,
                receipt,
                openings,
            })
        }
        End::Refusal(problem) => {
            if ticks || problem.problem == ProblemType::NotFoundOrNotPermitted {
                wait_for_tick(arrived).await;
            }
            Err(Stop::Refused(Refused {
                problem,
                trace_id,
                receipt,
            }))
        }
    }
}

/// Waits for the next multiple of the tick after the request's arrival, so that its time tells nothing finer.
async fn wait_for_tick(arrived: tokio::time::Instant) {
    let tick = TICK.as_micros().max(1);
    let ticks = arrived.elapsed().as_micros() / tick + 1;
    let until = u32::try_from(ticks).map_or(TICK, |ticks| TICK * ticks);
    tokio::time::sleep_until(arrived + until).await;
}

fn receipt_of(recorded: Recorded) -> Option<Receipt> {
    let proof = recorded.appended.proof(recorded.index)?;
    let receipt = receipt::Receipt {
        leaf: recorded.leaf,
        index: recorded.index,
        proof,
        checkpoint: recorded.checkpoint.to_string(),
    };
    Some(Receipt {
        index: receipt.index,
        header: receipt.print_header(),
    })
}

fn sha256(bytes: &[u8]) -> [u8; 32] {
    *Hash::sha256(bytes).as_bytes()
}

fn earliest(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
