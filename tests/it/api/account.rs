//! The account of disclosures: what an agency can tell its client of what was done, refusals included.

use serde_json::{Value, json};
use throughgate::vocabulary::Purpose;

use super::consents::{dummy_ivy, id, record};
use crate::support::{World, on_both_stores};

on_both_stores! {
    async fn the_account_tells_what_was_done_and_what_was_refused(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let care = Purpose::ContinuityOfCare;
        let (at_carat, at_cjit) = (dummy_ivy(&carat, care).await, dummy_ivy(&cjit, care).await);
        let recorded = record(&world, &carat, at_carat).await;
        let consent = recorded.handle("consent_id").unwrap();
        let list = cjit.get(format!("/v1/clients/{at_cjit}/consents")).about(at_cjit).send().await.unwrap();
        let theirs = id(&list.json["consents"][0]);
        let done = carat
            .post(format!("/v1/consents/{consent}/withdrawal"), json!({"channel": "voice", "only_recipients": ["northmoor-cjit"]}))
            .if_match(recorded.etag()).about(at_carat).send().await.unwrap();
        assert_eq!(done.status, 200, "{}", done.json);
        let refused = cjit.get(format!("/v1/consents/{theirs}")).about(at_cjit).send().await.unwrap();
        assert_eq!(refused.status, 404);

        let account = carat.get(format!("/v1/clients/{at_carat}/disclosures")).about(at_carat).send().await.unwrap();
        assert_eq!(account.status, 200, "{}", account.json);
        let rows = account.json["disclosures"].as_array().unwrap();
        let told: Vec<_> = rows
            .iter()
            .map(|row| (row["part"].as_str().unwrap(), row["outcome"].as_str().unwrap()))
            .collect();
        assert_eq!(told, [("own", "permitted"), ("own", "permitted"), ("own", "permitted"), ("held", "refused")]);
        assert!(rows[3]["agency"].as_str().unwrap().contains("Northmoor"), "{}", rows[3]);
        assert_eq!(rows[0]["purpose"], "keeping your care going from one service to the next");
        assert!(rows[0]["recorded_at"].as_str().unwrap().ends_with(":00Z"));
        assert!(rows[3]["contact"]["telephone"].is_string());

        let asker = cjit.get(format!("/v1/clients/{at_cjit}/disclosures")).about(at_cjit).send().await.unwrap();
        let rows = asker.json["disclosures"].as_array().unwrap();
        assert_eq!((&rows.last().unwrap()["part"], &rows.last().unwrap()["outcome"]), (&json!("asked"), &json!("refused")));
        let text = asker.json.to_string().to_lowercase();
        assert!(!text.contains("fallowgate"), "who holds it is not told: {text}");
    }
}

on_both_stores! {
    async fn a_silent_segment_stands_in_the_account_only_where_there_was_something_in_it(world: World) {
        let lantern = world.worker("lantern", "ms-placeholder");
        let silent = async |client: throughgate::id::Handle| {
            let read = lantern.get(format!("/v1/clients/{client}")).about(client).send().await.unwrap();
            assert_eq!(read.status, 200);
            let path = format!("/v1/clients/{client}/disclosures");
            let account = lantern.get(path).about(client).send().await.unwrap();
            assert!(account.json.to_string().contains("identity"), "{}", account.json);
            account.json.to_string().contains("sex-work")
        };
        let plain = dummy_ivy(&lantern, Purpose::ContinuityOfCare).await;
        assert!(!silent(plain).await, "what policy would permit is not what was released");
        let person = json!({"person": {
            "names": [
                {"kind": "legal", "forename": "Demo", "surname": "Elder"},
                {"kind": "working", "forename": "Canary", "surname": "Wren"},
            ],
            "date_of_birth": "1993-03-03", "sex": "female",
        }});
        let answer = lantern.post("/v1/clients", person).send().await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.json);
        assert!(silent(answer.handle("client_ref").unwrap()).await);
    }
}

on_both_stores! {
    async fn the_account_is_paged_by_cursors_that_tell_nothing_and_serve_nobody_else(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let client = dummy_ivy(&carat, Purpose::ContinuityOfCare).await;
        let other = world.client(&carat, "Testa", "Alder").await;
        for _ in 0..60 {
            let read = carat.get(format!("/v1/clients/{client}")).about(client).send().await.unwrap();
            assert_eq!(read.status, 200);
        }
        let path = format!("/v1/clients/{client}/disclosures");
        let first = carat.get(path.clone()).about(client).send().await.unwrap();
        let link = first.header("link").to_owned();
        let next = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
        let second = carat.get(next.clone()).about(client).send().await.unwrap();
        let rows = |json: &Value| json["disclosures"].as_array().unwrap().len();
        // 1 presentation, 60 reads, and the first page itself.
        assert_eq!((rows(&first.json), rows(&second.json)), (50, 12), "{link}");
        assert_eq!(second.header("link"), "");

        let cursor = next.split("cursor=").nth(1).unwrap();
        for (path, client) in [
            (format!("/v1/clients/{other}/disclosures?cursor={cursor}"), other),
            (format!("{path}?cursor=50"), client),
            (format!("{path}?page=2"), client),
        ] {
            let answer = carat.get(path).about(client).send().await.unwrap();
            assert_eq!((answer.status.as_u16(), answer.problem()), (400, "malformed-request"));
        }
    }
}
