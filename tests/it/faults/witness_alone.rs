//! A witness by itself: the protocol over the wire, many at once, and `kill -9` at any moment.

use std::collections::BTreeMap;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use throughgate::clock::{SharedClock, SystemClock};
use throughgate::ledger::Hash;
use throughgate::ledger::note::{SigningKey, cosigned_by};

use crate::support::{PaperLog, Partner};

const ROUNDS: usize = 10;

fn clock() -> SharedClock {
    Arc::new(SystemClock)
}

fn alone<Fut: Future<Output = ()>>(story: impl FnOnce(Partner, Arc<PaperLog>) -> Fut) {
    let home = tempfile::tempdir().unwrap();
    let log = PaperLog::new(2_000, "true");
    let partner = Partner::new(home.path(), "probation", log.keys(), &clock());
    actix_web::rt::System::new().block_on(story(partner, log));
}

/// What came back: the status, the type and the text.
async fn post(
    client: &reqwest::Client,
    url: &str,
    body: String,
) -> Result<(u16, String, String), reqwest::Error> {
    let answer = client.post(format!("{url}/add-checkpoint")).body(body).send().await?;
    let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    Ok((answer.status().as_u16(), kind.unwrap_or_default(), answer.text().await?))
}

#[test]
fn each_request_gets_the_status_of_the_specification() {
    alone(async |mut partner, log| {
        partner.start(&clock());
        let client = partner.client(&clock());
        let other = PaperLog::new(300, "false");
        let send = async |body: String| post(&client, &partner.url, body).await.unwrap();

        let (status, _, line) = send(log.body(0, 100)).await;
        assert_eq!(status, 200, "{line}");
        assert!(line.starts_with("— probation.example/witness ") && line.ends_with('\n'));
        let whole = format!("{}{line}", log.checkpoint(100));
        assert_eq!(cosigned_by(&whole, &[partner.key.clone()]).unwrap().len(), 1);

        let unknown = SigningKey::from_seed("unknown.example/log", &[7; 32]).unwrap();
        let unknown = unknown.sign(&unknown.checkpoint(5, Hash::sha256(b"")));
        let stranger = SigningKey::from_seed("paper.example/log", &[8; 32]).unwrap();
        let stranger = stranger.sign(&stranger.checkpoint(100, log.root(100)));
        let lines = log.body(100, 300).matches('\n').count();
        for (body, status, text) in [
            (String::new(), 400, None),
            ("old 100\n\n".to_owned(), 400, None),
            (log.body(100, 300).replace("old 100", "old 301"), 400, None),
            (format!("old 100\n{}\n{}", "A".repeat(44), log.checkpoint(300)), 400, None),
            ("x".repeat(100_000), 413, None),
            (format!("old 0\n\n{unknown}"), 404, None),
            (format!("old 100\n\n{stranger}"), 403, None),
            (log.body(0, 300), 409, Some("100\n")),
            (log.body(99, 300), 409, Some("100\n")),
            (log.body(50, 70), 409, Some("100\n")),
            (other.body(100, 100), 409, Some("100\n")),
            (other.body(100, 300), 422, None),
            (
                log.body(100, 300).lines().take(lines).collect::<Vec<_>>().join("\n").replacen('=', "=\n", 1),
                400,
                None,
            ),
            (format!("old 100\n\n{}", log.checkpoint(300)), 422, None),
        ] {
            let (got, kind, answer) = send(body.clone()).await;
            assert_eq!(got, status, "{body} gave {answer}");
            if let Some(text) = text {
                assert_eq!((kind.as_str(), answer.as_str()), ("text/x.tlog.size", text));
            }
            assert!(!answer.contains('—'), "{status} with a signature");
        }
        // None of these moved it, and asking again for the same is no harm.
        assert_eq!(send(log.body(100, 100)).await.0, 200);
        assert_eq!(send(log.body(100, 300)).await.0, 200);
        assert_eq!(partner.forks(), 1);
        partner.stop().await;
    });
}

#[test]
fn nobody_gets_to_it_without_a_certificate_of_its_own_ca() {
    alone(async |mut partner, log| {
        partner.start(&clock());
        let home = tempfile::tempdir().unwrap();
        let stranger = Partner::new(home.path(), "stranger", log.keys(), &clock());
        // The stranger's certificate, but the right CA for the server.
        let hand_over = |partner: &Partner| partner.dir.join(throughgate::witness::init::HAND_OVER);
        std::fs::copy(hand_over(&partner).join("ca.pem"), hand_over(&stranger).join("ca.pem")).unwrap();
        assert!(post(&stranger.client(&clock()), &partner.url, log.body(0, 5)).await.is_err());
        assert_eq!(post(&partner.client(&clock()), &partner.url, log.body(0, 5)).await.unwrap().0, 200);
        partner.stop().await;
    });
}

