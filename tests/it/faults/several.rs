//! Several gateways over one database: one log without a fork, and what one of them learns holds at once at the others.

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;
use throughgate::certificates::write_new_secret;
use throughgate::ledger::entry::Leaf;
use throughgate::ledger::note::SigningKey;

use crate::api::release::{Referred, Team, referred};
use crate::support::load::{Told, some_time, write_and_read};
use crate::support::{Process, StoredLog, World, on_both_stores, rounds};

/// How often one of the three is killed under load, on each store, usually.
const KILLS: usize = 5;

/// Makes the configuration of one more gateway of the world's partnership, with a key of its own under the log's one name,
/// and answers the name of its file.
pub fn one_more(world: &World, number: usize) -> String {
    let dir = world.dir();
    let vkeys = std::fs::read_to_string(dir.join("log.vkey")).unwrap();
    let key = SigningKey::generate(vkeys.split('+').next().unwrap()).unwrap();
    write_new_secret(&dir.join(format!("keys/log-{number}.key")), &key.to_text()).unwrap();
    let mut file = OpenOptions::new().append(true).open(dir.join("log.vkey")).unwrap();
    writeln!(file, "{}", key.verifier()).unwrap();
    let config = std::fs::read_to_string(dir.join("gateway.toml"))
        .unwrap()
        .replace("keys/log.key", &format!("keys/log-{number}.key"))
        .replace("\"gateway-1\"", &format!("\"gateway-{number}\""))
        .replace("\"log\"", &format!("\"log-{number}\""))
        .replace("\"head\"", &format!("\"head-{number}\""));
    let name = format!("gateway-{number}.toml");
    std::fs::write(dir.join(&name), config).unwrap();
    name
}

on_both_stores! {
    async fn three_gateways_write_one_log_while_one_after_the_other_is_killed(world: World) {
        let mut world = world;
        let configs = ["gateway.toml".to_owned(), one_more(&world, 2), one_more(&world, 3)];
        world.stop().await;
        let mut gateways: Vec<Process> = configs.iter().map(|config| Process::start(&world, config)).collect();
        let (kills, mut all) = (rounds(KILLS), Told::default());
        for round in 0..kills {
            let stop = Arc::new(AtomicBool::new(false));
            let mut at_work = Vec::new();
            for gateway in &gateways {
                gateway.ready(&world).await;
            }
            for gateway in gateways.iter().chain(&gateways) {
                let worker = gateway.worker(&world, "fallowgate-carat", "fixture-oak");
                at_work.push(actix_web::rt::spawn(write_and_read(worker, "Alder", stop.clone())));
            }
            tokio::time::sleep(Duration::from_millis(200) + some_time()).await;
            let killed = round % gateways.len();
            drop(gateways.remove(killed));
            // The others go on.
            tokio::time::sleep(Duration::from_millis(200)).await;
            stop.store(true, Ordering::SeqCst);
            let mut told = vec![all];
            for one in at_work {
                told.push(one.await.unwrap());
            }
            all = Told::together(told);
            gateways.insert(killed, Process::start(&world, &configs[killed]));
        }
        for gateway in &gateways {
            gateway.ready(&world).await;
        }
        let log = StoredLog::read(&world);
        assert_eq!(log.assert_holds_all(&all.recorded), all.recorded.len());
        log.assert_changes_match_entries(&world);
        let wrote: BTreeSet<String> = log.leaves.iter().map(|leaf| Leaf::parse(leaf).unwrap().replica).collect();
        assert!(["gateway-1", "gateway-2", "gateway-3"].iter().all(|replica| wrote.contains(*replica)), "{wrote:?}");
        assert!(all.written > 3 * kills, "only {} writes", all.written);
        assert!(all.unanswered > 0, "no kill met a request");
    }
}

on_both_stores! {
    async fn a_withdrawal_at_one_gateway_holds_at_once_at_another(world: World) {
        let second = one_more(&world, 2);
        let Referred { carat, cjit, ours, .. } = referred(&world).await;
        let path = format!("/v1/dirs/{ours}");
        let gateway = Process::start(&world, &second);
        gateway.ready(&world).await;
        let elsewhere = Team { actor: gateway.worker(&world, "northmoor-cjit", "testa-rowan"), client_ref: cjit.client_ref };
        let shown = elsewhere.get(path.clone()).await;
        assert_eq!(shown.status, 200, "{}", shown.json);

        carat.withdraws().await;

        let refused = elsewhere.get(path.clone()).await;
        assert_eq!(refused.status, 404, "{}", refused.json);
        let log = StoredLog::read(&world);
        assert_eq!(log.assert_holds_all([&shown, &refused]), 2);
    }
}

on_both_stores! {
    async fn one_token_serves_one_write_however_many_gateways_see_it(world: World) {
        let second = one_more(&world, 2);
        let gateway = Process::start(&world, &second);
        gateway.ready(&world).await;
        let here = world.worker("fallowgate-carat", "fixture-oak");
        let there = gateway.worker(&world, "fallowgate-carat", "fixture-oak");
        let client_ref = world.client(&here, "Testa", "Alder").await;
        let path = format!("/v1/clients/{client_ref}");
        let token = here.token(throughgate::vocabulary::Purpose::ContinuityOfCare, Some(client_ref), None).unwrap();
        let etag = here.get(&path).token(&token).send().await.unwrap().etag().to_owned();
        let change = json!({"person": {"names": [{"kind": "legal", "forename": "Testa", "surname": "Rowan"}]}});
        let ask = |actor: &throughgate::demo::actor::Actor| {
            let (actor, path, token, etag, change) =
                (actor.clone(), path.clone(), token.clone(), etag.clone(), change.clone());
            async move { actor.patch(&path, change).token(token).if_match(etag).send().await.unwrap() }
        };
        let (one, other) = tokio::join!(ask(&here), ask(&there));
        let mut statuses = [one.status.as_u16(), other.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 401], "{} {}", one.json, other.json);
        let refused = if one.status == 401 { &one } else { &other };
        assert_eq!(refused.problem(), "invalid-token");
    }
}
