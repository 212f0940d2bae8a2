//! Entries of the log: the leaf that anyone may see, and the salted commitments to all that it does not show.
//!
//! # How a verifier checks an entry
//!
//! A **leaf** is RFC 8785 JSON with the members `details id kind origin outcome policy_sha256 replica ts v` in this order.
//! Its `details` is the root of an RFC 6962 tree over 32 leaves, one for each [`Field`] in the order of its number `n`:
//!
//! ```text
//! prk_part     = HKDF-Extract-SHA-256(salt = "throughgate-audit/v1", ikm = seed_part)     two 32-byte seeds: person, rest
//! salt_n       = HKDF-Expand-SHA-256(prk_part, info = n as one byte, 32 bytes)            part of field n: Field::part
//! commitment_n = SHA-256("throughgate-audit/v1/" ‖ n as one byte ‖ salt_n ‖ plaintext_n)  absent: the empty plaintext
//! leaf_n       = SHA-256(0x00 ‖ commitment_n)
//! details      = the root over leaf_1 … leaf_32, each node SHA-256(0x01 ‖ left ‖ right)
//! ```
//!
//! To **open** a field, show n, salt_n, plaintext_n and the five siblings from leaf_n upwards.
//!
//! # Test vector
//!
//! Seeds: person = 32 bytes 0x01, rest = 32 bytes 0x02. Fields: `agency` = `northmoor-cjit`, `worker` = `testa-alder`,
//! `purpose` = `continuity-of-care`, `segments_released` = `contact` U+000A `identity`,
//! `occurred_at` = `2026-11-22T06:30:00.000Z`; all others absent.
//! The leaf is that of a permitted disclosure by replica `a` of the log `northmoor.example/log`; its policy set is empty.
//!
//! ```text
//! salt_2    5b3f2a5bb4901c5d893e5f05f86db0023ac8346a4e297ce975eabc41d9acad1d
//! details   43129090debd610f6e1684455f4432475c2840eccf1d65f81c755c309db7b8ab
//! leaf (one line)
//! {"details":"43129090debd610f6e1684455f4432475c2840eccf1d65f81c755c309db7b8ab","id":"019abcde-f012-73
//! 45-8678-9abcdef01234","kind":"disclosure","origin":"northmoor.example/log","outcome":"permitted","po
//! licy_sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","replica":"a","ts":"
//! 2026-11-22T06:30:00.250Z","v":1}
//! leaf hash 92a6e74d277d0753df0295ebee9c18f55e6a3a0b0612a56b1af258cbe018191b
//! ```

mod commitments;
mod field;
mod leaf;
mod opening;

pub use commitments::{Commitments, DecodedPart, MalformedPart, Seeds};
pub use field::{Field, Fields, Part};
pub use leaf::{Leaf, LeafError};
pub use opening::{MalformedOpening, Opening};
