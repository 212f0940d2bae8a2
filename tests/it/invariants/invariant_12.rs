//! Invariant 12: Witness: concurrent requests never roll back; `kill -9` between check and reply is safe.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use throughgate::ledger::Hash;

use super::invariant_06::Dice;
use crate::faults::witness_alone::{alone, clock, post};
use crate::support::{PaperLog, Partner, rounds};

/// Kills at random moments, and kills at the very moment at which something is kept.
const KILLS: usize = 10;

#[test]
fn invariant_12_thirty_two_at_once_never_roll_a_witness_back() {
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

/// The witness as a process of its own, and what it keeps.
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
    count: Arc<AtomicUsize>,
) -> Vec<(u64, Hash)> {
    let (mut old, mut cosigned) = (0, Vec::new());
    loop {
        let size = (old + step).min(2_000);
        match post(&client, &partner_url, log.body(old.min(size), size)).await {
            Ok((200, _, _)) => {
                cosigned.push((size, log.root(size)));
                count.fetch_add(1, Ordering::SeqCst);
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
fn invariant_12_killed_at_any_moment_it_never_signs_two_roots_nor_a_smaller_size_after_a_larger() {
    alone(async |partner, log| {
        let other = PaperLog::new(2_000, "false");
        let (mut roots, mut largest): (BTreeMap<u64, Hash>, u64) = (BTreeMap::new(), 0);
        let kills = rounds(KILLS);
        for round in 0..kills {
            let witness = Process::start(&partner).await;
            let count = Arc::<AtomicUsize>::default();
            let submitters: Vec<_> = [(&log, 1), (&log, 2), (&other, 1), (&log, 3), (&other, 3)]
                .into_iter()
                .map(|(log, step)| {
                    let client = partner.client(&clock());
                    actix_web::rt::spawn(submit(
                        partner.url.clone(),
                        client,
                        log.clone(),
                        step,
                        count.clone(),
                    ))
                })
                .collect();
            let [a, b, ..] = *uuid::Uuid::new_v4().as_bytes();
            let pause = u64::from(u16::from_be_bytes([a, b])) % 150;
            for _ in 0..1_000 {
                if count.load(Ordering::SeqCst) > 1 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            tokio::time::sleep(Duration::from_millis(pause)).await;
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
        assert!(roots.len() > kills, "only {} sizes were cosigned", roots.len());
        // All of it lies on one history.
        let of_one = |log: &PaperLog| roots.iter().all(|(size, root)| log.root(*size) == *root);
        assert!(of_one(&log) != of_one(&other));
    });
}

/// The file in which a witness keeps what it cosigned of the one log that it has.
fn kept(partner: &Partner) -> PathBuf {
    let files = std::fs::read_dir(partner.dir.join("state")).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|end| end == "checkpoint")).collect();
    files.pop().expect("something was cosigned")
}

/// Kills the witness when it keeps something: before the new file takes the place of the old one, or after, which is before the reply.
fn kill_when_it_keeps(child: Process, file: PathBuf, after: usize, gone: Arc<AtomicBool>) {
    let unfinished = file.with_extension("unfinished");
    let (mut last, mut seen) = (std::fs::read(&file).unwrap(), 0);
    while !gone.load(Ordering::SeqCst) {
        let now = std::fs::read(&file).unwrap_or_default();
        let is_keeping = if after.is_multiple_of(2) { unfinished.exists() } else { now != last };
        seen += usize::from(now != last || is_keeping);
        last = now;
        if is_keeping && seen > after {
            break;
        }
    }
    drop(child);
}

#[test]
fn invariant_12_killed_between_check_and_reply_it_remembers_what_it_may_have_said() {
    alone(async |partner, log| {
        let mut dice = Dice::new("kills");
        let client = partner.client(&clock());
        let first = Process::start(&partner).await;
        assert_eq!(post(&client, &partner.url, log.body(0, 1)).await.unwrap().0, 200);
        drop(first);
        let (mut replied, mut unanswered) = (1_u64, 0);
        for round in 0..rounds(KILLS) {
            let witness = Process::start(&partner).await;
            let client = partner.client(&clock());
            let gone = Arc::new(AtomicBool::new(false));
            let (file, after, is_over) = (kept(&partner), 2 * dice.below(10) + round % 2, gone.clone());
            let killer = std::thread::spawn(move || kill_when_it_keeps(witness, file, after, is_over));
            let mut sent = replied;
            for _ in 0..60 {
                sent = replied + 1;
                match post(&client, &partner.url, log.body(replied, sent)).await {
                    Ok((200, ..)) => replied = sent,
                    Ok((status, _, text)) => panic!("{status}: {text}"),
                    Err(_) => break,
                }
            }
            gone.store(true, Ordering::SeqCst);
            tokio::task::spawn_blocking(move || killer.join().unwrap()).await.unwrap();

            // It remembers what it last answered to, or what it was killed over: nothing less, and nothing else.
            let witness = Process::start(&partner).await;
            let client = partner.client(&clock());
            let (status, _, text) = post(&client, &partner.url, log.body(0, 2_000)).await.unwrap();
            let seen: u64 = text.trim().parse().unwrap();
            assert_eq!(status, 409);
            assert!(
                seen == replied || seen == sent,
                "round {round}: {seen}, after {replied} was out and {sent} asked for"
            );
            unanswered += usize::from(seen > replied);
            // Another history at the size that it was killed over is a fork to it, though nobody ever had that cosignature.
            let other = PaperLog::new(sent, "false");
            let (status, _, text) = post(&client, &partner.url, other.body(seen, seen)).await.unwrap();
            assert_eq!((status, text), (409, format!("{seen}\n")), "round {round}");
            // The same again is no harm, and the log goes on from there.
            assert_eq!(post(&client, &partner.url, log.body(seen, seen)).await.unwrap().0, 200);
            assert_eq!(post(&client, &partner.url, log.body(seen, seen + 1)).await.unwrap().0, 200);
            replied = seen + 1;
            drop(witness);
        }
        eprintln!("{unanswered} kills met a checkpoint that was kept and not answered");
    });
}
