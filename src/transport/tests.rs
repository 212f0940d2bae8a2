//! Real handshakes over loopback: who gets in, who does not, and how a live connection ends.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{HttpRequest, web};
use jiff::Timestamp;
use rcgen::SanType;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::*;
use crate::certificates::{Authority, ExtendedKeyUsage, Issued, Profile, ProfileName, Reason, Subject};
use crate::clock::ManualClock;

struct Gateway {
    dir: tempfile::TempDir,
    ca: Authority,
    clock: Arc<ManualClock>,
    gate: ClientGate,
    connections: Arc<Connections>,
    address: SocketAddr,
    handle: ServerHandle,
}

impl Gateway {
    fn start() -> Self {
        Self::start_bearing(Limits::default().connections_a_certificate)
    }

    fn start_bearing(connections_a_certificate: usize) -> Self {
        // The client has only the machine's clock, so the gateway's starts at the same moment.
        let now = crate::clock::Clock::now(&crate::clock::SystemClock);
        let dir = tempfile::tempdir().unwrap();
        let mut ca = Authority::create(&dir.path().join("ca"), "Fixture CA", now).unwrap();
        let files = TlsFiles {
            client_ca: dir.path().join("ca/ca.pem"),
            revocation: dir.path().join("ca/crl.pem"),
            certificate: dir.path().join("server.pem"),
            key: dir.path().join("server.key"),
        };
        let server = ca.issue(&Subject::Server(vec!["localhost".to_owned()]), now).unwrap();
        server.write(&files.certificate, &files.key).unwrap();
        let clock = Arc::new(ManualClock::at(now));
        let gate = ClientGate::open(&files, clock.clone()).unwrap();
        let config = gate.server_config(&files).unwrap();
        let connections = Connections::new();
        let (send, receive) = std::sync::mpsc::channel();
        let registered = Arc::clone(&connections);
        std::thread::spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let limits = Limits { workers: 1, connections_a_certificate, ..Limits::default() };
                let any = "127.0.0.1:0".parse().unwrap();
                let running = server::tls(any, config, registered, &limits, |services| {
                    services.route("/", web::get().to(whoever));
                })
                .unwrap();
                send.send((running.addresses[0], running.handle())).unwrap();
                running.server.await.unwrap();
            });
        });
        let (address, handle) = receive.recv().unwrap();
        Self { dir, ca, clock, gate, connections, address, handle }
    }

    fn now(&self) -> Timestamp {
        crate::clock::Clock::now(&*self.clock)
    }

    fn agency(&mut self) -> Issued {
        let subject = Subject::Agency("northmoor-cjit".parse().unwrap());
        self.ca.issue(&subject, self.now()).unwrap()
    }

    fn odd(&mut self, usage: &[ExtendedKeyUsage], uris: &[&str]) -> Issued {
        let mut profile = Profile::named(ProfileName::Agency).unwrap();
        profile.extended_key_usage = usage.to_vec();
        let names = uris.iter().map(|uri| SanType::URI((*uri).try_into().unwrap())).collect();
        self.ca.sign(ProfileName::Agency, &profile, "odd", names, self.now()).unwrap()
    }

    /// As the gateway does every second.
    fn cut(&self) -> usize {
        self.connections.cut(|peer| self.gate.keeps(peer) == Access::Refused)
    }

    fn crl(&self) -> PathBuf {
        self.dir.path().join("ca/crl.pem")
    }

    fn connect(&self, client: Option<&Issued>) -> std::io::Result<Client> {
        self.connect_with(client, &rustls::version::TLS13)
    }

    fn connect_with(
        &self,
        client: Option<&Issued>,
        version: &'static rustls::SupportedProtocolVersion,
    ) -> std::io::Result<Client> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.ca.certificate_pem().as_bytes()).unwrap()).unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots);
        let config = match client {
            None => builder.with_no_client_auth(),
            Some(issued) => builder
                .with_client_auth_cert(
                    vec![CertificateDer::from_pem_slice(issued.certificate_pem.as_bytes()).unwrap()],
                    PrivateKeyDer::from_pem_slice(issued.key_pem.as_bytes()).unwrap(),
                )
                .unwrap(),
        };
        let tls = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
        let tcp = TcpStream::connect(self.address)?;
        tcp.set_read_timeout(Some(Duration::from_secs(10)))?;
        let mut client = Client(StreamOwned::new(tls, tcp));
        client.get()?;
        Ok(client)
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

struct Client(StreamOwned<ClientConnection, TcpStream>);

impl Client {
    /// The body of the answer. In TLS 1.3 a refusal of the client's certificate shows at the first read.
    fn get(&mut self) -> std::io::Result<String> {
        self.0.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")?;
        let mut answer = Vec::new();
        let mut buffer = [0; 4096];
        while !answer.ends_with(b"\n.") {
            match self.0.read(&mut buffer)? {
                0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
                read => answer.extend_from_slice(&buffer[..read]),
            }
        }
        Ok(String::from_utf8(answer).unwrap())
    }
}

