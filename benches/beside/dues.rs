//! How long an agency's lists of tasks take over HTTP, one question at a time, the lists in turn.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Map, Value, json};
use throughgate::clock::{SharedClock, SystemClock};
use throughgate::demo::actor::{Actor, Answer};
use throughgate::vocabulary::Purpose;

/// A team manager, whose own list is put together from the most stretches of the index.
const READER: (&str, &str) = ("northmoor-cjit", "mocky-aspen");
const LISTS: [&str; 3] = ["mine", "agency", "overdue"];

/// Ask, and print the times.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The partnership's folder.
    #[arg(long)]
    dir: PathBuf,
    /// The gateway's base URI.
    #[arg(long)]
    base: String,
    /// How many questions for each list.
    #[arg(long, default_value_t = 500)]
    samples: usize,
}

/// A list, and how long each answer took, in milliseconds.
struct List {
    name: String,
    path: String,
    /// How many tasks its page has.
    tasks: usize,
    times: Vec<f64>,
}

pub(crate) fn run(args: Args) -> Result<(), Box<dyn Error>> {
    actix_web::rt::System::new().block_on(async {
        println!("{}", measure(&args).await?);
        Ok(())
    })
}

async fn measure(args: &Args) -> Result<Value, Box<dyn Error>> {
    let clock: SharedClock = Arc::new(SystemClock);
    let reader = Actor::new(&args.dir, args.base.clone(), READER.0, READER.1, clock)?;
    let list = |name: &str, path: String| List { name: name.to_owned(), path, tasks: 0, times: Vec::new() };
    let mut lists: Vec<List> =
        LISTS.into_iter().map(|view| list(view, format!("/v1/tasks?view={view}"))).collect();
    if let Some(next) = next_page(&ask(&reader, "/v1/tasks?view=agency").await?.0) {
        lists.push(list("agency, the next page", next));
    }
    for _ in 0..args.samples {
        for list in &mut lists {
            let (answer, took) = ask(&reader, &list.path).await?;
            list.tasks = answer.json.get("tasks").and_then(Value::as_array).map_or(0, Vec::len);
            list.times.push(took);
        }
    }
    Ok(lists.iter().map(|list| (list.name.clone(), figures(list))).collect::<Map<_, _>>().into())
}

/// The path of the next page, whose cursor is in `Link: <…>; rel="next"`; it is for the same view.
fn next_page(answer: &Answer) -> Option<String> {
    let cursor = answer.header("link").split_once("cursor=")?.1.split_once('>')?.0;
    Some(format!("/v1/tasks?view=agency&cursor={cursor}"))
}

/// An answer and its time, in milliseconds. The token is made before.
async fn ask(reader: &Actor, path: &str) -> Result<(Answer, f64), Box<dyn Error>> {
    let token = reader.token(Purpose::DuplicateCheck, None, None)?;
    let ask = reader.get(path).token(token);
    let began = Instant::now();
    let answer = ask.send().await?;
    let took = began.elapsed().as_secs_f64() * 1e3;
    if answer.status.is_success() {
        Ok((answer, took))
    } else {
        Err(format!("{}: {}", answer.status, answer.problem()).into())
    }
}

fn figures(list: &List) -> Value {
    let mut sorted = list.times.clone();
    sorted.sort_by(f64::total_cmp);
    let at = |share: usize| sorted.get((sorted.len() * share / 100).min(sorted.len().saturating_sub(1)));
    json!({"samples": sorted.len(), "tasks": list.tasks, "p50_ms": at(50), "p99_ms": at(99)})
}
