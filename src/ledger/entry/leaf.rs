//! The leaf: the bytes of an entry that are hashed into the tree, shown to auditors and never written again.

use jiff::Timestamp;
use serde::Deserialize;

use super::field::format_time;
use crate::id::EntryId;
use crate::ledger::Hash;
use crate::vocabulary::{EntryKind, Outcome};

mod scan;

/// What an entry shows: that something of a kind happened, when, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The entry's id; occurs once in a log.
    pub id: EntryId,
    /// When it was recorded, to the millisecond.
    pub ts: Timestamp,
    /// What it is about.
    pub kind: EntryKind,
    /// How it ended.
    pub outcome: Outcome,
    /// The log's name, as in its checkpoints.
    pub origin: String,
    /// The gateway process that wrote it.
    pub replica: String,
    /// SHA-256 of the policy set that decided.
    pub policy_sha256: Hash,
    /// The root over the commitments to all else.
    pub details: Hash,
}

impl Leaf {
    /// The leaf as RFC 8785 JSON: members in the order of their names, no white space. For one origin and replica its
    /// length depends on kind and outcome alone (years 0000 to 9999). What is finer than a millisecond is cut off.
    pub fn to_bytes(&self) -> Vec<u8> {
        format!(
            r#"{{"details":"{}","id":"{}","kind":"{}","origin":{},"outcome":"{}","policy_sha256":"{}","replica":{},"ts":"{}","v":1}}"#,
            self.details,
            self.id,
            self.kind.code(),
            json_string(&self.origin),
            self.outcome.code(),
            self.policy_sha256,
            json_string(&self.replica),
            format_time(self.ts),
        )
        .into_bytes()
    }

    /// Reads a leaf. Only the very bytes that [`Self::to_bytes`] would write are one.
    pub fn parse(bytes: &[u8]) -> Result<Self, LeafError> {
        // A log is verified at the pace of this function, and nearly every leaf is plain.
        match scan::plain_leaf(bytes) {
            Some(leaf) => Ok(leaf),
            None => Self::parse_any(bytes),
        }
    }

    /// Reads a leaf as any JSON, and compares it with its canonical form.
    fn parse_any(bytes: &[u8]) -> Result<Self, LeafError> {
        let members: Members<'_> = serde_json::from_slice(bytes).map_err(|_| LeafError::Malformed)?;
        if members.v != 1 {
            return Err(LeafError::Version);
        }
        let leaf = Self {
            id: members.id.parse().map_err(|_| LeafError::Malformed)?,
            ts: members.ts.parse().map_err(|_| LeafError::Malformed)?,
            kind: members.kind,
            outcome: members.outcome,
            origin: members.origin,
            replica: members.replica,
            policy_sha256: members.policy_sha256.parse().map_err(|_| LeafError::Malformed)?,
            details: members.details.parse().map_err(|_| LeafError::Malformed)?,
        };
        if leaf.to_bytes() == bytes { Ok(leaf) } else { Err(LeafError::NotCanonical) }
    }
}

/// Bytes that are not a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LeafError {
    /// Not JSON with exactly the members of a leaf.
    #[error("not a leaf of the audit log")]
    Malformed,
    /// A leaf of a version that is not known here.
    #[error("a leaf of an unknown version")]
    Version,
    /// A leaf in another spelling than the one that is hashed.
    #[error("a leaf that is not in canonical form")]
    NotCanonical,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members<'l> {
    details: &'l str,
    id: &'l str,
    kind: EntryKind,
    origin: String,
    outcome: Outcome,
    policy_sha256: &'l str,
    replica: String,
    ts: &'l str,
    v: u8,
}

