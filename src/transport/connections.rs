//! Every live connection, so that those of a suspended agency or a revoked certificate can be cut at once.

use std::collections::HashMap;
use std::net::Shutdown;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use socket2::Socket;

use crate::identity::Peer;

/// The live connections of one process. Each holds a duplicate of its socket, so a connection takes two descriptors.
#[derive(Debug, Default)]
pub struct Connections {
    next: AtomicU64,
    live: Mutex<HashMap<u64, Live>>,
}

#[derive(Debug)]
struct Live {
    peer: Arc<Peer>,
    socket: Socket,
}

/// Keeps a connection in the register; dropping it takes the connection out.
#[derive(Debug)]
pub struct Registered {
    connections: Arc<Connections>,
    id: u64,
}

impl Connections {
    /// None yet.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Takes a connection in, until what this returns is dropped.
    pub fn register(self: &Arc<Self>, peer: Arc<Peer>, socket: Socket) -> Registered {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.lock().insert(id, Live { peer, socket });
        Registered { connections: Arc::clone(self), id }
    }

    /// Cuts every connection whose peer is chosen, and tells how many. What such a peer still had under way gets no
    /// answer. A handshake that is not finished yet is not in the register: cut again a few seconds later.
    pub fn cut(&self, chosen: impl Fn(&Peer) -> bool) -> usize {
        // Chosen outside the lock: the choice may verify a signature for each peer.
        let peers: Vec<(u64, Arc<Peer>)> =
            self.lock().iter().map(|(id, live)| (*id, Arc::clone(&live.peer))).collect();
        let condemned = peers.into_iter().filter(|(_, peer)| chosen(peer));
        condemned.filter(|(id, _)| self.shut(*id)).count()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn shut(&self, id: u64) -> bool {
        // The entry stays until the server lets go of the connection; a second cut of it fails harmlessly.
        self.lock().get(&id).is_some_and(|live| live.socket.shutdown(Shutdown::Both).is_ok())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Live>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.connections.lock().remove(&self.id);
    }
}
