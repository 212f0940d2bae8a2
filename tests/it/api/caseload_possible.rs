//! An uncertain match is `possible` until the matching desk has decided: nobody is asked about somebody else's client.

use serde::Serialize;
use serde_json::json;
use throughgate::calendar::{Calendar, Exceptions};
use throughgate::demo::actor::Actor;
use throughgate::domain::caseload::{Linked, ask_after_link};
use throughgate::id::{Handle, PersonId};
use throughgate::journal::Journal;
use throughgate::journal::call::Call;
use throughgate::journal::command::{Accepted, Command};
use throughgate::journal::disclosure::Rejection;
use throughgate::policy::action::SystemSweep;
use throughgate::policy::permit::Permit;
use throughgate::store::Snapshot;
use throughgate::store::change::Changes;
use throughgate::store::facts::Subject;
use throughgate::store::match_pair::pair_seal;

use super::caseload::{allocate, answer, check, open_episode, questions, result};
use super::crisis::looks_up;
use super::linked::{bytes, person, put, ring, stranger};
use super::matching::{Desk as MatchingDesk, presented, somebody};
use super::scripts::{Desk, methadone, today};
use crate::support::{World, on_both_stores, on_both_stores_at};

/// Says of two agencies' clients that they may be one, or what the desk decided.
pub fn pair(world: &World, (one, other): (Handle, Handle), version: i64, state: &str) {
    let mut people = [person(world, one), person(world, other)].map(|person| *person.as_bytes());
    people.sort_unstable();
    let [low, high] = people;
    // Whichever record there is: the desk's is not asked for.
    let seal = pair_seal(&ring(world), [&low, &high], version, state, [&[0; 16]; 3]);
    let [low, high, nobodys, seal] =
        [low.as_slice(), &high, &[0; 16], &seal].map(|value| bytes(world, value));
    world.tamper(&format!(
        "INSERT INTO match_pair VALUES ({low}, {high}, {version}, '{state}', {nobodys}, {nobodys}, {nobodys}, {seal})"
    ));
}

/// Lantern's client with an open episode, and Northmoor's client who may be the same.
pub async fn two_who_may_be_one(world: &World, lantern: &Actor, cjit: &Actor) -> (Handle, Handle) {
    let hers = world.client(lantern, "Demo", "Elder").await;
    assert_eq!(open_episode(lantern, hers).await.status, 201);
    let ours = stranger(cjit, "Sample", "Whitebeam", "1961-11-23").await;
    pair(world, (hers, ours), 1, "open");
    (hers, ours)
}

/// What the desk's decision brings for the checks that waited for it.
struct Decided {
    people: (PersonId, PersonId),
    journal: Journal,
}

#[derive(Serialize)]
struct Done {}

impl Command for Decided {
    type Action = SystemSweep;
    type Acknowledgement = Done;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<SystemSweep>,
        changes: &mut Changes,
    ) -> Result<Accepted<Done>, Rejection> {
        let calendar = Calendar::england_and_wales(Exceptions::default()).unwrap();
        let directory = self.journal.directory();
        let linked = Linked { people: self.people, calendar: &calendar, directory: &directory };
        ask_after_link(tx, permit, changes, &linked)?;
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement: Done {} })
    }
}

on_both_stores! {
    async fn until_the_desk_decides_nobody_is_asked_and_then_the_check_is_clear_or_held(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let (hers, ours) = two_who_may_be_one(&world, &lantern, &cjit).await;
        open_episode(&cjit, ours).await;
        let checked = check(&cjit, ours).await;
        assert_eq!((&checked.json["outcome"], &checked.json["allocation"]), (&json!("possible"), &json!("wait")));
        assert!(questions(&lantern).await.is_empty(), "it may be about somebody else");
        assert_eq!(allocate(&cjit, ours).await.json["errors"][0]["code"], "caseload-check-awaited");
        let id = checked.handle("id").unwrap();

        // The desk finds that they are two.
        pair(&world, (hers, ours), 2, "different");
        let clear = result(&cjit, id, ours).await;
        assert_eq!((&clear.json["outcome"], &clear.json["allocation"]), (&json!("clear"), &json!("free")));
        assert_eq!(clear.bytes.len(), result(&cjit, id, ours).await.bytes.len());

        // It looks again, and finds that they are one. Lantern leads and was not asked: a new check asks it.
        pair(&world, (hers, ours), 3, "same");
        put(&world, 1, &[(hers, 1), (ours, 1)]);
        let held = result(&cjit, id, ours).await;
        assert_eq!((&held.json["outcome"], &held.json["allocation"]), (&json!("held"), &json!("wait")));
        assert_eq!(allocate(&cjit, ours).await.json["errors"][0]["code"], "caseload-check-required");
        check(&cjit, ours).await;
        assert_eq!(answer(&lantern, json!({"answer": "keep-informed"})).await.status, 200);
        assert_eq!(allocate(&cjit, ours).await.status, 200);
    }
}

