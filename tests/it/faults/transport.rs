//! Who gets in, what is not HTTP, and who takes their time: each is turned away and nobody else notices.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use throughgate::certificates::{Authority, Reason, Subject};
use throughgate::clock::{Clock as _, SystemClock};
use throughgate::demo::actor::Actor;
use throughgate::directory::CertificateSha256;
use throughgate::ledger::entry::Leaf;
use throughgate::vocabulary::{EntryKind, Purpose};

use crate::support::{Backend, Connection, Heard, StoredLog, Wire, World, on_both_stores};

fn token(actor: &Actor) -> String {
    actor.token(Purpose::ContinuityOfCare, None, None).unwrap()
}

/// Asks for something that is nowhere; what an identified worker hears is the recorded 404.
fn ask(connection: &mut Connection, token: &str) -> std::io::Result<Heard> {
    connection
        .send(format!("GET /nowhere HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"))?;
    connection.hear()
}

/// A new certificate in a folder of its own.
fn issue(authority: &mut Authority, folder: PathBuf, subject: &Subject, days_ago: i64) -> PathBuf {
    let when = SystemClock.now() - jiff::SignedDuration::from_hours(24 * days_ago);
    authority
        .issue(subject, when)
        .unwrap()
        .write(&folder.join("client.pem"), &folder.join("client.key"))
        .unwrap();
    folder
}

#[test]
fn only_who_shows_a_good_certificate_gets_a_word_in() {
    World::tell(Backend::Sqlite, async |world| {
        let good = token(&world.worker("fallowgate-carat", "fixture-oak"));
        let elsewhere = tempfile::tempdir().unwrap();
        let home = elsewhere.path().to_owned();
        world
            .wire()
            .on_its_own_thread(move |wire| {
                let mut undisturbed = wire.of_agency("fallowgate-carat");
                assert_eq!(ask(&mut undisturbed, &good).unwrap().status, 404);

                let agency = || Subject::Agency("fallowgate-carat".parse().unwrap());
                let mut ours = Authority::load(&wire.dir().join("ca")).unwrap();
                let mut theirs =
                    Authority::create(&home.join("ca"), "Fixture other CA", SystemClock.now()).unwrap();
                let server = Subject::Server(vec!["localhost".to_owned()]);
                let cases = [
                    ("another CA's", issue(&mut theirs, home.join("other"), &agency(), 0)),
                    ("expired", issue(&mut ours, home.join("expired"), &agency(), 1_000)),
                    ("a server's", issue(&mut ours, home.join("server"), &server, 0)),
                ];
                drop(ours);
                for (what, folder) in &cases {
                    let mut refused = wire.connect(Some(folder), &rustls::version::TLS13).unwrap();
                    assert!(ask(&mut refused, &good).is_err(), "{what}");
                }
                let mut nobody = wire.connect(None, &rustls::version::TLS13).unwrap();
                assert!(ask(&mut nobody, &good).is_err(), "no certificate");
                let own = wire.dir().join("agencies/fallowgate-carat");
                let mut old = wire.connect(Some(&own), &rustls::version::TLS12).unwrap();
                assert!(ask(&mut old, &good).is_err(), "TLS 1.2");

                assert_eq!(ask(&mut undisturbed, &good).unwrap().status, 404);
            })
            .await;
    });
}

#[test]
fn a_revoked_certificate_is_out_within_seconds_and_its_live_connection_cut() {
    World::tell(Backend::Sqlite, async |world| {
        let theirs = token(&world.worker("lantern", "ms-placeholder"));
        let ours = token(&world.worker("fallowgate-carat", "fixture-oak"));
        world
            .wire()
            .on_its_own_thread(move |wire| {
                let mut live = wire.of_agency("lantern");
                let mut undisturbed = wire.of_agency("fallowgate-carat");
                assert_eq!(ask(&mut live, &theirs).unwrap().status, 404);
                assert_eq!(ask(&mut undisturbed, &ours).unwrap().status, 404);

                let own = wire.dir().join("agencies/lantern/client.pem");
                let own = CertificateDer::from_pem_file(own).unwrap();
                Authority::load(&wire.dir().join("ca"))
                    .unwrap()
                    .revoke(&CertificateSha256::of(&own), Reason::KeyCompromise, SystemClock.now())
                    .unwrap();
                assert!(live.is_closed_within(Duration::from_secs(4)));
                assert!(ask(&mut wire.of_agency("lantern"), &theirs).is_err());
                assert_eq!(ask(&mut undisturbed, &ours).unwrap().status, 404);
            })
            .await;
    });
}

