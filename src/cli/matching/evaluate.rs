//! `match evaluate`

#![allow(clippy::print_stdout, reason = "the command line speaks to a terminal")]

use std::path::PathBuf;

use clap::Args;

use super::progress::Progress;
use super::table::People;
use super::{MatchError, index_people, model, tell_unread};
use crate::people::profile::Profiler;
use crate::people::verdict::Decision;
use crate::people::weights::Weights;

/// `match evaluate`
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  throughgate match evaluate --index known.csv --presentations presented.csv --out findings.csv\n\n\
    Columns, UTF-8, with a header: record_id (of the index) or query_id (of the presentations), and any of forename, middle_names,\n\
    surname, aliases, alias_forenames, alias_surnames, date_of_birth, alias_dobs, sex (M, F, U or empty), postcode, previous_postcodes,\n\
    address, nhs_number, pnc_id, prison_number, crn, agency. Several values in one cell stand between bars: Testa|Tess. No id occurs\n\
    twice. Dates are ISO 8601 (1990-05-17); what is no date counts as unknown, and how many were none is told at the end.\n\n\
    FINDINGS has a row for each pair worth a look: query_id, record_id, weight (bits), probability, decision: `link` (act on it) or\n\
    `possible` (a person must confirm it)."
)]
pub struct EvaluateArgs {
    /// The known people
    #[arg(long, value_name = "FILE")]
    pub index: PathBuf,
    /// The people presented
    #[arg(long, value_name = "FILE")]
    pub presentations: PathBuf,
    /// Where the findings go
    #[arg(long, value_name = "FINDINGS")]
    pub out: PathBuf,
    /// A model that `match train` printed, instead of the one that the gateway carries
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
}

pub(super) fn run(args: &EvaluateArgs) -> Result<(), MatchError> {
    refuse_to_replace(args)?;
    let model = model(args.model.as_deref())?;
    let profiler = Profiler::default();
    let (ids, index) = index_people(&args.index, &profiler)?;
    let weights = Weights::new(&model, index.people());
    let in_file = |source| MatchError::Table { file: args.presentations.clone(), source };
    let in_out = |source: csv::Error| MatchError::Out { file: args.out.clone(), source };
    let mut people = People::open(&args.presentations, "query_id").map_err(in_file)?;
    let mut out = csv::Writer::from_path(&args.out).map_err(in_out)?;
    out.write_record(["query_id", "record_id", "weight", "probability", "decision"]).map_err(in_out)?;
    let progress = Progress::start("presentations scored", people.bytes());
    let (mut presented, mut links, mut possible) = (0_u64, 0_u64, 0_u64);
    while let Some((query, details)) = people.next().map_err(in_file)? {
        progress.seen(people.read_bytes());
        presented += 1;
        for finding in index.present(&mut profiler.profile(&details), &weights) {
            let Some(record) = ids.get(finding.candidate) else { continue };
            match finding.decision {
                Decision::Link => links += 1,
                Decision::Possible => possible += 1,
            }
            let (weight, probability) =
                (format!("{:.3}", finding.weight), format!("{:.6}", finding.probability()));
            out.write_record([&query, record, &weight, &probability, finding.decision.code()])
                .map_err(in_out)?;
        }
    }
    out.flush().map_err(|error| in_out(error.into()))?;
    drop(progress);
    tell_unread(&people, &args.presentations);
    println!(
        "{presented} presentations against {} records: {links} link, {possible} possible",
        index.people()
    );
    Ok(())
}

/// The findings are written while the presentations are read.
fn refuse_to_replace(args: &EvaluateArgs) -> Result<(), MatchError> {
    let Ok(out) = args.out.canonicalize() else { return Ok(()) };
    let is_out = |file: &PathBuf| file.canonicalize().is_ok_and(|file| file == out);
    let read = [Some(&args.index), Some(&args.presentations), args.model.as_ref()];
    match read.into_iter().flatten().find(|file| is_out(file)) {
        Some(file) => Err(MatchError::OutIsRead(file.clone())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn presentations_are_scored_into_a_table_of_findings() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = dir.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        let known = "record_id,forename,surname,date_of_birth,postcode,nhs_number,agency\n\
            R1,Testa,Alder,1990-05-17,NM1 4AQ,,northmoor-cjit\nR2,Fixture,Cedar,1985-02-03,EV3 5TT,9434765919,lantern\n";
        let presented = "query_id,forename,surname,date_of_birth,postcode,nhs_number\n\
            Q1,TESTA,Álder,1990-05-17,NM1 4AQ,\nQ2,Fixture,Birch,1985-02-04,,9434765919\nQ3,Sample,Damson,1970-11-30,,\n";
        let args = EvaluateArgs {
            index: file("known.csv", known),
            presentations: file("presented.csv", presented),
            out: dir.path().join("findings.csv"),
            model: None,
        };
        run(&args).unwrap();
        let findings = fs::read_to_string(&args.out).unwrap();
        let rows: Vec<Vec<&str>> = findings.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(rows[0], ["query_id", "record_id", "weight", "probability", "decision"]);
        let told: Vec<_> = rows[1..].iter().map(|row| (row[0], row[1], row[4])).collect();
        assert_eq!(told, [("Q1", "R1", "link"), ("Q2", "R2", "link")]);
    }

    #[test]
    fn the_findings_never_replace_what_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let (known, presented) = (dir.path().join("known.csv"), dir.path().join("presented.csv"));
        fs::write(&known, "record_id\nR1\n").unwrap();
        fs::write(&presented, "query_id\nQ1\n").unwrap();
        for out in [&known, &presented] {
            let args = EvaluateArgs {
                index: known.clone(),
                presentations: presented.clone(),
                out: out.clone(),
                model: None,
            };
            assert!(matches!(run(&args), Err(MatchError::OutIsRead(_))));
        }
        assert_eq!(fs::read_to_string(&presented).unwrap(), "query_id\nQ1\n");
    }

    #[test]
    fn a_table_that_is_not_understood_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let people = dir.path().join("known.csv");
        fs::write(&people, "record_id,shoe_size\n").unwrap();
        let args = EvaluateArgs {
            index: people.clone(),
            presentations: people,
            out: dir.path().join("findings.csv"),
            model: None,
        };
        assert!(matches!(run(&args), Err(MatchError::Table { .. })));
        assert!(!args.out.exists(), "nothing is written before the tables are understood");
    }
}