#[test]
fn a_lost_memory_is_not_taken_for_an_empty_one() {
    alone(async |mut partner, log| {
        partner.start(&clock());
        let client = partner.client(&clock());
        assert_eq!(post(&client, &partner.url, log.body(0, 5)).await.unwrap().0, 200);
        partner.stop().await;
        std::fs::remove_dir_all(partner.dir.join("state")).unwrap();
        let config = throughgate::witness::WitnessConfig::load(&partner.dir.join("witness.toml")).unwrap();
        let started = throughgate::witness::WitnessService::start(&config, clock());
        let message = started.err().unwrap().to_string();
        assert!(message.contains("retire the key"), "{message}");
    });
}

#[test]
fn thirty_two_at_once_never_roll_it_back() {
    alone(async |mut partner, log| {
        partner.start(&clock());
        let tasks: Vec<_> = (0..32_u64)
            .map(|nth| {
                let (client, url, log) = (partner.client(&clock()), partner.url.clone(), log.clone());
                actix_web::rt::spawn(async move {
                    let (mut old, mut cosigned) = (0, Vec::new());
                    for step in 0..12 {
                        let size = (old + 1 + (nth * 7 + step * 3) % 40).min(2_000);
                        let (status, _, text) = post(&client, &url, log.body(old, size)).await.unwrap();
                        match status {
                            200 => {
                                cosigned.push(size);
                                old = size;
                            }
                            409 => old = text.trim().parse().unwrap(),
                            other => panic!("{other}: {text}"),
                        }
                    }
                    (cosigned, old)
                })
            })
            .collect();
        let (mut all, mut last) = (0, 0);
        for task in tasks {
            let (cosigned, old) = task.await.unwrap();
            assert!(cosigned.is_sorted_by(|one, two| one < two), "a smaller size after a larger");
            (all, last) = (all + cosigned.len(), last.max(old));
        }
        assert!(all >= 12, "only {all} were cosigned");
        let (status, _, size) = post(&partner.client(&clock()), &partner.url, log.body(0, 1)).await.unwrap();
        assert_eq!((status, size), (409, format!("{last}\n")));
        partner.stop().await;
    });
}

/// The witness as a process of its own.
struct Process(Child);

impl Process {
    async fn start(partner: &Partner) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_throughgate"))
            .args(["witness", "--config"])
            .arg(partner.dir.join("witness.toml"))
            .env("THROUGHGATE_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let process = Self(child);
        let client = partner.client(&clock());
        for _ in 0..500 {
            if post(&client, &partner.url, String::new()).await.is_ok() {
                return process;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the witness did not serve after a kill");
    }
}

impl Drop for Process {
    /// `kill -9`.
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// Submits one history or the other without pause until the witness is gone; what was cosigned, in the order of the answers.
async fn submit(
    partner_url: String,
    client: reqwest::Client,
    log: Arc<PaperLog>,
    step: u64,
) -> Vec<(u64, Hash)> {
    let (mut old, mut cosigned) = (0, Vec::new());
    loop {
        let size = (old + step).min(2_000);
        match post(&client, &partner_url, log.body(old.min(size), size)).await {
            Ok((200, _, _)) => {
                cosigned.push((size, log.root(size)));
                old = size;
            }
            Ok((409, _, text)) => {
                let seen: u64 = text.trim().parse().unwrap();
                old = seen.min(2_000);
            }
            Ok((422, ..)) => {}
            Ok((other, _, text)) => panic!("{other}: {text}"),
            Err(_) => return cosigned,
        }
    }
}

#[test]
fn killed_at_any_moment_it_never_signs_two_roots_nor_a_smaller_size_after_a_larger() {
    alone(async |partner, log| {
        let other = PaperLog::new(2_000, "false");
        let (mut roots, mut largest): (BTreeMap<u64, Hash>, u64) = (BTreeMap::new(), 0);
        for round in 0..ROUNDS {
            let witness = Process::start(&partner).await;
            let submitters: Vec<_> = [(&log, 1), (&log, 2), (&other, 1), (&log, 3), (&other, 3)]
                .into_iter()
                .map(|(log, step)| {
                    let client = partner.client(&clock());
                    actix_web::rt::spawn(submit(partner.url.clone(), client, log.clone(), step))
                })
                .collect();
            let [a, b, ..] = *uuid::Uuid::new_v4().as_bytes();
            let pause = u64::from(u16::from_be_bytes([a, b])) % 150;
            tokio::time::sleep(Duration::from_millis(50 + pause)).await;
            drop(witness);
            let before = largest;
            for submitter in submitters {
                let cosigned = submitter.await.unwrap();
                assert!(cosigned.is_sorted_by_key(|(size, _)| *size), "a smaller size after a larger");
                for (size, root) in cosigned {
                    assert!(size >= before, "round {round}: {size} after {before} was out");
                    assert_eq!(*roots.entry(size).or_insert(root), root, "two roots for the size {size}");
                    largest = largest.max(size);
                }
            }
        }
        assert!(roots.len() > ROUNDS, "only {} sizes were cosigned", roots.len());
        // All of it lies on one history.
        let of_one = |log: &PaperLog| roots.iter().all(|(size, root)| log.root(*size) == *root);
        assert!(of_one(&log) != of_one(&other));
    });
}
