//! Every live connection, so that those of a suspended agency or a revoked certificate can be cut at once, and no certificate has
//! too many.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::net::Shutdown;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use socket2::Socket;

use crate::directory::CertificateSha256;
use crate::identity::Peer;

/// The live connections of one process. Each holds a duplicate of its socket, so a connection takes two descriptors.
#[derive(Debug, Default)]
pub struct Connections {
    next: AtomicU64,
    live: Mutex<Live>,
    /// Connections that were one too many of their certificate, since they were last taken.
    refused: AtomicU64,
}

/// By certificate, those of each in the order in which they came; never a certificate without one.
type Live = HashMap<CertificateSha256, BTreeMap<u64, Connection>>;

#[derive(Debug)]
struct Connection {
    peer: Arc<Peer>,
    socket: Socket,
}

/// Keeps a connection in the register; dropping it takes the connection out.
#[derive(Debug)]
pub struct Registered {
    connections: Arc<Connections>,
    certificate: CertificateSha256,
    id: u64,
}

impl Connections {
    /// None yet.
    #[must_use]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Takes a connection in, until what this returns is dropped. `None` if its certificate has `bound` connections already,
    /// which is counted; 0 for no bound.
    pub fn register(self: &Arc<Self>, peer: Arc<Peer>, socket: Socket, bound: usize) -> Option<Registered> {
        let certificate = peer.certificate;
        let mut live = self.lock();
        let of_it = live.entry(certificate).or_default();
        if bound > 0 && of_it.len() >= bound {
            self.refused.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        of_it.insert(id, Connection { peer, socket });
        Some(Registered { connections: Arc::clone(self), certificate, id })
    }

    /// Takes the count of connections that were one too many of their certificate.
    pub fn take_refused(&self) -> u64 {
        self.refused.swap(0, Ordering::Relaxed)
    }

    /// Cuts every connection of each certificate whose peer is chosen, and tells how many. What such a peer still had under
    /// way gets no answer. A handshake that is not finished yet is not in the register: cut again a few seconds later.
    ///
    /// The choice is made once for a certificate, of the peer of its oldest connection.
    pub fn cut(&self, chosen: impl Fn(&Peer) -> bool) -> usize {
        // Chosen outside the lock: the choice may verify a signature for each peer.
        let peers: Vec<Arc<Peer>> = self
            .lock()
            .values()
            .filter_map(|of_it| of_it.values().next())
            .map(|oldest| Arc::clone(&oldest.peer))
            .collect();
        let condemned = peers.into_iter().filter(|peer| chosen(peer));
        condemned.map(|peer| self.shut(&peer.certificate)).sum()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.lock().values().map(BTreeMap::len).sum()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn shut(&self, certificate: &CertificateSha256) -> usize {
        // The entries stay until the server lets go of the connections; a second cut of one fails harmlessly.
        self.lock().get(certificate).map_or(0, |of_it| {
            of_it.values().filter(|connection| connection.socket.shutdown(Shutdown::Both).is_ok()).count()
        })
    }

    fn lock(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        if let Entry::Occupied(mut of_it) = self.connections.lock().entry(self.certificate) {
            of_it.get_mut().remove(&self.id);
            if of_it.get().is_empty() {
                of_it.remove();
            }
        }
    }
}
