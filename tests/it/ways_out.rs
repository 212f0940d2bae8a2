//! The ways out of the gateway: the list of what a handler may answer, and who may answer without an entry.

use std::collections::BTreeSet;

use crate::support::sources::sources;

/// Everything that may leave. A new way out is a change of the project's one rule, and so of this list.
const REPLIES: [&str; 8] =
    ["Disclosed", "LogFile", "Public", "Refused", "Result", "Stop", "Streamed", "Unavailable"];

/// The files that may answer without an entry, because what they answer is about nobody.
const PUBLIC: [(&str, &str); 4] = [
    ("api/reply.rs", "defines it"),
    ("api/openapi.rs", "the description of the interface"),
    ("api/audit/checkpoint.rs", "the signed head of the log, which witnesses and auditors compare"),
    ("api/audit/recovered.rs", "how the log came about, which auditors hold against the log before it"),
];

#[test]
fn the_ways_out_are_these_and_no_others() {
    let mut replies = BTreeSet::new();
    let mut seals = BTreeSet::new();
    for source in sources() {
        for line in source.production().lines() {
            if let Some(name) = implementor(line, "Reply") {
                assert_eq!(source.path, "api/reply.rs", "a way out stands in reply.rs: {line}");
                assert!(replies.insert(name), "two ways out of one name: {line}");
            }
            if source.path == "api/reply.rs"
                && let Some(name) = implementor(line, "Sealed")
            {
                seals.insert(name.replace("super::", ""));
            }
        }
    }
    let expected: BTreeSet<String> = REPLIES.iter().map(|&name| name.to_owned()).collect();
    assert_eq!(replies, expected);
    assert_eq!(seals, expected, "what is sealed as a way out is a way out, and nothing else");
}

#[test]
fn only_what_is_about_nobody_leaves_without_an_entry() {
    for source in sources() {
        let text = source.production();
        let makes_one = text.contains("Public::") || text.contains("Public {") || text.contains("Public<");
        let may = PUBLIC.iter().any(|(path, _)| *path == source.path);
        assert!(
            may || !makes_one,
            "{} answers without an entry: what is about a person goes through `disclose`",
            source.path
        );
    }
}

#[test]
fn responses_are_written_in_one_place() {
    for source in sources() {
        let builds = source.production().contains("HttpResponse::");
        // The admin port answers on loopback, about the process alone; a witness holds nothing but sizes and hashes.
        let may = ["api/reply.rs", "admin.rs", "witness/service.rs"].contains(&source.path.as_str());
        assert!(may || !builds, "{} writes a response past the journal", source.path);
    }
}

#[test]
fn an_implementor_is_found_however_it_is_written() {
    assert_eq!(implementor("impl Reply for Stop {", "Reply").as_deref(), Some("Stop"));
    assert_eq!(
        implementor("impl<V: Reply, E: Reply> Reply for Result<V, E> {", "Reply").as_deref(),
        Some("Result")
    );
    assert_eq!(implementor("impl crate::api::reply::Reply for Row {", "Reply").as_deref(), Some("Row"));
    assert_eq!(implementor("impl NoReply for Row {", "Reply"), None);
    assert_eq!(implementor("fn reply() -> impl Reply {", "Reply"), None);
}

/// The type for which the line implements the trait, without its parameters.
fn implementor(line: &str, name: &str) -> Option<String> {
    let line = line.trim_start();
    let (head, target) = line.strip_prefix("impl")?.split_once(&format!("{name} for "))?;
    let whole_name = head.ends_with([' ', ':', '>']);
    let end = target.find(['<', ' ', '{']).unwrap_or(target.len());
    whole_name.then(|| target[..end].to_owned())
}
