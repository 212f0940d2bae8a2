//! A handler tries to send its own bytes down a stream of events, where what is recorded is sent.

use throughgate::api::streamed::Chunk;
use throughgate::domain::event::EventBatch;
use tokio::sync::mpsc::Sender;

async fn tell(chunks: Sender<Chunk<EventBatch>>) {
    let bytes = b"data: Testa Alder\n\n".to_vec();
    let _ = chunks.send(Chunk::Released(bytes)).await;
}

fn main() {}
