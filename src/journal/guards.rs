//! Replay: a token serves one write, an `Idempotency-Key` one effect, and a retry gets the first answer again.

use subtle::ConstantTimeEq as _;

use super::call::{Call, Caller};
use super::process::Journal;
use super::road::Answer;
use crate::crypto::{BlindIndex, Token};
use crate::identity::principal::Principal;
use crate::problem::{Problem, ProblemType};
use crate::store::replay::{Answered, GuardRow};
use crate::store::{Error, Snapshot};

/// How long the answer of an `Idempotency-Key` is kept.
const IDEMPOTENCY_HOURS: i64 = 24;

/// For what the guards of a request were taken before.
#[derive(Debug, Clone, Default)]
pub struct Before {
    /// Whether the token of this write has served one.
    pub(super) is_replayed: bool,
    /// What this `Idempotency-Key` was answered.
    answered: Option<Answered>,
}

impl Journal {
    /// Looks up for what the guards of a request were taken before.
    pub(super) fn before(&self, tx: &mut Snapshot<'_>, call: &Call) -> Result<Before, Error> {
        let Caller::Worker(principal) = &call.caller else {
            return Ok(Before::default());
        };
        let (jti, key) = (self.jti_token(call, principal), self.idempotency(call).map(|(guard, _)| guard));
        let guards: Vec<Token> = jti.into_iter().chain(key).collect();
        let taken = tx.answered(&guards, self.now().as_microsecond())?;
        let of =
            |guard: Option<Token>| taken.iter().find(|taken| guard.is_some_and(|guard| taken.guard == guard));
        Ok(Before { is_replayed: of(jti).is_some(), answered: of(key).cloned() })
    }

    /// The answer that this `Idempotency-Key` had before, if it had one.
    pub(super) fn answered_before(&self, call: &Call) -> Result<Option<Answer>, Problem> {
        let (Some((_, request)), Some(answered)) = (self.idempotency(call), &call.before.answered) else {
            return Ok(None);
        };
        if !bool::from(answered.request.ct_eq(&request)) {
            return Err(Problem::new(ProblemType::IdempotencyConflict));
        }
        Ok(Some(Answer {
            body: b"{}".to_vec(),
            status: answered.status,
            location: answered.location.clone(),
            version: None,
            next: None,
            valid_until: None,
            changes: None,
            replayed: true,
        }))
    }

    fn jti_token(&self, call: &Call, principal: &Principal) -> Option<Token> {
        let jti = principal.jti.as_deref().filter(|_| call.is_write)?;
        Some(self.index().token("guard/jti", &[principal.agency.as_str().as_bytes(), jti.as_bytes()]))
    }

    pub(super) fn jti_guard(&self, call: &Call, principal: &Principal) -> Option<GuardRow> {
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
        // A read has no effect that a key could make one: it is answered anew each time.
        let key = call.idempotency_key.as_deref().filter(|_| call.is_write)?;
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

    pub(super) fn idempotency_guard(
        &self,
        call: &Call,
        status: u16,
        location: Option<&str>,
    ) -> Option<GuardRow> {
        let (guard, request) = self.idempotency(call)?;
        Some(GuardRow {
            guard: guard.to_vec(),
            expires_us: self.now().as_microsecond().saturating_add(IDEMPOTENCY_HOURS * 3_600_000_000),
            request: request.to_vec(),
            status: i64::from(status),
            location: location.unwrap_or_default().to_owned(),
        })
    }

    fn index(&self) -> &BlindIndex {
        self.0.store.keys().index()
    }
}