on_both_stores! {
    async fn a_decision_that_they_are_one_asks_whoever_holds_her(world: World) {
        let (cjit, lantern) = (world.worker("northmoor-cjit", "testa-rowan"), world.worker("lantern", "ms-placeholder"));
        let (hers, ours) = two_who_may_be_one(&world, &lantern, &cjit).await;
        open_episode(&cjit, ours).await;
        let id = check(&cjit, ours).await.handle("id").unwrap();
        let people = (person(&world, ours), person(&world, hers));
        let call = Call::system("decide", world.journal.directory().epoch());
        assert!(world.journal.record(call, Decided { people, journal: world.journal.clone() }).await.is_ok());
        pair(&world, (hers, ours), 2, "same");
        put(&world, 1, &[(hers, 1), (ours, 1)]);

        let asked = questions(&lantern).await;
        assert_eq!((asked.len(), &asked[0]["client_ref"]), (1, &json!(hers.to_string())));
        assert_eq!(answer(&lantern, json!({"answer": "lead"})).await.status, 200);
        let held = result(&cjit, id, ours).await;
        assert_eq!((&held.json["outcome"], &held.json["allocation"]), (&json!("held"), &json!("free")));
        assert_eq!(allocate(&cjit, ours).await.status, 200);
    }
}

/// Eastvale's prescriber with a script that runs and nobody on a caseload, and Northmoor's client who may be the same woman.
pub async fn whom_somebody_may_prescribe_for(world: &World, cjit: &Actor) -> (Desk, Handle) {
    let clinician = world.worker("eastvale-treatment", "dr-test-teasel");
    let client_ref = presented(&clinician, somebody("Sample", "Damson", "1988-02-28")).await;
    let desk = Desk { clinician, client_ref };
    desk.opens(methadone(world), "active").await;
    (desk, presented(cjit, somebody("Sample", "Damson", "1988-07-15")).await)
}

on_both_stores_at! {
    // A Friday, eleven at night in London: the line is open.
    "2026-06-05T22:00:00Z"
    async fn who_may_be_prescribed_for_elsewhere_is_possible_until_the_desk_has_decided(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let (treatment, ours) = whom_somebody_may_prescribe_for(&world, &cjit).await;
        let desk = MatchingDesk::of(&world);
        let case = desk.open().await.remove(0);
        let taken_on = json!({"admitted_on": today(&world)});
        let path = format!("/v1/clients/{ours}/caseload-episodes");
        assert_eq!(cjit.post(path, taken_on).about(ours).send().await.unwrap().status, 201);
        let asked = check(&cjit, ours).await;
        assert_eq!((&asked.json["outcome"], &asked.json["allocation"]), (&json!("possible"), &json!("wait")));
        assert_eq!(asked.json["clinical_hold"], json!(false), "nothing is told of what may be another's");
        assert_eq!(allocate(&cjit, ours).await.json["errors"][0]["code"], "caseload-check-awaited");
        assert_eq!(looks_up(&cjit, ours).await.json["outcome"], "uncertain");
        let id = asked.handle("id").unwrap();
        let settled = || world.number("SELECT count(*) AS number FROM event WHERE kind = 'caseload-check.answered'");
        let finds = async || {
            let read = result(&cjit, id, ours).await.json;
            let looked_up = looks_up(&cjit, ours).await.json["outcome"].clone();
            (read["outcome"].clone(), read["clinical_hold"].clone(), read["allocation"].clone(), looked_up)
        };

        // They are two: nobody prescribes for her, and who asked hears that it is settled.
        assert_eq!(desk.decides(&case, "different").await.status, 200);
        assert_eq!(finds().await, (json!("clear"), json!(false), json!("free"), json!("no-participating-service")));
        assert_eq!(settled(), 1);

        // They are one. Who prescribes has her on no caseload and is not asked, like in any other check; it shows that somebody does.
        assert_eq!(desk.decides(&case, "same").await.status, 200);
        assert_eq!(finds().await, (json!("clear"), json!(true), json!("free"), json!("service-to-ring")));
        assert_eq!(settled(), 2);
        assert!(questions(&treatment.clinician).await.is_empty());
        assert_eq!(allocate(&cjit, ours).await.status, 200);
    }
}
