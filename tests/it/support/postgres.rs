//! A throw-away PostgreSQL cluster: started from the installed binaries, or the one that `./dev test` started for all.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use super::shim::Shim;

/// A cluster, and the databases made in it.
pub struct Cluster {
    /// The folder of the socket.
    socket: PathBuf,
    user: String,
    own: Option<Own>,
}

struct Own {
    dir: tempfile::TempDir,
    bin: PathBuf,
    shim: Option<Shim>,
}

impl Cluster {
    /// The shared cluster, or a new one.
    pub fn get() -> Self {
        match std::env::var("THROUGHGATE_TEST_POSTGRES") {
            Ok(socket) if !socket.is_empty() => {
                Self { socket: socket.into(), user: "throughgate".into(), own: None }
            }
            _ => Self::start(),
        }
    }

    /// Starts one that ends with the value. PostgreSQL refuses to run as root, so root hands it to the `postgres` user.
    pub fn start() -> Self {
        Self::start_with(false)
    }

    /// The same with faults below it: see [`Cluster::shim`].
    pub fn start_with_faults() -> Self {
        Self::start_with(true)
    }

    fn start_with(faults: bool) -> Self {
        let bin = binaries();
        let dir = tempfile::Builder::new().prefix("throughgate-pg").tempdir_in("/tmp").unwrap();
        if is_root() {
            done(Command::new("chown").arg("postgres").arg(dir.path()).output());
        }
        let data = dir.path().join("data");
        let initdb = format!(
            "{}/initdb -D {} -U throughgate --auth=trust --no-sync -E UTF8 --locale=C",
            bin.display(),
            data.display()
        );
        as_ordinary_user(&initdb);
        let shim = faults.then(|| Shim::new(&data, dir.path()));
        let own = Some(Own { dir, bin, shim });
        let socket = own.as_ref().map(|own| own.dir.path().to_owned()).unwrap();
        let cluster = Self { socket, user: "throughgate".into(), own };
        cluster.resume();
        cluster
    }

    /// The faults below an own cluster that was started with them.
    pub fn shim(&self) -> &Shim {
        self.own.as_ref().and_then(|own| own.shim.as_ref()).expect("a cluster with faults below it")
    }

    /// Whether its postmaster lives.
    pub fn is_running(&self) -> bool {
        let own = self.own.as_ref().expect("only an own cluster is stopped and started");
        let status = format!("{}/pg_ctl -D {}/data status", own.bin.display(), own.dir.path().display());
        ordinary_user(&status).output().unwrap().status.success()
    }

