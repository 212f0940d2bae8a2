//! TLS connections on which a test sends whatever bytes it likes. Blocking: to be used within [`Wire::on_its_own_thread`].

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion};

use super::World;

/// Where the gateway is, and the partnership's files.
#[derive(Clone)]
pub struct Wire {
    address: SocketAddr,
    dir: PathBuf,
}

/// A connection.
pub struct Connection(StreamOwned<ClientConnection, TcpStream>);

/// What came back.
#[derive(Debug)]
pub struct Heard {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl World {
    /// The way to the gateway's TLS port.
    pub fn wire(&self) -> Wire {
        Wire { address: self.address, dir: self.dir.clone() }
    }
}

impl Wire {
    /// Does blocking work on another thread, so that the gateway's own tasks go on.
    pub async fn on_its_own_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> T {
        let wire = self.clone();
        tokio::task::spawn_blocking(move || work(&wire)).await.unwrap()
    }

    /// The partnership's folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// With an agency's own certificate.
    pub fn of_agency(&self, agency: &str) -> Connection {
        self.connect(Some(&self.dir.join("agencies").join(agency)), &rustls::version::TLS13).unwrap()
    }

    /// With `client.pem` and `client.key` of this folder, or without a certificate. In TLS 1.3 the server's refusal of a
    /// certificate shows at the first read only.
    pub fn connect(
        &self,
        home: Option<&Path>,
        version: &'static SupportedProtocolVersion,
    ) -> io::Result<Connection> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.dir.join("ca.pem")).unwrap()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots);
        let config = match home {
            None => builder.with_no_client_auth(),
            Some(home) => {
                let chain = CertificateDer::pem_file_iter(home.join("client.pem"))
                    .unwrap()
                    .collect::<Result<_, _>>()
                    .unwrap();
                let key = PrivateKeyDer::from_pem_file(home.join("client.key")).unwrap();
                builder.with_client_auth_cert(chain, key).unwrap()
            }
        };
        let tls = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
        let tcp = TcpStream::connect(self.address)?;
        tcp.set_read_timeout(Some(Duration::from_secs(15)))?;
        tcp.set_nodelay(true)?;
        Ok(Connection(StreamOwned::new(tls, tcp)))
    }
}

impl Connection {
    /// Sends bytes as they are.
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.0.write_all(bytes.as_ref())?;
        self.0.flush()
    }

    /// Says that nothing more will come, and goes on listening.
    pub fn finish(&mut self) {
        self.0.conn.send_close_notify();
        let _ = self.0.flush();
    }

    /// The head of one response, for methods whose responses have no body.
    pub fn hear_head(&mut self) -> io::Result<Heard> {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            let mut byte = [0; 1];
            self.0.read_exact(&mut byte)?;
            bytes.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&bytes).to_lowercase();
        Ok(Heard { status: head[9..12].parse().unwrap(), head, body: String::new() })
    }

    /// One response; an error if the connection ends before there is one.
    pub fn hear(&mut self) -> io::Result<Heard> {
        let mut heard = self.hear_head()?;
        let length: usize = heard
            .head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .map_or(0, |length| length.trim().parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body)?;
        heard.body = String::from_utf8_lossy(&body).into_owned();
        Ok(heard)
    }

    /// Whether the other side ends the connection without another word within this time.
    pub fn is_closed_within(&mut self, time: Duration) -> bool {
        self.0.sock.set_read_timeout(Some(time)).unwrap();
        match self.0.read(&mut [0; 1]) {
            Ok(read) => read == 0,
            Err(error) => !matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut),
        }
    }
}

impl Heard {
    /// Whether it proves its entry.
    pub fn has_receipt(&self) -> bool {
        self.head.contains("\r\naudit-receipt: :")
    }
}
