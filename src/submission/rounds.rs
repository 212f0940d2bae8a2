//! Round after round: the newest checkpoint to every witness, what they say kept and shown, and what it means for the journal.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior};

use super::Witnesses;
use super::ask::{Reach, Said, Shown};
use crate::journal::Journal;
use crate::journal::health::State;
use crate::ledger::note::{claimed_head, claimed_origin};
use crate::store;
use crate::store::witness::CosignatureRow;

/// How long the witnesses may take before the first disclosure, and at the end.
const AT_THE_EDGES: Duration = Duration::from_secs(2);
/// How often the age of what no quorum has seen is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// How long others are shown the last checkpoint of a quorum rather than a newer one without.
const PATIENCE: Duration = Duration::from_secs(30);
/// From this age on it is an alarm.
const ALARM: SignedDuration = SignedDuration::from_mins(15);

const ROLLED_BACK: &str = "a witness has cosigned a longer log than the database holds: an old copy of the database is in \
    place";
const CONTRADICTED: &str = "a witness has cosigned another log than the database holds: its history was rewritten, or two \
    databases were written to";
const TOO_OLD: &str = "no quorum of witnesses has seen the log for longer than max_unwitnessed_age_seconds";

/// The state of the task.
pub(super) struct Rounds {
    journal: Journal,
    witnesses: Witnesses,
    interval: Duration,
    max_age: Option<SignedDuration>,
    /// What is being shown to the witnesses, and their lines under it, by their place in the policy.
    current: Option<(Shown, BTreeMap<usize, String>)>,
    /// What each witness cosigned last.
    known: BTreeMap<usize, u64>,
    /// The size that a quorum has seen.
    witnessed: Option<u64>,
    unwitnessed_since: Option<Timestamp>,
    /// When others were last shown something that a quorum had seen.
    last_quorum: Instant,
    silent: BTreeMap<usize, String>,
    alarmed: bool,
    /// Whether everything is held back for its age.
    held: bool,
}

impl Rounds {
    pub(super) fn new(
        journal: Journal,
        witnesses: Witnesses,
        interval: Duration,
        max_age: Option<Duration>,
    ) -> Self {
        Self {
            journal,
            witnesses,
            interval,
            max_age: max_age.map(|age| SignedDuration::try_from(age).unwrap_or(SignedDuration::MAX)),
            current: None,
            known: BTreeMap::new(),
            witnessed: None,
            unwitnessed_since: None,
            last_quorum: Instant::now(),
            silent: BTreeMap::new(),
            alarmed: false,
            held: false,
        }
    }

