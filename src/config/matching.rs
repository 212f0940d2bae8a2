//! Who is who: the numbers of the matching model.

use std::path::PathBuf;

use serde::Deserialize;

use super::ConfigError;
use crate::domain::client::matcher::Matcher;
use crate::people::model::Model;

/// The matching model.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MatchingConfig {
    /// The numbers that `throughgate match train` fitted to the deployment's own people; those that the gateway carries if left out.
    pub model: Option<PathBuf>,
}

impl MatchingConfig {
    /// The model, ready.
    ///
    /// # Errors
    /// When the file cannot be read, or is no model.
    pub fn matcher(&self) -> Result<Matcher, crate::gateway::StartError> {
        let Some(file) = &self.model else {
            return Ok(Matcher::stock()?);
        };
        let text = std::fs::read_to_string(file)
            .map_err(|source| ConfigError::Unreadable { path: file.clone(), source })?;
        Ok(Matcher::new(Model::parse(&text)?))
    }
}
