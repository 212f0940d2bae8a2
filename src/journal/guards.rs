//! Replay: a token serves one write, an `Idempotency-Key` one effect, and a retry gets the first answer again.

use subtle::ConstantTimeEq as _;

use super::call::{Call, Caller};
use super::disclosure::Rejection;
use super::process::Journal;
use super::road::Answer;
use crate::crypto::{BlindIndex, Token};
use crate::identity::principal::Principal;
use crate::problem::{Problem, ProblemType};
use crate::store::replay::GuardRow;
use crate::store::{Error, Snapshot};

/// How long the answer of an `Idempotency-Key` is kept.
const IDEMPOTENCY_HOURS: i64 = 24;

impl Journal {
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

    /// Whether the token of this write has served one.
    pub(super) fn is_replayed(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        principal: &Principal,
    ) -> Result<bool, Error> {
        match self.jti_token(call, principal) {
            Some(guard) => Ok(tx.answered(&guard, self.now().as_microsecond())?.is_some()),
            None => Ok(false),
        }
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
