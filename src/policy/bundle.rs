//! The policy set: read from its files, checked more strictly than Cedar would, named and hashed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;
use std::str::FromStr;

use cedar_policy::{
    ActionConstraint, EntityUid, Policy, PolicyId, PolicySet, PolicySetError, Schema, ValidationMode,
    Validator,
};
use ring::digest;

use super::action::ActionName;
use super::annotations::Annotated;
use super::asker::askers;
use super::atoms::{Atoms, exchange_form};
use super::entities::Names;
use super::load_error::LoadError;
use super::manifest::{MANIFEST_FILE, Manifest};
use crate::ledger::note::VerifierKey;
use crate::vocabulary::AgencyType;

/// The schema belongs to the program: its code lists are the program's own.
pub const SCHEMA: &str = include_str!("../../policies/schema.cedarschema");

pub(super) const SCHEMA_FILE: &str = "schema.cedarschema";

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
    "break-glass.cedar",
    "caseload.cedar",
    "clients.cedar",
    "cohorts.cedar",
    "consents.cedar",
    "court.cedar",
    "crisis.cedar",
    "custody.cedar",
    "decisions.cedar",
    "deferrals.cedar",
    "delegations.cedar",
    "directory.cedar",
    "dirs.cedar",
    "erasure.cedar",
    "explain.cedar",
    "flags.cedar",
    "hospital.cedar",
    "housing.cedar",
    "inbound.cedar",
    "matching.cedar",
    "meetings.cedar",
    "national.cedar",
    "outreach.cedar",
    "partners.cedar",
    "pathways.cedar",
    "prescribing.cedar",
    "referrals.cedar",
    "release.cedar",
    "results.cedar",
    "safeguarding.cedar",
    "scorecard.cedar",
    "subject-access.cedar",
    "system.cedar",
    "tasks.cedar",
    "visits.cedar",
];

/// A checked policy set, ready for the engine.
#[derive(Debug)]
pub struct Bundle {
    pub(super) policies: BTreeMap<String, Annotated>,
    pub(super) by_action: BTreeMap<ActionName, ActionPolicies>,
    pub(super) names: Names,
    hash: String,
    version: Option<u64>,
}

/// The policies whose scope admits one action: all others could never decide on it.
#[derive(Debug, Default)]
pub(super) struct ActionPolicies {
    pub(super) set: PolicySet,
    by_asker: BTreeMap<AgencyType, PolicySet>,
    pub(super) atoms: Atoms,
}

impl ActionPolicies {
    /// Those of them that can decide on a request of such an agency; what they decide together is what all of them do.
    pub(super) fn of_asker(&self, agency_type: AgencyType) -> &PolicySet {
        self.by_asker.get(&agency_type).unwrap_or(&self.set)
    }

    fn add(&mut self, policy: &Policy, askers: &[AgencyType]) -> Result<(), Box<PolicySetError>> {
        for agency_type in AgencyType::ALL {
            let own = self.by_asker.entry(*agency_type).or_default();
            if askers.contains(agency_type) {
                own.add(policy.clone()).map_err(Box::new)?;
            }
        }
        self.set.add(policy.clone()).map_err(Box::new)
    }
}

impl Bundle {
    /// The policies that come with the program.
    pub fn embedded() -> Result<Self, LoadError> {
        Self::parse(SCHEMA, EMBEDDED)
    }

    /// The policies of this directory (every `.cedar` file in it, no deeper), whoever wrote them: to look at, not to run.
    pub fn from_directory(directory: &Path) -> Result<Self, LoadError> {
        Self::of_files(&read_directory(directory)?)
    }

    /// The policies of this directory, instead of those that come with the program, as somebody signed them whose key counts.
    pub fn signed(directory: &Path, keys: &[VerifierKey]) -> Result<Self, LoadError> {
        let files = read_directory(directory)?;
        let path = directory.join(MANIFEST_FILE);
        let note = match std::fs::read_to_string(&path) {
            Ok(note) => note,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(LoadError::Unsigned),
            Err(source) => return Err(LoadError::Read { path, source }),
        };
        let manifest = Manifest::open(&note, keys)?;
        manifest.check(texts(&files))?;
        Ok(Self { version: Some(manifest.version), ..Self::of_files(&files)? })
    }

    /// The manifest of this directory's policies at a version, once they are found to be in order.
    pub fn manifest(directory: &Path, version: u64) -> Result<Manifest, LoadError> {
        let files = read_directory(directory)?;
        Self::of_files(&files)?;
        Ok(Manifest::of(version, texts(&files)))
    }

    fn of_files(files: &[(String, String)]) -> Result<Self, LoadError> {
        Self::parse(SCHEMA, &texts(files).collect::<Vec<_>>())
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
                all_kept(&policy, &annotated)?;
                let unreducible = |source| LoadError::Unreducible {
                    file: file.to_owned(),
                    policy: annotated.id.clone(),
                    source,
                };
                let tree = exchange_form(&policy).map_err(unreducible)?;
                let (atoms, askers) = (Atoms::of(&policy, &tree).map_err(unreducible)?, askers(&tree));
                for (_, own) in by_action.iter_mut().filter(|(name, _)| admits(&policy, **name)) {
                    own.add(&policy, &askers).map_err(|error| LoadError::Syntax {
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
        Ok(Self { policies, by_action, names, hash, version: None })
    }

    /// SHA-256 of the set in lower-case hexadecimal: over the schema and then each file, sorted by name, each as its name and its
    /// text, each of those preceded by its length in bytes (eight bytes, big-endian).
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// The version that was signed; `None` of the set that comes with the program.
    pub const fn version(&self) -> Option<u64> {
        self.version
    }

    /// Every policy's annotations, by id.
    pub fn policies(&self) -> impl Iterator<Item = &Annotated> {
        self.policies.values()
    }
}

/// The `.cedar` files of a directory, by name. The schema is the program's own, and may only be there as it is.
fn read_directory(directory: &Path) -> Result<Vec<(String, String)>, LoadError> {
    let unreadable = |path: &Path| {
        let path = path.to_owned();
        move |source: std::io::Error| LoadError::Read { path, source }
    };
    let mut files: Vec<(String, String)> = Vec::new();
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
    Ok(files)
}

fn texts(files: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
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
        .collect::<Result<Vec<_>, LoadError>>()?;
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

/// Makes sure that somebody keeps each obligation wherever the policy permits: one that nobody keeps would be a promise to a person that
/// is not kept.
fn all_kept(policy: &Policy, annotated: &Annotated) -> Result<(), LoadError> {
    for action in ActionName::ALL.iter().copied().filter(|name| admits(policy, *name)) {
        let mut obligations = annotated.obligations.iter();
        if let Some(obligation) = obligations.find(|obligation| obligation.keeper(action).is_none()) {
            return Err(LoadError::Unkept {
                file: annotated.file.clone(),
                policy: annotated.id.clone(),
                obligation: *obligation,
                action,
            });
        }
    }
    Ok(())
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
