//! How long a caseload check takes, and whether its time tells what it must not: who holds her, or whether she is known at all.
//!
//! Asks over HTTP, one question at a time, the kinds of question in turn, so that whatever else the machine does meets all alike. In each
//! round they come in another order: what was asked before leaves caches as they are and a log to be written, and shows in the time of
//! what is asked next.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value, json};
use throughgate::clock::{SharedClock, SystemClock};
use throughgate::demo::actor::{Actor, Answer, Ask};
use throughgate::id::Handle;
use throughgate::vocabulary::Purpose;

const ASKER: (&str, &str) = ("northmoor-cjit", "testa-rowan");
const PROJECT: (&str, &str) = ("lantern", "ms-placeholder");
const ANOTHER: (&str, &str) = ("eastvale-cjit", "sample-linden");
const FORENAMES: [&str; 6] = ["Testa", "Mockley", "Sample", "Demo", "Example", "Specimen"];
const SURNAMES: [&str; 6] = ["Alder", "Birch", "Cedar", "Damson", "Elder", "Fir"];

/// Ask, and print the times and what they tell.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The partnership's folder.
    #[arg(long)]
    dir: PathBuf,
    /// The gateway's base URI.
    #[arg(long)]
    base: String,
    /// How many questions of each kind.
    #[arg(long, default_value_t = 1_000)]
    samples: usize,
    /// How many people of each kind they are about.
    #[arg(long, default_value_t = 20)]
    people: usize,
    /// Sets the invented people of one run apart from those of another.
    #[arg(long, default_value_t = 0)]
    run: usize,
}

/// A kind of question, and how long each answer took, in milliseconds.
struct Kind {
    name: &'static str,
    status: u16,
    questions: Vec<Question>,
    times: Vec<f64>,
}

/// A question that is asked again and again.
struct Question {
    path: String,
    body: Option<Value>,
    purpose: Purpose,
    about: Option<Handle>,
}

pub(crate) fn run(args: Args) -> Result<(), Box<dyn Error>> {
    actix_web::rt::System::new().block_on(async {
        println!("{}", measure(&args).await?);
        Ok(())
    })
}

async fn measure(args: &Args) -> Result<Value, Box<dyn Error>> {
    let clock: SharedClock = Arc::new(SystemClock);
    let actor = |(agency, worker)| Actor::new(&args.dir, args.base.clone(), agency, worker, clock.clone());
    let (asker, project, another) = (actor(ASKER)?, actor(PROJECT)?, actor(ANOTHER)?);
    let today = clock.now().to_string().get(..10).unwrap_or_default().to_owned();

    let mut kinds = Vec::new();
    for (at, (name, holder)) in
        [("held by a project", Some(&project)), ("held by another", Some(&another)), ("clear", None)]
            .into_iter()
            .enumerate()
    {
        let mut questions = Vec::new();
        for number in 0..args.people {
            let person = person(args.run, at * args.people + number);
            if let Some(holder) = holder {
                hold(holder, &person, &today).await?;
            }
            let client_ref = present(&asker, &person).await?;
            let body = json!({"client_ref": client_ref, "reason": "new-case"});
            questions.push(Question {
                path: "/v1/caseload-checks".to_owned(),
                body: Some(body),
                purpose: Purpose::DuplicateCheck,
                about: Some(client_ref),
            });
        }
        kinds.push(Kind { name, status: 201, questions, times: Vec::new() });
    }
    kinds.push(unseen("a client of another agency", &another_ones(&another, args).await?));
    kinds.push(unseen("no such client", &(0..args.people).map(|_| Handle::random()).collect::<Vec<_>>()));

    for round in 0..args.samples {
        for at in order(kinds.len(), round) {
            let Some(kind) = kinds.get_mut(at) else { continue };
            let Some(question) = kind.questions.get(round % args.people.max(1)) else { continue };
            let took = ask(&asker, question, kind.status).await?;
            kind.times.push(took);
        }
    }

    let mut presented = Vec::new();
    for number in 0..args.samples.min(500) {
        let person = person(args.run, 100_000 + number);
        let began = Instant::now();
        present(&asker, &person).await?;
        presented.push(began.elapsed().as_secs_f64() * 1e3);
    }

    let mut report = Map::new();
    for kind in &kinds {
        report.insert(kind.name.to_owned(), figures(&kind.times));
    }
    report.insert("a presentation".to_owned(), figures(&presented));
    let told = |one: usize, other: usize| match (kinds.get(one), kinds.get(other)) {
        (Some(one), Some(other)) => {
            json!({"one": one.name, "other": other.name, "chance": slower(&one.times, &other.times), "samples": args.samples})
        }
        _ => Value::Null,
    };
    Ok(json!({"times": report, "told": [told(0, 1), told(0, 2), told(3, 4)]}))
}

