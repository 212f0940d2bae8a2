//! Workers who write and read at any of the gateways, and who do not rest before they know what became of each new record.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use actix_web::rt::task::JoinHandle;
use serde_json::json;
use throughgate::demo::actor::{Actor, Answer, Ask};
use throughgate::id::Handle;

use super::Random;
use super::held::{CANARY, Held};
use super::stage::Stage;
use crate::support::load::invented;

/// How soon after a fault everybody must be answered again.
const RECOVERS_WITHIN: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(25);

/// The workers of one sequence.
pub struct Clients {
    stop: Arc<AtomicBool>,
    held: Rc<RefCell<Held>>,
    at_work: Vec<JoinHandle<()>>,
}

impl Clients {
    pub fn start(stage: &Stage, random: &mut Random, workers: usize) -> Self {
        let held = Rc::new(RefCell::new(stage.take_held()));
        let stop = Arc::<AtomicBool>::default();
        let mut at_work: Vec<_> = (0..workers)
            .map(|at| {
                let worker = Worker {
                    gateways: stage.workers(),
                    at,
                    random: Random::new(random.next()),
                    stop: stop.clone(),
                    held: held.clone(),
                    mine: Vec::new(),
                };
                actix_web::rt::spawn(worker.work())
            })
            .collect();
        at_work.push(actix_web::rt::spawn(watch(stage.checkpoints(), stop.clone(), held.clone())));
        Self { stop, held, at_work }
    }

    /// Lets everybody finish what they began, which they must be able to.
    pub async fn finish(self, stage: &Stage) -> RefCell<Held> {
        self.stop.store(true, Ordering::SeqCst);
        for one in self.at_work {
            if one.await.is_err() {
                panic!("a worker found something wrong; the gateways say: {}", stage.say().await);
            }
        }
        RefCell::new(self.held.take())
    }
}

/// Looks at the published checkpoints as often as it can: whatever was signed even for a moment counts.
async fn watch(files: Vec<std::path::PathBuf>, stop: Arc<AtomicBool>, held: Rc<RefCell<Held>>) {
    while !stop.load(Ordering::SeqCst) {
        for file in &files {
            if let Ok(note) = std::fs::read_to_string(file) {
                held.borrow_mut().see(&note);
            }
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// A record that a worker made, and the version that it saw last.
struct Mine {
    client: Handle,
    etag: String,
    /// Whether a change of it may yet come about.
    is_unsure: bool,
}

struct Worker {
    /// The same worker at each gateway.
    gateways: Vec<Actor>,
    /// Which of them is asked now.
    at: usize,
    random: Random,
    stop: Arc<AtomicBool>,
    held: Rc<RefCell<Held>>,
    mine: Vec<Mine>,
}

impl Worker {
    async fn work(mut self) {
        while !self.stop.load(Ordering::SeqCst) {
            match self.random.below(8) {
                0..=2 => self.present().await,
                3..=4 => self.read().await,
                5..=6 => self.amend().await,
                _ => self.get_lost().await,
            }
        }
        self.checkpoint_is_seen().await;
    }

    /// Asks the gateway whose turn it is. Without an answer, the next one's turn comes.
    async fn ask(&mut self, make: impl Fn(&Actor) -> Ask<'_>) -> Option<Answer> {
        let actor = self.gateways[self.at % self.gateways.len()].clone();
        let began = Instant::now();
        let answer = make(&actor).send().await;
        let answer = self.held.borrow_mut().take(answer, began.elapsed());
        if answer.is_none() {
            self.at += 1;
            tokio::time::sleep(PAUSE).await;
        }
        answer
    }

    /// Presents somebody new, again and again under one key, until it is known to be done.
    async fn present(&mut self) {
        let (key, person) = (uuid::Uuid::new_v4().to_string(), invented(CANARY));
        let mut stopped_at = None;
        let mut tries = 0;
        let answer = loop {
            let asked = self
                .ask(|actor| actor.post("/v1/clients", person.clone()).idempotency_key(key.clone()))
                .await;
            if let Some(answer) = asked {
                break answer;
            }
            tries += 1;
            self.held.borrow_mut().retries += 1;
            if self.stop.load(Ordering::SeqCst) {
                let since = *stopped_at.get_or_insert_with(Instant::now);
                assert!(since.elapsed() < RECOVERS_WITHIN, "no gateway answers, after {tries} tries");
            }
        };
        assert_eq!(answer.status, 201, "{}", answer.json);
        let client: Handle = answer.header("location").rsplit('/').next().unwrap().parse().unwrap();
        let replayed = answer.handle("client_ref").is_none();
        assert!(!replayed || tries > 0, "the answer to a first request says that it is a repetition");
        self.held.borrow_mut().acknowledge(client, &answer, replayed);
        self.mine.push(Mine { client, etag: answer.etag().to_owned(), is_unsure: false });
    }

    /// Reads a record that it made: at whatever gateway, it is there.
    async fn read(&mut self) {
        let Some(at) = self.one_of_mine() else { return self.present().await };
        let client = self.mine[at].client;
        let path = format!("/v1/clients/{client}");
        let Some(answer) = self.ask(|actor| actor.get(path.clone()).about(client)).await else { return };
        assert_eq!(answer.status, 200, "what was acknowledged cannot be read: {}", answer.json);
        assert!(String::from_utf8_lossy(&answer.bytes).contains(CANARY));
        self.mine[at].etag = answer.etag().to_owned();
    }

    /// Changes a record that it made. If nobody says what became of that, it may come about until the sequence ends.
    async fn amend(&mut self) {
        let Some(at) = self.one_of_mine() else { return self.present().await };
        let (client, etag) = (self.mine[at].client, self.mine[at].etag.clone());
        if etag.is_empty() {
            return self.read().await;
        }
        let change = json!({"person": {"names": invented(CANARY)["person"]["names"]}});
        let path = format!("/v1/clients/{client}");
        let asked = self
            .ask(|actor| actor.patch(path.clone(), change.clone()).about(client).if_match(etag.clone()))
            .await;
        match asked {
            Some(answer) if answer.status == 200 => {
                self.held.borrow_mut().acknowledge(client, &answer, false);
                self.mine[at].etag = answer.etag().to_owned();
            }
            Some(answer) => {
                assert_eq!(answer.status, 412, "{}", answer.json);
                assert!(self.mine[at].is_unsure, "nobody else changes this record");
                self.mine[at].etag.clear();
            }
            None => {
                self.held.borrow_mut().clients.get_mut(&client).unwrap().unknown += 1;
                self.mine[at].is_unsure = true;
                self.mine[at].etag.clear();
            }
        }
    }

    /// Asks for what is not there: a refusal is an entry too.
    async fn get_lost(&mut self) {
        if let Some(answer) = self.ask(|actor| actor.get("/nowhere")).await {
            assert_eq!(answer.status, 404, "{}", answer.json);
        }
    }

    /// What the gateways sign is seen by whoever asks for it.
    async fn checkpoint_is_seen(&mut self) {
        for actor in &self.gateways {
            if let Ok(answer) = actor.get("/v1/audit/checkpoint").send().await
                && answer.status == 200
            {
                self.held.borrow_mut().see(&String::from_utf8_lossy(&answer.bytes));
            }
        }
    }

    fn one_of_mine(&mut self) -> Option<usize> {
        (!self.mine.is_empty()).then(|| self.random.next() as usize % self.mine.len())
    }
}