/// Whether something comes about within seconds, however often it has to be tried.
fn comes_about(mut happens: impl FnMut() -> bool) -> bool {
    (0..100).any(|_| {
        let happened = happens();
        if !happened {
            std::thread::sleep(Duration::from_millis(50));
        }
        happened
    })
}

#[test]
fn a_revocation_list_that_cannot_be_read_keeps_the_new_out_and_cuts_nobody() {
    World::tell(Backend::Sqlite, async |world| {
        let token = token(&world.worker("fallowgate-carat", "fixture-oak"));
        world
            .wire()
            .on_its_own_thread(move |wire| {
                let mut live = wire.of_agency("fallowgate-carat");
                assert_eq!(ask(&mut live, &token).unwrap().status, 404);
                let list = wire.dir().join("ca/crl.pem");
                let whole = std::fs::read(&list).unwrap();

                std::fs::write(&list, &whole[..whole.len() / 2]).unwrap();
                assert!(comes_about(|| ask(&mut wire.of_agency("fallowgate-carat"), &token).is_err()));
                // The list is looked at every second.
                assert!(!live.is_closed_within(Duration::from_secs(3)));
                assert_eq!(ask(&mut live, &token).unwrap().status, 404);
                assert!(ask(&mut wire.of_agency("fallowgate-carat"), &token).is_err());

                std::fs::write(&list, whole).unwrap();
                assert!(comes_about(|| ask(&mut wire.of_agency("fallowgate-carat"), &token).is_ok()));
            })
            .await;
    });
}

on_both_stores! {
    async fn one_connection_too_many_of_a_certificate_is_closed_and_counted_and_the_others_go_on(world: World) {
        let mut world = world;
        world.bound_connections(2);
        world.restart().await;
        let ours = token(&world.worker("fallowgate-carat", "fixture-oak"));
        let theirs = token(&world.worker("lantern", "ms-placeholder"));
        world.wire().on_its_own_thread(move |wire: &Wire| {
            let mut first = wire.of_agency("fallowgate-carat");
            let mut second = wire.of_agency("fallowgate-carat");
            assert_eq!(ask(&mut first, &ours).unwrap().status, 404);
            assert_eq!(ask(&mut second, &ours).unwrap().status, 404);

            assert!(ask(&mut wire.of_agency("fallowgate-carat"), &ours).is_err(), "a third got in");
            assert_eq!(ask(&mut wire.of_agency("lantern"), &theirs).unwrap().status, 404);
            assert_eq!(ask(&mut first, &ours).unwrap().status, 404);
            assert_eq!(ask(&mut second, &ours).unwrap().status, 404);

            drop(second);
            assert!(comes_about(|| ask(&mut wire.of_agency("fallowgate-carat"), &ours).is_ok()));
        }).await;
        world.stop().await;
        let last = StoredLog::read(&world).leaves.pop().unwrap();
        assert_eq!(Leaf::parse(&last).unwrap().kind, EntryKind::Summary);
    }
}

