//! What HTTP itself asks of an answer: that the link to the next page leads there, and what a 401 and a 405 must say.

use jiff::ToSpan as _;
use reqwest::Method;
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::ledger::entry::Leaf;
use throughgate::store::slot::SlotRow;
use throughgate::vocabulary::Purpose;

use super::notifying::{agency, leave};
use super::subject_access::next_of;
use crate::support::load::invented;
use crate::support::{World, on_both_stores};

const REFUSED: &str = "Bearer error=\"invalid_token\"";

async fn look(actor: &Actor, purpose: Purpose, path: &str) -> Answer {
    let answer = actor.get(path).purpose(purpose).send().await.unwrap();
    assert_eq!(answer.status, 200, "{path}: {}", answer.json);
    answer
}

on_both_stores! {
    async fn the_link_to_the_next_page_of_the_log_keeps_whom_it_is_about(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let auditor = world.worker("audit-office", "checker-willow");
        let hers = world.client(&cjit, "Fixture", "Cedar").await;
        let other = world.client(&cjit, "Testa", "Alder").await;
        let mut of_hers = Vec::new();
        for about in [hers, other, hers, other, hers, other, hers, other, hers] {
            let read = cjit.get(format!("/v1/clients/{about}")).about(about).send().await.unwrap();
            assert_eq!(read.status, 200, "{}", read.json);
            of_hers.extend(read.receipt.filter(|_| about == hers));
        }
        let entry = Leaf::parse(&of_hers[0].leaf).unwrap().id;
        let opened = look(&auditor, Purpose::AuditReview, &format!("/v1/audit/entries/{entry}")).await;
        let person = opened.json["fields"][8]["plaintext"].as_str().unwrap();

        let asked = |from: &str| {
            format!("/v1/audit/entries?person={person}&outcome=permitted&from={from}&kind=disclosure&limit=2")
        };
        let (mut path, mut seen) = (asked("2000-01-01T01:00:00%2B01:00"), Vec::new());
        loop {
            let page = look(&auditor, Purpose::AuditReview, &path).await;
            let entries = page.json["entries"].as_array().unwrap();
            assert!(entries.len() <= 2, "{}", page.json);
            seen.extend(entries.iter().map(|entry| entry["index"].as_u64().unwrap()));
            let Some(following) = next_of(&page) else { break };
            let cursor = page.json["next"].as_str().unwrap();
            assert_eq!(following, format!("{}&cursor={cursor}", asked("2000-01-01T01%3A00%3A00%2B01%3A00")));
            path = following;
        }
        assert_eq!(seen, of_hers.iter().map(|receipt| receipt.index).collect::<Vec<_>>());
    }
}

on_both_stores! {
    async fn the_link_to_the_next_page_of_slots_keeps_what_is_looked_for(world: World) {
        let now = world.journal.now();
        // More than are looked through for one page, and of those after it one is looked for and one is not.
        leave(&world, move |_, changes| {
            for nth in 0..202_i64 {
                let is_wanted = nth == 0 || nth == 200;
                changes.slot_offer(SlotRow {
                    id: Handle::random(),
                    agency: agency(if is_wanted { "northmoor-cjit" } else { "eastvale-cjit" }),
                    kind: if is_wanted { "initial" } else { "follow-up" }.to_owned(),
                    at_us: (now + (60 + nth).minutes()).as_microsecond(),
                    place: "1 Mill Lane".to_owned(),
                    is_free: true,
                });
            }
            Ok(())
        }).await.unwrap();
        let police = world.worker("northmoor-police", "proxy-thorn");
        let mut path = "/v1/appointment-slots?area=Northmoor&appointment=initial".to_owned();
        for is_last in [false, true] {
            let page = look(&police, Purpose::CourtOrStatutory, &path).await;
            let slots = page.json["slots"].as_array().unwrap();
            assert_eq!((slots.len(), slots[0]["agency"].as_str()), (1, Some("northmoor-cjit")), "{path}: {}", page.json);
            let following = next_of(&page);
            assert_eq!(following.is_none(), is_last, "{following:?}");
            path = following.unwrap_or_default();
        }
    }
}

