//! A second world that holds what the first does: what is tried in both can differ only by what was done in one of them.

use super::template::{copy_folder, is_left};
use super::world::{World, place};

impl World {
    /// A world with the same people, records and names, at a gateway of its own, and at the same time. Workers of this one are made
    /// anew: its port has changed.
    pub async fn twin(&mut self) -> Self {
        self.stop().await;
        let name = self.database.split(['/', '?']).nth(3).unwrap_or_default();
        is_left(&self.dir, self.cluster.as_deref().map(|cluster| (cluster, name))).await;
        let home = tempfile::tempdir().unwrap();
        let dir = place(&home);
        copy_folder(&self.dir, &dir);
        let database = match &self.cluster {
            Some(cluster) => {
                let database = cluster.database_like(name);
                let config = dir.join("gateway.toml");
                let text = std::fs::read_to_string(&config).unwrap().replace(&self.database, &database);
                std::fs::write(&config, text).unwrap();
                database
            }
            None => self.database.clone(),
        };
        self.start_anyhow();
        self.ready().await;
        Self::start(home, self.clock.clone(), self.backend, self.cluster.clone(), database).await
    }
}
