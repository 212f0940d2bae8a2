//! `throughgate certs`: the gateway's own CA on the command line.
#![allow(clippy::print_stdout, reason = "the command line speaks to a terminal")]

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::certificates::{Authority, CertificatesError, Reason, Subject};
use crate::clock::Clock;
use crate::directory::CertificateSha256;
use crate::id::{AgencyId, WorkerId};

/// Make, revoke and list certificates of the gateway's own CA.
#[derive(Debug, Args)]
pub struct CertsArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a CA in a directory, with an empty revocation list.
    #[command(
        after_help = "Example:\n  throughgate certs init --dir var/ca --name \"Northmoor partnership CA\""
    )]
    Init {
        /// The directory of the CA.
        #[arg(long)]
        dir: PathBuf,
        /// The name in its certificate.
        #[arg(long)]
        name: String,
    },
    /// Issue a certificate for the gateway, an agency's system or a worker; writes client.pem and client.key (server.pem and
    /// server.key for the gateway).
    #[command(
        after_help = "Examples:\n  throughgate certs issue --dir var/ca --agency northmoor-cjit --out var/northmoor-cjit\n  throughgate certs issue --dir var/ca --agency northmoor-cjit --worker w-17 --out var/w-17\n  throughgate certs issue --dir var/ca --server localhost --server 127.0.0.1 --out var/gateway"
    )]
    Issue {
        /// The directory of the CA.
        #[arg(long)]
        dir: PathBuf,
        /// A DNS name or IP address of the gateway; may be repeated.
        #[arg(long, conflicts_with = "agency", required_unless_present = "agency")]
        server: Vec<String>,
        /// The agency.
        #[arg(long)]
        agency: Option<AgencyId>,
        /// The worker of that agency, for a worker's own certificate.
        #[arg(long, requires = "agency")]
        worker: Option<WorkerId>,
        /// Where to write the two files.
        #[arg(long)]
        out: PathBuf,
    },
    /// Revoke a certificate and write a new revocation list.
    #[command(
        after_help = "Example:\n  throughgate certs revoke --dir var/ca --certificate var/northmoor-cjit/client.pem --reason key-compromise"
    )]
    Revoke {
        /// The directory of the CA.
        #[arg(long)]
        dir: PathBuf,
        /// The certificate: a PEM file, or the SHA-256 that `issue` printed.
        #[arg(long)]
        certificate: String,
        /// unspecified, key-compromise, affiliation-changed, superseded, cessation-of-operation or privilege-withdrawn.
        #[arg(long, default_value = "unspecified")]
        reason: Reason,
    },
    /// Write a new revocation list: to be run daily, since a gateway lets nobody in on a stale one.
    #[command(after_help = "Example:\n  throughgate certs crl --dir var/ca")]
    Crl {
        /// The directory of the CA.
        #[arg(long)]
        dir: PathBuf,
    },
}

/// Does what was asked.
///
/// # Errors
/// What [`Authority`] could not do.
pub fn run(args: CertsArgs, clock: &dyn Clock) -> Result<(), CertificatesError> {
    let now = clock.now();
    match args.command {
        Command::Init { dir, name } => {
            Authority::create(&dir, &name, now)?;
            println!("made {}", dir.join("ca.pem").display());
        }
        Command::Issue { dir, server, agency, worker, out } => {
            let (subject, stem) = match (agency, worker) {
                (None, _) => (Subject::Server(server), "server"),
                (Some(agency), None) => (Subject::Agency(agency), "client"),
                (Some(agency), Some(worker)) => (Subject::Worker(agency, worker), "client"),
            };
            let issued = Authority::load(&dir)?.issue(&subject, now)?;
            let certificate = out.join(stem).with_extension("pem");
            issued.write(&certificate, &out.join(stem).with_extension("key"))?;
            println!("{}  {}", issued.sha256, certificate.display());
        }
        Command::Revoke { dir, certificate, reason } => {
            Authority::load(&dir)?.revoke(&named(&certificate)?, reason, now)?;
            println!("wrote {}", dir.join("crl.pem").display());
        }
        Command::Crl { dir } => {
            Authority::load(&dir)?.write_crl(now)?;
            println!("wrote {}", dir.join("crl.pem").display());
        }
    }
    Ok(())
}

fn named(certificate: &str) -> Result<CertificateSha256, CertificatesError> {
    if let Ok(hash) = certificate.parse() {
        return Ok(hash);
    }
    CertificateDer::from_pem_file(Path::new(certificate))
        .map(|der| CertificateSha256::of(&der))
        .map_err(|_| CertificatesError::Malformed { what: "the certificate" })
}