on_both_stores! {
    async fn a_401_says_how_to_be_identified_and_no_more_than_was_sent(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        for path in ["/v1/agencies", "/nowhere"] {
            let refused = carat.get(path).token("x").send().await.unwrap();
            assert_eq!((refused.status.as_u16(), refused.header("www-authenticate")), (401, REFUSED), "{path}");
        }
        let token = carat.token(Purpose::ContinuityOfCare, None, None).unwrap();
        let first = carat.post("/v1/clients", invented("Elm")).token(&token).send().await.unwrap();
        assert_eq!((first.status.as_u16(), first.header("www-authenticate")), (201, ""));
        let replayed = carat.post("/v1/clients", invented("Elm")).token(&token).send().await.unwrap();
        assert_eq!((replayed.status.as_u16(), replayed.header("www-authenticate")), (401, REFUSED));

        let answers = world.wire().on_its_own_thread(|wire| {
            ["", "Authorization: Basic eA==\r\n", "Authorization: Bearer\r\n"].map(|line| {
                let mut connection = wire.of_agency("fallowgate-carat");
                let request = format!("GET /v1/agencies HTTP/1.1\r\nHost: localhost\r\n{line}\r\n");
                connection.send(request).unwrap();
                connection.hear().unwrap()
            })
        }).await;
        for heard in answers {
            assert_eq!(heard.status, 401, "{heard:?}");
            assert!(heard.head.contains("\r\nwww-authenticate: bearer realm=\"throughgate\"\r\n"), "{heard:?}");
        }
    }
}

on_both_stores! {
    async fn a_405_tells_the_methods_that_the_resource_has(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let client = format!("/v1/clients/{}", world.client(&carat, "Testa", "Alder").await);
        let card = format!("/v1/referrals/{}/card", Handle::random());
        for (method, path, methods) in [
            (Method::DELETE, client.as_str(), "GET, PATCH"),
            (Method::HEAD, client.as_str(), "GET, PATCH"),
            (Method::GET, "/v1/clients", "POST"),
            (Method::OPTIONS, "/v1/clients", "POST"),
            (Method::PUT, "/v1/referrals?box=in", "POST, GET"),
            // Of the resource that is asked, though the path would fit that of the steps as well.
            (Method::POST, card.as_str(), "GET"),
        ] {
            let answer = carat.ask(method.clone(), path).send().await.unwrap();
            assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, methods), "{method} {path}");
            assert!(answer.receipt.is_some(), "{method} {path}");
        }
        for (method, path) in [(Method::DELETE, "/nowhere"), (Method::GET, "/v1/clients/x")] {
            let answer = carat.ask(method.clone(), path).send().await.unwrap();
            assert_eq!((answer.status.as_u16(), answer.header("allow")), (404, ""), "{method} {path}");
        }
        let stranger = carat.ask(Method::DELETE, client.as_str()).token("x").send().await.unwrap();
        assert_eq!((stranger.status.as_u16(), stranger.header("allow")), (401, ""));
    }
}

on_both_stores! {
    async fn who_only_asks_which_methods_there_are_keeps_the_token_for_the_write(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        for (method, then) in [(Method::OPTIONS, 201), (Method::HEAD, 201), (Method::PUT, 401)] {
            let token = carat.token(Purpose::ContinuityOfCare, None, None).unwrap();
            let probe = carat.ask(method.clone(), "/v1/clients").token(&token).send().await.unwrap();
            assert_eq!(probe.status, 405, "{method}");
            let written = carat.post("/v1/clients", invented("Elm")).token(&token).send().await.unwrap();
            assert_eq!(written.status.as_u16(), then, "{method}: {}", written.json);
        }
    }
}
