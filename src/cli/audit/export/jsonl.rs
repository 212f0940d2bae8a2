//! An entry as a line of JSON: its verbatim leaf, what opens its fields, and what both say, for programs that check neither.
//!
//! The view follows from leaf and openings alone, the openings are of that leaf, and the line has one spelling: whoever knows which
//! leaf the log has at that place can tell whether any byte of the line is another.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::json;

use crate::ledger::entry::{Field, Leaf, Opening, Part};

/// A line whose parts fit each other.
pub(in crate::cli::audit) struct Line {
    /// The place that it says the entry has.
    pub(in crate::cli::audit) index: u64,
    /// The bytes of the leaf.
    pub(in crate::cli::audit) leaf: Vec<u8>,
    /// The line, without its end.
    pub(in crate::cli::audit) text: String,
}

#[derive(Deserialize)]
struct Parts {
    index: u64,
    leaf: String,
    openings: String,
}

impl Line {
    /// The line of a leaf (base64) and openings (the header's form); `None` if the openings are not of that leaf, or fields about
    /// the worker and the reason are left out.
    pub(super) fn new(index: u64, leaf: &str, openings: &str) -> Option<Self> {
        let bytes = STANDARD.decode(leaf).ok()?;
        let read = Leaf::parse(&bytes).ok()?;
        let opened = Opening::parse_header(openings).ok()?;
        let is_opened = |field: &Field| opened.iter().any(|opening| opening.field == *field);
        let mut rest = Field::ALL.iter().filter(|field| field.part() == Part::Rest);
        if !rest.all(is_opened) || !opened.iter().all(|opening| opening.verify(&read.details)) {
            return None;
        }
        let fields: BTreeMap<&str, &str> = opened
            .iter()
            .filter(|opening| !opening.plaintext.is_empty())
            .map(|opening| (opening.field.name(), opening.plaintext.as_str()))
            .collect();
        let view = json!({
            "id": read.id, "ts": read.ts, "kind": read.kind, "outcome": read.outcome, "origin": read.origin,
            "replica": read.replica, "fields": fields,
            "person_fields": opened.iter().any(|opening| opening.field.part() == Part::Person),
        });
        let openings = Opening::print_header(&opened);
        let text =
            json!({ "index": index, "leaf": STANDARD.encode(&bytes), "openings": openings, "view": view });
        Some(Self { index, leaf: bytes, text: text.to_string() })
    }

    /// Reads a line; `None` unless it is one, to the byte.
    pub(in crate::cli::audit) fn parse(text: &str) -> Option<Self> {
        let Parts { index, leaf, openings } = serde_json::from_str(text).ok()?;
        Self::new(index, &leaf, &openings).filter(|line| line.text == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::EntryId;
    use crate::ledger::Hash;
    use crate::ledger::entry::{Commitments, Fields, Seeds};
    use crate::vocabulary::{EntryKind, Outcome};

    fn commitments() -> Commitments {
        let mut fields = Fields::new();
        fields.set(Field::Agency, "northmoor-cjit").set(Field::Worker, "testa-rowan");
        fields
            .set(Field::Custodian, "fallowgate-carat")
            .set_list(Field::SegmentsReleased, ["contact", "identity"]);
        Commitments::new(fields, &Seeds::from_bytes([3; 32], [4; 32]))
    }

    fn leaf(details: Hash) -> String {
        let leaf = Leaf {
            id: EntryId::from_bytes([7; 16]),
            ts: "2026-06-03T11:00:00Z".parse().unwrap(),
            kind: EntryKind::Disclosure,
            outcome: Outcome::Permitted,
            origin: "log.example/1".to_owned(),
            replica: "gateway-1".to_owned(),
            policy_sha256: Hash::sha256(b"policies"),
            details,
        };
        STANDARD.encode(leaf.to_bytes())
    }

    fn header(is_shown: fn(Field) -> bool) -> String {
        let shown = Field::ALL.into_iter().filter(|field| is_shown(*field));
        Opening::print_header(&shown.filter_map(|field| commitments().open(field)).collect::<Vec<_>>())
    }

    #[test]
    fn a_line_has_the_very_leaf_and_what_it_says() {
        let leaf = leaf(commitments().root());
        let line = Line::new(41, &leaf, &header(|field| field != Field::Person)).unwrap();
        let value: serde_json::Value = serde_json::from_str(&line.text).unwrap();
        assert_eq!((&value["index"], &value["leaf"]), (&json!(41), &json!(leaf)));
        assert_eq!(value["view"]["kind"], "disclosure");
        assert_eq!(value["view"]["fields"]["worker"], "testa-rowan");
        assert_eq!(value["view"]["person_fields"], true);
        let rest = Line::new(41, &leaf, &header(|field| field.part() == Part::Rest)).unwrap();
        assert!(rest.text.contains("\"person_fields\":false") && !rest.text.contains("fallowgate"));
    }

    #[test]
    fn a_line_with_a_byte_changed_is_none_or_of_a_leaf_that_the_log_does_not_have_there() {
        let whole = Line::new(41, &leaf(commitments().root()), &header(|_| true)).unwrap();
        let line = whole.text;
        assert!(Line::parse(&line).is_some_and(|read| read.leaf == whole.leaf));
        // Every byte of the index and of the view, a spread of leaf and openings.
        let view = line.find("\"view\":").unwrap();
        for at in (0..30).chain((30..view).step_by(11)).chain(view..line.len()) {
            let mut bytes = line.clone().into_bytes();
            bytes[at] ^= 1 << (at % 8);
            let read = String::from_utf8(bytes).ok().and_then(|text| Line::parse(&text));
            let is_another = |read: &Line| (read.index, &read.leaf) != (41, &whole.leaf);
            assert!(read.as_ref().is_none_or(is_another), "byte {at}");
        }
    }

    #[test]
    fn a_line_that_leaves_a_field_out_or_opens_another_entry_is_none() {
        let whole = leaf(commitments().root());
        assert!(Line::new(1, &whole, &header(|field| field != Field::Purpose)).is_none());
        assert!(Line::new(1, &leaf(Hash::sha256(b"other")), &header(|_| true)).is_none());
        assert!(Line::new(1, &whole, "").is_none());
        assert!(Line::new(1, "AAAA", &header(|_| true)).is_none());
    }
}
