//! How fast the log grows by itself: refusals of nobody in particular, recorded through the journal, without HTTP.

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::json;
use throughgate::clock::{SharedClock, SystemClock};
use throughgate::config::Config;
use throughgate::gateway::Core;
use throughgate::journal::call::Call;
use throughgate::journal::outcome::Stop;
use throughgate::problem::{Problem, ProblemType};
use throughgate::vocabulary::EntryKind;

/// Append entries for a while, and print how many became durable in a second.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The gateway's configuration.
    #[arg(long)]
    config: PathBuf,
    /// How long, in seconds.
    #[arg(long)]
    seconds: u64,
    /// How many append at once.
    #[arg(long, default_value_t = 256)]
    at_once: usize,
}

pub(crate) fn run(args: Args) -> Result<(), Box<dyn Error>> {
    actix_web::rt::System::new().block_on(append(args))
}

async fn append(args: Args) -> Result<(), Box<dyn Error>> {
    let clock: SharedClock = Arc::new(SystemClock);
    let core = Core::open(&Config::load(&args.config)?, clock, "-append")?;
    core.when_ready().await?;
    let (journal, recorded) = (core.journal, Arc::new(AtomicU64::new(0)));
    let epoch = journal.directory().epoch();
    let (begun, lasting) = (Instant::now(), Duration::from_secs(args.seconds));
    let mut appending = tokio::task::JoinSet::new();
    for _ in 0..args.at_once {
        let (journal, recorded) = (journal.clone(), recorded.clone());
        appending.spawn(async move {
            while begun.elapsed() < lasting {
                let call = Call { is_write: false, ..Call::system("append", epoch) };
                let problem = Problem::new(ProblemType::InsufficientScope);
                if let Stop::Refused(_) = journal.refuse(call, EntryKind::System, problem).await {
                    recorded.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
    }
    while let Some(ended) = appending.join_next().await {
        ended?;
    }
    let entries = recorded.load(Ordering::Relaxed);
    println!("{}", json!({"entries": entries, "seconds": begun.elapsed().as_secs_f64()}));
    Ok(())
}
