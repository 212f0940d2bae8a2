//! A way to PostgreSQL that can be cut at the worst moment: when COMMIT was sent and before its answer came.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// The writer's COMMIT as it goes over the wire: a simple query.
/// https://www.postgresql.org/docs/15/protocol-message-formats.html
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";
const SOCKET: &str = ".s.PGSQL.5432";

/// A proxy in front of a cluster, until the test ends.
pub struct Proxy {
    dir: tempfile::TempDir,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    is_armed: AtomicBool,
    cuts: AtomicUsize,
}

impl Proxy {
    /// Listens in a folder of its own, in front of the cluster whose socket is in this folder.
    pub fn before(cluster: &Path) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(dir.path().join(SOCKET)).unwrap();
        let state = Arc::<State>::default();
        let (shared, target) = (state.clone(), cluster.join(SOCKET));
        std::thread::spawn(move || {
            for client in listener.incoming() {
                relay(client.unwrap(), target.clone(), &shared);
            }
        });
        Self { dir, state }
    }

    /// Where to find it.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Cuts the connection of the next COMMIT, and waits until that is done. Every other time the database has got the COMMIT.
    pub async fn cut(&self) {
        let before = self.state.cuts.load(Ordering::SeqCst);
        self.state.is_armed.store(true, Ordering::SeqCst);
        for _ in 0..1_000 {
            if self.state.cuts.load(Ordering::SeqCst) > before {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("nobody sent a COMMIT");
    }
}

fn relay(client: UnixStream, target: PathBuf, state: &Arc<State>) {
    // While the cluster is down, the client sees its connection closed.
    let Ok(server) = UnixStream::connect(target) else { return };
    let is_cut = Arc::new(AtomicBool::new(false));
    let (mut answers, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    let (state, gone) = (state.clone(), is_cut.clone());
    std::thread::spawn(move || {
        pump(&mut answers, |bytes| !gone.load(Ordering::SeqCst) && to_client.write_all(bytes).is_ok());
        let _ = to_client.shutdown(Shutdown::Both);
    });
    let (mut asked, mut to_server) = (client, server);
    std::thread::spawn(move || {
        pump(&mut asked, |bytes| {
            if bytes.ends_with(COMMIT) && state.is_armed.swap(false, Ordering::SeqCst) {
                is_cut.store(true, Ordering::SeqCst);
                if state.cuts.load(Ordering::SeqCst) % 2 == 0 {
                    // It gets there, and is done by the time that the connection ends.
                    let _ = to_server.write_all(bytes);
                    std::thread::sleep(Duration::from_millis(100));
                }
                state.cuts.fetch_add(1, Ordering::SeqCst);
                return false;
            }
            to_server.write_all(bytes).is_ok()
        });
        let _ = to_server.shutdown(Shutdown::Both);
        let _ = asked.shutdown(Shutdown::Both);
    });
}

/// Hands on what comes until the other side ends, or `hand_on` wants no more.
fn pump(from: &mut UnixStream, mut hand_on: impl FnMut(&[u8]) -> bool) {
    let mut bytes = vec![0; 1 << 16];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if !hand_on(&bytes[..count]) {
            return;
        }
    }
}
