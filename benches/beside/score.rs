//! How fast people are told apart: presented ones beside those whom their keys find, on one core.

use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

use serde_json::json;
use throughgate::people::details::{Details, RecordedSex};
use throughgate::people::identifiers::IdentifierKind;
use throughgate::people::index::{Index, weigh};
use throughgate::people::model::Model;
use throughgate::people::profile::{Profile, Profiler};
use throughgate::people::weights::Weights;

use crate::people::population::{self, Population, Row, Settings};

/// Score candidates for a while, and print how many in a second.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many are on file.
    #[arg(long, default_value_t = 200_000)]
    people: usize,
    /// How long, in seconds.
    #[arg(long, default_value_t = 5)]
    seconds: u64,
}

pub(crate) fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let settings =
        Settings { seed: 1, people: args.people, presentations: 2_000, profile: population::Profile::Usual };
    let (population, profiler) = (Population::new(settings), Profiler::default());
    let index = Index::new(population.index.iter().map(|row| profiler.profile(&details(row))));
    let weights = Weights::new(&Model::stock()?, index.people());
    let asked: Vec<(Profile, Vec<usize>)> = population
        .presentations
        .iter()
        .map(|row| {
            let mut presented = profiler.profile(&details(row));
            presented.rate(index.frequencies());
            let found = index.candidates(&presented);
            (presented, found)
        })
        .collect();
    let (begun, lasting, mut scored) = (Instant::now(), Duration::from_secs(args.seconds), 0_usize);
    while begun.elapsed() < lasting {
        for (presented, found) in &asked {
            let known: Vec<&Profile> = found.iter().filter_map(|place| index.profile(*place)).collect();
            scored += known.len();
            black_box(weigh(presented, &known, &weights));
        }
    }
    println!("{}", json!({"scored": scored, "seconds": begun.elapsed().as_secs_f64()}));
    Ok(())
}

fn details(row: &Row) -> Details {
    let all = |first: &String, further: &[String]| {
        let written = std::iter::once(first).chain(further);
        written.filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>()
    };
    let identifiers = [
        (IdentifierKind::NhsNumber, &row.nhs_number),
        (IdentifierKind::PncId, &row.pnc_id),
        (IdentifierKind::PrisonNumber, &row.prison_number),
        (IdentifierKind::Crn, &row.crn),
    ];
    Details {
        forenames: all(&row.forename, &row.alias_forenames),
        middle_names: all(&row.middle_names, &[]),
        surnames: all(&row.surname, &row.alias_surnames),
        aliases: row.aliases.clone(),
        births: all(&row.date_of_birth, &row.alias_dobs),
        sex: match row.sex.as_str() {
            "F" => Some(RecordedSex::Female),
            "M" => Some(RecordedSex::Male),
            _ => None,
        },
        postcodes: all(&row.postcode, &row.previous_postcodes),
        addresses: all(&row.address, &[]),
        identifiers: identifiers
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(kind, value)| (kind, value.clone()))
            .collect(),
    }
}
