//! The demonstration's three witnesses: partners who hold the gateway's log to one history, each with a key and memory of its own.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;

use super::partnership::{Partnership, PlanError};
use crate::clock::SharedClock;
use crate::ledger::note::VerifierKey;
use crate::witness::init::{HAND_OVER, Plan, read_log_keys};
use crate::witness::{WitnessConfig, WitnessService};

/// Who witnesses. Any two are a quorum: 2k > n + f with k = 2, n = 3 and nobody who lies.
const PARTNERS: [&str; 3] = ["northmoor-probation", "northmoor-police", "audit-office"];
const QUORUM: usize = 2;

/// The witness policy, in the partnership's folder: for the gateway, and for every auditor.
pub const POLICY: &str = "witness.policy";

/// The witnesses, at work.
pub struct Witnesses(Vec<WitnessService>);

impl Witnesses {
    /// Makes and starts them, and tells the gateway's configuration of them. To be called before the gateway starts, within an
    /// actix system.
    ///
    /// # Errors
    /// When one cannot be made or started.
    pub fn start(partnership: &Partnership, clock: &SharedClock) -> Result<Self, PlanError> {
        let dir = &partnership.dir;
        let log_keys = read_log_keys(&dir.join("log.vkey"))?;
        let mut services = Vec::new();
        let mut policy: String = log_keys.iter().map(|key| format!("log {key}\n")).collect();
        let mut section = format!("\n[witnessing]\npolicy = \"{POLICY}\"\ninterval_seconds = 1\n");
        for partner in PARTNERS {
            let (service, line) = start_one(dir, partner, &log_keys, clock)?;
            services.push(service);
            policy.push_str(&line);
            let files = format!("witnesses/{partner}/{HAND_OVER}");
            section.push_str(&format!(
                "[witnessing.tls.{partner}]\ncertificate = \"{files}/client.pem\"\nkey = \"{files}/client.key\"\n\
                 ca = \"{files}/ca.pem\"\n"
            ));
        }
        policy.push_str(&format!("group partners {QUORUM} {}\nquorum partners\n", PARTNERS.join(" ")));
        write(&dir.join(POLICY), &policy)?;
        let config = fs::read_to_string(&partnership.config)
            .map_err(|source| PlanError::Io { path: partnership.config.clone(), source })?;
        write(&partnership.config, &(config + &section))?;
        Ok(Self(services))
    }

    /// Stops them, once the gateway has stopped.
    pub async fn stop(self) {
        for service in self.0 {
            service.stop().await;
        }
    }
}

/// One of them, and its line of the policy. It takes any free port.
fn start_one(
    dir: &Path,
    partner: &str,
    log_keys: &[VerifierKey],
    clock: &SharedClock,
) -> Result<(WitnessService, String), PlanError> {
    let plan = Plan {
        dir: dir.join("witnesses").join(partner),
        name: format!("{partner}.example/witness"),
        log_keys: log_keys.to_vec(),
        address: SocketAddr::from(([127, 0, 0, 1], 0)),
        hosts: vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
        gateway: "log-gateway".parse().map_err(|_| PlanError::Key)?,
    };
    let made = plan.carry_out(clock.as_ref())?;
    let config = WitnessConfig::load(&made.config).map_err(crate::witness::StartError::from)?;
    let service = WitnessService::start(&config, clock.clone())?;
    let line = format!("witness {partner} {} https://localhost:{}\n", made.key, service.address.port());
    Ok((service, line))
}

fn write(path: &Path, text: &str) -> Result<(), PlanError> {
    fs::write(path, text).map_err(|source| PlanError::Io { path: path.to_owned(), source })
}
