//! Backups of a world's database, and putting one back.

use super::{Backend, World};

impl World {
    /// Copies the database of a stopped gateway; [`World::use_database`] makes the copy the database of the next start.
    pub fn copy_database(&self) -> String {
        match (&self.backend, &self.cluster) {
            (Backend::Postgres, Some(cluster)) => {
                let name = self.database.split(['?']).next().unwrap().rsplit('/').next().unwrap();
                let copy = format!("{name}copy");
                // A template must have no connections, and the stopped gateway's are not all gone yet.
                cluster.sql("postgres", &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
                let open = format!("FROM pg_stat_activity WHERE datname = '{name}'");
                cluster.sql("postgres", &format!("SELECT pg_terminate_backend(pid, 5000) {open}"));
                cluster.sql("postgres", &format!("CREATE DATABASE {copy} TEMPLATE {name}"));
                cluster.sql("postgres", &format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
                cluster.url(&copy)
            }
            _ => {
                // The writer's connection closes with its thread a moment after the stop; the copy must have its last pages.
                self.tamper("PRAGMA wal_checkpoint(TRUNCATE)");
                std::fs::copy(self.dir.join("gateway.db"), self.dir.join("copy.db")).unwrap();
                "sqlite:copy.db".to_owned()
            }
        }
    }

    /// Has every gateway of this world use another database from the next start on.
    pub fn use_database(&mut self, database: String) {
        for entry in std::fs::read_dir(&self.dir).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let config = std::fs::read_to_string(&path).unwrap();
                std::fs::write(&path, config.replace(&self.database, &database)).unwrap();
            }
        }
        self.database = database;
    }

    /// Takes away what a host knows of the log besides its database.
    pub fn forget_the_log(&self) {
        std::fs::remove_file(self.dir.join("head")).unwrap();
        std::fs::remove_dir_all(self.dir.join("log")).unwrap();
    }
}
