//! What a world's readers and its writer put to the database, counted and kept by Diesel's own instrumentation.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};

use super::{Backend, World};

/// By the database's URL and the thread's name. Each world has a database of its own, so worlds do not disturb each other.
static COUNTED: Mutex<BTreeMap<(String, String), usize>> = Mutex::new(BTreeMap::new());

/// What was asked about people, in its order, by the database's URL. Without what it was asked with.
static ASKED: Mutex<BTreeMap<String, Vec<String>>> = Mutex::new(BTreeMap::new());

/// What a statement says that reads what is kept about people.
const OF_PEOPLE: [&str; 7] = [
    "FROM record",
    "JOIN record",
    "FROM handle",
    "JOIN handle",
    "FROM data_key",
    "FROM person",
    "FROM epoch",
];

/// What a new connection asks first, and what the gateway looks for and clears away by itself, now and then: whoever's request it falls
/// beside.
pub const BY_ITSELF: [&str; 11] = [
    "current_setting",
    "FROM task WHERE state = 'open' AND",
    "FROM agency_version WHERE agency = ",
    "FROM scorecard WHERE",
    "FROM operations_day WHERE",
    "LIMIT 1) AS held) - (SELECT count(*) FROM task",
    "p.state IN ('open', 'doubted') AND p.record IN",
    "DELETE FROM replay_guard WHERE guard IN",
    "DELETE FROM budget WHERE expires_us",
    "DELETE FROM event WHERE cursor IN",
    "SELECT number, size FROM audit_head WHERE",
];

/// A connection's statements, under its URL.
#[derive(Default)]
struct Counter {
    url: String,
}

impl Instrumentation for Counter {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => self.url = url.to_owned(),
            InstrumentationEvent::StartQuery { query, .. } => {
                let thread = std::thread::current().name().unwrap_or_default().to_owned();
                let mut counted = COUNTED.lock().unwrap_or_else(PoisonError::into_inner);
                *counted.entry((self.url.clone(), thread)).or_default() += 1;
                let text = statement(query);
                let says = |all: &[&str]| all.iter().any(|words| text.contains(words));
                if says(&OF_PEOPLE) && !says(&BY_ITSELF) {
                    let mut asked = ASKED.lock().unwrap_or_else(PoisonError::into_inner);
                    asked.entry(self.url.clone()).or_default().push(text);
                }
            }
            _ => {}
        }
    }
}

/// A statement without what it was asked with, which is not even written down: that takes longer than the statement.
fn statement(query: &(impl std::fmt::Display + ?Sized)) -> String {
    let mut text = UpToBinds(String::new());
    // It stops with an error where the values begin.
    let _stopped = write!(text, "{query}");
    text.0.split(BINDS).next().unwrap_or_default().trim().to_owned()
}

/// What stands between a statement and its values.
const BINDS: &str = "-- binds";

struct UpToBinds(String);

impl std::fmt::Write for UpToBinds {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.push_str(text);
        if self.0.contains(BINDS) { Err(std::fmt::Error) } else { Ok(()) }
    }
}

/// Counts what is asked of a world's database.
pub struct Statements {
    part_of_url: String,
}

impl Statements {
    /// Counts from now on; the world is started again, so that all its connections are counted. What a gateway does by itself after its
    /// start is done.
    pub async fn of(world: &mut World) -> Self {
        set_default_instrumentation(|| Some(Box::new(Counter::default()))).unwrap();
        world.restart().await;
        while world.journal.counts().sweep_age.is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let part_of_url = match world.backend {
            Backend::Sqlite => world.dir().display().to_string(),
            Backend::Postgres => world.database.clone(),
        };
        Self { part_of_url }
    }

    /// How many the threads of this name have put, once they put no more: an answer leaves before its snapshot ends.
    pub async fn by(&self, thread: &str) -> usize {
        let mut count = self.now_by(thread);
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            match self.now_by(thread) {
                still if still == count => return count,
                more => count = more,
            }
        }
    }

    /// What was asked about people since this was asked last: all of it stands before an answer leaves.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = ASKED.lock().unwrap_or_else(PoisonError::into_inner);
        let ours = asked.iter_mut().filter(|(url, _)| url.contains(&self.part_of_url));
        ours.flat_map(|(_, texts)| std::mem::take(texts)).collect()
    }

    fn now_by(&self, thread: &str) -> usize {
        let counted = COUNTED.lock().unwrap_or_else(PoisonError::into_inner);
        let ours = counted.iter().filter(|((url, of), _)| url.contains(&self.part_of_url) && of == thread);
        ours.map(|(_, count)| count).sum()
    }
}
