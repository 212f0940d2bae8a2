//! The five stories that the demonstration tells. All people and places are invented.

mod audit;
mod caseload;
mod prescribing;
mod prison;
mod release;

use std::path::PathBuf;

use super::actor::Actor;
use super::telling::{Otherwise, Teller};
use crate::clock::SharedClock;

/// Where the stories take place.
pub struct Stage {
    /// The partnership's folder.
    pub dir: PathBuf,
    /// The gateway's base URI.
    pub base: String,
    /// Time.
    pub clock: SharedClock,
}

impl Stage {
    /// A worker at an agency's system.
    ///
    /// # Errors
    /// When the partnership's files cannot be used.
    pub fn worker(&self, agency: &str, worker: &str) -> Result<Actor, Otherwise> {
        Ok(Actor::new(&self.dir, self.base.clone(), agency, worker, self.clock.clone())?)
    }
}

/// Tells all five.
///
/// # Errors
/// At the first step that goes otherwise than told.
pub async fn tell_all(stage: &Stage, teller: &mut Teller) -> Result<(), Otherwise> {
    tell_of_people(stage, teller).await?;
    audit::tell(stage, teller).await
}

/// Tells all but the auditor's, which needs the witnesses.
///
/// # Errors
/// At the first step that goes otherwise than told.
pub async fn tell_of_people(stage: &Stage, teller: &mut Teller) -> Result<(), Otherwise> {
    release::tell(stage, teller).await?;
    caseload::tell(stage, teller).await?;
    prescribing::tell(stage, teller).await?;
    prison::tell(stage, teller).await
}
