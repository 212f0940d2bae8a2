//! What a whole account keeps silent about: it stands where that is known, and nothing tells elsewhere that it is missing.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;

use super::erasure::{CARAT, LANTERN, read};
use super::release::Team;
use super::subject_access::{CJIT, Desk, account_of, identity, next_of, told};
use crate::support::{World, invented, on_both_stores};

/// Status, body length, and header names with the lengths of their values; the proof grows with the log.
fn shape(answer: &Answer) -> (u16, usize, BTreeMap<String, usize>) {
    let headers = answer
        .headers
        .iter()
        .filter(|(name, _)| !["audit-receipt", "audit-openings", "date"].contains(&name.as_str()))
        .map(|(name, value)| (name.to_string(), value.len()))
        .collect();
    (answer.status.as_u16(), answer.bytes.len(), headers)
}

/// What every reader of an answer sees of it, but for the times and the request's own handle.
fn said(answer: &Answer) -> Value {
    let mut said = answer.json.clone();
    for member in ["request", "read_at"] {
        said.as_object_mut().unwrap().remove(member);
    }
    for line in said["disclosures"].as_array_mut().unwrap() {
        line.as_object_mut().unwrap().remove("recorded_at");
    }
    said
}

async fn reads(worker: &Actor, client_ref: Handle) {
    assert_eq!(read(worker, client_ref).await.status, 200);
}

on_both_stores! {
    async fn the_projects_lines_stand_at_the_project_and_elsewhere_nothing_tells_that_they_are_missing(world: World) {
        let [rowan, oak, placeholder] = [(CJIT, "testa-rowan"), (CARAT, "fixture-oak"), (LANTERN, "ms-placeholder")]
            .map(|(agency, worker)| world.worker(agency, worker));
        // Two women with the same history, but that one of them goes to the project as well.
        let (hers, others) = (world.client(&rowan, "Demo", "Elder").await, world.client(&rowan, "Testa", "Alder").await);
        let in_prison = [world.client(&oak, "Demo", "Elder").await, world.client(&oak, "Testa", "Alder").await];
        let at_project = world.client(&placeholder, "Demo", "Elder").await;
        for round in 0..45 {
            for client_ref in [hers, others] {
                reads(&rowan, client_ref).await;
            }
            if round % 5 == 0 {
                reads(&oak, in_prison[0]).await;
                reads(&oak, in_prison[1]).await;
            }
            reads(&placeholder, at_project).await;
        }
        let (hers, others) = (Desk::of(&world, CJIT, hers), Desk::of(&world, CJIT, others));
        let (her_request, other_request) = (hers.identifies(&world).await, others.identifies(&world).await);

        let (mut her_path, mut other_path) = (account_of(her_request), account_of(other_request));
        let mut pages = 0;
        loop {
            let her_page = hers.get(&hers.officer, her_path).send().await.unwrap();
            let other_page = others.get(&others.officer, other_path).send().await.unwrap();
            assert_eq!(her_page.status, 200, "{}", her_page.json);
            assert_eq!(said(&her_page), said(&other_page));
            assert_eq!(shape(&her_page), shape(&other_page));
            assert!(!her_page.json.to_string().to_lowercase().contains("lantern"));
            pages += 1;
            match (next_of(&her_page), next_of(&other_page)) {
                (Some(her_next), Some(other_next)) => (her_path, other_path) = (her_next, other_next),
                (None, None) => break,
                uneven => panic!("one of the two goes on: {uneven:?}"),
            }
        }
        assert_eq!(pages, 2);
        let [hers_printed, others_printed] = [(&hers, her_request), (&others, other_request)].map(|(desk, request)| {
            desk.get(&desk.officer, account_of(request)).with("Accept", "text/html")
        });
        let (hers_printed, others_printed) = (hers_printed.send().await.unwrap(), others_printed.send().await.unwrap());
        let text = String::from_utf8(hers_printed.bytes.clone()).unwrap();
        assert!(!text.to_lowercase().contains("lantern") && !text.contains("960151"));
        assert_eq!(text.matches("<li class=\"line\">").count(), String::from_utf8(others_printed.bytes.clone()).unwrap().matches("<li class=\"line\">").count());
        let lengths = [&hers_printed, &others_printed].map(|page| page.bytes.len());
        // Days are written in words; around midnight the two may differ by them.
        assert!(lengths[0].abs_diff(lengths[1]) < 64, "{lengths:?}");

        // At the project the same lines stand, and its own between them.
        let project = Desk::of(&world, LANTERN, at_project);
        let there = told(&project.tells(&world).await);
        let here = told(&hers.tells(&world).await);
        let (own, rest): (Vec<_>, Vec<_>) = there.into_iter().partition(|(agency, ..)| agency == "Lantern");
        assert_eq!(rest, here[..rest.len()], "what is not silent is told alike");
        assert_eq!(own.len(), 49, "presented, read 45 times, asked there, and two pages before the last");
    }
}

