//! Common Event Format (CEF:0) for security monitoring: that something happened, and nothing of a person or a worker.

use super::entry::{Entry, NoLeaf};
use crate::ledger::entry::Field;
use crate::vocabulary::{EntryKind, Outcome};

/// One line, without its end.
pub(super) fn line(entry: &Entry) -> Result<String, NoLeaf> {
    let leaf = entry.leaf()?;
    let kind = leaf.kind.code();
    let severity = match (leaf.outcome, leaf.kind) {
        (Outcome::Error, _) => 8,
        (_, EntryKind::BreakGlassStart) => 7,
        (Outcome::Refused, _) => 5,
        (Outcome::Permitted, _) => 2,
    };
    let mut line = format!(
        "CEF:0|throughgate|throughgate|{}|{}|{} {}|{severity}|",
        env!("CARGO_PKG_VERSION"),
        in_header(kind),
        in_header(kind),
        in_header(leaf.outcome.code()),
    );
    let extensions = [
        ("rt", leaf.ts.as_millisecond().to_string()),
        ("externalId", leaf.id.to_string()),
        ("outcome", leaf.outcome.code().to_owned()),
        ("reason", entry.get(Field::ReasonCode).to_owned()),
        ("dvchost", leaf.replica.clone()),
        ("cn1Label", "index".to_owned()),
        ("cn1", entry.index.to_string()),
        ("cs1Label", "agency".to_owned()),
        ("cs1", entry.get(Field::Agency).to_owned()),
        ("cs2Label", "purpose".to_owned()),
        ("cs2", entry.get(Field::Purpose).to_owned()),
        ("cs3Label", "policies".to_owned()),
        ("cs3", entry.list(Field::PolicyIds).collect::<Vec<_>>().join(" ")),
        ("cs4Label", "trace".to_owned()),
        ("cs4", entry.get(Field::TraceId).to_owned()),
    ];
    let said = extensions.iter().filter(|(_, value)| !value.is_empty());
    let said: Vec<String> = said.map(|(key, value)| format!("{key}={}", in_extension(value))).collect();
    line.push_str(&said.join(" "));
    Ok(line)
}

/// In the header a backslash and a bar are escaped, and a line cannot end.
fn in_header(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\|").replace(['\r', '\n'], " ")
}

/// In the extension a backslash, an equals sign and the end of a line are escaped.
fn in_extension(text: &str) -> String {
    text.replace('\\', "\\\\").replace('=', "\\=").replace('\r', "\\r").replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::super::tests::entry;
    use super::*;

    #[test]
    fn a_line_says_what_happened_and_nothing_of_anybody() {
        let line = line(&entry()).unwrap();
        assert!(line.starts_with("CEF:0|throughgate|throughgate|"), "{line}");
        assert!(line.contains("|disclosure|disclosure permitted|2|rt=1780484400000 "), "{line}");
        assert!(line.contains(" cs1=northmoor-cjit cs2Label=purpose cs2=continuity-of-care "), "{line}");
        for personal in ["testa-rowan", "192.0.2.7", "6f1a2b3c", "told her", "identity"] {
            assert!(!line.contains(personal), "{personal} is in {line}");
        }
    }

    #[test]
    fn what_would_end_a_field_is_escaped() {
        assert_eq!(in_header("a|b\\c\nd"), "a\\|b\\\\c d");
        assert_eq!(in_extension("a=b\\c\nd"), "a\\=b\\\\c\\nd");
    }
}
