//! `demo`: a throw-away partnership, witnesses and a gateway on it, and five stories through real HTTP over mutual TLS.
#![allow(clippy::print_stdout, reason = "a command speaks to its terminal")]

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::clock::SharedClock;
use crate::config::Config;
use crate::demo::partnership::{Plan, PlanError};
use crate::demo::story::{Stage, tell_all};
use crate::demo::telling::{Otherwise, Teller};
use crate::demo::witnesses::{POLICY, Witnesses};
use crate::gateway::{Gateway, StartError};
use crate::transport::server::told_to_stop;

/// The file that marks a folder as a demonstration's, which the next one may remove.
const MARK: &str = "THROW-AWAY";

/// Make a throw-away partnership, start its witnesses and the gateway, tell the main stories, keep serving
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  throughgate demo --dir var/demo --exit")]
pub struct DemoArgs {
    /// The partnership's folder. A former demonstration's is removed first.
    #[arg(long, default_value = "var/demo")]
    pub dir: PathBuf,
    /// The TLS port; the admin port is the next one. 0 for any free ones.
    #[arg(long, default_value_t = 8443)]
    pub port: u16,
    /// The database: `sqlite:PATH` or `postgresql://…`; SQLite in the folder if none is given.
    #[arg(long)]
    pub database: Option<String>,
    /// Stop after the stories; non-zero if any step went otherwise than told.
    #[arg(long)]
    pub exit: bool,
    /// One JSON object a line instead of words.
    #[arg(long)]
    pub json: bool,
    /// Make the partnership and serve it, without telling the stories.
    #[arg(long)]
    pub quiet: bool,
}

/// Why a demonstration ended early.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The partnership.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The gateway.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A story.
    #[error(transparent)]
    Otherwise(#[from] Otherwise),
    /// The folder.
    #[error("{path}: is not a former demonstration's; name another folder with --dir")]
    NotOurs {
        /// The folder.
        path: PathBuf,
    },
    /// The system.
    #[error("the system refused")]
    System(#[from] std::io::Error),
}

/// Runs it.
///
/// # Errors
/// When something cannot be made, or a step went otherwise than told.
pub fn run(args: &DemoArgs, clock: SharedClock) -> Result<(), DemoError> {
    clear(&args.dir)?;
    actix_web::rt::System::new().block_on(async {
        let port = |offset: u16| {
            if args.port == 0 { 0 } else { args.port.saturating_add(offset) }
        };
        let plan = Plan {
            dir: args.dir.clone(),
            address: SocketAddr::from(([127, 0, 0, 1], port(0))),
            admin: SocketAddr::from(([127, 0, 0, 1], port(1))),
            database: args.database.clone(),
        };
        let partnership = plan.carry_out(clock.clone()).await?;
        std::fs::write(args.dir.join(MARK), "Made by `throughgate demo`; the next one removes it.\n")?;
        let witnesses = Witnesses::start(&partnership, &clock)?;
        let config = Config::load(&partnership.config).map_err(StartError::from)?;
        let gateway = Gateway::start(&config, clock.clone())?;
        gateway.ready().await?;
        let stage = Stage {
            dir: partnership.dir.clone(),
            base: format!("https://localhost:{}", gateway.address.port()),
            clock,
        };
        let mut teller = Teller::new(args.json, partnership.dir.join("receipts"));
        let told = if args.quiet { Ok(()) } else { tell_all(&stage, &mut teller).await };
        if args.exit || told.is_err() {
            gateway.stop().await;
            witnesses.stop().await;
            return Ok(told?);
        }
        if !args.json {
            closing(&partnership.dir, &gateway);
        }
        told_to_stop().await?;
        gateway.stop().await;
        witnesses.stop().await;
        Ok(())
    })
}

/// Removes what a former demonstration left, and nothing else.
fn clear(dir: &Path) -> Result<(), DemoError> {
    let is_empty = std::fs::read_dir(dir)
        .map_or(Ok(true), |mut entries| Ok::<_, DemoError>(entries.next().is_none()))?;
    if is_empty {
        return Ok(());
    }
    // A demonstration that was interrupted while it was made has no mark yet, but its configuration says what it is.
    let config = std::fs::read_to_string(dir.join("gateway.toml")).unwrap_or_default();
    if dir.join(MARK).exists() || config.starts_with("# The configuration of the demonstration's gateway.") {
        std::fs::remove_dir_all(dir)?;
        return Ok(());
    }
    Err(DemoError::NotOurs { path: dir.to_owned() })
}

fn closing(dir: &Path, gateway: &Gateway) {
    let dir = dir.display();
    println!(
        "\nThe gateway keeps serving on https://localhost:{} (Ctrl-C ends it). Try:",
        gateway.address.port()
    );
    println!("  curl --cacert {dir}/ca.pem --cert {dir}/agencies/northmoor-cjit/client.pem \\");
    println!(
        "    --key {dir}/agencies/northmoor-cjit/client.key https://localhost:{}/v1/agencies \\",
        gateway.address.port()
    );
    println!(
        "    -H \"Authorization: Bearer $(throughgate token --dir {dir} --agency northmoor-cjit --worker testa-rowan --purpose continuity-of-care)\""
    );
    println!("  throughgate audit verify {dir}/log --witness-policy {dir}/{POLICY}");
    println!("  curl http://{}/readyz", gateway.admin);
}
