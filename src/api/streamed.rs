//! A stream of what the journal released: its bytes come out of [`Disclosed`] alone, each chunk after its own entry is durable.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, MessageBody};
use actix_web::web::Bytes;
use tokio::sync::mpsc::Receiver;

use crate::journal::outcome::{Disclosed, DisclosedParts, Receipt};

/// Says that the connection lives: a comment of the format, the same for everybody and about nobody.
const STILL_HERE: &[u8] = b":\n\n";

/// What comes next in a stream.
pub enum Chunk<V> {
    /// Something that was recorded.
    Released(Disclosed<V>),
    /// Nothing, and that goes on.
    StillHere,
}

/// A response that goes on: what was disclosed when it opened, and what is disclosed one after the other while it lasts.
pub struct Streamed<V> {
    opening: Disclosed<V>,
    rest: Receiver<Chunk<V>>,
}

impl<V> Streamed<V> {
    /// Ends when whoever sends the rest lets go of it.
    pub fn new(opening: Disclosed<V>, rest: Receiver<Chunk<V>>) -> Self {
        Self { opening, rest }
    }

    /// The receipt, the openings and the obligations of the opening, and the body.
    pub(super) fn into_parts(self) -> (Receipt, String, String, Body<V>) {
        let DisclosedParts { body, receipt, openings, obligations, .. } = self.opening.into_parts();
        (receipt, openings, obligations, Body { first: Some(body.into()), rest: self.rest })
    }
}

/// The body of a stream.
pub(super) struct Body<V> {
    first: Option<Bytes>,
    rest: Receiver<Chunk<V>>,
}

impl<V> MessageBody for Body<V> {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Stream
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Infallible>>> {
        let this = self.get_mut();
        if let Some(first) = this.first.take() {
            return Poll::Ready(Some(Ok(first)));
        }
        this.rest.poll_recv(cx).map(|chunk| Some(Ok(bytes(chunk?))))
    }
}

/// A chunk as it is sent. Its receipt comes after it in a comment, since the headers of a stream went long before.
fn bytes<V>(chunk: Chunk<V>) -> Bytes {
    match chunk {
        Chunk::StillHere => Bytes::from_static(STILL_HERE),
        Chunk::Released(disclosed) => {
            let DisclosedParts { body, receipt, openings, .. } = disclosed.into_parts();
            let proof = format!(":audit-receipt {}\n:audit-openings {openings}\n\n", receipt.header());
            [body, proof.into_bytes()].concat().into()
        }
    }
}