    /// Sets what only a whole cluster has, and waits until new sessions see it.
    pub fn set(&self, setting: &str, value: &str) {
        self.sql("postgres", &format!("ALTER SYSTEM SET {setting} = {value}"));
        self.sql("postgres", "SELECT pg_reload_conf()");
        for _ in 0..500 {
            if self.sql("postgres", &format!("SHOW {setting}")).trim() == value {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("the cluster did not take {setting} = {value}");
    }

    /// `kill -9` of a process that serves a gateway: PostgreSQL then ends all the others and recovers by itself. Whether there
    /// was one.
    pub fn kill_a_backend(&self) -> bool {
        let Some(pid) = self.postmaster() else { return false };
        let children = Command::new("ps").args(["-o", "pid=,args=", "--ppid", &pid]).output().unwrap();
        let children = String::from_utf8(children.stdout).unwrap();
        let backend =
            children.lines().find(|line| line.contains("throughgate t") && !line.contains("waiting"));
        let Some(pid) = backend.and_then(|line| line.split_whitespace().next()) else { return false };
        Command::new("kill").args(["-9", pid]).output().unwrap().status.success()
    }

    /// Its first process, while it runs.
    fn postmaster(&self) -> Option<String> {
        let pid = std::fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        Some(pid.lines().next()?.trim().to_owned())
    }

    /// Starts it again after [`Cluster::stop`].
    pub fn resume(&self) {
        done(self.start_command().output());
    }

    /// The same; whether it started.
    pub fn try_resume(&self) -> bool {
        self.start_command().output().unwrap().status.success()
    }

    fn start_command(&self) -> Command {
        let own = self.own.as_ref().expect("only an own cluster is stopped and started");
        let path = own.dir.path().display();
        let mut environment = String::new();
        for (name, value) in own.shim.iter().flat_map(Shim::environment) {
            write!(environment, "{name}={} ", value.display()).unwrap();
        }
        ordinary_user(&format!(
            "{environment}{bin}/pg_ctl -D {path}/data -w -t 60 -l {path}/log start -o \"-k {path} -c listen_addresses='' \
             -c max_connections=200 -c shared_buffers=64MB\"",
            bin = own.bin.display()
        ))
    }

    /// Stops it at once, as a crash would: connections are cut.
    pub fn stop(&self) {
        let own = self.own.as_ref().expect("only an own cluster is stopped and started");
        as_ordinary_user(&format!(
            "{}/pg_ctl -D {}/data -w -t 60 -m immediate stop",
            own.bin.display(),
            own.dir.path().display()
        ));
    }

    /// Freezes every process of an own cluster, as a machine that hangs would; `false` lets them go on.
    pub fn freeze(&self, frozen: bool) {
        let Some(postmaster) = self.postmaster() else { return };
        let children = Command::new("ps").args(["-o", "pid=", "--ppid", &postmaster]).output().unwrap();
        let mut pids = vec![postmaster];
        pids.extend(String::from_utf8(children.stdout).unwrap().split_whitespace().map(str::to_owned));
        // A child may have ended in between; the others are what counts.
        let _ = Command::new("kill").arg(if frozen { "-STOP" } else { "-CONT" }).args(&pids).output();
    }

    /// Where an own cluster keeps its files.
    pub fn data(&self) -> PathBuf {
        self.own.as_ref().expect("only an own cluster's files are looked at").dir.path().join("data")
    }

    /// The database as `pg_dump` writes it.
    pub fn dump(&self, database: &str) -> String {
        let output = Command::new(binaries().join("pg_dump"))
            .arg("-h")
            .arg(&self.socket)
            .args(["-U", &self.user, "-d", database])
            .output();
        String::from_utf8(done(output).stdout).unwrap()
    }

    /// Whether it ends with the value.
    pub fn is_own(&self) -> bool {
        self.own.is_some()
    }

    /// A new, empty database.
    pub fn database(&self) -> String {
        self.database_like("template1")
    }

    /// A new database that holds what this one does, to which nobody may be connected.
    pub fn database_like(&self, template: &str) -> String {
        let name = format!("t{}", uuid::Uuid::new_v4().simple());
        self.sql("postgres", &format!("CREATE DATABASE {name} TEMPLATE {template}"));
        self.url(&name)
    }

    /// The URL of a database.
    pub fn url(&self, name: &str) -> String {
        format!("postgresql:///{name}?host={}&user={}", self.socket.display(), self.user)
    }

    /// Runs a statement with `psql`, and answers what it printed. Not by the one on the path, which may be a script that looks for it.
    /// A server that a fault has thrown into recovery lets nobody in until it is through; nothing was asked of it by then.
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let mut ask = Command::new(binaries().join("psql"));
        ask.args(["-X", "-q", "-At", "-v", "ON_ERROR_STOP=1", "-h"])
            .arg(&self.socket)
            .args(["-U", &self.user, "-d", database, "-c", sql]);
        let until = Instant::now() + Duration::from_secs(60);
        loop {
            let output = ask.output();
            let lets_nobody_in = output.as_ref().is_ok_and(|output| {
                let said = String::from_utf8_lossy(&output.stderr);
                !output.status.success() && said.contains("FATAL:  the database system is ")
            });
            if !lets_nobody_in || Instant::now() > until {
                return String::from_utf8(done(output).stdout).unwrap();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(own) = &self.own {
            // A cluster that a test stopped is stopped already.
            let _ = ordinary_user(&format!(
                "{}/pg_ctl -D {}/data -w -t 30 -m immediate stop",
                own.bin.display(),
                own.dir.path().display()
            ))
            .output();
            if is_root() {
                let _ = Command::new("chown").args(["-R", "root"]).arg(own.dir.path()).output();
            }
        }
    }
}

fn binaries() -> PathBuf {
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .expect("PostgreSQL is not installed: run `./dev test`, which installs it or says how")
        .map(|entry| entry.unwrap().path().join("bin"))
        .filter(|bin| Path::new(bin).join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().expect("PostgreSQL's server binaries are not installed: run `./dev test`")
}

fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

fn ordinary_user(command: &str) -> Command {
    if is_root() {
        let mut su = Command::new("su");
        su.args(["postgres", "-s", "/bin/sh", "-c", command]).current_dir("/tmp");
        su
    } else {
        let mut shell = Command::new("sh");
        shell.args(["-c", command]);
        shell
    }
}

fn as_ordinary_user(command: &str) {
    done(ordinary_user(command).output());
}

fn done(output: std::io::Result<Output>) -> Output {
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output
}
