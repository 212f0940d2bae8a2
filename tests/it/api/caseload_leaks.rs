//! What a check and its reads do not tell: neither bytes nor headers nor the number of statements differ by what was found.

use std::collections::BTreeSet;

use serde_json::json;
use throughgate::demo::actor::{Actor, Answer};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

use super::caseload::{check, open_episode, questions, result};
use super::caseload_possible::{pair, whom_somebody_may_prescribe_for};
use super::linked::stranger;
use crate::support::{Statements, World, on_both_stores};

/// The thread that reads for a request, and the one that writes.
const READER: &str = "store-reader";
const WRITER: &str = "journal-writer";

/// Everything about an answer that could tell something: its status, its size, and its headers. The receipt is the proof of a place
/// in the log, and as long as the log is deep.
fn shape(answer: &Answer) -> (u16, usize, Vec<(String, usize)>) {
    let headers = answer.headers.iter().map(|(name, value)| {
        let length = if name == "audit-receipt" { 0 } else { value.as_bytes().len() };
        (name.to_string(), length)
    });
    (answer.status.as_u16(), answer.bytes.len(), headers.collect())
}

on_both_stores! {
    async fn held_by_a_project_held_by_another_possible_and_clear_look_and_cost_alike(world: World) {
        let mut world = world;
        let statements = Statements::of(&mut world).await;
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let holders = [
            ("Demo", "Elder", Some(world.worker("lantern", "ms-placeholder"))),
            ("Testa", "Alder", Some(world.worker("fallowgate-carat", "fixture-oak"))),
            ("Mockley", "Birch", None),
            ("", "", None),
            ("Sample", "", None),
        ];
        let (mut asked, mut read, mut cost, mut outcomes) = (Vec::new(), Vec::new(), Vec::new(), BTreeSet::new());
        for (forename, surname, holder) in &holders {
            let client = if !forename.is_empty() && surname.is_empty() {
                // Somebody for whom Eastvale may prescribe.
                whom_somebody_may_prescribe_for(&world, &cjit).await.1
            } else if surname.is_empty() {
                // Somebody who may be a client of Lantern's.
                let lantern = world.worker("lantern", "ms-placeholder");
                let theirs = world.client(&lantern, "Fixture", "Cedar").await;
                assert_eq!(open_episode(&lantern, theirs).await.status, 201);
                let client = stranger(&cjit, "Sample", "Whitebeam", "1961-11-23").await;
                pair(&world, (theirs, client), 1, "open");
                client
            } else {
                world.client(&cjit, forename, surname).await
            };
            if let Some(holder) = holder {
                let theirs = world.client(holder, forename, surname).await;
                assert_eq!(open_episode(holder, theirs).await.status, 201);
            }
            // The gateway also does things of its own now and then, so that the least counts.
            let (mut to_ask, mut to_write, mut to_read) = (usize::MAX, usize::MAX, usize::MAX);
            for _ in 0..5 {
                let before = (statements.by(READER).await, statements.by(WRITER).await);
                let answer = check(&cjit, client).await;
                to_ask = to_ask.min(statements.by(READER).await - before.0);
                to_write = to_write.min(statements.by(WRITER).await - before.1);
                let id = answer.handle("id").unwrap();
                outcomes.insert(answer.json["outcome"].as_str().unwrap().to_owned());
                asked.push(shape(&answer));
                let before = statements.by(READER).await;
                let answer = result(&cjit, id, client).await;
                to_read = to_read.min(statements.by(READER).await - before);
                read.push(shape(&answer));
            }
            cost.push((to_ask, to_write, to_read));
        }
        assert!(asked.iter().all(|one| *one == asked[0]), "{asked:?}");
        assert!(read.iter().all(|one| *one == read[0]), "{read:?}");
        assert!(cost.iter().all(|one| *one == cost[0]), "{cost:?}");
        assert_eq!(outcomes.len(), 3, "{outcomes:?}");
        assert!(cost[0].0 > 3 && cost[0].1 > 0 && cost[0].2 > 3, "the statements were not counted");
    }
}

/// What a read answers for a handle, and how many statements it costs: the least, since the gateway also looks at its tasks now and
/// then.
async fn attempt(
    statements: &Statements,
    worker: &Actor,
    path: &str,
    about: Handle,
    purpose: Purpose,
) -> (Answer, usize) {
    let (mut least, mut last) = (usize::MAX, None);
    for _ in 0..3 {
        let before = statements.by(READER).await;
        last = Some(worker.get(path).purpose(purpose).about(about).send().await.unwrap());
        least = least.min(statements.by(READER).await - before);
    }
    (last.unwrap(), least)
}

on_both_stores! {
    async fn not_yours_and_nobody_are_one_answer_on_every_read(world: World) {
        let mut world = world;
        world.enrol_again("lantern", |lantern| lantern.answers_live = true).await;
        let statements = Statements::of(&mut world).await;
        let (cjit, carat) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("fallowgate-carat", "specimen-yew"));
        let theirs = world.client(&carat, "Demo", "Elder").await;
        let episode = open_episode(&carat, theirs).await.handle("id").unwrap();
        let ours = world.client(&cjit, "Demo", "Elder").await;
        let checked = check(&cjit, ours).await.handle("id").unwrap();
        let asked: Handle = questions(&carat).await[0]["id"].as_str().unwrap().parse().unwrap();
        // Eastvale's team has the same person, and no part in any of it.
        let eastvale = world.worker("eastvale-cjit", "sample-linden");
        let elsewhere = world.client(&eastvale, "Demo", "Elder").await;
        let duplicate = Purpose::DuplicateCheck;
        for (form, existing, purpose) in [
            ("/v1/caseload-checks/{}", checked, duplicate),
            ("/v1/caseload-checks/{}", asked, duplicate),
            ("/v1/caseload-checks/{}/answer", asked, duplicate),
            ("/v1/caseload-checks/{}/person", asked, duplicate),
            ("/v1/caseload-episodes/{}", episode, Purpose::ContinuityOfCare),
            ("/v1/clients/{}/caseload-episodes", theirs, Purpose::ContinuityOfCare),
        ] {
            let (of_another, cost) =
                attempt(&statements, &eastvale, &form.replace("{}", &existing.to_string()), elsewhere, purpose).await;
            let nobody = Handle::random();
            let (of_nobody, cost_of_nobody) =
                attempt(&statements, &eastvale, &form.replace("{}", &nobody.to_string()), elsewhere, purpose).await;
            assert_eq!((of_another.status.as_u16(), of_another.problem()), (404, "not-found-or-not-permitted"), "{form}");
            assert_eq!(shape(&of_another), shape(&of_nobody), "{form}");
            assert_eq!(cost, cost_of_nobody, "{form}");
            let said = |answer: &Answer| {
                let mut said = answer.json.clone();
                said["trace_id"] = json!(null);
                said
            };
            assert_eq!(said(&of_another), said(&of_nobody), "{form}");
        }
    }
}
