//! A worker's system that listens to its agency's events, and checks the proof of each batch before it believes it.

use std::collections::VecDeque;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use super::actor::{Actor, ActorError, Ask};

/// Between two blocks of server-sent events.
const END: &[u8] = b"\n\n";
const RECEIPT: &str = ":audit-receipt ";
const OPENINGS: &str = ":audit-openings ";

/// An open stream of events.
pub struct Listener {
    actor: Actor,
    response: Response,
    /// What has come and is no whole block yet.
    buffer: Vec<u8>,
    /// The blocks whose proof has not come yet.
    unproven: Vec<u8>,
    events: VecDeque<Value>,
    /// How many batches came, each with a receipt that holds.
    pub batches: usize,
}

impl Ask<'_> {
    /// Opens a stream; the status where it is refused.
    ///
    /// # Errors
    /// When the gateway does not answer, or the proof of the opening does not hold.
    pub async fn listen(self) -> Result<Result<Listener, StatusCode>, ActorError> {
        let actor = self.actor().clone();
        let response = self.respond().await?;
        if response.status() != StatusCode::OK {
            return Ok(Err(response.status()));
        }
        let headers = response.headers().clone();
        let mut listener = Listener {
            actor,
            response,
            buffer: Vec::new(),
            unproven: Vec::new(),
            events: VecDeque::new(),
            batches: 0,
        };
        let opening = listener.block().await?.unwrap_or_default();
        match listener.actor.check(&headers, &opening)? {
            Some(_) => Ok(Ok(listener)),
            None => Err(ActorError::Receipt("the stream opened without one".to_owned())),
        }
    }
}

impl Listener {
    /// The next event, once its batch is proven; `None` when the stream has ended.
    ///
    /// # Errors
    /// When the connection breaks, or a proof does not hold.
    pub async fn next(&mut self) -> Result<Option<Value>, ActorError> {
        loop {
            if let Some(event) = self.events.pop_front() {
                return Ok(Some(event));
            }
            let Some(block) = self.block().await? else {
                return Ok(None);
            };
            let text = String::from_utf8_lossy(&block);
            if text.starts_with(RECEIPT) {
                self.prove(&text)?;
            } else if text.trim_end() != ":" {
                self.unproven.extend_from_slice(&block);
            }
        }
    }

    fn prove(&mut self, proof: &str) -> Result<(), ActorError> {
        let wrong = || ActorError::Receipt("a batch of events has no whole proof".to_owned());
        let line = |name: &str| proof.lines().find_map(|line| line.strip_prefix(name)).ok_or_else(wrong);
        let value = |name: &str| HeaderValue::from_str(line(name)?).map_err(|_| wrong());
        let headers = HeaderMap::from_iter([
            (HeaderName::from_static("audit-receipt"), value(RECEIPT)?),
            (HeaderName::from_static("audit-openings"), value(OPENINGS)?),
        ]);
        let batch = std::mem::take(&mut self.unproven);
        self.actor.check(&headers, &batch)?;
        self.batches += 1;
        for data in String::from_utf8_lossy(&batch).lines().filter_map(|line| line.strip_prefix("data: ")) {
            self.events.push_back(serde_json::from_str(data).map_err(|_| wrong())?);
        }
        Ok(())
    }

    /// The next block with its end.
    async fn block(&mut self) -> Result<Option<Vec<u8>>, ActorError> {
        loop {
            if let Some(at) = self.buffer.windows(END.len()).position(|window| window == END) {
                return Ok(Some(self.buffer.drain(..at + END.len()).collect()));
            }
            match self.response.chunk().await? {
                Some(bytes) => self.buffer.extend_from_slice(&bytes),
                None => return Ok(None),
            }
        }
    }
}
