//! `throughgate policy`: what a policy set permits, for people to read and for reviews to compare.
#![allow(clippy::print_stdout, reason = "printing is what these commands are for")]

use std::path::{Path, PathBuf};

use crate::certificates::{CertificatesError, write_new_secret};
use crate::domain::explain::PolicyAsked;
use crate::gateway::beside;
use crate::ledger::note::{KeyError, SigningKey};
use crate::policy::action::ActionName;
use crate::policy::bundle::Bundle;
use crate::policy::diff::Difference;
use crate::policy::engine::Engine;
use crate::policy::entities::Fact;
use crate::policy::facts::Relation;
use crate::policy::load_error::LoadError;
use crate::policy::manifest::{MANIFEST_FILE, Manifest};
use crate::policy::matrix::matrix;
use crate::transport::files::{self, FileError};
use crate::vocabulary::{AgencyType, Purpose, Role, Segment};

/// Look at a policy set.
#[derive(Debug, clap::Args)]
pub struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, clap::Subcommand)]
enum PolicyCommand {
    /// Print every permit, by action and rule. What is not printed is denied.
    #[command(after_help = "Example: throughgate policy matrix > policies/matrix.golden")]
    Matrix(Source),
    /// Load and check a policy set, and print its hash.
    #[command(after_help = "Example: throughgate policy check --policies /etc/throughgate/policies")]
    Check(Source),
    /// Say what would be decided, by which policies, and what would by itself change it. Nobody's data is needed.
    #[command(
        after_help = "Example:\n  throughgate policy explain --agency-type cjit --role case-manager --purpose continuity-of-care \\\n    --action dir.read --custodian carat --relation addressed --consented identity,prescribing --fact signed,referral_live"
    )]
    Explain(Box<Explain>),
    /// Sign a policy set, after all of it was checked: a gateway runs no set of its own folder that is not signed.
    #[command(
        after_help = "Example:\n  throughgate policy sign /etc/throughgate/policies --key policies.key\n\nThe first time it makes the key (mode 0600) and FILE.vkey beside it, the public half, which the configuration names:\n  policies = \"policies\"\n  policies_key = \"policies.key.vkey\"\nKeep the key where the gateway does not run. Then `throughgate migrate` makes the set the active one, on record."
    )]
    Sign {
        /// The directory of .cedar files, into which the manifest is written.
        directory: PathBuf,
        /// The key that signs; made, with its public half, if there is none.
        #[arg(long)]
        key: PathBuf,
        /// The version; one more than the one that is there, if it is not given.
        #[arg(long)]
        version: Option<u64>,
        /// What a new key is called.
        #[arg(long, default_value = "policies")]
        name: String,
    },
    /// Say who gains and who loses which segment for which purpose, from one policy set to another.
    #[command(
        after_help = "Example: throughgate policy diff /etc/throughgate/policies policies.new --json\n\nIt exits with 0 whether or not they differ."
    )]
    Diff {
        /// The directory of the set as it is.
        old: PathBuf,
        /// The directory of the set as it would be.
        new: PathBuf,
        /// For programs.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, clap::Args)]
struct Source {
    /// The directory of .cedar files; without it, the policies that come with the program.
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
struct Explain {
    /// The type of the agency that asks.
    #[arg(long)]
    agency_type: AgencyType,
    /// The role of its worker.
    #[arg(long)]
    role: Role,
    /// What for.
    #[arg(long)]
    purpose: Purpose,
    /// What is asked.
    #[arg(long)]
    action: ActionName,
    /// The type of the agency that holds the record; the one that asks, if it is not given.
    #[arg(long)]
    custodian: Option<AgencyType>,
    /// How the asking agency stands to the record: own, addressed, party or none.
    #[arg(long)]
    relation: Option<Relation>,
    /// A segment to which the person's consent is effective; may be repeated or separated by commas.
    #[arg(long, value_delimiter = ',')]
    consented: Vec<Segment>,
    /// A segment that a consent on paper lists; may be repeated or separated by commas.
    #[arg(long, value_delimiter = ',')]
    in_writing: Vec<Segment>,
    /// Another fact that holds; may be repeated or separated by commas.
    #[arg(long = "fact", value_name = "FACT", value_delimiter = ',')]
    facts: Vec<Fact>,
    /// For programs: what `POST /v1/policy/explain` answers.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    source: Source,
}

impl Source {
    fn load(&self) -> Result<Bundle, LoadError> {
        match &self.policies {
            Some(directory) => Bundle::from_directory(directory),
            None => Bundle::embedded(),
        }
    }
}

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// A policy set does not load.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The key, or the manifest.
    #[error(transparent)]
    File(#[from] FileError),
    /// A new key.
    #[error(transparent)]
    NewKey(#[from] CertificatesError),
    /// The key is not one.
    #[error("{}: {source}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: KeyError,
    },
    /// A file cannot be written or read.
    #[error("{}: cannot be written or read", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// What was found does not serialise.
    #[error("the answer cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// Runs the subcommand.
///
/// # Errors
///
/// When a policy set does not load; the message names the file and the policy.
pub fn run(args: &PolicyArgs) -> Result<(), PolicyError> {
    match &args.command {
        PolicyCommand::Matrix(source) => print!("{}", matrix(&Engine::new(source.load()?))),
        PolicyCommand::Check(source) => {
            let bundle = source.load()?;
            println!("{} policies, sha256 {}", bundle.policies().count(), bundle.hash());
        }
        PolicyCommand::Explain(asked) => print!("{}", explain(asked)?),
        PolicyCommand::Sign { directory, key, version, name } => {
            println!("{}", sign(directory, &signing_key(key, name)?, *version)?);
        }
        PolicyCommand::Diff { old, new, json } => print!("{}", diff(old, new, *json)?),
    }
    Ok(())
}

/// The key in this file, or a new one, whose public half is written beside it.
fn signing_key(path: &Path, name: &str) -> Result<SigningKey, PolicyError> {
    let wrong = |source| PolicyError::Key { path: path.to_owned(), source };
    if path.exists() {
        return SigningKey::parse(&files::secret(path)?).map_err(wrong);
    }
    let key = SigningKey::generate(name).map_err(wrong)?;
    write_new_secret(path, &key.to_text())?;
    let public = beside(path, ".vkey");
    write(&public, &format!("{}\n", key.verifier()))?;
    println!("a new key {}, and its public half {} for `policies_key`", path.display(), public.display());
    Ok(key)
}

fn sign(directory: &Path, key: &SigningKey, version: Option<u64>) -> Result<String, PolicyError> {
    let path = directory.join(MANIFEST_FILE);
    let next = || {
        let note = std::fs::read_to_string(&path).ok()?;
        Some(Manifest::open(&note, &[key.verifier()]).ok()?.version.saturating_add(1))
    };
    let manifest = Bundle::manifest(directory, version.or_else(next).unwrap_or(1))?;
    write(&path, &manifest.sign(key))?;
    let Manifest { version, files } = manifest;
    Ok(format!("{} files are version {version}, signed by {}", files.len(), key.name()))
}

fn write(path: &Path, text: &str) -> Result<(), PolicyError> {
    std::fs::write(path, text).map_err(|source| PolicyError::Io { path: path.to_owned(), source })
}

fn explain(asked: &Explain) -> Result<String, PolicyError> {
    let engine = Engine::new(asked.source.load()?);
    let supposed = PolicyAsked {
        agency_type: asked.agency_type,
        role: asked.role,
        purpose: asked.purpose,
        action: asked.action,
        custodian: asked.custodian,
        relation: asked.relation,
        consented: asked.consented.clone(),
        in_writing: asked.in_writing.clone(),
        facts: asked.facts.clone(),
    };
    let explained = supposed.explained_by(&engine);
    if !asked.json {
        return Ok(explained.to_string());
    }
    Ok(format!("{}\n", serde_json::to_string_pretty(&explained)?))
}

fn diff(old: &Path, new: &Path, json: bool) -> Result<String, PolicyError> {
    let engine = |directory: &Path| Bundle::from_directory(directory).map(Engine::new);
    let difference = Difference::between(&engine(old)?, &engine(new)?);
    if !json {
        return Ok(difference.to_string());
    }
    Ok(format!("{}\n", serde_json::to_string_pretty(&difference)?))
}