/// The order of a round: in as many rounds as there are orders each kind comes right after each other one equally often.
fn order(kinds: usize, round: usize) -> Vec<usize> {
    let (mut left, mut order, mut number): (Vec<usize>, _, _) = ((0..kinds).collect(), Vec::new(), round);
    while !left.is_empty() {
        let at = number % left.len();
        number /= left.len();
        order.push(left.remove(at));
    }
    order
}

/// Reading a client whom the asker has no reference for.
fn unseen(name: &'static str, handles: &[Handle]) -> Kind {
    let questions = handles
        .iter()
        .map(|handle| Question {
            path: format!("/v1/clients/{handle}"),
            body: None,
            purpose: Purpose::ContinuityOfCare,
            about: Some(*handle),
        })
        .collect();
    Kind { name, status: 404, questions, times: Vec::new() }
}

/// References that another agency has for people of its own.
async fn another_ones(another: &Actor, args: &Args) -> Result<Vec<Handle>, Box<dyn Error>> {
    let mut handles = Vec::new();
    for number in 0..args.people {
        handles.push(present(another, &person(args.run, 50_000 + number)).await?);
    }
    Ok(handles)
}

/// An invented person; another number, another person.
fn person(run: usize, number: usize) -> Value {
    let name = |names: &[&'static str], at: usize| names.get(at % names.len()).copied().unwrap_or_default();
    let (day, month, year) = (1 + number % 28, 1 + number / 28 % 12, 1950 + (number / 336 + run * 7) % 50);
    json!({"person": {
        "names": [{
            "kind": "legal",
            "forename": format!("{}{}", name(&FORENAMES, number), letters(number)),
            "surname": format!("{}{}", name(&SURNAMES, number / 6), letters(number / 26 + run * 31)),
        }],
        "date_of_birth": format!("{year:04}-{month:02}-{day:02}"), "sex": "female",
    }})
}

/// A number in small letters.
fn letters(mut number: usize) -> String {
    let mut text = String::new();
    for _ in 0..3 {
        text.push(char::from_digit(u32::try_from(number % 26 + 10).unwrap_or(10), 36).unwrap_or('a'));
        number /= 26;
    }
    text
}

async fn present(worker: &Actor, person: &Value) -> Result<Handle, Box<dyn Error>> {
    let answer = done(worker.post("/v1/clients", person.clone())).await?;
    Ok(answer.handle("client_ref").ok_or("no client_ref")?)
}

async fn hold(worker: &Actor, person: &Value, today: &str) -> Result<(), Box<dyn Error>> {
    let client = present(worker, person).await?;
    let path = format!("/v1/clients/{client}/caseload-episodes");
    done(worker.post(path, json!({"admitted_on": today})).about(client)).await?;
    Ok(())
}

async fn done(ask: Ask<'_>) -> Result<Answer, Box<dyn Error>> {
    let answer = ask.send().await?;
    if answer.status.is_success() {
        Ok(answer)
    } else {
        Err(format!("{}: {}", answer.status, answer.problem()).into())
    }
}

/// The time of one answer, in milliseconds. The token is made before.
async fn ask(asker: &Actor, question: &Question, expected: u16) -> Result<f64, Box<dyn Error>> {
    let token = asker.token(question.purpose, question.about, None)?;
    let mut ask = match &question.body {
        Some(body) => asker.post(&question.path, body.clone()),
        None => asker.get(&question.path),
    };
    ask = ask.token(token);
    let began = Instant::now();
    let answer = ask.send().await?;
    let took = began.elapsed().as_secs_f64() * 1e3;
    if answer.status.as_u16() == expected {
        Ok(took)
    } else {
        Err(format!("{} instead of {expected}: {}", answer.status, answer.problem()).into())
    }
}

fn figures(times: &[f64]) -> Value {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = |share: usize| sorted.get((sorted.len() * share / 100).min(sorted.len().saturating_sub(1)));
    json!({"samples": sorted.len(), "p50_ms": at(50), "p95_ms": at(95), "p99_ms": at(99)})
}

/// How often an answer of one kind takes longer than one of the other: 0.5 tells nothing (Mann and Whitney's U, as a share), and
/// by how many of its own standard deviations it is off that where both are alike.
fn slower(one: &[f64], other: &[f64]) -> Value {
    let mut all: Vec<(f64, bool)> =
        one.iter().map(|time| (*time, true)).chain(other.iter().map(|time| (*time, false))).collect();
    all.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    let ranks: f64 =
        (1_u32..).zip(&all).filter(|(_, (_, is_one))| *is_one).map(|(rank, _)| f64::from(rank)).sum();
    let count = |times: &[f64]| f64::from(u32::try_from(times.len()).unwrap_or(u32::MAX));
    let (n, m) = (count(one), count(other));
    let share = (ranks - n * (n + 1.0) / 2.0) / (n * m);
    let deviation = ((n + m + 1.0) / (12.0 * n * m)).sqrt();
    json!({"slower": share, "deviations": (share - 0.5) / deviation})
}
