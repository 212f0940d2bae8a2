//! Listening to what has changed: thin, in order, resumable, each batch on record, and over when it must be.

use std::time::Duration;

use serde_json::Value;
use throughgate::demo::actor::Actor;
use throughgate::demo::listener::Listener;
use throughgate::directory::AgencyStatus;
use throughgate::domain::operator::SetAgencyStatus;
use throughgate::id::Handle;
use throughgate::journal::call::Call;
use throughgate::vocabulary::{EventType, Purpose};

use super::erasure::LANTERN;
use super::notifying::{agency, leave};
use crate::support::{StoredLog, World, on_both_stores};

/// How long a story waits for what must come.
const PATIENCE: Duration = Duration::from_secs(20);

pub async fn listen(actor: &Actor, last: Option<&str>) -> Result<Listener, u16> {
    let ask = actor.get("/v1/events").purpose(Purpose::DuplicateCheck);
    let ask = match last {
        Some(last) => ask.with("Last-Event-ID", last),
        None => ask,
    };
    ask.listen().await.unwrap().map_err(|status| status.as_u16())
}

pub async fn next(listener: &mut Listener) -> Value {
    let event = tokio::time::timeout(PATIENCE, listener.next()).await.expect("no event came");
    event.unwrap().expect("the stream ended")
}

/// Whether the stream ends by itself, and tells nothing before.
async fn ends(listener: &mut Listener) -> bool {
    match tokio::time::timeout(PATIENCE, listener.next()).await {
        // A connection that is cut breaks off.
        Ok(Ok(None) | Err(_)) => true,
        Ok(Ok(Some(event))) => panic!("{event}"),
        Err(_) => false,
    }
}

async fn happens(world: &World, whose: &'static str, path: &'static str) {
    leave(world, move |_, changes| {
        changes.notify(&agency(whose), EventType::ReferralChanged, path.to_owned());
        Ok(())
    })
    .await
    .unwrap();
}

fn id(event: &Value) -> &str {
    event["id"].as_str().unwrap()
}

on_both_stores! {
    async fn an_agency_is_told_what_is_its_own_thin_and_on_record(world: World) {
        let lantern = world.worker(LANTERN, "ms-placeholder");
        happens(&world, LANTERN, "/v1/referrals/before").await;
        let before = StoredLog::read(&world).size;
        let mut listener = listen(&lantern, None).await.unwrap();
        happens(&world, "eastvale-cjit", "/v1/referrals/another").await;
        happens(&world, LANTERN, "/v1/referrals/hers").await;

        let event = next(&mut listener).await;
        let members: Vec<&String> = event.as_object().unwrap().keys().collect();
        assert_eq!(members, ["specversion", "id", "source", "type", "subject", "time"]);
        assert_eq!(event["specversion"], "1.0");
        assert_eq!((&event["type"], &event["subject"]), (&"referral.changed".into(), &"/v1/referrals/hers".into()));
        assert!(event["time"].as_str().unwrap().ends_with(":00Z"), "to the minute: {event}");
        assert!(id(&event).parse::<Handle>().is_ok());
        // The opening, the two commands, and the one batch: what is told to nobody has no entry.
        assert_eq!(StoredLog::read(&world).size, before + 4);
        assert_eq!(listener.batches, 1);
    }
}

on_both_stores! {
    async fn who_comes_back_misses_nothing_and_hears_nothing_twice(world: World) {
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let mut listener = listen(&lantern, None).await.unwrap();
        happens(&world, LANTERN, "/v1/referrals/0").await;
        let mut heard = vec![next(&mut listener).await];
        for round in 0..3 {
            drop(listener);
            for path in ["/v1/referrals/while", "/v1/referrals/away"] {
                happens(&world, LANTERN, path).await;
            }
            let last = id(heard.last().unwrap()).to_owned();
            listener = listen(&lantern, Some(&last)).await.unwrap();
            for _ in 0..2 {
                heard.push(next(&mut listener).await);
            }
            happens(&world, LANTERN, "/v1/referrals/then").await;
            heard.push(next(&mut listener).await);
            assert_eq!(heard.len(), 1 + 3 * (round + 1));
        }
        let subjects: Vec<&str> = heard.iter().map(|event| event["subject"].as_str().unwrap()).collect();
        let round = ["/v1/referrals/while", "/v1/referrals/away", "/v1/referrals/then"];
        assert_eq!(subjects, [&["/v1/referrals/0"], round.as_slice(), &round, &round].concat());
        let mut ids: Vec<&str> = heard.iter().map(id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), heard.len());
    }
}