/// A JSON string with the escapes of RFC 8785, which are those of `serde_json`.
fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf() -> Leaf {
        Leaf {
            id: "01f0c0de-0000-7000-8000-000000000001".parse().unwrap(),
            ts: "2026-11-22T06:30:00.250Z".parse().unwrap(),
            kind: EntryKind::Disclosure,
            outcome: Outcome::Permitted,
            origin: "northmoor.example/log".to_owned(),
            replica: "a".to_owned(),
            policy_sha256: Hash::sha256(b"policies"),
            details: Hash::sha256(b"details"),
        }
    }

    #[test]
    fn a_leaf_comes_back_from_its_bytes() {
        let odd = Leaf { origin: "q\"b\\n\n\u{1}é\u{2028}".to_owned(), ..leaf() };
        for leaf in [leaf(), odd] {
            assert_eq!(Leaf::parse(&leaf.to_bytes()), Ok(leaf));
        }
    }

    /// The short way accepts nothing that the long one would not, and reads it alike.
    #[track_caller]
    fn both_ways_agree(bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        match scan::plain_leaf(bytes) {
            Some(leaf) => assert_eq!(Leaf::parse_any(bytes), Ok(leaf), "{text}"),
            None => assert_eq!(Leaf::parse(bytes), Leaf::parse_any(bytes), "{text}"),
        }
    }

    #[test]
    fn a_plain_leaf_is_read_the_short_way() {
        let odd = Leaf { replica: "a\\b".to_owned(), ..leaf() };
        assert_eq!(scan::plain_leaf(&leaf().to_bytes()), Some(leaf()));
        assert_eq!(scan::plain_leaf(&odd.to_bytes()), None);
        assert_eq!(Leaf::parse(&odd.to_bytes()), Ok(odd));
    }

    #[test]
    fn the_short_way_and_the_long_one_read_every_change_of_one_byte_alike() {
        let bytes = leaf().to_bytes();
        for at in 0..bytes.len() {
            for value in 0..=255 {
                let mut changed = bytes.clone();
                changed[at] = value;
                both_ways_agree(&changed);
            }
            both_ways_agree(&bytes[..at]);
        }
    }

    #[test]
    fn the_short_way_and_the_long_one_read_moments_at_the_edge_alike() {
        let text = String::from_utf8(leaf().to_bytes()).unwrap();
        for ts in [
            "2026-11-22T06:30:60.250Z",
            "2026-11-22T23:59:60.000Z",
            "2026-11-22T24:00:00.000Z",
            "2026-02-29T06:30:00.250Z",
            "2028-02-29T06:30:00.250Z",
            "0000-01-01T00:00:00.000Z",
            "9999-12-31T23:59:59.999Z",
            "9999-12-30T21:59:59.999Z",
        ] {
            both_ways_agree(text.replace("2026-11-22T06:30:00.250Z", ts).as_bytes());
        }
    }

    #[test]
    fn its_members_are_in_the_order_of_their_names() {
        let value: serde_json::Value = serde_json::from_slice(&leaf().to_bytes()).unwrap();
        let sorted: std::collections::BTreeMap<_, _> =
            value.as_object().unwrap().clone().into_iter().collect();
        assert_eq!(serde_json::to_vec(&sorted).unwrap(), leaf().to_bytes());
    }

    #[test]
    fn its_length_depends_on_kind_and_outcome_alone() {
        for kind in EntryKind::ALL {
            for outcome in Outcome::ALL {
                let early = Leaf { kind: *kind, outcome: *outcome, ts: Timestamp::UNIX_EPOCH, ..leaf() };
                let ts = "2099-12-31T23:59:59.999999Z".parse().unwrap();
                let id = EntryId::at(ts);
                let late = Leaf { ts, id, details: Hash::sha256(b"x"), ..early.clone() };
                assert_eq!(early.to_bytes().len(), late.to_bytes().len());
            }
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        let text = String::from_utf8(leaf().to_bytes()).unwrap();
        for (from, to) in [
            ("\"v\":1", "\"v\":1 "),
            ("\"v\":1", "\"v\":2"),
            ("\"v\":1", "\"v\":1,\"w\":1"),
            ("\"v\":1", "\"v\":1.0"),
            ("06:30:00.250Z", "06:30:00.25Z"),
            ("06:30:00.250Z", "06:30:00.2501Z"),
            ("06:30:00.250Z", "06:30:00.250+00:00"),
            ("01f0c0de", "01F0C0DE"),
            ("northmoor", "n\\u006frthmoor"),
            ("\"disclosure\"", "\"unknown\""),
        ] {
            assert!(text.contains(from));
            assert!(Leaf::parse(text.replacen(from, to, 1).as_bytes()).is_err(), "{from} → {to}");
        }
        assert!(Leaf::parse(format!("{text}\n").as_bytes()).is_err());
        assert!(Leaf::parse(b"").is_err());
    }
}
