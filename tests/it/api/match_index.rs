//! The index by which somebody is found again, and the counts of usual values: what stands in them, and how they come under another key.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use throughgate::crypto::{KeyRing, MatchKeys};
use throughgate::domain::client::matcher::{Matcher, indexed};
use throughgate::people::details::{Details, RecordedSex};

use super::erasure::Officer;
use super::linked::are_one;
use super::matching::{named, presented, renamed, somebody};
use crate::support::load::invented;
use crate::support::{World, on_both_stores};

fn ring(world: &World) -> std::path::PathBuf {
    world.dir.join("keys/ring.toml")
}

fn rekey(world: &World) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_throughgate"));
    command.args(["match", "rekey", "--config"]).arg(world.dir.join("gateway.toml"));
    command
}

fn tokens_of(world: &World, generation: u8) -> i64 {
    let (least, greatest) = MatchKeys::range(generation);
    world.number(&format!(
        "SELECT count(*) AS number FROM match_token WHERE token >= {least} AND token <= {greatest}"
    ))
}

on_both_stores! {
    async fn the_index_is_keyed_anew_beside_a_running_gateway_however_often_it_is_killed(world: World) {
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let bodies: Vec<Value> = (0..70).map(|_| invented("Elm")).collect();
        let mut people = Vec::new();
        for body in &bodies {
            people.push(presented(&oak, body.clone()).await);
        }
        let (tokens, terms) = (tokens_of(&world, 0), world.number("SELECT count(*) AS number FROM match_frequency"));
        for round in 0..4_u64 {
            let mut child = rekey(&world).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            let random = u64::from(uuid::Uuid::new_v4().as_bytes()[0]);
            tokio::time::sleep(Duration::from_millis(round * 60 + random)).await;
            child.kill().unwrap();
            child.wait().unwrap();
            let at = usize::try_from(round).unwrap();
            assert!(are_one(&world, presented(&cjit, bodies[at].clone()).await, people[at]), "she is found all the while");
        }
        let mut command = rekey(&world);
        let done = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        let generations = KeyRing::match_generations(&ring(&world)).unwrap();
        assert_eq!(generations.len(), 1, "the old key is gone");
        assert_ne!(generations[0], 0);
        assert_eq!(world.number("SELECT count(*) AS number FROM match_token"), tokens_of(&world, generations[0]));
        assert!(tokens_of(&world, generations[0]) >= tokens);
        assert_eq!(world.number("SELECT count(*) AS number FROM match_frequency"), terms);
        for at in 20..24 {
            assert!(are_one(&world, presented(&cjit, bodies[at].clone()).await, people[at]));
        }
    }
}

/// How often everything is counted that is counted under a generation.
fn counts_of(world: &World, generation: u8) -> i64 {
    let (least, greatest) = MatchKeys::range(generation);
    world.number(&format!(
        "SELECT CAST(coalesce(sum(level), 0) AS bigint) AS number FROM match_frequency WHERE term >= {least} AND term <= {greatest}"
    ))
}

on_both_stores! {
    async fn a_record_is_counted_under_what_it_says_now_however_often_it_is_written(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let lantern = world.worker("lantern", "ms-placeholder");
        presented(&lantern, somebody("Samplina", "Hawthornden", "1990-03-03")).await;
        let others = counts_of(&world, 0);
        let ours = presented(&cjit, somebody("Demoline", "Elderberry", "1961-11-23")).await;
        let first = counts_of(&world, 0);
        for round in 0..3 {
            let alias = named("Demoline", "Elderberry", "1961-11-23", ("Samplina", "Hawthornden"));
            assert_eq!(presented(&cjit, alias).await, ours);
            assert_eq!(presented(&cjit, somebody("Demoline", "Elderberry", "1961-11-23")).await, ours);
            assert_eq!(counts_of(&world, 0), first + 2, "round {round}: what is not said anew is kept");
            assert_eq!(renamed(&cjit, ours, ("Demoline", "Elderberry")).await, 200);
            assert_eq!(counts_of(&world, 0), first, "round {round}");
        }
        assert_eq!(renamed(&cjit, ours, ("Samplina", "Hawthornden")).await, 200);
        assert_eq!(counts_of(&world, 0), first);
        assert_eq!(Officer::of(&world, "northmoor-cjit", ours).erases().await.status, 200);
        assert_eq!(counts_of(&world, 0), others, "her names are another's, too, who stays counted");
    }
}

on_both_stores! {
    async fn a_dump_confirms_no_guessed_name_without_the_key(world: World) {
        let oak = world.worker("fallowgate-carat", "fixture-oak");
        presented(&oak, somebody("Demoline", "Elderberry", "1988-02-28")).await;
        let guessed = Details {
            forenames: vec!["Demoline".to_owned()],
            surnames: vec!["Elderberry".to_owned()],
            births: vec!["1988-02-28".to_owned()],
            sex: Some(RecordedSex::Female),
            postcodes: vec!["ZZ1 1ZZ".to_owned()],
            addresses: vec!["1 Test Row".to_owned()],
            ..Details::default()
        };
        let matcher = Matcher::stock().unwrap();
        let found = |ring: &KeyRing, generation: u8| {
            let (tokens, terms) = indexed(&matcher, &[ring.match_keys(generation).unwrap()], &guessed);
            assert!(tokens.len() > 10 && terms.len() >= 5);
            let hits = |table: &str, column: &str, of: Vec<i64>| {
                let list: Vec<String> = of.iter().map(i64::to_string).collect();
                world.number(&format!("SELECT count(*) AS number FROM {table} WHERE {column} IN ({})", list.join(", ")))
            };
            (hits("match_token", "token", tokens.iter().copied().collect()), hits("match_frequency", "term", terms))
        };
        // Whoever has the key finds her.
        let all = (world.number("SELECT count(*) AS number FROM match_token"), world.number("SELECT count(*) AS number FROM match_frequency"));
        assert_eq!(found(&KeyRing::load(&ring(&world)).unwrap(), 0), all);
        // Whoever has the source and the dump alone tries keys of his own: nothing, a zero, another ring's.
        let own = world.dir.join("guesses.toml");
        KeyRing::create(&own, "kek-1").unwrap();
        assert_eq!(found(&KeyRing::load(&own).unwrap(), 0), (0, 0));
        let text = std::fs::read_to_string(&own).unwrap();
        let key = text.lines().find_map(|line| line.strip_prefix("index_key = \"")).unwrap().trim_end_matches('"').to_owned();
        let zero = world.dir.join("zero.toml");
        std::fs::write(&zero, text.replace(&key, &format!("{}=", "A".repeat(43)))).unwrap();
        std::fs::set_permissions(&zero, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        assert_eq!(found(&KeyRing::load(&zero).unwrap(), 0), (0, 0));
    }
}
