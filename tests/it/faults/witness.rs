//! A gateway and its witnesses: what they see, what they hold it to, and what goes on without them.

use std::collections::BTreeMap;
use std::time::Duration;

use throughgate::cli::audit::FileDirectory;
use throughgate::demo::actor::Actor;
use throughgate::journal::health::State;
use throughgate::ledger::entry::Leaf;
use throughgate::ledger::note::{Checkpoint, claimed_head};
use throughgate::ledger::receipt::Receipt;
use throughgate::ledger::verify::{Rules, Unwatched, verify, verify_by};
use throughgate::vocabulary::Purpose;

use crate::support::{Backend, Partner, World, on_both_stores};

async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    for _ in 0..600 {
        if let Some(found) = look().await {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{what}: it did not come about");
}

async fn some_history(world: &World) {
    let carat = world.worker("fallowgate-carat", "fixture-oak");
    for surname in ["Alder", "Cedar", "Hazel"] {
        world.client(&carat, "Testa", surname).await;
    }
}

fn size_of(world: &World) -> u64 {
    claimed_head(&world.journal.checkpoint().unwrap()).unwrap().size
}

/// Waits until the gateway is shown to others with the cosignatures of a quorum over all that it has recorded.
async fn all_witnessed(world: &World) {
    eventually("a quorum over everything", async || {
        let shown = world.journal.shown_checkpoint()?;
        (claimed_head(&shown)?.size == size_of(world) && world.journal.unwitnessed_age().is_zero())
            .then_some(())
    })
    .await;
}

async fn look(auditor: &Actor, path: &str) -> throughgate::demo::actor::Answer {
    auditor.get(path).purpose(Purpose::AuditReview).send().await.unwrap()
}

on_both_stores! {
    async fn cosignatures_are_in_the_checkpoint_the_directory_and_the_receipt(world: World) {
        let mut world = world;
        world.stop().await;
        let mut partners = world.partners(&["probation", "police", "office"]);
        let policy = world.have_witnesses(&partners, 2, "");
        // The third never answers; two are a quorum.
        partners[0].start(&world.shared_clock());
        partners[1].start(&world.shared_clock());
        world.start_anyhow();
        world.ready().await;
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let auditor = world.worker("audit-office", "checker-willow");
        some_history(&world).await;
        let refused = carat.get("/nowhere").send().await.unwrap().receipt.unwrap();
        all_witnessed(&world).await;

        let keys = world.log_keys();
        let shown = look(&auditor, "/v1/audit/checkpoint").await;
        let note = String::from_utf8(shown.bytes).unwrap();
        let checkpoint = Checkpoint::open(&note, &keys).unwrap();
        assert!(checkpoint.size > refused.index);
        let seen = policy.witnessed(&note, &keys).unwrap();
        assert!(seen.is_quorum());
        let now = throughgate::clock::Clock::now(&*world.clock);
        assert!(now.duration_since(seen.existed_by().unwrap()).abs().as_secs() < 60);

        let file = world.dir.join("log/checkpoint");
        eventually("a quorum in the directory", async || {
            let note = std::fs::read_to_string(&file).ok()?;
            let size = Checkpoint::open(&note, &keys).unwrap().size;
            (size > refused.index && policy.witnessed(&note, &keys).unwrap().is_quorum()).then_some(())
        })
        .await;
        let report = verify(&FileDirectory::new(&world.dir.join("log")), &keys);
        assert!(report.unwrap().verdict().is_none());

        let id = Leaf::parse(&refused.leaf).unwrap().id;
        let receipt = look(&auditor, &format!("/v1/audit/receipts/{id}")).await;
        assert_eq!(receipt.status, 200, "{}", receipt.json);
        let receipt = Receipt::parse(receipt.json["receipt"].as_str().unwrap()).unwrap();
        assert_eq!(receipt.verify(&keys).unwrap().index, refused.index);
        assert!(policy.witnessed(&receipt.checkpoint, &keys).unwrap().is_quorum());
        // Later growth does not change it: the first witnessed tree says best by when the entry existed.
        some_history(&world).await;
        all_witnessed(&world).await;
        let later = look(&auditor, &format!("/v1/audit/receipts/{id}")).await;
        let later = Receipt::parse(later.json["receipt"].as_str().unwrap()).unwrap();
        assert_eq!(
            claimed_head(&later.checkpoint).unwrap().size,
            claimed_head(&receipt.checkpoint).unwrap().size
        );
        assert_eq!(world.admin("/readyz").await.0, 200);
        assert!(world.admin("/metrics").await.1.contains("throughgate_unwitnessed_age_seconds 0\n"));

        // At the end nothing is missing from the directory, and what is there has its quorum.
        some_history(&world).await;
        let recorded = size_of(&world);
        world.stop().await;
        let note = std::fs::read_to_string(&file).unwrap();
        assert_eq!(Checkpoint::open(&note, &keys).unwrap().size, recorded);
        assert!(policy.witnessed(&note, &keys).unwrap().is_quorum());
        for partner in &mut partners {
            partner.stop().await;
        }
    }
}

/// Puts an old copy in place. Who does may well delete what stands in the way.
fn put_back(world: &mut World, copy: String) {
    world.use_database(copy);
    world.forget_the_log();
}

/// Starts the gateway, and makes sure that it is never ready before it freezes, and answers nobody then.
async fn freezes_at_start(world: &mut World, because: &str) {
    world.start_anyhow();
    let carat = world.worker("fallowgate-carat", "fixture-oak");
    loop {
        match world.journal.health().state() {
            State::Frozen(reason) => {
                assert!(reason.contains(because), "{reason}");
                break;
            }
            State::Ready => panic!("ready before the witnesses were heard"),
            State::Starting | State::Unavailable(_) => {
                let answer = carat.get("/nowhere").send().await.unwrap();
                assert_eq!((answer.status.as_u16(), answer.problem()), (503, "audit-unavailable"));
            }
        }
    }
    assert_eq!(carat.get("/nowhere").send().await.unwrap().status, 503);
    let (status, text) = world.admin("/readyz").await;
    assert!(status == 503 && text.starts_with("frozen: ") && text.contains(because), "{text}");
}

on_both_stores! {
    async fn an_old_copy_is_put_back_and_the_head_file_deleted(world: World) {
        let mut world = world;
        some_history(&world).await;
        world.stop().await;
        let mut partners = world.partners(&["probation", "police"]);
        world.have_witnesses(&partners, 2, "");
        partners.iter_mut().for_each(|partner| partner.start(&world.shared_clock()));
        let old = world.copy_database();
        world.start_anyhow();
        world.ready().await;
        some_history(&world).await;
        all_witnessed(&world).await;
        world.stop().await;
        let static_log = std::fs::read(world.dir.join("log/checkpoint")).unwrap();

        world.use_database(old);
        std::fs::remove_file(world.dir.join("head")).unwrap();
        freezes_at_start(&mut world, "shorter than what was signed").await;
        world.stop().await;
        let kept = std::fs::read(world.dir.join("log/checkpoint")).unwrap();
        assert_eq!(kept, static_log, "a frozen gateway leaves the published log alone");
        // Without the published log the witnesses know better.
        std::fs::remove_dir_all(world.dir.join("log")).unwrap();
        freezes_at_start(&mut world, "an old copy of the database").await;
        world.stop().await;
        // Again, with one witness gone: one that remembers is enough.
        partners[0].stop().await;
        std::fs::remove_file(world.dir.join("head")).unwrap();
        freezes_at_start(&mut world, "an old copy of the database").await;
        world.stop().await;
        partners[1].stop().await;
    }
}

/// Grows a copy of the database, with no witness about, until the log has this size; then the witnesses come back.
async fn another_history(world: &mut World, partners: &mut [Partner], size: u64) {
    for partner in &mut *partners {
        partner.stop().await;
    }
    world.start_anyhow();
    world.ready().await;
    let carat = world.worker("fallowgate-carat", "fixture-oak");
    while size_of(world) < size {
        assert_eq!(carat.get("/nowhere").send().await.unwrap().status, 404);
    }
    assert_eq!(size_of(world), size);
    partners.iter_mut().for_each(|partner| partner.start(&world.shared_clock()));
    eventually("the freeze", async || {
        matches!(world.journal.health().state(), State::Frozen(reason) if reason.contains("another log"))
            .then_some(())
    })
    .await;
    assert_eq!(carat.get("/nowhere").send().await.unwrap().status, 503);
}

on_both_stores! {
    async fn two_histories_of_one_length_freeze_and_leave_a_proof(world: World) {
        let mut world = world;
        some_history(&world).await;
        world.stop().await;
        let mut partners = world.partners(&["probation"]);
        world.have_witnesses(&partners, 1, "");
        partners[0].start(&world.shared_clock());
        let old = world.copy_database();
        world.start_anyhow();
        world.ready().await;
        some_history(&world).await;
        all_witnessed(&world).await;
        let witnessed = size_of(&world);
        world.stop().await;
        put_back(&mut world, old);
        another_history(&mut world, &mut partners, witnessed).await;
        assert_eq!(partners[0].forks(), 1);
        world.stop().await;
        partners[0].stop().await;
    }
}

on_both_stores! {
    async fn a_history_that_outgrew_the_witnessed_one_freezes(world: World) {
        let mut world = world;
        some_history(&world).await;
        world.stop().await;
        let mut partners = world.partners(&["probation"]);
        world.have_witnesses(&partners, 1, "");
        partners[0].start(&world.shared_clock());
        let old = world.copy_database();
        world.start_anyhow();
        world.ready().await;
        some_history(&world).await;
        all_witnessed(&world).await;
        let longer = size_of(&world) + 5;
        world.stop().await;
        put_back(&mut world, old);
        another_history(&mut world, &mut partners, longer).await;
        world.stop().await;
        partners[0].stop().await;
    }
}

on_both_stores! {
    async fn without_witnesses_an_alarm_is_raised_and_care_goes_on(world: World) {
        let mut world = world;
        world.stop().await;
        let mut partners = world.partners(&["probation", "police"]);
        let policy = world.have_witnesses(&partners, 2, "");
        world.start_anyhow();
        world.ready().await;
        some_history(&world).await;
        world.clock.advance(20 * 60);
        some_history(&world).await;
        assert_eq!(world.journal.health().state(), State::Ready);
        let metrics = world.admin("/metrics").await.1;
        let age = metrics.lines().find_map(|line| line.strip_prefix("throughgate_unwitnessed_age_seconds "));
        assert!(age.unwrap().parse::<u64>().unwrap() >= 1_200, "{metrics}");
        // One of two is no quorum; with the second it is over.
        partners[0].start(&world.shared_clock());
        tokio::time::sleep(Duration::from_millis(2_500)).await;
        assert!(world.journal.unwitnessed_age().as_secs() >= 1_200);
        partners[1].start(&world.shared_clock());
        all_witnessed(&world).await;
        let shown = world.journal.shown_checkpoint().unwrap();
        assert_eq!(policy.witnessed(&shown, &world.log_keys()).unwrap().by.len(), 2);
        world.stop().await;
        for partner in &mut partners {
            partner.stop().await;
        }
    }
}

#[test]
fn where_the_deployment_sets_a_limit_nothing_is_disclosed_beyond_it() {
    World::tell(Backend::Sqlite, async |mut world| {
        world.stop().await;
        let mut partners = world.partners(&["probation"]);
        world.have_witnesses(&partners, 1, "max_unwitnessed_age_seconds = 600");
        world.start_anyhow();
        world.ready().await;
        some_history(&world).await;
        world.clock.advance(601);
        eventually("the limit", async || {
            matches!(world.journal.health().state(), State::Unavailable(_)).then_some(())
        })
        .await;
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        assert_eq!(carat.get("/nowhere").send().await.unwrap().status, 503);
        assert!(world.admin("/readyz").await.1.contains("max_unwitnessed_age_seconds"));
        // It recovers by itself.
        partners[0].start(&world.shared_clock());
        world.ready().await;
        assert_eq!(carat.get("/nowhere").send().await.unwrap().status, 404);
        world.stop().await;
        partners[0].stop().await;
    });
}

on_both_stores! {
    async fn what_another_process_appends_is_witnessed_too_and_freezes_nobody(world: World) {
        let mut world = world;
        world.stop().await;
        let mut partners = world.partners(&["probation"]);
        world.have_witnesses(&partners, 1, "");
        partners[0].start(&world.shared_clock());
        world.start_anyhow();
        world.ready().await;
        all_witnessed(&world).await;
        let before = size_of(&world);
        // A second gateway over the same database, with a head file of its own and the same witness.
        let path = world.dir.join("gateway-2.toml");
        let config = std::fs::read_to_string(world.dir.join("gateway.toml")).unwrap();
        let config = config.replace("\"head\"", "\"head-2\"").replace("directory = \"log\"", "directory = \"log-2\"");
        std::fs::write(&path, config.replace("gateway-1", "gateway-2")).unwrap();
        let config = throughgate::config::Config::load(&path).unwrap();
        let second = throughgate::gateway::Gateway::start(&config, world.shared_clock()).unwrap();
        second.ready().await.unwrap();
        let base = format!("https://localhost:{}", second.address.port());
        let carat = Actor::new(&world.dir, base, "fallowgate-carat", "fixture-oak", world.shared_clock()).unwrap();
        let first = world.worker("fallowgate-carat", "fixture-oak");
        for _ in 0..30 {
            assert_eq!(carat.get("/nowhere").send().await.unwrap().status, 404);
            assert_eq!(first.get("/nowhere").send().await.unwrap().status, 404);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(carat.get("/nowhere").send().await.unwrap().status, 404);
        second.stop().await;
        eventually("the first follows", async || (size_of(&world) >= before + 61).then_some(())).await;
        all_witnessed(&world).await;
        assert_eq!(world.journal.health().state(), State::Ready);
        world.stop().await;
        partners[0].stop().await;
    }
}

#[test]
fn a_witness_that_hangs_or_signs_with_another_key_neither_counts_nor_delays() {
    World::tell(Backend::Sqlite, async |mut world| {
        world.stop().await;
        let mut partners = world.partners(&["probation", "police", "office", "liar", "sleeper"]);
        // The liar answers by another's hand; the sleeper takes connections and never says anything.
        let hand_over = |partner: &Partner| partner.dir.join(throughgate::witness::init::HAND_OVER);
        for file in ["client.pem", "client.key", "ca.pem"] {
            std::fs::copy(hand_over(&partners[0]).join(file), hand_over(&partners[3]).join(file)).unwrap();
        }
        partners[3].url = partners[0].url.clone();
        let sleeper = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        partners[4].url = format!("https://localhost:{}", sleeper.local_addr().unwrap().port());
        let policy = world.have_witnesses(&partners, 3, "");
        partners[..2].iter_mut().for_each(|partner| partner.start(&world.shared_clock()));
        let began = std::time::Instant::now();
        world.start_anyhow();
        world.ready().await;
        assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
        some_history(&world).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(!world.journal.unwitnessed_age().is_zero(), "two and a liar are no quorum");
        partners[2].start(&world.shared_clock());
        all_witnessed(&world).await;
        let shown = world.journal.shown_checkpoint().unwrap();
        let by = policy.witnessed(&shown, &world.log_keys()).unwrap().by;
        let names: Vec<&str> = by.iter().map(|cosigned| cosigned.witness.name()).collect();
        assert_eq!(names, ["probation.example/witness", "police.example/witness", "office.example/witness"]);
        let began = std::time::Instant::now();
        world.stop().await;
        assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
        for partner in &mut partners {
            partner.stop().await;
        }
    });
}

/// The earlier checkpoints that the static directory keeps, by size.
fn kept(world: &World) -> BTreeMap<u64, String> {
    let entries = std::fs::read_dir(world.dir.join("log/checkpoints")).into_iter().flatten();
    entries
        .map(|entry| {
            let path = entry.unwrap().path();
            let size = path.file_name().unwrap().to_str().unwrap().parse().unwrap();
            (size, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

on_both_stores! {
    async fn the_directory_keeps_a_witnessed_checkpoint_a_minute_and_gets_them_back_when_it_is_built_anew(world: World) {
        let mut world = world;
        world.stop().await;
        let mut partners = world.partners(&["probation", "police", "office"]);
        let policy = world.have_witnesses(&partners, 2, "");
        partners.iter_mut().for_each(|partner| partner.start(&world.shared_clock()));
        world.start_anyhow();
        world.ready().await;
        let mut witnessed = Vec::new();
        for minutes in [2, 0, 0, 3, 5] {
            some_history(&world).await;
            all_witnessed(&world).await;
            witnessed.push(size_of(&world));
            world.clock.advance(minutes * 60);
        }
        some_history(&world).await;
        all_witnessed(&world).await;
        let newest = size_of(&world);
        world.stop().await;
        let first = kept(&world);
        // The first of each minute; the newest stands at the root alone.
        for size in [witnessed[1], witnessed[4]] {
            assert!(first.keys().any(|kept| witnessed[0] < *kept && *kept <= size), "{:?}", first.keys());
        }
        assert!(first.len() >= 3 && first.len() < 3 + witnessed.len() && !first.contains_key(&newest));
        for (size, note) in &first {
            assert_eq!(Checkpoint::open(note, &world.log_keys()).unwrap().size, *size);
            assert!(policy.witnessed(note, &world.log_keys()).unwrap().is_quorum());
        }
        // What an auditor makes of it: every entry lies between two moments that witnesses vouch for.
        let (keys, folder) = (world.log_keys(), world.dir.join("log"));
        let rules = Rules { policy: Some(&policy), ..Rules::new(&keys) };
        let report = verify_by(&FileDirectory::new(&folder), &rules, &Unwatched).unwrap();
        assert_eq!((report.verdict(), report.witnessed.count), (None, first.len() as u64 + 1), "{:?}", report.findings);

        std::fs::remove_dir_all(world.dir.join("log")).unwrap();
        world.start_anyhow();
        world.ready().await;
        let again = eventually("the kept checkpoints", async || {
            let again = kept(&world);
            first.keys().all(|size| again.contains_key(size)).then_some(again)
        })
        .await;
        assert!(first.iter().all(|(size, note)| again[size] == *note));
        world.stop().await;
        for partner in &mut partners {
            partner.stop().await;
        }
    }
}
