//! The index by which somebody is found again, and the counts of usual values: what stands in them, and how they come under another key.

use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use serde_json::{Value, json};
use throughgate::crypto::{KeyRing, MatchKeys};
use throughgate::domain::client::matcher::{Matcher, indexed};
use throughgate::domain::client::{ClientChanged, UpdateClient};
use throughgate::domain::operator::{KeyRecords, MoveIndex};
use throughgate::id::RecordId;
use throughgate::identity::principal::Principal;
use throughgate::journal::call::{Call, Caller};
use throughgate::journal::command::{Accepted, Command as Change};
use throughgate::journal::disclosure::Rejection;
use throughgate::people::details::{Details, RecordedSex};
use throughgate::policy::permit::Permit;
use throughgate::store::Snapshot;
use throughgate::store::change::Changes;
use throughgate::store::facts::Subject;
use throughgate::store::match_index::Keying;
use throughgate::vocabulary::{AgencyType, Purpose, Role};
use tokio::sync::oneshot;

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

/// A change that waits once between what it was prepared on and its entry.
struct Held<C> {
    of: C,
    is_prepared: Mutex<Option<oneshot::Sender<()>>>,
    goes_on: Mutex<mpsc::Receiver<()>>,
}

impl<C: Change> Change for Held<C> {
    type Action = C::Action;
    type Acknowledgement = C::Acknowledgement;

    fn subject(&self) -> Subject {
        self.of.subject()
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<Self::Action>,
        changes: &mut Changes,
    ) -> Result<Accepted<Self::Acknowledgement>, Rejection> {
        let accepted = self.of.prepare(tx, call, permit, changes)?;
        if let Some(is_prepared) = self.is_prepared.lock().unwrap().take() {
            is_prepared.send(()).unwrap();
            self.goes_on.lock().unwrap().recv().unwrap();
        }
        Ok(accepted)
    }
}

/// Records a change, and another between what it was prepared on and its entry.
async fn with_another_between<C: Change>(
    world: &World,
    (call, of): (Call, C),
    another: impl Future<Output = ()>,
) {
    let (prepared, is_prepared) = oneshot::channel();
    let (go, goes_on) = mpsc::channel();
    let held = Held { of, is_prepared: Mutex::new(Some(prepared)), goes_on: Mutex::new(goes_on) };
    let between = async {
        is_prepared.await.unwrap();
        another.await;
        go.send(()).unwrap();
    };
    let (recorded, ()) = tokio::join!(world.journal.record(call, held), between);
    assert!(recorded.is_ok());
}

fn system(world: &World) -> Call {
    Call::system("rekey_matching", world.journal.directory().epoch())
}

async fn moves(world: &World, to: Keying) {
    assert!(world.journal.record(system(world), MoveIndex(to)).await.is_ok());
}

on_both_stores! {
    async fn what_is_written_while_a_key_is_filled_stands_under_it_as_it_is_now(world: World) {
        let cjit = world.worker("northmoor-cjit", "testa-rowan");
        let matcher = Arc::new(Matcher::stock().unwrap());
        let (mut from, names) = (0, [("Demoline", "Elderberry"), ("Samplina", "Hawthornden"), ("Testina", "Sorbus")]);
        let ours = presented(&cjit, somebody(names[0].0, names[0].1, "1961-11-23")).await;
        let counted = counts_of(&world, from);
        for is_read_first in [true, false] {
            let to = KeyRing::add_match_key(&ring(&world)).unwrap();
            moves(&world, Keying::Filling { from, to }).await;
            let fill = || KeyRecords { to, after: RecordId::from_bytes([0; 16]), matcher: matcher.clone() };
            if is_read_first {
                // She is renamed after the lot was read in which she is.
                let renames = async { assert_eq!(renamed(&cjit, ours, names[1]).await, 200) };
                with_another_between(&world, (system(&world), fill()), renames).await;
            } else {
                // The lot is written after she was read, of whom the name goes.
                let path = format!("/v1/clients/{ours}");
                let read = cjit.get(&path).about(ours).send().await.unwrap();
                let name = json!({"kind": "legal", "forename": names[2].0, "surname": names[2].1});
                let changed: ClientChanged = serde_json::from_value(json!({"person": {"names": [name]}})).unwrap();
                let update =
                    UpdateClient { client_ref: ours, changed, matcher: matcher.clone(), journal: world.journal.clone() };
                let mut call = system(&world);
                call.caller = Caller::Worker(Arc::new(Principal {
                    agency: "northmoor-cjit".parse().unwrap(),
                    agency_type: AgencyType::Cjit,
                    worker: "testa-rowan".parse().unwrap(),
                    role: Role::CaseManager,
                    purpose: Purpose::ContinuityOfCare,
                    is_system: false,
                    ..Principal::system(world.journal.directory().epoch()).unwrap()
                }));
                call.if_match = Some(read.etag().to_owned());
                let fills = async { assert!(world.journal.record(system(&world), fill()).await.is_ok()) };
                with_another_between(&world, (call, update), fills).await;
            }
            // Whatever waits still: she, where nothing was written of her meanwhile.
            assert!(world.journal.record(system(&world), fill()).await.is_ok());
            assert_eq!(tokens_of(&world, to), tokens_of(&world, from), "the names that are gone lead to her no more");
            assert_eq!((counts_of(&world, from), counts_of(&world, to)), (counted, counted));
            moves(&world, Keying::Clearing(to)).await;
            world.store().match_index_clear(to).unwrap();
            moves(&world, Keying::Settled(to)).await;
            from = to;
        }
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
