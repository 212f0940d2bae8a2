//! Seeds, salts and commitments: what binds an entry's plaintexts to its leaf without showing them.

use std::fmt;
use std::sync::LazyLock;

use ring::digest::{Context, SHA256};
use ring::hkdf::{HKDF_SHA256, Prk, Salt};
use ring::rand::{SecureRandom as _, SystemRandom};
use zeroize::{Zeroize as _, Zeroizing};

use super::{Field, Fields, Opening, Part};
use crate::ledger::Hash;
use crate::ledger::tree::{leaf_hash, node_hash};

static EXTRACT: LazyLock<Salt> = LazyLock::new(|| Salt::new(HKDF_SHA256, b"throughgate-audit/v1"));
const COMMITMENT: &[u8] = b"throughgate-audit/v1/";
const PART_VERSION: u8 = 1;

/// The two secrets of one entry from which its salts are derived. Whoever destroys one can no longer test a guess at
/// a plaintext of that part.
#[derive(Clone)]
pub struct Seeds {
    person: Zeroizing<[u8; 32]>,
    rest: Zeroizing<[u8; 32]>,
}

impl Seeds {
    /// New random seeds; an error if the machine gives no randomness.
    pub fn random() -> Result<Self, ring::error::Unspecified> {
        let (mut person, mut rest) = (Zeroizing::new([0; 32]), Zeroizing::new([0; 32]));
        let source = SystemRandom::new();
        source.fill(person.as_mut())?;
        source.fill(rest.as_mut())?;
        Ok(Self { person, rest })
    }

    /// Seeds that are known already.
    pub fn from_bytes(person: [u8; 32], rest: [u8; 32]) -> Self {
        Self { person: Zeroizing::new(person), rest: Zeroizing::new(rest) }
    }

    fn of(&self, part: Part) -> &[u8; 32] {
        match part {
            Part::Person => &self.person,
            Part::Rest => &self.rest,
        }
    }
}

impl fmt::Debug for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seeds(…)")
    }
}

/// The commitments of one entry, with what opens them.
pub struct Commitments {
    fields: Fields,
    /// `None` where the seed has been erased.
    salts: [Option<Zeroizing<[u8; 32]>>; 32],
    commitments: [Hash; 32],
    /// The 32 leaf hashes, then the 16 nodes above, 8, 4, 2.
    levels: Vec<Vec<Hash>>,
    root: Hash,
}

impl Commitments {
    /// Commits to all 32 fields.
    pub fn new(fields: Fields, seeds: &Seeds) -> Self {
        let (person, rest) = (Salts::new(&seeds.person), Salts::new(&seeds.rest));
        let salts = Field::ALL.map(|field| match field.part() {
            Part::Person => Some(person.of(field)),
            Part::Rest => Some(rest.of(field)),
        });
        Self::build(fields, salts, [None; 32])
    }

    /// Takes up the commitments of a stored entry, so that its fields can be opened. Without the person's part (erased)
    /// only the rest can be.
    pub fn restore(rest: &DecodedPart, person: Option<&DecodedPart>) -> Result<Self, MalformedPart> {
        if rest.part != Part::Rest || person.is_some_and(|person| person.part != Part::Person) {
            return Err(MalformedPart);
        }
        let mut fields = Fields::new();
        let salts = Field::ALL.map(|field| {
            let part = if field.part() == Part::Rest { rest } else { person? };
            fields.set(field, part.fields.get(field));
            Some(Salts::new(&part.seed).of(field))
        });
        Ok(Self::build(fields, salts, rest.others))
    }

    /// The leaf's `details`.
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// The plaintexts.
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Opens one field; `None` if its part has been erased.
    pub fn open(&self, field: Field) -> Option<Opening> {
        let salt = self.salts.get(field.place())?.as_deref()?;
        let mut path = [Hash::from_bytes([0; 32]); 5];
        for ((depth, level), sibling) in self.levels.iter().enumerate().zip(&mut path) {
            *sibling = *level.get(field.place() >> depth ^ 1)?;
        }
        Some(Opening { field, salt: *salt, plaintext: self.fields.get(field).to_owned(), path })
    }

    /// What the store encrypts for one part: a version byte, the part's seed, and its plaintexts (number, length as a
    /// big-endian u32, bytes; absent fields left out). The rest starts with the person's commitments too (nothing can be
    /// learnt from them without that seed), so that the rest can still be opened when the person's part is gone.
    pub fn encode_part(&self, part: Part, seeds: &Seeds) -> Zeroizing<Vec<u8>> {
        let present = || Field::ALL.into_iter().filter(move |field| field.part() == part);
        // Sized first: growing would leave plaintext behind in freed memory.
        let room: usize = present().map(|field| 5 + self.fields.get(field).len()).sum();
        let mut bytes = Zeroizing::new(Vec::with_capacity(1 + 32 + 9 * 32 + room));
        bytes.push(PART_VERSION);
        bytes.extend_from_slice(seeds.of(part));
        if part == Part::Rest {
            for (field, commitment) in Field::ALL.iter().zip(&self.commitments) {
                if field.part() == Part::Person {
                    bytes.extend_from_slice(commitment.as_bytes());
                }
            }
        }
        for field in present() {
            let plaintext = self.fields.get(field).as_bytes();
            if let (false, Ok(length)) = (plaintext.is_empty(), u32::try_from(plaintext.len())) {
                bytes.push(field.number());
                bytes.extend_from_slice(&length.to_be_bytes());
                bytes.extend_from_slice(plaintext);
            }
        }
        bytes
    }

