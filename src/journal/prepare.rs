//! What happens to a request on one snapshot: facts, decision, work, and the draft of its entry.

use std::sync::{Arc, PoisonError};

use jiff::Timestamp;

use super::call::{Call, Caller};
use super::disclosure::Rejection;
use super::draft::{Draft, Drafted};
use super::process::Journal;
use super::receipt::openings;
use super::road::{Answer, End, Ready, UnsentJob};
use super::writer::ServiceKeys;
use crate::directory::{AgencyStatus, CertificateSha256, Directory};
use crate::id::{EntryId, PersonId};
use crate::identity::principal::Principal;
use crate::ledger::Hash;
use crate::policy::action::{Action, ActionName};
use crate::policy::facts::{Epoch, Gathered};
use crate::policy::permit::{Cause, Denial, Grounds, Permit};
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::record::Kind;
use crate::store::replay::GuardRow;
use crate::store::{Error, Snapshot, epoch, setting};
use crate::vocabulary::{EntryKind, Outcome, SegmentSet, Visibility};

impl Journal {
    /// Decides a request, lets `work` answer it, and drafts its entry: all on one snapshot. Where it is refused, `read_first` records are
    /// looked for in vain.
    pub(super) fn prepare<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        call: &mut Call,
        (subject, read_first): (Subject, usize),
        work: impl FnOnce(&mut Snapshot<'_>, &Call, &Permit<A>) -> Result<Answer, Rejection>,
    ) -> Result<Ready, Error> {
        let Caller::Worker(principal) = &call.caller else {
            return Err(Error::Corrupt("only a worker can ask"));
        };
        let mut principal = principal.clone();
        let now = self.now();
        let mut directory = self.directory();
        let loaded = tx.facts_load(&principal, subject, &directory, now)?;
        // While another set is active, a process may activate its own, and put an end to a lost log: an old backup may have an
        // old set.
        if !matches!(A::NAME, ActionName::PolicyWrite | ActionName::LogRecover) {
            self.check_policy_set(tx, loaded.epoch(epoch::POLICY))?;
        }
        call.before = self.before(tx, call)?;
        if call.before.is_replayed {
            return self.replayed(tx, call, A::KIND);
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
            principal = Arc::new(Principal { directory_epoch: current, ..(*principal).clone() });
            call.caller = Caller::Worker(principal.clone());
        }
        if A::SCOPE.is_some_and(|scope| !principal.scopes.allow(scope)) {
            let problem = Problem::new(ProblemType::InsufficientScope);
            return self.refusal(tx, call, A::KIND, Outcome::Refused, self.no_grounds(), problem);
        }
        let wrong_subject = is_wrong_subject(&principal, subject, &loaded.gathered);
        let mut gathered = loaded.gathered;
        if A::NAME.is_about_deferral() {
            gathered.visibility = Visibility::WithDeferrals;
        }
        match self.0.policies.decide::<A>(&principal, gathered.seal()) {
            Err(denial) => match self.answered_before_it_went::<A>(call, &denial) {
                Some(answer) => self.permitted::<A>(tx, call, &principal, &denial.grounds, answer),
                None => {
                    if denial.cause == Cause::StoredFacts {
                        tx.look_for_records(read_first)?;
                    }
                    self.deny::<A>(tx, call, subject, denial)
                }
            },
            Ok(permit) if wrong_subject => {
                tx.look_for_records(read_first)?;
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
        if let Some(until) = answer.changes.as_ref().and_then(Changes::untold_until) {
            grounds.visibility = Visibility::Deferred(until);
        }
        let now = self.now();
        let draft = Draft {
            id: answer.changes.as_ref().map_or_else(|| EntryId::at(now), Changes::entry),
            recorded_at: now,
            kind: answer.changes.as_ref().and_then(Changes::kind).unwrap_or(A::KIND),
            outcome: Outcome::Permitted,
            reason_code: if answer.replayed { "replayed" } else { grounds.reason_code },
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
        let Drafted { row, commitments } =
            draft.finish(call, &grounds, &self.0.signature, tx.keys(), self.service_keys()?, person_key)?;
        let mut guards: Vec<GuardRow> = self.jti_guard(call, principal).into_iter().collect();
        if !answer.replayed && answer.changes.is_some() {
            guards.extend(self.idempotency_guard(call, answer.status, answer.location.as_deref()));
        }
        let openings = openings(&commitments, &grounds, principal);
        let obligations = grounds.obligations.join(", ");
        let job = UnsentJob {
            entry: row,
            valid_until_us: earliest(earliest(grounds.valid_until, answer.valid_until), principal.expires_at)
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
            obligations,
        };
        Ok(Ready { job, end })
    }

    /// The answer that an erasure had, to its repetition: what it was about cannot be found any more, by its own doing.
    fn answered_before_it_went<A: Action>(&self, call: &Call, denial: &Denial) -> Option<Answer> {
        let is_gone = denial.cause == Cause::StoredFacts && denial.grounds.target.is_none();
        if A::NAME != ActionName::PersonErase || !is_gone {
            return None;
        }
        // Another request under the same key is about nobody, like any other.
        self.answered_before(call).ok().flatten()
    }

    fn deny<A: Action>(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        subject: Subject,
        denial: Denial,
    ) -> Result<Ready, Error> {
        let Denial { grounds, cause, outcome } = denial;
        let found_nobody = grounds.target.is_none() && subject.is_somebody();
        let of_nobody = if found_nobody { as_of_somebody(tx, call)? } else { Vec::new() };
        let problem = match cause {
            Cause::RequestAlone => ProblemType::PurposeNotPermitted,
            Cause::StoredFacts => ProblemType::NotFoundOrNotPermitted,
        };
        let problem = Problem::because(problem, grounds.reason_code);
        let mut ready = self.refusal(tx, call, A::KIND, outcome, grounds, problem)?;
        ready.job.epochs.extend(of_nobody);
        Ok(ready)
    }

    /// A refusal that the request alone decided.
    pub(super) fn turned_away(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        kind: EntryKind,
        problem: Problem,
    ) -> Result<Ready, Error> {
        if self.before(tx, call)?.is_replayed {
            return self.replayed(tx, call, kind);
        }
        self.refusal(tx, call, kind, Outcome::Refused, self.no_grounds(), problem)
    }

    /// The refusal of a write whose token has served one. It comes before any other: two refusals cannot take one guard.
    fn replayed(&self, tx: &mut Snapshot<'_>, call: &Call, kind: EntryKind) -> Result<Ready, Error> {
        let problem = Problem::because(ProblemType::InvalidToken, "jti-replayed");
        self.refusal_unguarded(tx, call, kind, Outcome::Refused, self.no_grounds(), problem)
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
        // An entry under a key that is erased before it is appended would keep its lead to the person.
        let (person_key, epochs) = match &grounds.target {
            Some(target) => (
                tx.data_key_afresh(target.person, &target.custodian)?,
                tx.epochs(&[&epoch::erasure(target.person)])?,
            ),
            None => (None, Vec::new()),
        };
        let Drafted { row, .. } = draft.finish(
            call,
            &grounds,
            &self.0.signature,
            tx.keys(),
            self.service_keys()?,
            person_key.as_ref(),
        )?;
        let job = UnsentJob { entry: row, epochs, valid_until_us: None, guards: Vec::new(), change: None };
        Ok(Ready { job, end: End::Refusal(problem) })
    }

    fn service_keys(&self) -> Result<&ServiceKeys, Error> {
        self.0.writer.keys.get().ok_or(Error::Corrupt("the writer has not started"))
    }

    /// The grounds of a refusal for which no facts were asked.
    pub(super) fn no_grounds(&self) -> Grounds {
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
            visibility: Visibility::Immediate,
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
                *self.0.policy_epoch.write().unwrap_or_else(PoisonError::into_inner) = Some(current);
                Ok(())
            }
            Some(_) => Err(Error::OtherPolicySet),
        }
    }
}

/// Looks up for nobody what the entry of a refusal looks up for somebody, so that it costs the same, here and in the writer.
fn as_of_somebody(tx: &mut Snapshot<'_>, call: &Call) -> Result<Vec<Epoch>, Error> {
    let nobody = PersonId::random();
    tx.data_key_afresh(nobody, call.caller.agency())?;
    tx.epochs(&[&epoch::erasure(nobody)])
}

/// Whether the directory, as it is now, still lets the principal in: suspension and revocation bite at once.
pub(super) fn still_admits(directory: &Directory, principal: &Principal) -> bool {
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

/// Whether a token was issued for another person than the one that the request is about. Where the agency has no reference for the
/// person, a token is issued for the record: who answers caseload checks live is asked about people whom it has not written down.
fn is_wrong_subject(principal: &Principal, subject: Subject, gathered: &Gathered) -> bool {
    let Some(target) = &gathered.target else { return false };
    let for_record = match subject {
        Subject::Record(Kind::Check, handle) if target.client_ref.is_none() => Some(handle),
        // Who is asked to meet somebody at a gate need not have written the person down.
        Subject::Record(Kind::PickUp, handle) => Some(handle),
        // The matching desk has no reference for anybody: a token names the case.
        Subject::Record(Kind::Match, case) => Some(case),
        // Who is told of one of these knows it by its own name before it has read whom it is about.
        Subject::Record(
            Kind::JointDecision
            | Kind::HousingReferral
            | Kind::EvictionHold
            | Kind::JointAssessment
            | Kind::TestResult
            | Kind::Attendance
            | Kind::Concern
            | Kind::BreakGlass
            | Kind::MeetingPage
            | Kind::InboundReferral
            | Kind::Destination
            | Kind::JointVisit
            | Kind::HospitalNotice
            | Kind::Delegation,
            record,
        ) => Some(record),
        Subject::Nobody | Subject::Many | Subject::Collection | Subject::Client(_) | Subject::Record(..) => {
            None
        }
    };
    let is_about = |requested| {
        target.client_ref == Some(requested)
            || for_record == Some(requested)
            || target.other_refs.contains(&requested)
    };
    principal.subject_bound && subject != Subject::Nobody && !principal.requested_record.is_some_and(is_about)
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
