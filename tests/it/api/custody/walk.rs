//! A random walk over the wire: every request has its entry, every change that was answered is there, and no other is.

use serde_json::{Value, json};
use throughgate::ledger::entry::Leaf;
use throughgate::vocabulary::EntryKind;

use super::breaches::{Breach, a_breach};
use super::{Case, Desk, enforced, initial, minute, missed, notice, ra1};
use crate::campaign::Random;
use crate::support::{StoredLog, World, on_both_stores};

/// How many acts a walk tries.
const TRIED: u32 = 60;

fn act(world: &World, random: &mut Random) -> (&'static str, Value) {
    let kind = random.of(&["initial", "initial", "follow-up", "additional"]);
    let soon = i64::from(random.below(200)) - 20;
    match random.below(12) {
        0..=2 => {
            let mut booking = initial(&minute(world, soon));
            booking["appointment"] = json!(kind);
            ("appointments", booking)
        }
        3 | 4 => ("notices", ra1(world)),
        5 => ("notices", notice(world, "ra2")),
        6 => ("notices", notice(world, "follow-up")),
        7 => ("outcomes", missed(world, kind)),
        8 => (
            "outcomes",
            json!({"appointment": kind, "outcome": "attended-and-remained", "at": minute(world, 0),
            "follow_up": random.of(&["needed", "no-further-intervention"])}),
        ),
        9 => ("cancellations", json!({"appointment": kind, "reason": "agreed-with-person"})),
        10 => ("release", json!({"at": minute(world, 0), "disposal": "charged"})),
        _ => (
            "outcomes",
            json!({"appointment": kind, "outcome": "good-cause", "at": minute(world, 0), "good_cause": "illness"}),
        ),
    }
}

/// The versions of such records, and the entries; without those of what the gateway does by itself as the clock moves on.
fn counted(world: &World, kind: &str) -> (i64, usize) {
    let versions = world.number(&format!(
        "SELECT count(*) AS number FROM record_version v JOIN record r ON r.id = v.record WHERE r.kind = '{kind}'"
    ));
    let leaves = StoredLog::read(world).leaves;
    (versions, leaves.iter().filter(|leaf| Leaf::parse(leaf).unwrap().kind != EntryKind::System).count())
}

on_both_stores! {
    async fn every_act_has_its_entry_and_every_change_its_answer(world: World) {
        let seed = Random::seed();
        let mut random = Random::new(seed);
        let person = ("Random", "Walker");
        let police = Desk::police(&world, person).await.opens(enforced(&world)).await;
        let team = Desk::cjit(&world, person).await.case().await;
        let mut taken = 0;
        for _ in 0..TRIED {
            world.clock.advance(i64::from(random.below(600)));
            let side: &Case = if random.below(2) == 0 { &police } else { &team };
            let (act, body) = act(&world, &mut random);
            let before = counted(&world, "assessment");
            let answer = side.act(act, body).await;
            let after = counted(&world, "assessment");
            // The reading of the version, and the act.
            assert_eq!(after.1 - before.1, 2, "seed {seed}: an act without its entry");
            assert!(answer.receipt.is_some(), "seed {seed}");
            let changed = answer.status == 200;
            assert!(changed || matches!(answer.status.as_u16(), 409 | 422), "seed {seed}: {act}: {}", answer.json);
            assert_eq!(after.0 - before.0, i64::from(changed), "seed {seed}: {act}");
            taken += u32::from(changed);
        }
        assert!(taken > 0, "seed {seed}: nothing was ever taken");
    }
}

on_both_stores! {
    async fn so_has_every_step_of_a_breach(world: World) {
        let seed = Random::seed();
        let mut random = Random::new(seed);
        let (_, _, breach): (Case, Case, Breach) = a_breach(&world, ("Random", "Walker")).await;
        let mut version = 1;
        for _ in 0..TRIED / 2 {
            world.clock.advance(i64::from(random.below(600)));
            let step = random.of(&["decide", "decide", "put-out", "arrest", "charge", "drug-rehabilitation-requirement", "withdraw"]);
            let body = match step {
                "decide" => json!({"colour": random.of(&["red", "amber", "green"]), "risk_to_self": "High.", "risk_to_others": "Low."}),
                "put-out" | "arrest" => json!({"at": minute(&world, 0)}),
                "withdraw" => json!({"reason": "not-in-public-interest"}),
                _ => json!({}),
            };
            let possible = breach.read().await["possible"].as_array().unwrap().contains(&json!(step));
            let before = counted(&world, "breach");
            let answer = breach.step(step, body).await;
            let after = counted(&world, "breach");
            assert_eq!(after.1 - before.1, 2, "seed {seed}: a step without its entry");
            assert_eq!((answer.status == 200, after.0 - before.0), (possible, i64::from(possible)), "seed {seed}: {step}: {}", answer.json);
            version += i64::from(possible);
        }
        assert_eq!(counted(&world, "breach").0, version, "seed {seed}");
    }
}