    fn build(fields: Fields, salts: [Option<Zeroizing<[u8; 32]>>; 32], known: [Option<Hash>; 32]) -> Self {
        let mut commitments = [Hash::from_bytes([0; 32]); 32];
        for (((field, salt), known), commitment) in
            Field::ALL.into_iter().zip(&salts).zip(known).zip(&mut commitments)
        {
            let made = salt.as_deref().map(|salt| commit(field, salt, fields.get(field)));
            *commitment = made.or(known).unwrap_or(*commitment);
        }
        let mut level: Vec<_> =
            commitments.iter().map(|commitment| leaf_hash(commitment.as_bytes())).collect();
        let mut levels = Vec::with_capacity(5);
        while level.len() > 1 {
            let pairs = level.as_chunks::<2>().0;
            let above = pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
            levels.push(std::mem::replace(&mut level, above));
        }
        let root = level.first().copied().unwrap_or(Hash::from_bytes([0; 32]));
        Self { fields, salts, commitments, levels, root }
    }
}

impl fmt::Debug for Commitments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Commitments({})", self.root)
    }
}

/// One part of a stored entry, decrypted.
pub struct DecodedPart {
    part: Part,
    seed: Zeroizing<[u8; 32]>,
    fields: Fields,
    /// The commitments of the other part, where this one carries them.
    others: [Option<Hash>; 32],
}

impl DecodedPart {
    /// Reads what [`Commitments::encode_part`] wrote for this part.
    pub fn decode(part: Part, bytes: &[u8]) -> Result<Self, MalformedPart> {
        let (version, rest) = bytes.split_first().ok_or(MalformedPart)?;
        let (seed, mut rest) = rest.split_first_chunk::<32>().ok_or(MalformedPart)?;
        if *version != PART_VERSION {
            return Err(MalformedPart);
        }
        let mut others = [None; 32];
        for (field, other) in Field::ALL.into_iter().zip(&mut others) {
            if part == Part::Rest && field.part() == Part::Person {
                let (commitment, after) = rest.split_first_chunk::<32>().ok_or(MalformedPart)?;
                *other = Some(Hash::from_bytes(*commitment));
                rest = after;
            }
        }
        let (mut fields, mut last) = (Fields::new(), 0);
        while let Some(([number, length @ ..], after)) = rest.split_first_chunk::<5>() {
            let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| MalformedPart)?;
            let (plaintext, after) = after.split_at_checked(length).ok_or(MalformedPart)?;
            let field = Field::from_number(*number).filter(|field| field.part() == part && *number > last);
            fields.set(field.ok_or(MalformedPart)?, str::from_utf8(plaintext).map_err(|_| MalformedPart)?);
            (last, rest) = (*number, after);
        }
        if rest.is_empty() {
            Ok(Self { part, seed: Zeroizing::new(*seed), fields, others })
        } else {
            Err(MalformedPart)
        }
    }

    /// The plaintexts of this part; all others are absent in it.
    pub const fn fields(&self) -> &Fields {
        &self.fields
    }
}

impl fmt::Debug for DecodedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecodedPart({:?}, {:?})", self.part, self.fields)
    }
}

/// Bytes that are not a part of a stored entry, or not the part that was asked for. Holds nothing of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a stored part of an entry")]
pub struct MalformedPart;

/// `SHA-256("throughgate-audit/v1/" ‖ n ‖ salt ‖ plaintext)`.
pub(super) fn commit(field: Field, salt: &[u8; 32], plaintext: &str) -> Hash {
    let mut context = Context::new(&SHA256);
    let mut head = [0; COMMITMENT.len() + 33];
    let (prefix, tail) = head.split_at_mut(COMMITMENT.len());
    prefix.copy_from_slice(COMMITMENT);
    if let Some((number, place)) = tail.split_first_mut() {
        *number = field.number();
        place.copy_from_slice(salt);
    }
    context.update(&head);
    context.update(plaintext.as_bytes());
    head.zeroize();
    Hash::from_digest(&context.finish())
}

/// The salts of one part: the extraction is done once.
struct Salts(Prk);

impl Salts {
    fn new(seed: &[u8; 32]) -> Self {
        Self(EXTRACT.extract(seed))
    }

    fn of(&self, field: Field) -> Zeroizing<[u8; 32]> {
        let mut salt = Zeroizing::new([0; 32]);
        let number = [field.number()];
        let info = [number.as_slice()];
        // Neither step can fail: HKDF-SHA-256 refuses only outputs longer than 8,160 bytes or not of the stated length.
        let filled = self.0.expand(&info, HKDF_SHA256).and_then(|okm| okm.fill(salt.as_mut()));
        debug_assert!(filled.is_ok(), "32 bytes are within what HKDF gives");
        salt
    }
}

#[cfg(test)]
#[path = "commitments_tests.rs"]
mod tests;
