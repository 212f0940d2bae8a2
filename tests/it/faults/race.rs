//! Many at once: what forbids a disclosure comes first in the log, or the disclosure does.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;
use throughgate::clock::Clock as _;
use throughgate::demo::actor::{Actor, ActorError};
use throughgate::directory::AgencyStatus;
use throughgate::domain::operator::SetAgencyStatus;
use throughgate::id::Handle;
use throughgate::journal::call::Call;

use crate::api::release::{Referred, consent, referred};
use crate::support::{World, on_both_stores};

/// Reads until told to stop; the indexes of all reads that were shown something, and how many were not.
async fn read_on(actor: Actor, path: String, about: Handle, stop: Arc<AtomicBool>) -> (Vec<u64>, usize) {
    let (mut shown, mut refused) = (Vec::new(), 0);
    while !stop.load(Ordering::SeqCst) {
        match actor.get(&path).about(about).send().await {
            Ok(answer) if answer.status == 200 => shown.push(answer.receipt.unwrap().index),
            Ok(answer) => {
                assert!(matches!(answer.status.as_u16(), 401 | 404 | 503), "{}", answer.json);
                assert!(answer.json.get("person").is_none() && answer.json.get("document").is_none());
                refused += 1;
            }
            // The connection was cut under the request.
            Err(ActorError::Http(_)) => refused += 1,
            Err(error) => panic!("{error}"),
        }
    }
    (shown, refused)
}

/// Readers at work while `change` runs; then no read may stand in the log within any of the ranges that it answers.
async fn assert_none_within<F>(readers: Vec<Actor>, path: String, about: Handle, change: F)
where
    F: Future<Output = Vec<Range<u64>>>,
{
    let stop = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = readers
        .into_iter()
        .map(|actor| actix_web::rt::spawn(read_on(actor, path.clone(), about, stop.clone())))
        .collect();
    let forbidden = change.await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.store(true, Ordering::SeqCst);
    let (mut shown, mut refused) = (Vec::new(), 0);
    for reader in readers {
        let (indexes, not) = reader.await.unwrap();
        shown.extend(indexes);
        refused += not;
    }
    assert!(shown.len() > 50 && refused > 0, "{} shown, {refused} refused: not a race", shown.len());
    for range in &forbidden {
        let between: Vec<_> = shown.iter().filter(|index| range.contains(index)).collect();
        assert!(between.is_empty(), "{between:?} were shown within {range:?}");
        // The race was run: reads stand on both sides.
        assert!(shown.iter().any(|index| *index < range.start), "nothing was shown before {range:?}");
    }
}

async fn set(world: &World, agency: &str, status: AgencyStatus) -> u64 {
    for _ in 0..10 {
        let call = Call::system("set_agency_status", world.journal.directory().epoch());
        let agency = agency.parse().unwrap();
        if let Ok(done) = world.journal.record(call, SetAgencyStatus { agency, status }).await {
            return done.into_parts().receipt.index();
        }
    }
    panic!("the directory could not be changed");
}

on_both_stores! {
    async fn no_read_stands_in_the_log_between_a_suspension_and_its_end(world: World) {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let client_ref = world.client(&carat, "Testa", "Alder").await;
        let readers = (0..12).map(|_| world.worker("fallowgate-carat", "fixture-oak")).collect();
        assert_none_within(readers, format!("/v1/clients/{client_ref}"), client_ref, async {
            let mut suspensions = Vec::new();
            for _ in 0..6 {
                tokio::time::sleep(Duration::from_millis(300)).await;
                let suspended = set(&world, "fallowgate-carat", AgencyStatus::Suspended).await;
                tokio::time::sleep(Duration::from_millis(150)).await;
                let resumed = set(&world, "fallowgate-carat", AgencyStatus::Active).await;
                suspensions.push(suspended..resumed);
            }
            suspensions
        })
        .await;
    }
}

on_both_stores! {
    async fn no_read_of_a_record_stands_in_the_log_between_a_withdrawal_and_a_new_consent(world: World) {
        let Referred { carat, cjit, ours, .. } = referred(&world).await;
        let readers = (0..16).map(|_| world.worker("northmoor-cjit", "testa-rowan")).collect();
        let post = async |path: &str, body: serde_json::Value| {
            let path = format!("/v1/clients/{}/{path}", carat.client_ref);
            // With so many readers at the person's record, a write may be told to come again.
            for _ in 0..20 {
                let answer = carat.post(path.clone(), body.clone()).await;
                if answer.status != 503 {
                    assert!(answer.status.is_success(), "{}", answer.json);
                    return answer.receipt.unwrap().index;
                }
            }
            panic!("{path} was never written");
        };
        assert_none_within(readers, format!("/v1/dirs/{ours}"), cjit.client_ref, async {
            let mut withdrawals = Vec::new();
            for _ in 0..5 {
                tokio::time::sleep(Duration::from_millis(600)).await;
                let withdrawn = post("withdrawal", json!({"channel": "voice", "urgent_effects_confirmed": true})).await;
                tokio::time::sleep(Duration::from_millis(150)).await;
                let given = post("consents", consent(world.clock.now())).await;
                withdrawals.push(withdrawn..given);
            }
            withdrawals
        })
        .await;
    }
}

on_both_stores! {
    async fn the_live_connections_of_a_suspended_agency_are_cut_within_seconds(world: World) {
        let token = |agency: &str, worker: &str| {
            let purpose = throughgate::vocabulary::Purpose::ContinuityOfCare;
            world.worker(agency, worker).token(purpose, None, None).unwrap()
        };
        let (theirs, others) = (token("lantern", "ms-placeholder"), token("fallowgate-carat", "fixture-oak"));
        let say = |token: &str| format!("GET /nowhere HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n");
        let (their_request, other_request) = (say(&theirs), say(&others));
        let wire = world.wire();
        let (mut live, mut undisturbed, other_request) = wire.on_its_own_thread(move |wire| {
            let (mut live, mut undisturbed) = (wire.of_agency("lantern"), wire.of_agency("fallowgate-carat"));
            live.send(their_request).unwrap();
            assert_eq!(live.hear().unwrap().status, 404);
            undisturbed.send(&other_request).unwrap();
            assert_eq!(undisturbed.hear().unwrap().status, 404);
            (live, undisturbed, other_request)
        }).await;
        set(&world, "lantern", AgencyStatus::Suspended).await;
        wire.on_its_own_thread(move |_| {
            assert!(live.is_closed_within(Duration::from_secs(4)));
            undisturbed.send(other_request).unwrap();
            assert_eq!(undisturbed.hear().unwrap().status, 404);
        }).await;
    }
}
