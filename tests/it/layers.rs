//! Data flows one way: no module uses one that stands above it, and no file grows past what a reader can hold.

use std::collections::BTreeSet;

use crate::support::sources::{Source, sources};

/// The layers, from the wire to the disk. A layer uses those below it, never those above.
const LAYERS: [&str; 7] = ["transport", "identity", "api", "domain", "journal", "policy", "store"];

/// What puts the layers together, or stands outside the running gateway. It may use everything; nothing uses it.
const ASSEMBLY: [(&str, &str); 12] = [
    ("lib", "the list of modules"),
    ("main", "the command line's entry"),
    ("cli", "the operator's and the auditor's commands"),
    ("gateway", "assembles a gateway from its configuration"),
    ("admin", "the loopback port: health and metrics, nobody's data"),
    ("config", "what a gateway is assembled from"),
    ("certificates", "the gateway's own authority, which no request passes through"),
    ("demo", "a partnership for demonstrations and tests"),
    ("telemetry", "starts the technical log"),
    ("submission", "shows the log to its witnesses, beside the road of requests"),
    ("recovery", "closes a lost log and begins the next one, at the operator's command"),
    ("witness", "a service of its own that cosigns a gateway's log, at a partner's"),
];

/// Pure modules that every layer may use, and that use only each other: no I/O of a request's, no decision, no road out.
const LEAVES: [(&str, &str); 46] = [
    ("vocabulary", "the field's closed code lists"),
    ("id", "the ids and handles"),
    ("clock", "the one source of time"),
    ("calendar", "civil time, working days, opening hours"),
    ("problem", "what a refusal says to its caller"),
    ("directory", "the agencies as values"),
    ("crypto", "keys and envelopes, over bytes"),
    ("ledger", "the tree, the proofs, the notes; the auditor runs it alone"),
    ("people", "matching: facts in, a verdict out"),
    ("identity::principal", "who asks, as a value, for policies and the log"),
    ("policy::action", "the closed list of what can be asked"),
    ("policy::facts", "what a decision rests on, as values, which the store gathers"),
    ("policy::permit", "the proof of a decision, which every read of the store takes"),
    ("journal::sealed", "what every read of the store answers"),
    ("domain::fault", "what is wrong with a document, as values"),
    ("domain::validation", "how a document's form is checked; about no stored thing"),
    ("domain::consent::codes", "the consent form's code lists, which its model is made of"),
    ("domain::consent::model", "the consent as stored, which the store reads as a fact"),
    (
        "domain::consent::coverage",
        "whether a consent covers a question: a pure rule that is a fact of each decision",
    ),
    ("domain::referral::model", "the referral as stored, which the store reads as a fact"),
    ("domain::referral::codes", "the code lists of a referral, which its model is made of"),
    ("domain::referral::route", "the routes of a referral, which its model is made of"),
    ("domain::referral::summary", "what a referral tells by itself, which its model is made of"),
    ("domain::referral::invalid", "why a step is not taken, which the table of steps says"),
    ("domain::attendance::model", "the attendance as stored, which the store reads as a fact"),
    ("domain::referral::transition", "the steps of a referral, which its model is made of"),
    ("domain::decision::codes", "the code lists of joint decisions, which their model is made of"),
    ("domain::decision::model", "the joint decision as stored, whose parties the store reads as a fact"),
    ("domain::court::codes", "the code lists of a way from court, which its model is made of"),
    ("domain::court::model", "where somebody goes from court as stored, which the store reads as a fact"),
    ("domain::deferral::model", "the deferral as stored, which the store reads as a fact"),
    (
        "domain::partner::model",
        "the link as stored, whose other side the store finds for the rule that keeps them apart",
    ),
    ("domain::safeguarding::codes", "the code lists of concerns, which their model is made of"),
    (
        "domain::safeguarding::model",
        "the concern as stored, of which the store reads until when a person is not told of it",
    ),
    ("domain::prescribing::codes", "the code lists of prescribing, which its models are made of"),
    ("domain::prescribing::conflict", "the conflict as stored, whose other side the store reads as a fact"),
    ("domain::subject_access::codes", "the request's code lists, which its model is made of"),
    (
        "domain::subject_access::model",
        "a person's request for her account as stored, which the store reads as a fact",
    ),
    ("domain::assessment::codes", "the code lists of assessments, which their model is made of"),
    ("domain::assessment::model", "the assessment as stored, which the store reads as a fact"),
    ("domain::break_glass::codes", "the code lists of breaking glass, which its model is made of"),
    ("domain::break_glass::model", "a broken glass as stored, of which the store reads to whom it is open"),
    ("domain::breach::codes", "the code lists of breaches, which their model is made of"),
    ("domain::breach::model", "the breach as stored, which the store reads as a fact"),
    ("domain::dir::contact_codes", "how a person was identified, which the record and the assessment share"),
    ("domain::minute", "a time to the minute, a form of the documents"),
];

