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
        set(&cluster, setting, "off");
        let refused = url.connect(Duty::Write);
        assert!(matches!(refused, Err(Error::Unsafe(_))), "{setting} = off was accepted");
        set(&cluster, setting, "on");
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

#[test]
fn a_url_of_no_known_kind_is_refused_and_not_tried() {
    for url in ["gateway.db", "postgresql:gateway", "mysql://localhost/gateway", "", "file:gateway.db"] {
        assert!(matches!(DatabaseUrl::parse(url), Err(Error::Unsafe(_))), "{url}");
    }
}

/// Sets what only a whole cluster has, and waits until new sessions see it.
fn set(cluster: &Cluster, setting: &str, value: &str) {
    cluster.sql("postgres", &format!("ALTER SYSTEM SET {setting} = {value}"));
    cluster.sql("postgres", "SELECT pg_reload_conf()");
    for _ in 0..500 {
        if cluster.sql("postgres", &format!("SHOW {setting}")).trim() == value {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the cluster did not take {setting} = {value}");
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