    pub(super) async fn run(mut self, mut stopped: oneshot::Receiver<()>) {
        tokio::select! {
            () = self.first_round() => {}
            _ = &mut stopped => return, // nothing was disclosed yet
        }
        let mut look = tokio::time::interval(LOOK);
        let mut due = tokio::time::interval(self.interval);
        for tick in [&mut look, &mut due] {
            tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        while !self.is_frozen() {
            tokio::select! {
                _ = &mut stopped => return self.last_round().await,
                _ = look.tick() => {
                    self.look();
                    continue;
                }
                _ = due.tick() => {}
            }
            // A witness that hangs does not hold up the end.
            tokio::select! {
                _ = &mut stopped => return self.last_round().await,
                () = self.round() => {}
            }
        }
    }

    /// Before the first disclosure: whoever remembers more than the database must be heard.
    async fn first_round(&mut self) {
        while self.journal.checkpoint().is_none() {
            if self.is_frozen() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        if tokio::time::timeout(AT_THE_EDGES, self.round()).await.is_err() {
            tracing::warn!("not every witness answered at the start");
        }
        self.journal.release();
        self.look();
    }

    /// What was recorded last is shown to others even if no quorum answers any more.
    async fn last_round(&mut self) {
        let _ = tokio::time::timeout(AT_THE_EDGES, self.round()).await;
        if self.witnessed < self.newest().map(|shown| shown.head.size) && !self.is_frozen() {
            self.show();
        }
    }

    fn is_frozen(&self) -> bool {
        matches!(self.journal.health().state(), State::Frozen(_))
    }

    fn newest(&self) -> Option<Shown> {
        let note = self.journal.checkpoint()?;
        let (origin, head) = (claimed_origin(&note)?, claimed_head(&note)?);
        Some(Shown { note, origin, head })
    }

    /// Asks every witness that has not yet cosigned the newest checkpoint, all at once.
    async fn round(&mut self) {
        let Some(newest) = self.newest() else { return };
        let began = self.journal.now();
        if self.current.as_ref().is_none_or(|(shown, _)| shown.head != newest.head) {
            self.current = Some((newest.clone(), BTreeMap::new()));
        }
        let mut asked = JoinSet::new();
        for (at, reach) in self.witnesses.reaches.iter().enumerate() {
            if self.current.as_ref().is_some_and(|(_, lines)| lines.contains_key(&at)) {
                continue;
            }
            let (reach, store, shown) = (reach.clone(), self.journal.store().clone(), newest.clone());
            let old = self.known.get(&at).copied().unwrap_or(newest.head.size).min(newest.head.size);
            asked.spawn(async move { (at, reach.ask(&store, &shown, old).await) });
        }
        while let Some(answered) = asked.join_next().await {
            let Ok((at, said)) = answered else {
                tracing::error!("asking a witness failed");
                continue;
            };
            self.hear(at, said, began).await;
        }
        if !self.has_quorum() && self.last_quorum.elapsed() > PATIENCE && !self.is_frozen() {
            self.show();
        }
    }

    async fn hear(&mut self, at: usize, said: Said, began: Timestamp) {
        let Some(reach) = self.witnesses.reaches.get(at).cloned() else { return };
        match said {
            Said::Cosigned(line) => {
                if self.silent.remove(&at).is_some() {
                    tracing::info!(witness = reach.name, "the witness cosigns again");
                }
                self.cosigned(at, &reach, line, began).await;
            }
            Said::Ahead(size) => match self.database_size().await {
                // Another gateway of this log was faster: what it had cosigned is in our database too.
                Some(held) if held >= size => {
                    self.known.remove(&at);
                }
                Some(held) => {
                    tracing::error!(witness = reach.name, cosigned = size, held, "the database is behind");
                    self.journal.freeze(ROLLED_BACK);
                }
                None => {
                    tracing::warn!(witness = reach.name, size, "the database cannot be asked how long it is")
                }
            },
            Said::Contradicts => {
                tracing::error!(witness = reach.name, "the witness has cosigned another tree");
                self.journal.freeze(CONTRADICTED);
            }
            Said::Nothing(silence) => {
                let reason = silence.to_string();
                if self.silent.insert(at, reason.clone()).as_ref() != Some(&reason) {
                    let error: &dyn std::error::Error = &silence;
                    tracing::warn!(witness = reach.name, error, "no cosignature; it is tried again");
                }
            }
        }
    }

    async fn cosigned(&mut self, at: usize, reach: &Reach, line: String, began: Timestamp) {
        let Some((shown, _)) = self.current.clone() else { return };
        let size = shown.head.size;
        self.keep(shown, reach, line.clone()).await;
        // Nothing is waited for from here on: a round that is given up leaves all of this done, or none of it.
        if let Some((_, lines)) = &mut self.current {
            lines.insert(at, line);
        }
        self.known.insert(at, size);
        if self.has_quorum() && !self.is_frozen() {
            self.witnessed = Some(size);
            self.last_quorum = Instant::now();
            // What came after this checkpoint was signed is at most as old as the round.
            self.unwitnessed_since = self.newest().filter(|newest| newest.head.size > size).map(|_| began);
            self.journal.note_unwitnessed(self.unwitnessed_since);
            self.show();
            if std::mem::take(&mut self.held) {
                self.journal.release();
            }
            if std::mem::take(&mut self.alarmed) {
                tracing::info!("a quorum of witnesses has seen the log again");
            }
        }
    }

    /// Keeps a cosignature for receipts.
    async fn keep(&self, shown: Shown, reach: &Reach, line: String) {
        let witness = format!("{}+{:08x}", reach.key.name(), reach.key.id());
        let store = self.journal.store().clone();
        let kept = tokio::task::spawn_blocking(move || {
            let line = [CosignatureRow { witness, line }];
            match store.snapshot(|tx| tx.log_named(&shown.origin))? {
                Some(log) => store.cosignatures_keep(log.number, shown.head.size, &shown.note, &line),
                None => Err(store::Error::Corrupt("the log is not in its database")),
            }
        });
        match kept.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, "a cosignature could not be kept for receipts");
            }
            Err(_) => tracing::error!("keeping a cosignature failed"),
        }
    }

    fn has_quorum(&self) -> bool {
        let lines = self.current.as_ref().map_or(0, |(_, lines)| lines.len());
        lines >= self.witnesses.policy.quorum()
    }

    /// Shows others the current checkpoint, with the lines that there are in the order of the policy.
    fn show(&self) {
        if let Some((shown, lines)) = &self.current {
            let note: String =
                std::iter::once(&*shown.note).chain(lines.values().map(String::as_str)).collect();
            self.journal.show_checkpoint(Arc::from(note));
        }
    }

    /// Looks at how long there have been entries that no quorum has seen.
    fn look(&mut self) {
        let newest = self.newest().map(|shown| shown.head.size);
        if newest > self.witnessed && self.unwitnessed_since.is_none() {
            self.unwitnessed_since = Some(self.journal.now());
            self.journal.note_unwitnessed(self.unwitnessed_since);
        }
        let age = self.journal.unwitnessed_age();
        if age >= ALARM && !self.alarmed {
            self.alarmed = true;
            tracing::warn!(seconds = age.as_secs(), "no quorum of witnesses has seen the newest entries");
        }
        if self.max_age.is_some_and(|max| age > max) {
            if !std::mem::replace(&mut self.held, true) {
                tracing::error!(seconds = age.as_secs(), reason = TOO_OLD, "nothing is disclosed");
            }
            self.journal.hold(TOO_OLD);
        }
    }

    /// How long the log is in the database.
    async fn database_size(&self) -> Option<u64> {
        let (store, origin) = (self.journal.store().clone(), self.newest()?.origin);
        let asked = tokio::task::spawn_blocking(move || store.snapshot(|tx| tx.log_named(&origin)));
        match asked.await {
            Ok(Ok(held)) => held.map(|held| held.size),
            Ok(Err(_)) | Err(_) => None,
        }
    }
}
