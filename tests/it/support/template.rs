//! A new partnership, made once in a run of the tests and copied for each story: to make one costs more than most stories.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use throughgate::clock::SystemClock;
use throughgate::demo::partnership::Plan;

use super::postgres::Cluster;
use super::world::Backend;

/// Where a run keeps what its stories share: `./dev test` says so. Without one, each story makes its own partnership.
fn shared() -> Option<PathBuf> {
    std::env::var("THROUGHGATE_TEST_TEMPLATES").ok().filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// Lays a copy of the run's partnership into a folder and answers the URL of its database, if the run has one.
pub async fn copy(dir: &Path, backend: Backend, cluster: Option<&Cluster>) -> Option<String> {
    let shared = shared()?;
    // The template's database lies in the cluster of all.
    if cluster.is_some_and(Cluster::is_own) {
        return None;
    }
    fs::create_dir_all(&shared).unwrap();
    let lock = fs::File::create(shared.join(format!("{backend:?}.lock"))).unwrap();
    lock.lock().unwrap();
    let template = Template { dir: shared.join(format!("{backend:?}")), cluster };
    if !template.dir.exists() {
        template.make(&shared.join(format!("{backend:?}.new"))).await;
    }
    lock.unlock().unwrap();
    copy_folder(&template.dir, dir);
    let Some(cluster) = cluster else { return Some(SQLITE.to_owned()) };
    let database = cluster.database_like(TEMPLATE);
    let config = dir.join("gateway.toml");
    let text = fs::read_to_string(&config).unwrap().replace(&cluster.url(TEMPLATE), &database);
    fs::write(&config, text).unwrap();
    Some(database)
}

/// The database in the partnership's folder.
pub const SQLITE: &str = "sqlite:gateway.db";
/// The template's database on PostgreSQL.
const TEMPLATE: &str = "template_partnership";

struct Template<'c> {
    dir: PathBuf,
    cluster: Option<&'c Cluster>,
}

impl Template<'_> {
    /// Makes it beside its place, and moves it there when nobody writes to it any more.
    async fn make(&self, beside: &Path) {
        // What a run that was ended left half made.
        let _ = fs::remove_dir_all(beside);
        let database = match self.cluster {
            Some(cluster) => {
                cluster.sql("postgres", &format!("DROP DATABASE IF EXISTS {TEMPLATE}"));
                cluster.sql("postgres", &format!("CREATE DATABASE {TEMPLATE}"));
                cluster.url(TEMPLATE)
            }
            None => SQLITE.to_owned(),
        };
        let any = "127.0.0.1:0".parse().unwrap();
        let plan = Plan { dir: beside.to_owned(), address: any, admin: any, database: Some(database) };
        plan.carry_out(Arc::new(SystemClock)).await.unwrap();
        is_left(beside, self.cluster.map(|cluster| (cluster, TEMPLATE))).await;
        fs::rename(beside, &self.dir).unwrap();
    }
}

/// Waits until the last connection to the database of a partnership is closed; on PostgreSQL it has a name.
pub async fn is_left(dir: &Path, database: Option<(&Cluster, &str)>) {
    for _ in 0..500 {
        let is_left = match database {
            Some((cluster, name)) => {
                let sessions = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'");
                cluster.sql("postgres", &sessions).trim() == "0"
            }
            None => is_left_to_us(&dir.join("gateway.db")),
        };
        if is_left {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("somebody still writes to the partnership that is to be copied");
}

/// Whether nobody has this file open. SQLite takes the log beside it away with the last connection; where two end at once, each leaves
/// that to the other, and so it is for us to do.
fn is_left_to_us(database: &Path) -> bool {
    use diesel::connection::SimpleConnection as _;
    use diesel::{Connection as _, SqliteConnection};

    let mut last = SqliteConnection::establish(&database.display().to_string()).unwrap();
    // Where it is locked, somebody is there.
    let is_ours = last.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").is_ok();
    drop(last);
    is_ours && !database.with_extension("db-wal").exists()
}

pub fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}
