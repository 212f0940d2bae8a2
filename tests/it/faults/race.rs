//! Many at once: what forbids a disclosure comes first in the log, or the disclosure does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use throughgate::demo::actor::{Actor, ActorError};
use throughgate::directory::AgencyStatus;
use throughgate::domain::operator::SetAgencyStatus;
use throughgate::id::Handle;
use throughgate::journal::call::Call;

use crate::support::{World, on_both_stores};

/// Reads a client until told to stop; the indexes of all reads that were answered, and how many were not.
async fn read_on(actor: Actor, client_ref: Handle, stop: Arc<AtomicBool>) -> (Vec<u64>, usize) {
    let (mut shown, mut refused) = (Vec::new(), 0);
    while !stop.load(Ordering::SeqCst) {
        let read = actor.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await;
        match read {
            Ok(answer) if answer.status == 200 => shown.push(answer.receipt.unwrap().index),
            Ok(answer) => {
                assert!(matches!(answer.status.as_u16(), 401 | 503), "{}", answer.json);
                assert!(!String::from_utf8_lossy(&answer.bytes).contains("Alder"));
                refused += 1;
            }
            // The connection was cut under the request.
            Err(ActorError::Http(_)) => refused += 1,
            Err(error) => panic!("{error}"),
        }
    }
    (shown, refused)
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
        let stop = Arc::new(AtomicBool::new(false));
        let readers: Vec<_> = (0..12)
            .map(|_| {
                let actor = world.worker("fallowgate-carat", "fixture-oak");
                actix_web::rt::spawn(read_on(actor, client_ref, stop.clone()))
            })
            .collect();
        let mut suspensions = Vec::new();
        for _ in 0..6 {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let suspended = set(&world, "fallowgate-carat", AgencyStatus::Suspended).await;
            tokio::time::sleep(Duration::from_millis(150)).await;
            let resumed = set(&world, "fallowgate-carat", AgencyStatus::Active).await;
            suspensions.push(suspended..resumed);
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        stop.store(true, Ordering::SeqCst);
        let (mut shown, mut refused) = (Vec::new(), 0);
        for reader in readers {
            let (indexes, not) = reader.await.unwrap();
            shown.extend(indexes);
            refused += not;
        }
        assert!(shown.len() > 50 && refused > 0, "{} shown, {refused} refused: not a race", shown.len());
        for suspension in &suspensions {
            let between: Vec<_> = shown.iter().filter(|index| suspension.contains(index)).collect();
            assert!(between.is_empty(), "{between:?} were shown within {suspension:?}");
        }
        // The race was run: reads stand on both sides of every suspension.
        let last = suspensions.last().unwrap();
        assert!(shown.iter().any(|index| *index < suspensions[0].start));
        assert!(shown.iter().any(|index| *index >= last.end));
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