on_both_stores! {
    async fn a_silent_segment_is_cut_out_of_the_lines_of_others_and_stands_where_it_is_known(world: World) {
        let oak = world.worker(CARAT, "fixture-oak");
        let carat = Team { actor: oak.clone(), client_ref: world.client(&oak, "Fixture", "Cedar").await };
        let dir = carat.signed_dir().await;
        assert_eq!(carat.get(format!("/v1/dirs/{dir}")).await.status, 200);
        let rowan = world.worker(CJIT, "testa-rowan");
        let placeholder = world.worker(LANTERN, "ms-placeholder");
        let (at_cjit, at_project) = (world.client(&rowan, "Fixture", "Cedar").await, world.client(&placeholder, "Fixture", "Cedar").await);
        let silent = |lines: &[Value]| {
            ["sex-work", "blood-borne-virus", "safeguarding"].map(|code| lines.iter().any(|line| line["segments"].to_string().contains(code)))
        };
        let [prison, team, project] = [(CARAT, carat.client_ref), (CJIT, at_cjit), (LANTERN, at_project)]
            .map(|(agency, client_ref)| Desk::of(&world, agency, client_ref));
        assert_eq!(silent(&prison.tells(&world).await), [true; 3], "the prison wrote them down itself");
        let at_team = team.tells(&world).await;
        assert_eq!(silent(&at_team), [false; 3], "{at_team:?}");
        assert!(at_team.iter().any(|line| line["segments"].to_string().contains("mental-health")), "the line itself stands");
        assert_eq!(silent(&project.tells(&world).await), [true, false, false], "what the project is, it knows");

        // Now she tells her team, too, under which name she works.
        let mut person = invented("Fixture", "Cedar");
        let working = json!({"kind": "working", "forename": "Canary", "surname": "Wren"});
        person["person"]["names"].as_array_mut().unwrap().push(working);
        assert_eq!(rowan.post("/v1/clients", person).send().await.unwrap().handle("client_ref").unwrap(), at_cjit);
        let at_team = team.tells(&world).await;
        assert_eq!(silent(&at_team), [true, false, false]);
        assert!(told(&at_team).iter().any(|(agency, ..)| agency == "Lantern"), "and so the project's lines stand there");
        assert!(!Value::from(at_team).to_string().to_lowercase().contains("wren"));
    }
}

on_both_stores! {
    async fn whoever_speaks_for_her_or_sits_beside_her_hears_of_nothing_silent(world: World) {
        let placeholder = world.worker(LANTERN, "ms-placeholder");
        let rowan = world.worker(CJIT, "testa-rowan");
        let desk = Desk::of(&world, LANTERN, world.client(&placeholder, "Demo", "Elder").await);
        world.client(&rowan, "Demo", "Elder").await;
        let represented = json!({
            "asked_by": "representative", "authority": "written-authority",
            "identity": {"means": "photo-document", "seen_alone": false, "authority_hash": "0a".repeat(32)},
        });
        let accompanied = json!({"identity": {"means": "known-to-worker", "seen_alone": false}});
        for request in [represented, accompanied] {
            let received = desk.receives(&world, request).await;
            assert_eq!(received.status, 201, "{}", received.json);
            let account = desk.account(received.handle("id").unwrap()).await;
            let agencies: Vec<String> = told(account.json["disclosures"].as_array().unwrap()).into_iter().map(|(agency, ..)| agency).collect();
            assert_eq!(agencies, ["Northmoor Criminal Justice Integrated Team"], "{}", account.json);
        }
        // Seen again, alone, she is told.
        let received = desk.receives(&world, json!({"identity": {"means": "known-to-worker", "seen_alone": false}})).await;
        let request = received.handle("id").unwrap();
        assert_eq!(desk.takes(&desk.worker, request, "identity-check", json!({"identity": identity()})).await.status, 200);
        let account = desk.account(request).await;
        assert!(account.json["disclosures"].to_string().contains("Lantern"));
    }
}

on_both_stores! {
    async fn a_check_tells_in_the_account_neither_who_answered_nor_that_the_answer_is_missing(world: World) {
        let [rowan, yew, placeholder] = [(CJIT, "testa-rowan"), (CARAT, "specimen-yew"), (LANTERN, "ms-placeholder")]
            .map(|(agency, worker)| world.worker(agency, worker));
        let mut accounts = Vec::new();
        for (surname, holder) in [("Elder", Some((LANTERN, &placeholder))), ("Alder", Some((CARAT, &yew))), ("Birch", None)] {
            let client_ref = world.client(&rowan, "Demo", surname).await;
            if let Some((_, worker)) = holder {
                let theirs = world.client(worker, "Demo", surname).await;
                let opened = worker.post(format!("/v1/clients/{theirs}/caseload-episodes"), json!({"admitted_on": "2026-01-05"}))
                    .about(theirs).send().await.unwrap();
                assert_eq!(opened.status, 201, "{}", opened.json);
            }
            let purpose = throughgate::vocabulary::Purpose::DuplicateCheck;
            let asked = rowan.post("/v1/caseload-checks", json!({"client_ref": client_ref, "reason": "new-case"})).purpose(purpose).about(client_ref).send().await.unwrap();
            assert_eq!(asked.status, 201, "{}", asked.json);
            if let Some((agency, worker)) = holder {
                let inbox = worker.get("/v1/caseload-checks?box=in").purpose(purpose).send().await.unwrap();
                let question = &inbox.json["questions"][0];
                let (theirs, id): (Handle, &str) = (question["client_ref"].as_str().unwrap().parse().unwrap(), question["id"].as_str().unwrap());
                let answered = worker.post(format!("/v1/caseload-checks/{id}/answer"), json!({"answer": "share", "speak_to": "the duty lead"}))
                    .purpose(purpose).about(theirs).send().await.unwrap();
                assert_eq!(answered.status, 200, "{agency}: {}", answered.json);
            }
            let lines = Desk::of(&world, CJIT, client_ref).tells(&world).await;
            assert!(!Value::from(lines.clone()).to_string().contains("duty lead of"));
            accounts.push(told(&lines));
        }
        let checks = |account: &[(String, String, String)]| account.iter().filter(|(_, what, _)| what.contains("checked whether")).count();
        assert_eq!(accounts.iter().map(|account| checks(account)).collect::<Vec<_>>(), [1, 1, 1]);
        assert_eq!(accounts[0], accounts[2], "held by the project, and by nobody, is one account");
    }
}
