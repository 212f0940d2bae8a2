//! What makes a COMMIT worth an acknowledgement: settings that would lose it are refused, and no other store is opened instead.

use throughgate::store::Error;
use throughgate::store::backend::{AnyConnection, DatabaseUrl, Duty};

use crate::support::Cluster;

#[test]
fn a_database_that_does_not_wait_for_its_disk_is_refused() {
    let cluster = Cluster::get();
    for (setting, is_safe) in [("off", false), ("local", false), ("on", true), ("remote_apply", true)] {
        let url = cluster.database();
        let name = name_of(&url);
        cluster.sql("postgres", &format!("ALTER DATABASE {name} SET synchronous_commit = {setting}"));
        for duty in [Duty::Read, Duty::Write] {
            let opened = DatabaseUrl::parse(&url).unwrap().connect(duty);
            assert_eq!(
                matches!(opened, Ok(AnyConnection::Postgres(_))),
                is_safe,
                "synchronous_commit = {setting}"
            );
            assert!(is_safe || matches!(opened, Err(Error::Unsafe(_))));
        }
    }
}

#[test]
fn a_cluster_that_does_not_sync_or_may_tear_pages_is_refused() {
    let cluster = Cluster::start();
    let url = DatabaseUrl::parse(&cluster.database()).unwrap();
    assert!(url.connect(Duty::Write).is_ok());
    for setting in ["fsync", "full_page_writes"] {
        cluster.set(setting, "off");
        let refused = url.connect(Duty::Write);
        assert!(matches!(refused, Err(Error::Unsafe(_))), "{setting} = off was accepted");
        cluster.set(setting, "on");
        assert!(url.connect(Duty::Write).is_ok(), "{setting} = on was refused");
    }
}

#[test]
fn with_postgresql_down_no_file_takes_its_place() {
    let cluster = Cluster::start();
    let url = cluster.database();
    cluster.stop();
    let before = files_named_like_the_url();
    let opened = DatabaseUrl::parse(&url).unwrap().connect(Duty::Write);
    assert!(matches!(opened, Err(Error::Connect(_))));
    assert_eq!(files_named_like_the_url(), before, "a file was opened in the place of PostgreSQL");
}

/// What is asked of a host that is gone without a word stays unanswered: only the system's own timer can tell. With nobody
/// at the other side who would speak PostgreSQL, a connection can be looked at while it waits.
#[test]
fn a_database_host_that_is_gone_without_a_word_is_noticed_within_seconds() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = DatabaseUrl::parse(&format!("postgresql://throughgate@127.0.0.1:{port}/gateway")).unwrap();
    let connecting = std::thread::spawn(move || url.connect(Duty::Write).is_err());
    let _open = listener.accept().unwrap();
    let until = std::time::Instant::now() + std::time::Duration::from_millis(1_500);
    let mut timer = None;
    while timer.is_none() && std::time::Instant::now() < until {
        timer = keepalive_of_a_connection_to(port);
    }
    assert!(timer.expect("no timer watches the connection") <= 200, "{timer:?} hundredths of a second");
    assert!(connecting.join().unwrap());
}

/// When the timer that looks after a silent connection goes off, in hundredths of a second.
/// https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
fn keepalive_of_a_connection_to(port: u16) -> Option<u64> {
    let peer = format!("0100007F:{port:04X}");
    std::fs::read_to_string("/proc/net/tcp").unwrap().lines().find_map(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let (kind, when) = columns.get(5)?.split_once(':')?;
        (columns[2] == peer && kind == "02").then(|| u64::from_str_radix(when, 16).unwrap())
    })
}

#[test]
fn a_url_of_no_known_kind_is_refused_and_not_tried() {
    for url in ["gateway.db", "postgresql:gateway", "mysql://localhost/gateway", "", "file:gateway.db"] {
        assert!(matches!(DatabaseUrl::parse(url), Err(Error::Unsafe(_))), "{url}");
    }
}

fn name_of(url: &str) -> &str {
    let rest = url.strip_prefix("postgresql:///").unwrap();
    rest.split('?').next().unwrap()
}

/// The names in the folder where a relative path would be opened.
fn files_named_like_the_url() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(".")
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("postgresql"))
        .collect();
    names.sort();
    names
}
