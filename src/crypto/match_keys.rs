//! The keys of the matching index: one a generation, so that it can be keyed anew while it is used.

use ring::hmac;

use super::blind_index::BlindIndex;

/// Which key a token was made under: 0 to 7, in its three highest bits.
pub type Generation = u8;
/// There are no more than so many; after the last comes the first.
pub(super) const GENERATIONS: Generation = 8;
/// The bits of a token below its generation. The highest is the sign, which is never set.
const BITS: u32 = 60;

/// The key of one generation.
pub struct MatchKeys {
    generation: Generation,
    index: BlindIndex,
}

/// The key for one use of one generation.
pub struct UseKey {
    generation: Generation,
    key: hmac::Key,
}

impl MatchKeys {
    pub(super) fn new(generation: Generation, secret: &[u8; 32]) -> Self {
        Self { generation: generation % GENERATIONS, index: BlindIndex::new(secret) }
    }

    /// Which it is.
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// The key for one use, so that tokens of two uses never compare equal but by chance.
    pub fn for_use(&self, usage: &str) -> UseKey {
        UseKey { generation: self.generation, key: self.index.key_of(&format!("match/{usage}")) }
    }

    /// The least and the greatest token of a generation.
    pub fn range(generation: Generation) -> (i64, i64) {
        let least = i64::from(generation % GENERATIONS) << BITS;
        (least, least | ((1 << BITS) - 1))
    }
}

impl UseKey {
    /// The token of a value: sixty bits of its HMAC, under the generation. Two values share one by chance among a milliard
    /// milliards, and then one candidate more is compared.
    pub fn token(&self, value: &[u8]) -> i64 {
        let signed = hmac::sign(&self.key, value);
        let mut first = [0; 8];
        for (to, from) in first.iter_mut().zip(signed.as_ref()) {
            *to = *from;
        }
        let low = i64::from_be_bytes(first) & ((1 << BITS) - 1);
        (i64::from(self.generation) << BITS) | low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_lie_in_the_range_of_their_generation_and_differ_by_use_and_key() {
        for generation in 0..GENERATIONS {
            let keys = MatchKeys::new(generation, &[1; 32]);
            let token = keys.for_use("names").token(b"testa");
            let (least, greatest) = MatchKeys::range(generation);
            assert!(least >= 0 && (least..=greatest).contains(&token));
            assert_eq!(token, keys.for_use("names").token(b"testa"));
            assert_ne!(token, keys.for_use("terms").token(b"testa"));
            assert_ne!(token, MatchKeys::new(generation, &[2; 32]).for_use("names").token(b"testa"));
        }
    }
}
