//! Why a policy set was not loaded: the file, the policy, and what is wrong with it.

use std::path::PathBuf;

use super::action::ActionName;
use super::annotations::{AnnotationError, Obligation};
use super::atoms::Unreducible;
use super::bundle::SCHEMA_FILE;
use super::manifest::{MANIFEST_FILE, ManifestError};

/// Why a policy set was not loaded. Nothing in it is about a person.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The directory or a file of it could not be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// Nobody signed the set.
    #[error("there is no {MANIFEST_FILE}: sign the set with `throughgate policy sign DIR --key FILE`")]
    Unsigned,
    /// The set is not what somebody signed.
    #[error(
        "{MANIFEST_FILE} {0}; if the set is as it should be, sign it: `throughgate policy sign DIR --key FILE`"
    )]
    Manifest(#[from] ManifestError),
    /// There is no policy, so that everything would be denied.
    #[error("no .cedar file with a policy was found")]
    Empty,
    /// The directory brings a schema, and it is not the one this program was built with.
    #[error("{SCHEMA_FILE} differs from the one that this program was built with")]
    SchemaDiffers,
    /// The schema is not one.
    #[error("{SCHEMA_FILE}: {0}")]
    Schema(String),
    /// A file is not Cedar.
    #[error("{file}: {message}")]
    Syntax {
        /// The file.
        file: String,
        /// What the parser says.
        message: String,
    },
    /// A file holds a template; policies here are complete.
    #[error("{file}: holds a template, which nothing would link")]
    Template {
        /// The file.
        file: String,
    },
    /// A policy's annotations are wrong.
    #[error("{file}: policy \"{policy}\": {source}")]
    Annotation {
        /// The file.
        file: String,
        /// Its `@id`, or its place in the file.
        policy: String,
        /// What is wrong.
        source: AnnotationError,
    },
    /// Two policies have one id.
    #[error("{file}: policy \"{policy}\": the id is taken by a policy in {first}")]
    DuplicateId {
        /// The file of the second.
        file: String,
        /// The id.
        policy: String,
        /// The file of the first.
        first: String,
    },
    /// Strict validation against the schema failed: a misspelt code, a wrong type.
    #[error("{file}: policy \"{policy}\": {message}")]
    Invalid {
        /// The file.
        file: String,
        /// Its `@id`.
        policy: String,
        /// What the validator says.
        message: String,
    },
    /// A policy obliges to what nobody does where it permits.
    #[error("{file}: policy \"{policy}\": obliges to {obligation}, which nobody keeps for {action}")]
    Unkept {
        /// The file.
        file: String,
        /// Its `@id`.
        policy: String,
        /// The obligation.
        obligation: Obligation,
        /// What the policy permits.
        action: ActionName,
    },
    /// A policy compares two attributes, so that it could not be laid out as a table.
    #[error("{file}: policy \"{policy}\": {source}")]
    Unreducible {
        /// The file.
        file: String,
        /// Its `@id`.
        policy: String,
        /// What it does.
        source: Unreducible,
    },
}
