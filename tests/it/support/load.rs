//! Workers who write and read without pause, keep everything they are told, and are told to stop at the end.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use throughgate::demo::actor::{Actor, ActorError, Answer};

/// What one of them was told.
#[derive(Default)]
pub struct Told {
    /// Answers with a receipt.
    pub recorded: Vec<Answer>,
    /// 503 answers.
    pub unavailable: Vec<Answer>,
    /// Writes acknowledged.
    pub written: usize,
    /// Writes of which nothing is known: 503, or no answer.
    pub unknown: usize,
    /// The longest that any answer took.
    pub slowest: Duration,
    /// Requests that had no answer at all.
    pub unanswered: usize,
}

impl Told {
    fn take(&mut self, answer: Result<Answer, ActorError>, is_write: bool, took: Duration) -> Option<Answer> {
        self.slowest = self.slowest.max(took);
        match answer {
            Ok(answer) if answer.status == 503 => {
                self.unknown += usize::from(is_write);
                self.unavailable.push(answer);
                None
            }
            Ok(answer) => {
                self.written += usize::from(is_write && answer.status.is_success());
                self.recorded.push(answer.clone());
                Some(answer)
            }
            Err(ActorError::Http(_)) => {
                self.unknown += usize::from(is_write);
                self.unanswered += 1;
                None
            }
            Err(error) => panic!("{error}"),
        }
    }

    /// All of them together.
    pub fn together(all: impl IntoIterator<Item = Self>) -> Self {
        all.into_iter().fold(Self::default(), |mut sum, one| {
            sum.recorded.extend(one.recorded);
            sum.unavailable.extend(one.unavailable);
            sum.written += one.written;
            sum.unknown += one.unknown;
            sum.slowest = sum.slowest.max(one.slowest);
            sum.unanswered += one.unanswered;
            sum
        })
    }
}

/// An invented person whom nobody else is like.
pub fn invented(prefix: &str) -> Value {
    let letters = || -> String {
        uuid::Uuid::new_v4().as_bytes().iter().map(|byte| char::from(b'a' + byte % 26)).collect()
    };
    let [year, month, day, ..] = *uuid::Uuid::new_v4().as_bytes();
    // Never 1 January: that stands for a date that nobody knows, and does not tell people apart.
    let born = format!("19{:02}-{:02}-{:02}", 30 + year % 70, 1 + month % 12, 2 + day % 27);
    json!({"person": {
        "names": [{"kind": "legal", "forename": letters(), "surname": format!("{prefix}{}", letters())}],
        "date_of_birth": born, "sex": "female",
    }})
}

/// A moment within half a second.
pub fn some_time() -> Duration {
    let random = uuid::Uuid::new_v4();
    let [a, b, ..] = *random.as_bytes();
    Duration::from_millis(u64::from(u16::from_be_bytes([a, b])) % 500)
}

/// Presents people and reads them back until told to stop. `prefix` begins every surname.
pub async fn write_and_read(actor: Actor, prefix: &str, stop: Arc<AtomicBool>) -> Told {
    let mut told = Told::default();
    while !stop.load(Ordering::SeqCst) {
        let began = Instant::now();
        let presented = actor.post("/v1/clients", invented(prefix)).send().await;
        let Some(presented) = told.take(presented, true, began.elapsed()) else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        assert_eq!(presented.status, 201, "{}", presented.json);
        let client_ref = presented.handle("client_ref").unwrap();
        let began = Instant::now();
        let read = actor.get(format!("/v1/clients/{client_ref}")).about(client_ref).send().await;
        if let Some(read) = told.take(read, false, began.elapsed()) {
            assert_eq!(read.status, 200, "{}", read.json);
        }
    }
    told
}
