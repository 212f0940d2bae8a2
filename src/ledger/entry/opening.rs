//! Openings: the proof that one field of one entry has one plaintext, and nothing about the others.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Field;
use super::commitments::commit;
use crate::ledger::Hash;
use crate::ledger::tree::{leaf_hash, node_hash};

/// One field of an entry, opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Opening {
    /// Which field.
    pub field: Field,
    /// Its salt.
    pub salt: [u8; 32],
    /// Its plaintext; empty if the field is absent.
    pub plaintext: String,
    /// The siblings from the field's leaf up to below the root.
    pub path: [Hash; 5],
}

impl Opening {
    /// Whether it opens an entry whose leaf has these `details`.
    pub fn verify(&self, details: &Hash) -> bool {
        let commitment = commit(self.field, &self.salt, &self.plaintext);
        let mut hash = leaf_hash(commitment.as_bytes());
        let mut place = self.field.place();
        for sibling in &self.path {
            hash = if place & 1 == 0 { node_hash(&hash, sibling) } else { node_hash(sibling, &hash) };
            place >>= 1;
        }
        hash == *details
    }

    /// The header `Audit-Openings`: a dictionary of RFC 8941, by field name, each value the byte sequence
    /// salt (32) ‖ path (5 × 32) ‖ plaintext.
    pub fn print_header(openings: &[Self]) -> String {
        let mut header = String::new();
        for opening in openings {
            let mut bytes = opening.salt.to_vec();
            bytes.extend(opening.path.iter().flat_map(|hash| *hash.as_bytes()));
            bytes.extend_from_slice(opening.plaintext.as_bytes());
            if !header.is_empty() {
                header.push_str(", ");
            }
            header.push_str(opening.field.name());
            header.push_str("=:");
            STANDARD.encode_string(bytes, &mut header);
            header.push(':');
        }
        header
    }

    /// Reads the header `Audit-Openings`; refuses it whole if any member is malformed or given twice.
    pub fn parse_header(header: &str) -> Result<Vec<Self>, MalformedOpening> {
        let mut openings: Vec<Self> = Vec::new();
        for member in header.split(',').map(|member| member.trim_matches([' ', '\t'])) {
            let opening = Self::parse_member(member).ok_or(MalformedOpening)?;
            if openings.iter().any(|earlier| earlier.field == opening.field) {
                return Err(MalformedOpening);
            }
            openings.push(opening);
        }
        Ok(openings)
    }

    fn parse_member(member: &str) -> Option<Self> {
        let (name, value) = member.split_once('=')?;
        let bytes = STANDARD.decode(value.strip_prefix(':')?.strip_suffix(':')?).ok()?;
        let (salt, rest) = bytes.split_first_chunk::<32>()?;
        let (path, plaintext) = rest.split_first_chunk::<160>()?;
        let mut siblings = [Hash::from_bytes([0; 32]); 5];
        for (sibling, bytes) in siblings.iter_mut().zip(path.as_chunks::<32>().0) {
            *sibling = Hash::from_bytes(*bytes);
        }
        let plaintext = str::from_utf8(plaintext).ok()?.to_owned();
        Some(Self { field: Field::from_name(name)?, salt: *salt, plaintext, path: siblings })
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Opening({})", self.field.name())
    }
}

/// Text that is not a list of openings. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed list of openings")]
pub struct MalformedOpening;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::entry::{Commitments, Fields, Seeds};

    fn commitments() -> Commitments {
        let mut fields = Fields::new();
        fields.set(Field::Purpose, "referral").set(Field::Agency, "northmoor-cjit");
        Commitments::new(fields, &Seeds::from_bytes([3; 32], [4; 32]))
    }

    #[test]
    fn every_field_opens_present_or_absent_and_only_as_itself() {
        let commitments = commitments();
        let root = commitments.root();
        for field in Field::ALL {
            let opening = commitments.open(field).unwrap();
            assert!(opening.verify(&root));
            for other in Field::ALL.into_iter().filter(|other| *other != field) {
                assert!(!Opening { field: other, ..opening.clone() }.verify(&root));
            }
        }
    }

    #[test]
    fn a_header_comes_back_as_it_was() {
        let commitments = commitments();
        let openings =
            [Field::Purpose, Field::Agency, Field::TraceId].map(|field| commitments.open(field).unwrap());
        let header = Opening::print_header(&openings);
        assert_eq!(Opening::parse_header(&header), Ok(openings.to_vec()));
        for wrong in
            ["", "purpose", "purpose=::", &format!("{header},{header}"), &header.replace("purpose", "motive")]
        {
            assert_eq!(Opening::parse_header(wrong), Err(MalformedOpening));
        }
    }

    #[test]
    fn an_opening_with_any_bit_changed_fails() {
        let commitments = commitments();
        let header = Opening::print_header(&[commitments.open(Field::Purpose).unwrap()]);
        for at in 0..header.len() {
            for bit in 0..7 {
                let mut bytes = header.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                let holds = Opening::parse_header(&String::from_utf8(bytes).unwrap())
                    .is_ok_and(|openings| openings.iter().all(|opening| opening.verify(&commitments.root())));
                assert!(!holds, "byte {at}, bit {bit}");
            }
        }
    }
}
