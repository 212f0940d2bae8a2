//! The one 404: whatever hides behind it, and whoever asks, it looks the same.

use std::collections::BTreeMap;

use serde_json::json;
use throughgate::demo::actor::Answer;
use throughgate::id::Handle;

use crate::support::{World, on_both_stores};

/// Header names with the lengths of their values. Two differ by the entry's place in the log: the proof and all that
/// holds it.
fn shape(answer: &Answer) -> (u16, usize, BTreeMap<String, usize>) {
    let headers = answer
        .headers
        .iter()
        .map(|(name, value)| {
            let length = if name == "audit-receipt" { 0 } else { value.len() };
            (name.to_string(), length)
        })
        .collect();
    (answer.status.as_u16(), answer.bytes.len(), headers)
}

/// The members of a problem document but the trace, which is random.
fn said(answer: &Answer) -> serde_json::Value {
    let mut document = answer.json.clone();
    document.as_object_mut().unwrap().remove("trace_id");
    document
}

on_both_stores! {
    async fn every_404_is_the_same_404(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let theirs = world.client(&carat, "Testa", "Alder").await;
        let shared = world.client(&cjit, "Testa", "Alder").await;
        let nobodys = Handle::random();
        let change = json!({"person": {"names": [{"kind": "legal", "forename": "Testa", "surname": "Rowan"}]}});
        let path = |handle: &Handle| format!("/v1/clients/{handle}");

        let read = [
            ("unknown", cjit.get(path(&nobodys)).about(nobodys)),
            ("another agency's", cjit.get(path(&theirs)).about(theirs)),
            ("another agency's, known to us by another name", cjit.get(path(&theirs)).about(shared)),
            ("ours, for another subject", cjit.get(path(&shared)).about(nobodys)),
            ("ours, for no subject", cjit.get(path(&shared))),
            ("no handle at all", cjit.get("/v1/clients/x").about(nobodys)),
            ("a handle in capitals", cjit.get(path(&shared).to_uppercase()).about(shared)),
            ("no such route", cjit.get("/v1/nothing-here")),
        ];
        let written = [
            ("write: unknown", cjit.patch(path(&nobodys), change.clone()).about(nobodys).if_match("\"x\"")),
            ("write: another agency's", cjit.patch(path(&theirs), change.clone()).about(theirs).if_match("\"x\"")),
            // The 404 comes before any precondition, or a 428 would tell that the record is there.
            ("write: another agency's, no If-Match", cjit.patch(path(&theirs), change.clone()).about(theirs)),
            ("write: wrong subject, no If-Match", cjit.patch(path(&shared), change.clone()).about(nobodys)),
        ];
        let mut answers = Vec::new();
        for (what, ask) in read.into_iter().chain(written) {
            answers.push((what, ask.send().await.unwrap()));
        }
        let (_, first) = &answers[0];
        for (what, answer) in &answers {
            assert_eq!(answer.status, 404, "{what}: {}", answer.json);
            assert_eq!(shape(answer), shape(first), "{what}");
            assert_eq!(said(answer), said(first), "{what}");
            let receipt = answer.receipt.as_ref().expect("a refusal is on record");
            // For one kind the leaf's length tells nothing either: only outcome and kind stand open.
            let leaf = throughgate::ledger::entry::Leaf::parse(&receipt.leaf).unwrap();
            assert_eq!(leaf.outcome, throughgate::vocabulary::Outcome::Refused, "{what}");
        }
    }
}