async fn whoever(request: HttpRequest) -> String {
    // Nobody where the connection was closed as its request came.
    format!("{}\n.", peer::of(&request).map_or_else(String::new, |peer| peer.identity.uri()))
}

fn eventually(condition: impl Fn() -> bool) {
    for _ in 0..500 {
        if condition() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("it did not come about");
}

#[test]
fn a_client_in_order_is_served_and_named_and_offered_no_resumption() {
    let mut gateway = Gateway::start();
    let agency = gateway.agency();
    let mut client = gateway.connect(Some(&agency)).unwrap();
    assert!(client.get().unwrap().ends_with("urn:throughgate:agency:northmoor-cjit\n."));
    assert_eq!(client.0.conn.tls13_tickets_received(), 0);
    assert_eq!(gateway.connections.len(), 1);
    drop(client);
    eventually(|| gateway.connections.is_empty());
}

#[test]
fn nobody_gets_in_without_a_certificate_of_this_ca_over_tls_1_3() {
    let mut gateway = Gateway::start();
    let mut other = Gateway::start();
    let (agency, stranger) = (gateway.agency(), other.agency());
    assert!(gateway.connect(None).is_err());
    assert!(gateway.connect(Some(&stranger)).is_err());
    assert!(gateway.connect_with(Some(&agency), &rustls::version::TLS12).is_err());
    assert!(gateway.connect(Some(&agency)).is_ok());
}

#[test]
fn a_certificate_for_something_else_or_with_other_names_is_refused() {
    use ExtendedKeyUsage::{ClientAuth, ServerAuth};
    let mut gateway = Gateway::start();
    const A: &str = "urn:throughgate:agency:a";
    for (usage, uris, taken) in [
        (&[ClientAuth][..], &[A][..], true),
        (&[ServerAuth], &[A], false),
        (&[], &[A], false),
        (&[ClientAuth], &[A, "urn:throughgate:agency:b"], false),
        (&[ClientAuth], &[], false),
        (&[ClientAuth], &["https://a.example"], false),
    ] {
        let odd = gateway.odd(usage, uris);
        assert_eq!(gateway.connect(Some(&odd)).is_ok(), taken, "{usage:?} {uris:?}");
    }
}

#[test]
fn a_revoked_certificate_is_refused_after_a_reload_and_its_connections_can_be_cut() {
    let mut gateway = Gateway::start();
    let (revoked, other) = (gateway.agency(), gateway.agency());
    let mut client = gateway.connect(Some(&revoked)).unwrap();
    let mut bystander = gateway.connect(Some(&other)).unwrap();
    let now = gateway.now();
    gateway.ca.revoke(&revoked.sha256, Reason::KeyCompromise, now).unwrap();
    gateway.gate.reload().unwrap();
    assert!(gateway.connect(Some(&revoked)).is_err());

    assert_eq!(gateway.cut(), 1);
    assert!(client.get().is_err());
    assert!(bystander.get().is_ok());
    eventually(|| gateway.connections.len() == 1);
}

#[test]
fn a_stale_missing_or_spoilt_revocation_list_lets_nobody_in_until_it_is_mended() {
    let mut gateway = Gateway::start();
    let agency = gateway.agency();
    let good = std::fs::read(gateway.crl()).unwrap();
    for spoilt in [None, Some("")] {
        match spoilt {
            None => std::fs::remove_file(gateway.crl()).unwrap(),
            Some(text) => std::fs::write(gateway.crl(), text).unwrap(),
        }
        assert!(gateway.gate.reload().is_err());
        assert!(gateway.connect(Some(&agency)).is_err());
    }
    std::fs::write(gateway.crl(), good).unwrap();
    gateway.gate.reload().unwrap();
    assert!(gateway.connect(Some(&agency)).is_ok());

    gateway.clock.advance(8 * 86_400); // beyond the list's seven days, well within the certificate's
    assert!(gateway.connect(Some(&agency)).is_err());
    let now = gateway.now();
    gateway.ca.write_crl(now).unwrap();
    gateway.gate.reload().unwrap();
    // The list is from the gateway's future, which is the client's future too, but only the gateway reads it.
    assert!(gateway.connect(Some(&agency)).is_ok());

    gateway.clock.advance(400 * 86_400);
    let now = gateway.now();
    gateway.ca.write_crl(now).unwrap();
    gateway.gate.reload().unwrap();
    assert!(gateway.connect(Some(&agency)).is_err(), "an expired certificate was let in");
}

#[test]
fn without_a_usable_list_a_live_connection_is_judged_by_the_last_one_for_a_minute() {
    let mut gateway = Gateway::start();
    let (revoked, other) = (gateway.agency(), gateway.agency());
    let mut client = gateway.connect(Some(&revoked)).unwrap();
    let mut bystander = gateway.connect(Some(&other)).unwrap();
    let now = gateway.now();
    gateway.ca.revoke(&revoked.sha256, Reason::KeyCompromise, now).unwrap();
    gateway.gate.reload().unwrap();
    std::fs::remove_file(gateway.crl()).unwrap();
    assert!(gateway.gate.reload().is_err());
    assert!(gateway.connect(Some(&other)).is_err(), "somebody new got in");

    assert_eq!(gateway.cut(), 1);
    assert!(client.get().is_err());
    assert!(bystander.get().is_ok());
    eventually(|| gateway.connections.len() == 1);

    gateway.clock.advance(50);
    assert!(gateway.gate.reload().is_err());
    assert_eq!(gateway.cut(), 0);
    gateway.clock.advance(20);
    assert_eq!(gateway.cut(), 1);
    assert!(bystander.get().is_err());
}

#[test]
fn the_last_usable_list_counts_up_to_its_own_date() {
    let mut gateway = Gateway::start();
    let agency = gateway.agency();
    let mut live = gateway.connect(Some(&agency)).unwrap();
    gateway.clock.advance(7 * 86_400 - 20); // the list's seven days are nearly over
    std::fs::remove_file(gateway.crl()).unwrap();
    assert!(gateway.gate.reload().is_err());
    assert_eq!(gateway.cut(), 0);
    gateway.clock.advance(40);
    assert_eq!(gateway.cut(), 1);
    assert!(live.get().is_err());
}

#[test]
fn a_certificate_is_judged_once_whatever_the_number_of_its_connections() {
    let mut gateway = Gateway::start();
    let (many, one) = (gateway.agency(), gateway.agency());
    let mut theirs: Vec<Client> = (0..3).map(|_| gateway.connect(Some(&many)).unwrap()).collect();
    let mut bystander = gateway.connect(Some(&one)).unwrap();
    let judged = std::cell::RefCell::new(Vec::new());

    let cut = gateway.connections.cut(|peer| {
        judged.borrow_mut().push(peer.certificate);
        peer.certificate == many.sha256
    });

    assert_eq!(cut, 3);
    let (mut judged, mut expected) = (judged.into_inner(), vec![many.sha256, one.sha256]);
    judged.sort();
    expected.sort();
    assert_eq!(judged, expected);
    assert!(theirs.iter_mut().all(|client| client.get().is_err()));
    assert!(bystander.get().is_ok());
}

#[test]
fn the_newest_connection_beyond_those_a_certificate_may_have_is_closed_and_counted() {
    let mut gateway = Gateway::start_bearing(2);
    let (many, other) = (gateway.agency(), gateway.agency());
    let mut live = [gateway.connect(Some(&many)).unwrap(), gateway.connect(Some(&many)).unwrap()];
    assert!(gateway.connect(Some(&many)).is_err());
    assert!(gateway.connect(Some(&other)).is_ok());
    assert!(live.iter_mut().all(|client| client.get().is_ok()));
    assert_eq!(gateway.connections.take_refused(), 1);
    assert_eq!(gateway.connections.take_refused(), 0);

    drop(live);
    eventually(|| gateway.connections.is_empty());
    assert!(gateway.connect(Some(&many)).is_ok());
}

#[test]
fn without_a_bound_a_certificate_has_as_many_connections_as_it_opens() {
    let mut gateway = Gateway::start_bearing(0);
    let many = gateway.agency();
    let live: Vec<Client> = (0..8).map(|_| gateway.connect(Some(&many)).unwrap()).collect();
    assert_eq!(gateway.connections.len(), live.len());
    assert_eq!(gateway.connections.take_refused(), 0);
}

#[test]
fn the_admin_port_is_for_loopback_only() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let refused = server::admin(address.parse().unwrap(), |_| {});
        assert!(matches!(refused, Err(ServerError::AdminNotLoopback)), "{address}");
    }
}

