//! What no policy may ever permit, proved of every request that the schema allows: the policies are translated into logic (`cedar symcc`),
//! and an SMT solver (cvc5) looks for a request that breaks a ban. The properties in `src/policy/` try what there is; this leaves nothing out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use cedar_policy::{Policy, PolicyId, PolicySet, Schema};
use cedar_policy_symcc::solver::LocalSolver;
use cedar_policy_symcc::{CedarSymCompiler, CompiledPolicy, CompiledPolicySet};

const BANS: &str = include_str!("bans.cedar");
const NEWCOMERS: &str = include_str!("newcomers.cedar");

/// The enumerations to which a code may be added.
const GROWING: [&str; 4] = ["AgencyType", "Role", "Purpose", "Segment"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("policies")
}

fn schema_text() -> String {
    fs::read_to_string(folder().join("schema.cedarschema")).unwrap()
}

fn schema(text: &str) -> Schema {
    Schema::from_cedarschema_str(text).unwrap().0
}

/// The policies of a text, each under its own id.
fn policies_of(text: &str) -> Vec<Policy> {
    let set = PolicySet::from_str(text).unwrap();
    set.policies().map(|policy| policy.new_id(PolicyId::new(policy.annotation("id").unwrap()))).collect()
}

/// All policies that a gateway may have, those that are off at first among them.
fn policies() -> Vec<Policy> {
    let folders = [folder(), folder().join("optional")];
    let files =
        folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|extension| extension == "cedar"));
    files.flat_map(|file| policies_of(&fs::read_to_string(file).unwrap())).collect()
}

/// What a ban is held against: all policies but those of the rules that may.
fn banned(policies: &[Policy], ban: &Policy) -> PolicySet {
    let may =
        |policy: &&Policy| ban.annotation("but").is_none_or(|rule| policy.annotation("rule") != Some(rule));
    PolicySet::from_policies(policies.iter().filter(may).cloned()).unwrap()
}

fn prover() -> CedarSymCompiler<LocalSolver> {
    let solver = LocalSolver::cvc5().expect("cvc5 is missing: `./dev test` installs it");
    CedarSymCompiler::new(solver).unwrap()
}

/// The actions by which something is permitted that is banned.
async fn broken(schema: &Schema, policies: &[Policy], ban: &Policy) -> BTreeSet<String> {
    let (ours, ban) = (banned(policies, ban), PolicySet::from_policies([ban.clone()]).unwrap());
    let (mut prover, mut found) = (prover(), BTreeSet::new());
    for env in schema.request_envs() {
        let ban = CompiledPolicySet::compile(&ban, &env, schema).unwrap();
        let ours = CompiledPolicySet::compile(&ours, &env, schema).unwrap();
        if !prover.check_disjoint_opt(&ours, &ban).await.unwrap() {
            found.insert(env.action().to_string());
        }
    }
    found
}

#[actix_web::test]
async fn no_policy_permits_what_is_banned() {
    let (schema, policies) = (schema(&schema_text()), policies());
    for ban in policies_of(BANS) {
        assert_eq!(broken(&schema, &policies, &ban).await, BTreeSet::new(), "{}", ban.id());
    }
}

#[actix_web::test]
async fn what_is_new_is_given_nothing_of_others_and_is_given_to_nobody() {
    let mut text = schema_text();
    for entity in GROWING {
        let begins = format!("entity {entity} enum [");
        assert_eq!(text.matches(&begins).count(), 1, "{entity}");
        text = text.replace(&begins, &format!("{begins}\"brand-new\", "));
    }
    let (schema, policies) = (schema(&text), policies());
    for ban in policies_of(NEWCOMERS) {
        assert_eq!(broken(&schema, &policies, &ban).await, BTreeSet::new(), "{}", ban.id());
    }
}

/// One that errs is left out of a decision: were it a `forbid`, something would be permitted for that.
#[actix_web::test]
async fn no_policy_ever_errs() {
    let (schema, policies, mut prover) = (schema(&schema_text()), policies(), prover());
    for env in schema.request_envs() {
        for policy in &policies {
            let compiled = CompiledPolicy::compile(policy, &env, &schema).unwrap();
            let never_errs = prover.check_never_errors_opt(&compiled).await.unwrap();
            assert!(never_errs, "{} at {}", policy.id(), env.action());
        }
    }
}

/// A proof says something only if it would fail: with a policy that permits just what is banned, each ban is broken.
#[actix_web::test]
async fn a_policy_that_breaks_a_ban_is_found() {
    let schema = schema(&schema_text());
    for ban in policies_of(BANS) {
        let planted = [ban.new_id(PolicyId::new("planted"))];
        let reached = broken(&schema, &planted, &ban).await;
        assert!(!reached.is_empty(), "no request is about it: {}", ban.id());
    }
}