/// A head that says that a body of `length` bytes follows.
fn post(token: &str, length: usize) -> String {
    format!(
        "POST /v1/clients HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: key-00000001\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    )
}

#[test]
fn who_takes_too_long_is_not_waited_for() {
    World::tell(Backend::Sqlite, async |world| {
        let token = token(&world.worker("fallowgate-carat", "fixture-oak"));
        world
            .wire()
            .on_its_own_thread(move |wire| {
                let mut half_a_head = wire.of_agency("fallowgate-carat");
                half_a_head.send("GET /v1/clients/x HTTP/1.1\r\nHost: local").unwrap();
                let mut half_a_body = wire.of_agency("fallowgate-carat");
                half_a_body.send(post(&token, 100) + "{\"person\"").unwrap();
                let mut silent = wire.of_agency("fallowgate-carat");
                silent.send("").unwrap();

                let began = Instant::now();
                let heard = half_a_head.hear();
                assert!(heard.is_err() || heard.unwrap().status == 408);
                let heard = half_a_body.hear().expect("an identified caller is told");
                assert_eq!(heard.status, 400, "{heard:?}");
                assert!(heard.has_receipt());
                assert!(half_a_body.is_closed_within(Duration::from_secs(5)));
                assert!(began.elapsed() < Duration::from_secs(14));

                assert_eq!(ask(&mut wire.of_agency("fallowgate-carat"), &token).unwrap().status, 404);
            })
            .await;
    });
}

#[test]
fn too_much_is_refused_on_record() {
    World::tell(Backend::Sqlite, async |world| {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let tokens: Vec<String> = (0..6).map(|_| token(&carat)).collect();
        world
            .wire()
            .on_its_own_thread(move |wire| {
                const LIMIT: usize = 1 << 20;
                // Announced too large: refused before it is sent.
                let mut announced = wire.of_agency("fallowgate-carat");
                announced.send(post(&tokens[0], LIMIT + 1)).unwrap();
                let heard = announced.hear().unwrap();
                assert_eq!(heard.status, 413, "{heard:?}");
                assert!(heard.has_receipt());

                // Sent in chunks that never say how many there will be.
                let mut chunked = wire.of_agency("fallowgate-carat");
                let head = post(&tokens[1], 0).replace("Content-Length: 0", "Transfer-Encoding: chunked");
                chunked.send(head).unwrap();
                let chunk = format!("10000\r\n{}\r\n", "z".repeat(0x1_0000));
                // Somewhere behind the limit the gateway stops listening; that is no failure of the test.
                for _ in 0..17 {
                    if chunked.send(&chunk).is_err() {
                        break;
                    }
                }
                let heard = chunked.hear().unwrap();
                assert_eq!(heard.status, 413, "{heard:?}");
                assert!(heard.has_receipt());

                // As much as is allowed is read, and then refused for what it is.
                let mut most = wire.of_agency("fallowgate-carat");
                most.send(post(&tokens[2], LIMIT) + &"z".repeat(LIMIT)).unwrap();
                let heard = most.hear().unwrap();
                assert_eq!(heard.status, 400, "{heard:?}");
                assert!(heard.has_receipt());

                // A head without end: nobody is identified by it, and nobody is told anything.
                let mut huge = wire.of_agency("fallowgate-carat");
                let sent = huge.send(format!(
                    "GET /nowhere HTTP/1.1\r\nHost: localhost\r\nX-Filler: {}\r\n\r\n",
                    "z".repeat(300_000)
                ));
                let heard = huge.hear();
                assert!(sent.is_err() || heard.is_err() || matches!(heard.unwrap().status, 400 | 431));

                // Cut off in the middle.
                let mut cut_off = wire.of_agency("fallowgate-carat");
                cut_off.send(post(&tokens[3], 100) + "{\"person\"").unwrap();
                cut_off.finish();
                if let Ok(heard) = cut_off.hear() {
                    assert_eq!(heard.status, 400, "{heard:?}");
                }
                assert_eq!(ask(&mut wire.of_agency("fallowgate-carat"), &tokens[4]).unwrap().status, 404);
            })
            .await;
        assert_eq!(world.number("SELECT count(*) AS number FROM person"), 0);
    });
}

#[test]
fn what_is_not_http_is_refused_and_nobody_else_notices() {
    World::tell(Backend::Sqlite, async |world| {
        let token = token(&world.worker("fallowgate-carat", "fixture-oak"));
        world
            .wire()
            .on_its_own_thread(move |wire| {
                let authorised = format!("Host: localhost\r\nAuthorization: Bearer {token}\r\n");
                let malformed = [
                    "\0\0\0\0\0\0\0\0\r\n\r\n".to_owned(),
                    "HELO gateway\r\n\r\n".to_owned(),
                    format!("GET /nowhere HTTP/1.1\r\n{authorised}Content-Length: 5\r\nContent-Length: 6\r\n\r\n"),
                    format!("GET /nowhere HTTP/1.1\r\n{authorised}Content-Length: -1\r\n\r\n"),
                    format!("POST /v1/clients HTTP/1.1\r\n{authorised}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
                    format!("POST /v1/clients HTTP/1.1\r\n{authorised}Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
                    format!("GET /nowhere HTTP/1.1\r\n{authorised}Bad Header: x\r\n\r\n"),
                    format!("GET /\u{0}nowhere HTTP/1.1\r\n{authorised}\r\n"),
                ];
                for bytes in &malformed {
                    let mut connection = wire.of_agency("fallowgate-carat");
                    connection.send(bytes).unwrap();
                    match connection.hear() {
                        Ok(heard) => assert_eq!(heard.status, 400, "{bytes:?}: {heard:?}"),
                        Err(error) => assert!(
                            !matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut),
                            "{bytes:?} was left without an answer"
                        ),
                    }
                }
                assert_eq!(ask(&mut wire.of_agency("fallowgate-carat"), &token).unwrap().status, 404);
            })
            .await;
    });
}

#[test]
fn odd_paths_and_methods_end_at_the_same_404_or_405_on_record() {
    World::tell(Backend::Sqlite, async |world| {
        let carat = world.worker("fallowgate-carat", "fixture-oak");
        let client_ref = world.client(&carat, "Testa", "Alder").await;
        let tokens: Vec<String> = (0..64).map(|_| token(&carat)).collect();
        world
            .wire()
            .on_its_own_thread(move |wire| {
                let long = format!("/v1/clients/{}", "z".repeat(20_000));
                let target = client_ref.to_string();
                let paths = [
                    "/v1/clients/../clients/x".to_owned(),
                    "/v1/clients/%2e%2e/x".to_owned(),
                    "/v1/clients/%2e%2e%2f%2e%2e%2fetc".to_owned(),
                    format!("/v1//clients/{target}"),
                    format!("//v1/clients/{target}"),
                    format!("/v1/clients/{target}/"),
                    format!("/V1/CLIENTS/{target}"),
                    format!("/v1/clients/{target}%00"),
                    format!("/v1/clients/{target};x=1"),
                    "/v1/clients/%ff%fe".to_owned(),
                    "/v1/clients/%".to_owned(),
                    "/v1/clients/%zz".to_owned(),
                    "/".to_owned(),
                    "*".to_owned(),
                    "/?cursor=%00".to_owned(),
                    long,
                ];
                let mut tokens = tokens.iter();
                let mut lengths = std::collections::BTreeSet::new();
                for path in &paths {
                    let token = tokens.next().unwrap();
                    let mut connection = wire.of_agency("fallowgate-carat");
                    connection
                        .send(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n"))
                        .unwrap();
                    let heard = connection.hear().unwrap_or_else(|error| panic!("{path:.60}: {error}"));
                    assert_eq!(heard.status, 404, "{path:.60}: {heard:?}");
                    assert!(heard.has_receipt(), "{path:.60}: {heard:?}");
                    lengths.insert(heard.body.len());
                }
                assert_eq!(lengths.len(), 1, "the 404 is one");
                for method in ["DELETE", "OPTIONS", "TRACE", "HEAD", "CONNECT", "PUT", "BREW"] {
                    let token = tokens.next().unwrap();
                    let mut connection = wire.of_agency("fallowgate-carat");
                    connection
                        .send(format!(
                            "{method} /v1/clients/{target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\
                             Content-Type: application/json\r\nContent-Length: 0\r\n\r\n"
                        ))
                        .unwrap();
                    let heard = connection.hear_head().unwrap_or_else(|error| panic!("{method}: {error}"));
                    assert!(matches!(heard.status, 400 | 404 | 405), "{method}: {heard:?}");
                    assert!(heard.status == 400 || heard.has_receipt(), "{method}: {heard:?}");
                }
            })
            .await;
    });
}

on_both_stores! {
    async fn who_is_not_identified_is_counted_in_a_summary_when_the_gateway_stops(world: World) {
        let mut world = world;
        let elsewhere = tempfile::tempdir().unwrap();
        let home = elsewhere.path().to_owned();
        let answered = world.wire().on_its_own_thread(move |wire: &Wire| {
            let mut ours = Authority::load(&wire.dir().join("ca")).unwrap();
            // A good certificate that the directory does not know.
            let folder = issue(&mut ours, home.join("new"), &Subject::Agency("fallowgate-carat".parse().unwrap()), 0);
            let mut connection = wire.connect(Some(&folder), &rustls::version::TLS13).unwrap();
            ask(&mut connection, "x").unwrap()
        }).await;
        assert_eq!(answered.status, 401, "{answered:?}");
        assert!(!answered.has_receipt());
        assert!(answered.head.contains("\r\nwww-authenticate: bearer error=\"invalid_token\"\r\n"), "{answered:?}");
        let before = StoredLog::read(&world).leaves.len();
        world.stop().await;
        let log = StoredLog::read(&world);
        assert_eq!(log.leaves.len(), before + 1, "the count was lost");
        assert_eq!(Leaf::parse(&log.leaves[before]).unwrap().kind, EntryKind::Summary);
    }
}
