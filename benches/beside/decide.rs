//! How long a full record's decision takes with the complete policy set: worked out anew, and remembered.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use serde_json::{Value, json};
use throughgate::id::PersonId;
use throughgate::identity::principal::Principal;
use throughgate::policy::action::DirRead;
use throughgate::policy::bundle::Bundle;
use throughgate::policy::engine::Engine;
use throughgate::policy::facts::{Gathered, Relation, Target};
use throughgate::vocabulary::{AgencyType, Purpose, Role, Segment, SegmentSet};

/// Decide, and print the times.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// How many decisions of each kind.
    #[arg(long, default_value_t = 2_000)]
    samples: usize,
}

pub(crate) fn run(args: Args) -> Result<(), Box<dyn Error>> {
    let engine = Engine::new(Bundle::embedded()?);
    let reader = Principal {
        agency_type: AgencyType::Cjit,
        role: Role::CaseManager,
        purpose: Purpose::ContinuityOfCare,
        is_system: false,
        ..Principal::system(0)?
    };
    // What a refusal could rest on is found out once, and is no part of a decision to permit.
    let (anew, kept) = (samples(args.samples)?, vec![referred(SegmentSet::all())?; args.samples]);
    println!(
        "{}",
        json!({
            "policies": engine.bundle().policies().count(),
            "segments": Segment::ALL.len(),
            "anew": times(&engine, &reader, anew)?,
            "remembered": times(&engine, &reader, kept)?,
        })
    );
    Ok(())
}

/// Records of which each was consented to otherwise, so that none was decided before: all segments but some of those after the first.
fn samples(count: usize) -> Result<Vec<Gathered>, Box<dyn Error>> {
    (1..=count)
        .map(|number| {
            let left_out = |place: usize| number >> place & 1 == 1;
            let segments = Segment::ALL.iter().copied().enumerate();
            let kept = segments.filter(|(place, _)| *place == 0 || !left_out(place.saturating_sub(1)));
            referred(kept.map(|(_, segment)| segment).collect())
        })
        .collect()
}

/// A signed record that was referred for a release.
fn referred(consented: SegmentSet) -> Result<Gathered, Box<dyn Error>> {
    let target = Target::new(PersonId::random(), "fallowgate-carat".parse()?, AgencyType::Carat);
    Ok(Gathered {
        target: Some(target),
        relation: Relation::Addressed,
        consented,
        in_writing: consented,
        referral_live: true,
        release_date_set: true,
        destination_known: true,
        signed: true,
        ..Gathered::nothing()
    })
}

/// The times of decisions, in milliseconds. Each of them permits.
fn times(engine: &Engine, reader: &Principal, all: Vec<Gathered>) -> Result<Value, Box<dyn Error>> {
    let mut times = Vec::with_capacity(all.len());
    for gathered in all {
        let facts = gathered.seal();
        let began = Instant::now();
        let decided = black_box(engine.decide::<DirRead>(reader, facts));
        times.push(began.elapsed().as_secs_f64() * 1e3);
        decided.map_err(|denial| format!("refused: {}", denial.grounds.reason_code))?;
    }
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1)));
    Ok(json!({"samples": times.len(), "p50_ms": at(50), "p99_ms": at(99)}))
}
