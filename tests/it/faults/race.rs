//! Many at once: what forbids a disclosure comes first in the log, or the disclosure does.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::rt::task::JoinHandle;
use serde_json::json;
use throughgate::demo::actor::{Actor, ActorError};
use throughgate::directory::AgencyStatus;
use throughgate::domain::operator::SetAgencyStatus;
use throughgate::id::Handle;
use throughgate::journal::call::Call;

use crate::api::release::{Referred, referred};
use crate::support::{World, on_both_stores};

/// How many reads of a DIR the withdrawals race against, on each store.
const READS: usize = 10_000;
/// How many withdrawals.
const WITHDRAWALS: usize = 5;

/// Readers at one record, until they are told to stop.
struct Readers {
    stop: Arc<AtomicBool>,
    shown: Arc<Mutex<Vec<u64>>>,
    refused: Arc<AtomicUsize>,
    at_work: Vec<JoinHandle<()>>,
}

impl Readers {
    fn start(actors: impl IntoIterator<Item = Actor>, path: &str, about: Handle) -> Self {
        let (stop, shown, refused) = <(Arc<AtomicBool>, Arc<Mutex<Vec<u64>>>, Arc<AtomicUsize>)>::default();
        let at_work = actors
            .into_iter()
            .map(|actor| {
                let (stop, shown, refused) = (stop.clone(), shown.clone(), refused.clone());
                let path = path.to_owned();
                actix_web::rt::spawn(async move {
                    while !stop.load(Ordering::SeqCst) {
                        match actor.get(&path).about(about).send().await {
                            Ok(answer) if answer.status == 200 => {
                                shown.lock().unwrap().push(answer.receipt.unwrap().index);
                                continue;
                            }
                            Ok(answer) => {
                                assert!(matches!(answer.status.as_u16(), 401 | 404 | 503), "{}", answer.json);
                                assert!(answer.json.get("person").or(answer.json.get("document")).is_none());
                            }
                            // The connection was cut under the request.
                            Err(ActorError::Http(_)) => {}
                            Err(error) => panic!("{error}"),
                        }
                        refused.fetch_add(1, Ordering::SeqCst);
                    }
                })
            })
            .collect();
        Self { stop, shown, refused, at_work }
    }

    /// Waits until so many more reads were shown something.
    async fn are_shown(&self, more: usize) {
        let count = || self.shown.lock().unwrap().len();
        Self::reaches(count, count() + more).await;
    }

    /// Waits until so many more reads were refused.
    async fn are_refused(&self, more: usize) {
        let count = || self.refused.load(Ordering::SeqCst);
        Self::reaches(count, count() + more).await;
    }

    async fn reaches(count: impl Fn() -> usize, goal: usize) {
        for _ in 0..20_000 {
            if count() >= goal {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} of {goal} reads", count());
    }

    /// No read may stand in the log within any of these ranges.
    async fn assert_none_within(self, forbidden: &[Range<u64>]) {
        self.stop.store(true, Ordering::SeqCst);
        for reader in self.at_work {
            reader.await.unwrap();
        }
        let shown = self.shown.lock().unwrap();
        for range in forbidden {
            let between: Vec<_> = shown.iter().filter(|index| range.contains(index)).collect();
            assert!(between.is_empty(), "{between:?} were shown within {range:?}");
        }
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
        let actors = (0..12).map(|_| world.worker("fallowgate-carat", "fixture-oak"));
        let readers = Readers::start(actors, &format!("/v1/clients/{client_ref}"), client_ref);
        let mut suspensions = Vec::new();
        for _ in 0..6 {
            readers.are_shown(40).await;
            let suspended = set(&world, "fallowgate-carat", AgencyStatus::Suspended).await;
            readers.are_refused(20).await;
            let resumed = set(&world, "fallowgate-carat", AgencyStatus::Active).await;
            suspensions.push(suspended..resumed);
        }
        readers.are_shown(20).await;
        readers.assert_none_within(&suspensions).await;
    }
}

on_both_stores! {
    async fn no_read_of_a_record_stands_in_the_log_after_the_withdrawal_that_forbids_it(world: World) {
        for _ in 0..WITHDRAWALS {
            let Referred { carat, cjit, ours, .. } = referred(&world).await;
            let actors = (0..16).map(|_| world.worker("northmoor-cjit", "testa-rowan"));
            let readers = Readers::start(actors, &format!("/v1/dirs/{ours}"), cjit.client_ref);
            readers.are_shown(READS / WITHDRAWALS).await;
            let path = format!("/v1/clients/{}/withdrawal", carat.client_ref);
            let withdrawal = json!({"channel": "voice", "urgent_effects_confirmed": true});
            let withdrawn = carat.post(path, withdrawal).await;
            assert!(withdrawn.status.is_success(), "{}", withdrawn.json);
            let forbidden = withdrawn.receipt.unwrap().index..u64::MAX;
            readers.are_refused(40).await;
            readers.assert_none_within(&[forbidden]).await;
        }
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
