//! The one 401: whatever is wrong with a token, its bearer learns no more than that it does not count, and the log knows why.

use std::collections::BTreeMap;

use throughgate::demo::actor::Answer;
use throughgate::ledger::entry::Leaf;
use throughgate::vocabulary::{Outcome, Purpose};

use crate::support::{World, on_both_stores};

/// Header names with the lengths of their values, but for the proof, which grows with the log.
fn shape(answer: &Answer) -> (u16, usize, BTreeMap<String, usize>) {
    let headers = answer.headers.iter().map(|(name, value)| {
        let length = if name == "audit-receipt" { 0 } else { value.len() };
        (name.to_string(), length)
    });
    (answer.status.as_u16(), answer.bytes.len(), headers.collect())
}

/// The members of a problem document but the trace, which is random.
fn said(answer: &Answer) -> serde_json::Value {
    let mut document = answer.json.clone();
    document.as_object_mut().unwrap().remove("trace_id");
    document
}

on_both_stores! {
    async fn every_token_that_does_not_count_gets_the_same_answer(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let client = world.client(&carat, "Testa", "Alder").await;
        let path = format!("/v1/clients/{client}");
        let token = || carat.token(Purpose::ContinuityOfCare, Some(client), None).unwrap();
        let expired = token();
        world.clock.advance(301);
        // A bit of the signature, which is the last part.
        let whole = token();
        let cut = whole.len() - 40;
        let other = if whole.as_bytes()[cut] == b'A' { "B" } else { "A" };
        let forged = format!("{}{other}{}", &whole[..cut], &whole[cut + 1..]);
        let unsigned = format!("{}.", whole.rsplit_once('.').unwrap().0);
        let foreign = cjit.token(Purpose::ContinuityOfCare, Some(client), None).unwrap();
        let cases = [
            ("token-expired", expired),
            ("token-signature", forged),
            ("token-malformed", "x".to_owned()),
            ("token-malformed", format!("{whole}.{whole}")),
            ("token-signature", unsigned),
            // Another agency's own, good token, with this agency's certificate.
            ("token-signature", foreign),
        ];
        let mut answers = Vec::new();
        for (why, token) in cases {
            let answer = carat.get(&path).token(token).send().await.unwrap();
            assert_eq!((answer.status.as_u16(), answer.problem()), (401, "invalid-token"), "{why}");
            let leaf = Leaf::parse(&answer.receipt.as_ref().expect("a refusal is on record").leaf).unwrap();
            assert_eq!(leaf.outcome, Outcome::Refused);
            answers.push((why, leaf.id, answer));
        }
        let (_, _, first) = &answers[0];
        for (why, _, answer) in &answers {
            assert_eq!(said(answer), said(first), "{why}");
            assert_eq!(shape(answer), shape(first), "{why}");
        }
        // The same whether or not there is such a client, and on every route.
        for path in ["/v1/clients/AAAAAAAAAAAAAAAAAAAAAA", "/v1/agencies", "/nowhere"] {
            let elsewhere = carat.get(path).token("x").send().await.unwrap();
            assert_eq!((said(&elsewhere), shape(&elsewhere)), (said(first), shape(first)), "{path}");
        }
        let auditor = world.worker("audit-office", "checker-willow");
        for (why, entry, _) in answers {
            let path = format!("/v1/audit/entries/{entry}");
            let opened = auditor.get(path).purpose(Purpose::AuditReview).send().await.unwrap();
            let fields = opened.json["fields"].as_array().unwrap();
            let code = fields.iter().find(|field| field["field"] == "reason_code").unwrap();
            assert_eq!(code["plaintext"], why, "{}", opened.json);
        }
        assert_eq!(carat.get(&path).about(client).send().await.unwrap().status, 200, "a good token still counts");
    }
}
