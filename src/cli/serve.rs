//! `serve`: runs the gateway until it is told to stop.

use std::path::PathBuf;

use clap::Args;

use crate::clock::SharedClock;
use crate::config::Config;
use crate::gateway::{Gateway, StartError};
use crate::transport::descriptors;
use crate::transport::server::told_to_stop;

/// Run the gateway.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  throughgate serve --config var/demo/gateway.toml")]
pub struct ServeArgs {
    /// The configuration.
    #[arg(long)]
    pub config: PathBuf,
}

/// Serves until SIGTERM or SIGINT, then lets requests under way finish.
///
/// # Errors
/// When the gateway cannot start.
pub fn run(args: &ServeArgs, clock: SharedClock) -> Result<(), StartError> {
    descriptors::raise();
    let config = Config::load(&args.config)?;
    actix_web::rt::System::new().block_on(async move {
        let gateway = Gateway::start(&config, clock)?;
        tracing::info!(address = %gateway.address, admin = %gateway.admin, "serving");
        told_to_stop().await?;
        gateway.stop().await;
        Ok(())
    })
}
