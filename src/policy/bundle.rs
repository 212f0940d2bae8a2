//! The policy set: read from its files, checked more strictly than Cedar would, named and hashed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use cedar_policy::{
    ActionConstraint, EntityUid, Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator,
};
use ring::digest;

use super::action::ActionName;
use super::annotations::{Annotated, AnnotationError};
use super::atoms::{Atoms, Unreducible};
use super::entities::Names;

/// The schema belongs to the program: its code lists are the program's own.
pub const SCHEMA: &str = include_str!("../../policies/schema.cedarschema");

const SCHEMA_FILE: &str = "schema.cedarschema";

macro_rules! embedded {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../policies/", $name)))),+]
    };
}

/// The policies that come with the program.
const EMBEDDED: &[(&str, &str)] = embedded![
    "account.cedar",
    "attendance.cedar",
    "audit.cedar",
    "caseload.cedar",
    "clients.cedar",
    "cohorts.cedar",
    "consents.cedar",
    "custody.cedar",
    "decisions.cedar",
    "deferrals.cedar",
    "delegations.cedar",
    "directory.cedar",
    "dirs.cedar",
    "erasure.cedar",
    "flags.cedar",
    "housing.cedar",
    "inbound.cedar",
    "matching.cedar",
    "meetings.cedar",
    "outreach.cedar",
    "partners.cedar",
    "pathways.cedar",
    "prescribing.cedar",
    "referrals.cedar",
    "release.cedar",
    "results.cedar",
    "safeguarding.cedar",
    "subject-access.cedar",
    "system.cedar",
    "tasks.cedar",
];

/// A checked policy set, ready for the engine.
#[derive(Debug)]
pub struct Bundle {
    pub(super) policies: BTreeMap<String, Annotated>,
    pub(super) by_action: BTreeMap<ActionName, ActionPolicies>,
    pub(super) names: Names,
    hash: String,
}

/// The policies whose scope admits one action: all others could never decide on it.
#[derive(Debug, Default)]
pub(super) struct ActionPolicies {
    pub(super) set: PolicySet,
    pub(super) atoms: Atoms,
}

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

impl Bundle {
    /// The policies that come with the program.
    pub fn embedded() -> Result<Self, LoadError> {
        Self::parse(SCHEMA, EMBEDDED)
    }

    /// The policies of this directory (every `.cedar` file in it, no deeper), instead of those that come with the program.
    pub fn from_directory(directory: &Path) -> Result<Self, LoadError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| LoadError::Read { path, source }
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(directory).map_err(unreadable(directory))? {
            let path = entry.map_err(unreadable(directory))?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()).map(str::to_owned) else {
                continue;
            };
            let is_schema = name == SCHEMA_FILE;
            if !is_schema && path.extension().is_none_or(|extension| extension != "cedar") {
                continue;
            }
            let text = std::fs::read_to_string(&path).map_err(unreadable(&path))?;
            match is_schema {
                true if text != SCHEMA => return Err(LoadError::SchemaDiffers),
                true => {}
                false => files.push((name, text)),
            }
        }
        let files: Vec<_> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Self::parse(SCHEMA, &files)
    }

    /// The policies of these files (name, text), checked against this schema.
    pub fn parse(schema: &str, files: &[(&str, &str)]) -> Result<Self, LoadError> {
        let mut sorted = files.to_vec();
        sorted.sort_unstable();
        let hash = hash(schema, &sorted);
        let validator =
            Validator::new(Schema::from_str(schema).map_err(|error| LoadError::Schema(error.to_string()))?);
        let names = Names::new().map_err(|error| LoadError::Schema(error.to_string()))?;

        let mut policies: BTreeMap<String, Annotated> = BTreeMap::new();
        let mut by_action: BTreeMap<ActionName, ActionPolicies> =
            ActionName::ALL.iter().map(|name| (*name, ActionPolicies::default())).collect();
        for (file, text) in sorted {
            for (policy, annotated) in read_file(file, text)? {
                if let Some(first) = policies.get(&annotated.id) {
                    return Err(LoadError::DuplicateId {
                        file: file.to_owned(),
                        policy: annotated.id,
                        first: first.file.clone(),
                    });
                }
                validate(&validator, &policy, &annotated)?;
                let atoms = Atoms::of(&policy).map_err(|source| LoadError::Unreducible {
                    file: file.to_owned(),
                    policy: annotated.id.clone(),
                    source,
                })?;
                for (_, own) in by_action.iter_mut().filter(|(name, _)| admits(&policy, **name)) {
                    own.set.add(policy.clone()).map_err(|error| LoadError::Syntax {
                        file: file.to_owned(),
                        message: error.to_string(),
                    })?;
                    own.atoms.extend(&atoms);
                }
                policies.insert(annotated.id.clone(), annotated);
            }
        }
        if policies.is_empty() {
            return Err(LoadError::Empty);
        }
        Ok(Self { policies, by_action, names, hash })
    }

    /// SHA-256 of the set in lower-case hexadecimal: over the schema and then each file, sorted by name, each as its name and its
    /// text, each of those preceded by its length in bytes (eight bytes, big-endian).
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Every policy's annotations, by id.
    pub fn policies(&self) -> impl Iterator<Item = &Annotated> {
        self.policies.values()
    }
}

