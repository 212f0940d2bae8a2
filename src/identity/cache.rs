//! Tokens whose signature was verified a moment ago: bounded, and void with the directory that they were verified by.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use ring::digest::{Context, SHA256};

use super::principal::Principal;
use crate::directory::CertificateSha256;

const SHARDS: usize = 16;
/// How many principals one generation of one shard holds; twice that per shard is the bound.
const GENERATION: usize = 256;

/// Verified tokens. A token is found only together with the certificate that it came over.
pub(super) struct TokenCache {
    shards: [Mutex<Shard>; SHARDS],
}

/// SHA-256 over the certificate's hash and the token.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct CacheKey([u8; 32]);

/// Two generations: when the young one is full it becomes the old one, and what was old is forgotten.
#[derive(Default)]
struct Shard {
    young: HashMap<CacheKey, Principal>,
    old: HashMap<CacheKey, Principal>,
}

impl CacheKey {
    pub(super) fn new(token: &str, certificate: &CertificateSha256) -> Self {
        let mut context = Context::new(&SHA256);
        context.update(certificate.as_bytes()); // of fixed length, so no two pairs share a string
        context.update(token.as_bytes());
        let mut key = [0; 32];
        key.copy_from_slice(context.finish().as_ref());
        Self(key)
    }
}

impl TokenCache {
    pub(super) fn new() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()) }
    }

    /// The principal, if the token has not expired since and the directory has not changed since.
    pub(super) fn get(&self, key: &CacheKey, epoch: i64, now: Timestamp) -> Option<Principal> {
        let mut shard = self.shard(key)?;
        let found = shard.young.get(key).or_else(|| shard.old.get(key))?;
        let live = found.directory_epoch == epoch && found.expires_at.is_some_and(|end| now < end);
        if live {
            return Some(found.clone());
        }
        shard.young.remove(key);
        shard.old.remove(key);
        None
    }

    pub(super) fn put(&self, key: CacheKey, principal: Principal) {
        let Some(mut shard) = self.shard(&key) else { return };
        if shard.young.len() >= GENERATION {
            shard.old = std::mem::take(&mut shard.young);
        }
        shard.young.insert(key, principal);
    }

    fn shard(&self, key: &CacheKey) -> Option<std::sync::MutexGuard<'_, Shard>> {
        let [first, ..] = key.0;
        let shard = self.shards.get(usize::from(first) % SHARDS)?;
        // A map is whole after any panic of a holder: its operations are all or nothing.
        Some(shard.lock().unwrap_or_else(PoisonError::into_inner))
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.shards
            .iter()
            .map(|shard| {
                let shard = shard.lock().unwrap();
                shard.young.len() + shard.old.len()
            })
            .sum()
    }

    #[cfg(test)]
    pub(super) const BOUND: usize = SHARDS * GENERATION * 2;
}
