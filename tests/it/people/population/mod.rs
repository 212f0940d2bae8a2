//! An invented client group of a partnership: who is on file, who presents herself, and the truth about both.
//!
//! Deterministic from a seed. Names are common ones put together by chance; numbers are of ranges that are not issued; nobody lives in Northmoor.

mod dates;
mod dice;
pub mod identifiers;
mod lookalikes;
mod names;
mod observing;
mod person;
mod places;
mod rates;
pub mod row;
mod spelling;

use std::path::Path;

use dice::Dice;
use identifiers::Register;
pub use lookalikes::Kind;
use lookalikes::lookalike;
use observing::{HANDS, Observer};
use person::{Birthplace, Person};
use places::Places;
pub use rates::Profile;
pub use row::Row;

#[derive(Clone, Copy, Debug)]
pub struct Settings {
    pub seed: u64,
    /// Who is on file, some with two records.
    pub people: usize,
    pub presentations: usize,
    pub profile: Profile,
}

pub struct Population {
    pub index: Vec<Row>,
    pub presentations: Vec<Row>,
    pub truth: Vec<Truth>,
}

/// What is true of one presentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    pub query_id: String,
    pub kind: Kind,
    /// The records of the same person; none of who is not in the index.
    pub records: Vec<String>,
    /// The records of whom she looks like.
    pub lookalike_of: Vec<String>,
    /// A look-alike told a number of the other's: then nobody can know better.
    pub shared_identifier: bool,
    /// What is wrong in the presentation.
    pub corruptions: Vec<&'static str>,
}

/// How many people have a second record, made by another agency.
const TWO_RECORDS: f64 = 0.12;
/// How many have a brother, sister or namesake on file as well.
const FAMILY: f64 = 0.02;
/// How many look-alikes tell the other's number.
const BORROWED: f64 = 0.005;

impl Population {
    pub fn new(settings: Settings) -> Self {
        let dice = Dice::new(settings.seed);
        let places = Places::new(settings.people, &mut dice.fork("places"));
        let mut register = Register::new(dice.fork("register"));
        let mut from = Birthplace { places: &places, register: &mut register };
        let people = people(settings.people, &mut from, &mut dice.fork("people"));
        let (index, records) = filed(&people, settings.profile, &places, &mut dice.fork("index"));
        let mut population = Self { index, presentations: Vec::new(), truth: Vec::new() };
        let mut dice = dice.fork("presentations");
        for number in 0..settings.presentations {
            let kind = Kind::drawn(&mut dice);
            let at = dice.below(people.len());
            let mut borrowed = false;
            let presenting = match kind {
                Kind::Known => people[at].clone(),
                Kind::New => Person::born(&mut from, &mut dice),
                _ => {
                    let mut other = lookalike(kind, &people[at], &mut from, &mut dice);
                    borrowed = dice.chance(BORROWED);
                    if borrowed {
                        other.identifiers = people[at].identifiers.clone();
                    }
                    other
                }
            };
            let rates = settings.profile.presented();
            let hand = HANDS[dice.below(HANDS.len())];
            let observer = Observer { rates, places: &places, hand };
            let query_id = format!("q{:06}", number + 1);
            let seen = observer.observe(query_id.clone(), &presenting, &mut dice);
            let (same, like) = match kind {
                Kind::Known => (records[at].clone(), Vec::new()),
                Kind::New => (Vec::new(), Vec::new()),
                _ => (Vec::new(), records[at].clone()),
            };
            let Row { nhs_number, pnc_id, prison_number, crn, .. } = &seen.row;
            let tells_a_number =
                [nhs_number, pnc_id, prison_number, crn].iter().any(|number| !number.is_empty());
            population.presentations.push(seen.row);
            population.truth.push(Truth {
                query_id,
                kind,
                records: same,
                lookalike_of: like,
                shared_identifier: borrowed && tells_a_number,
                corruptions: seen.corruptions,
            });
        }
        population
    }

    /// `index.csv`, `presentations.csv` and `truth.csv`.
    pub fn write(&self, folder: &Path) -> std::io::Result<()> {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("index.csv"), row::written("record_id", &self.index))?;
        std::fs::write(folder.join("presentations.csv"), row::written("query_id", &self.presentations))?;
        let mut text = "query_id,kind,record_ids,lookalike_of,shared_identifier,corruptions\n".to_owned();
        for truth in &self.truth {
            let cells = [
                truth.query_id.clone(),
                truth.kind.name().to_owned(),
                truth.records.join("|"),
                truth.lookalike_of.join("|"),
                if truth.shared_identifier { "yes" } else { "" }.to_owned(),
                truth.corruptions.join("|"),
            ];
            row::line(&mut text, &cells);
        }
        std::fs::write(folder.join("truth.csv"), text)
    }
}

/// Everybody on file, a few of them of one family.
fn people(count: usize, from: &mut Birthplace<'_>, dice: &mut Dice) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::with_capacity(count);
    while people.len() < count {
        let person = Person::born(from, dice);
        if people.len() + 1 < count && dice.chance(FAMILY) {
            let kind = *dice.pick(&[&Kind::Sibling, &Kind::Sibling, &Kind::ParentOrChild, &Kind::Namesake]);
            people.push(lookalike(kind, &person, from, dice));
        }
        people.push(person);
    }
    people
}

/// The records in an order that tells nothing, and the ids of each person's.
fn filed(
    people: &[Person],
    profile: Profile,
    places: &Places,
    dice: &mut Dice,
) -> (Vec<Row>, Vec<Vec<String>>) {
    let mut index: Vec<Row> = Vec::new();
    let mut records: Vec<Vec<String>> = vec![Vec::new(); people.len()];
    for (person, ids) in people.iter().zip(&mut records) {
        let first = dice.below(HANDS.len());
        let two = dice.chance(TWO_RECORDS);
        let hands = [Some(first), two.then_some((first + 1 + dice.below(HANDS.len() - 1)) % HANDS.len())];
        for (at, hand) in hands.into_iter().flatten().enumerate() {
            // A second agency heard her at another time, and knows less of her.
            let rates = if at == 0 { profile.filed() } else { profile.filed().worse_by(2.0) };
            let observer = Observer { rates, places, hand: HANDS[hand] };
            let id = format!("r{:07}", index.len() + 1);
            index.push(observer.observe(id.clone(), person, dice).row);
            ids.push(id);
        }
    }
    for last in (1..index.len()).rev() {
        let other = dice.below(last + 1);
        index.swap(last, other);
    }
    (index, records)
}