/// An arrow that points up all the same.
struct Exception {
    from: &'static str,
    to: &'static str,
    reason: &'static str,
}

const EXCEPTIONS: [Exception; 4] = [
    Exception {
        from: "api::router",
        to: "transport::peer",
        reason: "the server hands the peer over with the connection, and the router is what takes it from there",
    },
    Exception {
        from: "api::router",
        to: "identity",
        reason: "the router is where a request is identified: it calls the identifier and counts who is nobody",
    },
    Exception { from: "api::context", to: "identity", reason: "holds the identifier for the router" },
    Exception {
        from: "domain::operator::agencies",
        to: "identity::token",
        reason: "a key is enrolled only if the code that will check tokens with it can read it",
    },
];

const LINES_OF_A_FILE: usize = 400;

#[test]
fn no_arrow_points_up() {
    let mut wrong = BTreeSet::new();
    let mut used = BTreeSet::new();
    for source in sources() {
        for target in uses(&source) {
            let from = source.module().join("::");
            if allowed(&from, &target) {
                continue;
            }
            match exception(&from, &target) {
                Some(at) => {
                    used.insert(at);
                }
                None => {
                    wrong.insert(format!("{from} uses {target}"));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "arrows that point up (move what is needed to a leaf, or name the exception with its reason):\n{}",
        wrong.into_iter().collect::<Vec<_>>().join("\n")
    );
    for (at, exception) in EXCEPTIONS.iter().enumerate() {
        assert!(
            used.contains(&at),
            "{} no longer uses {} ({}): strike the exception",
            exception.from,
            exception.to,
            exception.reason
        );
    }
}

#[test]
fn every_module_has_its_place() {
    for source in sources().into_iter().filter(|source| !source.is_test()) {
        let top = source.module()[0].clone();
        let known = LAYERS.contains(&top.as_str())
            || ASSEMBLY.iter().any(|(module, _)| *module == top)
            || LEAVES.iter().any(|(module, _)| *module == top);
        assert!(known, "{} is in no layer, no leaf and no part of the assembly", source.path);
    }
}

#[test]
fn the_walk_sees_the_arrows_that_it_must_see() {
    let text = "//! use crate::api::reply;\nuse crate::domain::{client::model, person};\nuse super::{Error, log::{self, Head}};\n\
                fn f() { crate::policy::engine::g(); }\nmod tests {\nuse crate::cli::x;\n}\n";
    let source = Source { path: "store/record.rs".into(), text: text.into() };
    let seen: Vec<String> = uses(&source).into_iter().collect();
    assert_eq!(
        seen,
        [
            "domain::client::model",
            "domain::person",
            "policy::engine::g",
            "store::Error",
            "store::log",
            "store::log::Head",
        ]
    );
    assert!(!allowed("store::record", "domain::person"));
    assert!(!allowed("store::record", "policy::engine::g"));
    assert!(!allowed("policy::permit", "store::log"), "a leaf uses only leaves");
    assert!(!allowed("journal::road", "gateway::Gateway"), "nothing uses the assembly");
    assert!(allowed("api::clients::read", "domain::client::ReadClient"));
    assert!(allowed("store::record", "policy::permit::Permit"));
}

/// Where a type of agency that tells something by itself is meant as such: who may take part in what. Whether a name may be told is asked
/// of the type (`AgencyType::tells`), so that a new type that tells something is masked everywhere.
const MEANS_A_PROJECT: [(&str, &str); 7] = [
    ("demo/cast.rs", "the demonstration's project"),
    ("domain/meeting/model.rs", "a project has no page at a meeting"),
    ("domain/operations/announce.rs", "a project may be told of a day"),
    ("domain/referral/drafting.rs", "the routes that lead to a project"),
    ("domain/delegation/delegate.rs", "a follow-up is delegated to a project"),
    ("domain/decision/act.rs", "a project is brought into a joint decision"),
    ("domain/scorecard/codes.rs", "a project is counted among all others who refer"),
];

#[test]
fn whether_a_name_tells_something_is_asked_of_the_type() {
    let names_one = |source: &Source| source.production().contains("AgencyType::SpecialistProject");
    let found: BTreeSet<String> = sources().iter().filter(|s| names_one(s)).map(|s| s.path.clone()).collect();
    let listed: BTreeSet<String> = MEANS_A_PROJECT.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(found, listed, "left: files that name the type; right: files that mean it");
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    for source in sources() {
        let lines = source.text.lines().count();
        assert!(lines <= LINES_OF_A_FILE, "{} has {lines} lines: split it by verb", source.path);
    }
}

fn allowed(from: &str, to: &str) -> bool {
    let top = |path: &str| path.split("::").next().unwrap_or_default().to_owned();
    let is_assembly = |path: &str| ASSEMBLY.iter().any(|(module, _)| *module == top(path));
    if is_assembly(from) || is_leaf(to) {
        return true;
    }
    if is_assembly(to) {
        return false;
    }
    if is_leaf(from) {
        return leaf_of(from).is_some_and(|leaf| within(to, leaf));
    }
    let rank = |path: &str| LAYERS.iter().position(|layer| *layer == top(path));
    match (rank(from), rank(to)) {
        (Some(from), Some(to)) => from <= to,
        _ => false,
    }
}

fn is_leaf(path: &str) -> bool {
    leaf_of(path).is_some()
}

fn leaf_of(path: &str) -> Option<&'static str> {
    LEAVES.iter().map(|(leaf, _)| *leaf).find(|leaf| within(path, leaf))
}

fn exception(from: &str, to: &str) -> Option<usize> {
    EXCEPTIONS.iter().position(|exception| within(from, exception.from) && within(to, exception.to))
}

/// Whether the path is this module or stands in it.
fn within(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Every path of the crate that the file's production code names.
fn uses(source: &Source) -> BTreeSet<String> {
    let text = source.production();
    let module = source.module();
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        expand(&[], &text[at + "crate::".len()..], &mut found);
    }
    // `super` of `store/record.rs` is `store`; of `store/mod.rs` it is the crate.
    for (at, _) in text.match_indices("super::") {
        let before = &text[..at];
        if before.ends_with("super::") {
            continue;
        }
        let mut rest = &text[at..];
        let mut base = module.clone();
        while let Some(shorter) = rest.strip_prefix("super::") {
            base.pop();
            rest = shorter;
        }
        expand(&base, rest, &mut found);
    }
    found
}

/// Adds `base::path` for each path at the head of the text, with its groups spread: `a::{b, c::d}` is `a::b` and `a::c::d`.
fn expand(base: &[String], text: &str, found: &mut BTreeSet<String>) {
    let mut path = base.to_vec();
    let mut rest = text;
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            for member in members(group) {
                expand(&path, member, found);
            }
            return;
        }
        let name_ends = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let name = &rest[..name_ends];
        match name {
            // A macro of the crate's is exported at its root, and defined in the vocabulary.
            "code_list" if path.is_empty() => path.push("vocabulary".into()),
            "self" | "" => {}
            name => path.push(name.to_owned()),
        }
        match rest[name_ends..].strip_prefix("::") {
            Some(next) if !name.is_empty() => rest = next,
            _ => break,
        }
    }
    if !path.is_empty() {
        found.insert(path.join("::"));
    }
}

/// The members of a group whose opening brace is passed already.
fn members(group: &str) -> Vec<&str> {
    let mut members = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                members.push(group[start..at].trim());
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                members.push(group[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    members.retain(|member| !member.is_empty());
    members
}
