//! Keyed tokens: equal values give equal tokens to whoever holds the key, and nothing to whoever holds the database.

use ring::hmac;

/// A keyed token of a value: HMAC-SHA-256, cut to sixteen bytes.
pub type Token = [u8; 16];

/// The keys under which values become tokens: one for each use, so that tokens of two uses never compare equal.
pub struct BlindIndex {
    root: hmac::Key,
}

impl BlindIndex {
    pub(super) fn new(secret: &[u8; 32]) -> Self {
        Self { root: hmac::Key::new(hmac::HMAC_SHA256, secret) }
    }

    /// The token of a value for one use (a match rule, `person`, `worker`, `replay` …).
    pub fn token(&self, usage: &str, parts: &[&[u8]]) -> Token {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, ..] = self.digest(usage, parts);
        [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
    }

    /// A token as a number, for where a database or a caller takes numbers.
    pub fn number(&self, usage: &str, parts: &[&[u8]]) -> i64 {
        let [a, b, c, d, e, f, g, h, ..] = self.token(usage, parts);
        i64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    /// The key for one use.
    pub(super) fn key_of(&self, usage: &str) -> hmac::Key {
        hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&self.root, usage.as_bytes()).as_ref())
    }

    /// The whole 32 bytes, where a stored hash of content must not be testable by guessing.
    pub fn digest(&self, usage: &str, parts: &[&[u8]]) -> [u8; 32] {
        let key = self.key_of(usage);
        let mut context = hmac::Context::with_key(&key);
        for part in parts {
            context.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            context.update(part);
        }
        let mut out = [0; 32];
        out.copy_from_slice(context.sign().as_ref());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_differ_by_use_key_and_division_into_parts() {
        let index = BlindIndex::new(&[1; 32]);
        let token = index.token("nhs", &[b"ab", b"c"]);
        assert_eq!(token, index.token("nhs", &[b"ab", b"c"]));
        assert_ne!(token, index.token("pnc", &[b"ab", b"c"]));
        assert_ne!(token, index.token("nhs", &[b"a", b"bc"]));
        assert_ne!(token, BlindIndex::new(&[2; 32]).token("nhs", &[b"ab", b"c"]));
    }
}