on_both_stores! {
    async fn nobody_resumes_from_what_is_not_its_own(world: World) {
        let (lantern, eastvale) = (world.worker(LANTERN, "ms-placeholder"), world.worker("eastvale-cjit", "sample-linden"));
        let mut listener = listen(&lantern, None).await.unwrap();
        happens(&world, LANTERN, "/v1/referrals/hers").await;
        let event = next(&mut listener).await;
        assert_eq!(listen(&eastvale, Some(id(&event))).await.err(), Some(404));
        assert_eq!(listen(&lantern, Some("not-an-id")).await.err(), Some(404));
        assert_eq!(listen(&lantern, Some(&Handle::random().to_string())).await.err(), Some(404));
        assert!(listen(&lantern, Some(id(&event))).await.is_ok());
        let police = world.worker("northmoor-police", "proxy-thorn");
        assert_eq!(listen(&police, None).await.err(), Some(403));
    }
}

on_both_stores! {
    async fn a_stream_ends_with_the_token_that_opened_it(world: World) {
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let mut listener = listen(&lantern, None).await.unwrap();
        world.clock.advance(280);
        happens(&world, LANTERN, "/v1/referrals/in-time").await;
        assert_eq!(next(&mut listener).await["subject"], "/v1/referrals/in-time");
        world.clock.advance(30);
        happens(&world, LANTERN, "/v1/referrals/too-late").await;
        assert!(ends(&mut listener).await);
    }
}

on_both_stores! {
    async fn a_stream_ends_with_the_agencys_suspension(world: World) {
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let mut listener = listen(&lantern, None).await.unwrap();
        let suspend = SetAgencyStatus { agency: agency(LANTERN), status: AgencyStatus::Suspended };
        let call = Call::system("agency", world.journal.directory().epoch());
        assert!(world.journal.record(call, suspend).await.is_ok());
        happens(&world, LANTERN, "/v1/referrals/too-late").await;
        assert!(ends(&mut listener).await);
    }
}

on_both_stores! {
    async fn a_stream_ends_with_the_gateway_and_keeps_it_from_nothing(world: World) {
        let mut world = world;
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let mut listener = listen(&lantern, None).await.unwrap();
        happens(&world, LANTERN, "/v1/referrals/last").await;
        let last = next(&mut listener).await;
        let began = std::time::Instant::now();
        world.stop().await;
        assert!(began.elapsed() < Duration::from_secs(10), "it waited for a reader who stays");
        assert!(ends(&mut listener).await);
        world.start_anyhow();
        world.ready().await;
        let lantern = world.worker(LANTERN, "ms-placeholder");
        let mut listener = listen(&lantern, Some(id(&last))).await.unwrap();
        happens(&world, LANTERN, "/v1/referrals/first").await;
        assert_eq!(next(&mut listener).await["subject"], "/v1/referrals/first");
    }
}

on_both_stores! {
    async fn an_agency_has_so_many_streams_and_no_more(world: World) {
        let (lantern, eastvale) = (world.worker(LANTERN, "ms-placeholder"), world.worker("eastvale-cjit", "sample-linden"));
        let mut streams = Vec::new();
        for _ in 0..8 {
            streams.push(listen(&lantern, None).await.unwrap());
        }
        assert_eq!(listen(&lantern, None).await.err(), Some(429));
        assert!(listen(&eastvale, None).await.is_ok());
        streams.truncate(4);
        // That a reader has gone shows when the next is written to it.
        for _ in 0..300 {
            if listen(&lantern, None).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("streams that were let go of still count");
    }
}
