//! `throughgate audit export`: entries, as an auditor may open them, in the forms that other programs read.

#![allow(clippy::print_stderr, reason = "an auditor reads the summary on a terminal")]

mod cef;
mod entry;
mod fhir;
pub(super) mod jsonl;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde_json::json;

use super::server::{ServerArgs, ServerLog};
use super::{Failure, Judgement};
use crate::id::{AgencyId, PersonId};
use crate::vocabulary::{EntryKind, Outcome, Purpose};
use entry::{Entry, NoLeaf, Page};

/// Entries in one answer.
const PAGE: usize = 200;

/// Write entries of a gateway's log for other programs: each page that is asked for is itself on record
#[derive(Debug, Args)]
#[command(after_help = "Example, as an auditor of the demonstration:\n  \
    throughgate token --dir var/demo --agency audit-office --worker checker-willow --purpose audit-review > token\n  \
    throughgate audit export https://localhost:8443 --format fhir --from 2026-06-01T00:00:00Z --out june.ndjson \\\n    \
    --ca var/demo/ca.pem --cert var/demo/agencies/audit-office/client.pem \\\n    \
    --key var/demo/agencies/audit-office/client.key --token @token\n\n\
    Exit: 0 all written, 2 called wrongly or nowhere to write, 40 the gateway did not answer to the end")]
pub struct ExportArgs {
    /// The gateway, as https://HOST:PORT
    #[arg(value_name = "URL")]
    gateway: String,
    /// The form: JSON lines with the verbatim leaf, FHIR R4B AuditEvent (one a line), or CEF without personal data
    #[arg(long, value_enum)]
    format: Format,
    /// Where to write; standard output if left out
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    wanted: Wanted,
    #[command(flatten)]
    server: ServerArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Jsonl,
    Fhir,
    Cef,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Which entries")]
struct Wanted {
    /// Recorded at this moment or later (RFC 3339)
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Recorded before this moment (RFC 3339)
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// Of this kind
    #[arg(long, value_name = "CODE")]
    kind: Option<EntryKind>,
    /// That ended so: permitted, refused or error
    #[arg(long, value_name = "CODE")]
    outcome: Option<Outcome>,
    /// Of requests that this agency made
    #[arg(long, value_name = "ID")]
    agency: Option<AgencyId>,
    /// Of requests for this purpose
    #[arg(long, value_name = "CODE")]
    purpose: Option<Purpose>,
    /// About this person, as an opened entry names it
    #[arg(long, value_name = "UUID", value_parser = person)]
    person: Option<PersonId>,
}

pub(super) fn run(args: &ExportArgs) -> Judgement {
    let log = ServerLog::open(&format!("{}/v1", args.gateway.trim_end_matches('/')), &args.server)
        .map_err(|error| Failure::usage(error.to_string()))?;
    let failed = |error: io::Error| Failure::usage(format!("the export cannot be written: {error}"));
    let mut out: BufWriter<Box<dyn Write>> = BufWriter::new(match &args.out {
        Some(path) => Box::new(File::create_new(path).map_err(failed)?),
        None => Box::new(io::stdout().lock()),
    });
    let (mut cursor, mut count) = ("0".to_owned(), 0_u64);
    loop {
        let mut path = format!("audit/entries?limit={PAGE}&cursor={cursor}{}", args.wanted.query());
        if args.format == Format::Jsonl {
            path.push_str("&openings=true");
        }
        let bytes = log.read(&path).map_err(|error| Failure::incomplete(&error))?;
        let page: Page = serde_json::from_slice(&bytes.unwrap_or_default())
            .map_err(|_| Failure::usage("what answers there is no gateway's list of entries"))?;
        for entry in &page.entries {
            let line = line(args.format, entry).map_err(|error| Failure::incomplete(&error))?;
            writeln!(out, "{line}").map_err(failed)?;
            count += 1;
        }
        match page.next {
            Some(next) => cursor = next,
            None => break,
        }
    }
    out.flush().map_err(failed)?;
    eprintln!("{count} entries exported");
    Ok(None)
}

impl Wanted {
    /// As the gateway takes it. No value needs escaping: times in UTC, codes, ids.
    fn query(&self) -> String {
        let given = [
            ("from", self.from.map(|time| time.to_string())),
            ("to", self.to.map(|time| time.to_string())),
            ("kind", self.kind.map(|kind| kind.code().to_owned())),
            ("outcome", self.outcome.map(|outcome| outcome.code().to_owned())),
            ("agency", self.agency.as_ref().map(|agency| agency.as_str().to_owned())),
            ("purpose", self.purpose.map(|purpose| purpose.code().to_owned())),
            ("person", self.person.map(|person| person.to_string())),
        ];
        given.into_iter().filter_map(|(name, value)| Some(format!("&{name}={}", value?))).collect()
    }
}

fn person(text: &str) -> Result<PersonId, String> {
    serde_json::from_value(json!(text)).map_err(|_| "a person's id is a UUID".to_owned())
}

fn line(format: Format, entry: &Entry) -> Result<String, NoLeaf> {
    match format {
        Format::Jsonl => {
            let openings = entry.openings.as_deref().unwrap_or_default();
            let held = jsonl::Line::new(entry.index, &entry.leaf, openings);
            held.map(|line| line.text).ok_or(NoLeaf { index: entry.index })
        }
        Format::Fhir => Ok(fhir::event(entry)?.to_string()),
        Format::Cef => cef::line(entry),
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::id::EntryId;
    use crate::ledger::Hash;
    use crate::ledger::entry::Leaf;

    /// An invented disclosure.
    pub(super) fn entry() -> Entry {
        let leaf = Leaf {
            id: EntryId::from_bytes([7; 16]),
            ts: "2026-06-03T11:00:00Z".parse().unwrap(),
            kind: EntryKind::Disclosure,
            outcome: Outcome::Permitted,
            origin: "log.example/1".to_owned(),
            replica: "gateway-1".to_owned(),
            policy_sha256: Hash::sha256(b"policies"),
            details: Hash::sha256(b"details"),
        };
        let fields = [
            ("agency", "northmoor-cjit"),
            ("worker", "testa-rowan"),
            ("role", "case-manager"),
            ("custodian", "fallowgate-carat"),
            ("person", "6f1a2b3c"),
            ("purpose", "continuity-of-care"),
            ("reason_text", "told her"),
            ("segments_released", "contact\nidentity"),
            ("policy_ids", "dir.read.referral"),
            ("source_ip", "192.0.2.7"),
            ("trace_id", "4bf92f3577b34da6a3ce929d0e0e4736"),
        ];
        Entry {
            index: 41,
            leaf: STANDARD.encode(leaf.to_bytes()),
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            person_fields: true,
            openings: None,
        }
    }

    #[test]
    fn what_is_wanted_is_asked_for_and_nothing_else() {
        let mut wanted = Wanted {
            from: None,
            to: None,
            kind: None,
            outcome: None,
            agency: None,
            purpose: None,
            person: None,
        };
        assert_eq!(wanted.query(), "");
        wanted.from = Some("2026-06-01T01:00:00+01:00".parse().unwrap());
        wanted.purpose = Some(Purpose::ContinuityOfCare);
        assert_eq!(wanted.query(), "&from=2026-06-01T00:00:00Z&purpose=continuity-of-care");
    }

    #[test]
    fn what_is_no_leaf_ends_the_export() {
        let entry = Entry { leaf: "AAAA".to_owned(), ..entry() };
        for format in [Format::Jsonl, Format::Fhir, Format::Cef] {
            assert!(line(format, &entry).is_err());
        }
    }
}
