//! One witness, and one question to it: C2SP `tlog-witness`, `add-checkpoint`, from the log's side.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Response, StatusCode};

use crate::ledger::Hash;
use crate::ledger::note::{ClaimedHead, WitnessKey, cosigned_by};
use crate::ledger::proof;
use crate::ledger::tree::ReadError;
use crate::ledger::witness::{AddCheckpoint, read_size};
use crate::store::log::StoredNodes;
use crate::store::{self, Store};

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(2);
/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(5);
/// The longest answer that is read, in bytes: a few signature lines.
const MAX_ANSWER: usize = 16 * 1024;
/// How often a witness may name another size before it is given up for this time: other gateways ask it too.
const ATTEMPTS: usize = 4;

/// A witness as the gateway reaches it.
pub(super) struct Reach {
    /// Its name in the policy.
    pub(super) name: String,
    /// The key of its cosignatures.
    pub(super) key: WitnessKey,
    url: String,
    client: Client,
}

/// A signed checkpoint that is shown to witnesses.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub(super) note: Arc<str>,
    pub(super) origin: String,
    pub(super) head: ClaimedHead,
}

/// What a witness says.
#[derive(Debug)]
pub(super) enum Said {
    /// It cosigned: its line.
    Cosigned(String),
    /// It has cosigned a larger tree of this log.
    Ahead(u64),
    /// It has cosigned another tree than the one that the database has at that size.
    Contradicts,
    /// Nothing of use.
    Nothing(Silence),
}

/// Why nothing of use was said.
#[derive(Debug, thiserror::Error)]
pub(super) enum Silence {
    /// No connection, or no answer in time.
    #[error("it does not answer")]
    Unreachable(#[from] reqwest::Error),
    /// The log is not enrolled there, or its key is not.
    #[error("it does not know this log, or not its key (status {0})")]
    Unenrolled(u16),
    /// An answer that the protocol does not have.
    #[error("it answers out of turn (status {0})")]
    OutOfTurn(u16),
    /// What came with a 200 is no cosignature of its key over this checkpoint.
    #[error("its cosignature does not verify")]
    False,
    /// It was overtaken by others again and again.
    #[error("other gateways were always faster")]
    Overtaken,
    /// Our own database.
    #[error("the proof for it could not be made")]
    Store(#[from] store::Error),
}

impl Reach {
    pub(super) fn new(
        name: String,
        key: WitnessKey,
        url: &str,
        tls: rustls::ClientConfig,
    ) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .timeout(ANSWER)
            .build()?;
        Ok(Self { name, key, url: format!("{}/add-checkpoint", url.trim_end_matches('/')), client })
    }

    /// Asks it to cosign; `old` is the size that it is believed to have cosigned last.
    pub(super) async fn ask(&self, store: &Store, shown: &Shown, old: u64) -> Said {
        self.try_ask(store, shown, old).await.unwrap_or_else(Said::Nothing)
    }

    async fn try_ask(&self, store: &Store, shown: &Shown, mut old: u64) -> Result<Said, Silence> {
        let size = shown.head.size;
        for _ in 0..ATTEMPTS {
            let proof = prove(store, shown, old).await?;
            let body = AddCheckpoint { old, proof, checkpoint: shown.note.to_string() }.print();
            let response = self.client.post(&self.url).body(body).send().await?;
            let status = response.status();
            let text = read(response).await?;
            old = match status {
                StatusCode::OK => return self.cosignature(shown, &text),
                StatusCode::CONFLICT => match read_size(&text) {
                    Some(seen) if seen > size => return Ok(Said::Ahead(seen)),
                    // The old size was right, so it is the root that is not.
                    Some(seen) if seen == old && seen == size => return Ok(Said::Contradicts),
                    Some(seen) if seen != old => seen,
                    _ => return Err(Silence::OutOfTurn(status.as_u16())),
                },
                // The old size was right; if the proof is true of our tree, it has another one. Anything extends nothing.
                StatusCode::UNPROCESSABLE_ENTITY if old > 0 => {
                    check(store, shown, old).await?;
                    return Ok(Said::Contradicts);
                }
                StatusCode::NOT_FOUND | StatusCode::FORBIDDEN => {
                    return Err(Silence::Unenrolled(status.as_u16()));
                }
                _ => return Err(Silence::OutOfTurn(status.as_u16())),
            };
        }
        Err(Silence::Overtaken)
    }

    /// Takes only what this witness's key made over this checkpoint; lines of others are passed over.
    fn cosignature(&self, shown: &Shown, lines: &str) -> Result<Said, Silence> {
        let whole = format!("{}{lines}", shown.note);
        let found = cosigned_by(&whole, std::slice::from_ref(&self.key)).map_err(|_| Silence::False)?;
        found.into_iter().next().map(|found| Said::Cosigned(found.line)).ok_or(Silence::False)
    }
}

async fn read(mut response: Response) -> Result<String, Silence> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_ANSWER {
            return Err(Silence::OutOfTurn(response.status().as_u16()));
        }
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The proof out of the database that the tree that is shown extends that of this size.
async fn prove(store: &Store, shown: &Shown, old: u64) -> Result<Vec<Hash>, store::Error> {
    let size = shown.head.size;
    on_nodes(store, shown, move |nodes| proof::consistency(old, size, nodes).map_err(read_error)).await
}

/// Makes sure that such a proof holds by the database's own roots: only then does a witness that refused it contradict us.
async fn check(store: &Store, shown: &Shown, old: u64) -> Result<(), store::Error> {
    let new = shown.head;
    on_nodes(store, shown, move |nodes| {
        let proof = proof::consistency(old, new.size, nodes).map_err(read_error)?;
        let before = proof::root_at(old, nodes).map_err(read_error)?;
        proof::verify_consistency(old, &before, new.size, &new.root, &proof)
            .map_err(|_| store::Error::Corrupt("the log's nodes contradict its head"))
    })
    .await
}

async fn on_nodes<T: Send + 'static>(
    store: &Store,
    shown: &Shown,
    work: impl FnOnce(&StoredNodes<'_>) -> Result<T, store::Error> + Send + 'static,
) -> Result<T, store::Error> {
    let (store, origin) = (store.clone(), shown.origin.clone());
    let worked = tokio::task::spawn_blocking(move || {
        store.snapshot(|tx| {
            let log =
                tx.log_named(&origin)?.ok_or(store::Error::Corrupt("the log is not in its database"))?;
            work(&tx.log_nodes(log.number))
        })
    });
    worked.await.map_err(|_| store::Error::Corrupt("a thread did not come back"))?
}

fn read_error(error: ReadError<store::Error>) -> store::Error {
    match error {
        ReadError::Store(error) => error,
        _ => store::Error::Corrupt("the log lacks some of its nodes"),
    }
}