/// The policies of one file under their own ids.
fn read_file(file: &str, text: &str) -> Result<Vec<(Policy, Annotated)>, LoadError> {
    let set = PolicySet::from_str(text).map_err(|errors| LoadError::Syntax {
        file: file.to_owned(),
        message: errors
            .iter()
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
            .join("; "),
    })?;
    if set.templates().next().is_some() {
        return Err(LoadError::Template { file: file.to_owned() });
    }
    let mut policies = set
        .policies()
        .map(|policy| {
            let annotated = Annotated::read(policy, file).map_err(|source| LoadError::Annotation {
                file: file.to_owned(),
                policy: policy.annotation("id").unwrap_or(policy.id().as_ref()).to_owned(),
                source,
            })?;
            Ok((policy.new_id(PolicyId::new(&annotated.id)), annotated))
        })
        .collect::<Result<Vec<_>, _>>()?;
    policies.sort_by(|(_, a), (_, b)| a.id.cmp(&b.id));
    match policies.iter().zip(policies.iter().skip(1)).find(|((_, a), (_, b))| a.id == b.id) {
        Some((_, (_, twice))) => Err(LoadError::DuplicateId {
            file: file.to_owned(),
            policy: twice.id.clone(),
            first: file.to_owned(),
        }),
        None => Ok(policies),
    }
}

/// Strict validation, policy by policy, so that the error names the policy. A warning (a condition that is never true,
/// characters that look like others) is an error too: it is a policy that does not say what it seems to.
fn validate(validator: &Validator, policy: &Policy, annotated: &Annotated) -> Result<(), LoadError> {
    let invalid = |message: String| LoadError::Invalid {
        file: annotated.file.clone(),
        policy: annotated.id.clone(),
        message,
    };
    let set = PolicySet::from_policies([policy.clone()]).map_err(|error| invalid(error.to_string()))?;
    let result = validator.validate(&set, ValidationMode::Strict);
    if result.validation_passed_without_warnings() {
        return Ok(());
    }
    let mut message = String::new();
    let errors = result.validation_errors().map(ToString::to_string);
    for line in errors.chain(result.validation_warnings().map(ToString::to_string)) {
        let separator = if message.is_empty() { "" } else { "; " };
        let _infallible = write!(message, "{separator}{line}");
    }
    Err(invalid(message))
}

/// Whether the policy's scope admits the action. There are no action groups in the schema, so `in` is `==` with one of a list.
fn admits(policy: &Policy, name: ActionName) -> bool {
    let is_named = |uid: &EntityUid| uid.id().unescaped() == name.code();
    match policy.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::In(listed) => listed.iter().any(is_named),
        ActionConstraint::Eq(one) => is_named(&one),
    }
}

fn hash(schema: &str, sorted: &[(&str, &str)]) -> String {
    let mut context = digest::Context::new(&digest::SHA256);
    let mut update = |text: &str| {
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        context.update(&length.to_be_bytes());
        context.update(text.as_bytes());
    };
    for (name, text) in std::iter::once(&(SCHEMA_FILE, schema)).chain(sorted) {
        update(name);
        update(text);
    }
    context.finish().as_ref().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _infallible = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
#[path = "bundle_tests.rs"]
mod tests;