#[test]
fn a_key_that_others_can_read_starts_no_server() {
    use std::os::unix::fs::PermissionsExt as _;
    let gateway = Gateway::start();
    let in_dir = |name: &str| Path::new(gateway.dir.path()).join(name);
    let files = TlsFiles {
        client_ca: in_dir("ca/ca.pem"),
        revocation: gateway.crl(),
        certificate: in_dir("server.pem"),
        key: in_dir("server.key"),
    };
    std::fs::set_permissions(&files.key, std::fs::Permissions::from_mode(0o640)).unwrap();
    assert!(matches!(gateway.gate.server_config(&files), Err(TlsError::File(_))));
}

#[test]
fn handshakes_refused_for_their_certificate_are_counted_by_kind() {
    let mut gateway = Gateway::start();
    let revoked = gateway.agency();
    let peer = gateway.agency();
    gateway.ca.revoke(&revoked.sha256, Reason::KeyCompromise, gateway.now()).unwrap();
    gateway.gate.reload().unwrap();
    let nameless = gateway.odd(&[ExtendedKeyUsage::ClientAuth], &[]);
    for refused in [&revoked, &revoked, &nameless] {
        assert!(gateway.connect(Some(refused)).is_err());
    }
    assert!(gateway.connect(Some(&peer)).is_ok());
    let counted = gateway.gate.take_refused();
    let expected = [("certificate-not-accepted", 1), ("certificate-revoked", 2)];
    assert_eq!(counted, expected.into());
    assert!(gateway.gate.take_refused().is_empty());
}
