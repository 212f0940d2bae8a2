//! A gateway put together from its configuration: keys, store, journal, policies, TLS, and the two servers.

mod alone;
mod core;
mod sweep;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::web::Data;

use crate::api;
use crate::api::context::Context;
use crate::api::rates::Rates;
use crate::api::summary::{Summary, WriteSummary};
use crate::calendar::Calendar;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::domain::break_glass::{self, SweepBreakGlass};
use crate::domain::caseload::DayBudget;
use crate::domain::labels::LabelPack;
use crate::domain::operations::SweepDays;
use crate::domain::referral::ExpireReferral;
use crate::identity::Identifier;
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::follower::Follower;
use crate::submission::{Submission, Witnesses};
use crate::transport::{Access, ClientGate, Connections, Limits, server};

pub use self::alone::Alone;
use self::core::ready;
pub use self::core::{Core, HEAD_FILES, StartError, beside, policies, signing_key};

/// How often revocation lists and the directory are looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How often what failed before identification is summed up in the log.
const SUM_UP: Duration = Duration::from_secs(60);

/// A gateway that serves.
pub struct Gateway {
    /// Where the TLS port is.
    pub address: SocketAddr,
    /// Where the admin port is.
    pub admin: SocketAddr,
    /// The two roads, for the demo and for tests of the parts.
    pub journal: Journal,
    follower: Follower,
    submission: Option<Submission>,
    handles: Vec<ServerHandle>,
    tasks: Vec<tokio::task::JoinHandle<()>>,
    context: Data<Context>,
    gate: ClientGate,
    connections: Arc<Connections>,
    alone: Alone,
}

impl Gateway {
    /// Starts serving. Must be called within an actix system.
    ///
    /// # Errors
    /// When anything that it needs is missing or unsafe. A database that is down is no error: it says so by `/readyz`.
    pub fn start(config: &Config, clock: SharedClock) -> Result<Self, StartError> {
        let labels = LabelPack::open(&config.labels)?;
        let alone = Alone::with(&config.log.head_file)?;
        let Core { journal, log_key } = Core::open(config, clock.clone(), "")?;
        let submission = match &config.witnessing {
            Some(witnessing) => {
                let witnesses = Witnesses::open(witnessing, &log_key, &clock)?;
                Some(Submission::start(journal.clone(), witnesses, witnessing))
            }
            None => None,
        };
        let gate = ClientGate::open(&config.tls.files(), clock.clone())?;
        let connections = Connections::new();
        let calendar =
            Calendar::england_and_wales(config.calendar.clone()).map_err(|_| StartError::TimeZone)?;
        let matcher = config.matching.matcher()?;
        let context = Data::new(Context {
            journal: journal.clone(),
            identifier: Identifier::new(config.gateway.audience.clone(), clock),
            calendar: Arc::new(calendar),
            deadlines: Arc::new(config.deadlines),
            labels: Arc::new(labels),
            matcher: Arc::new(matcher),
            help_line: config.gateway.help_line.clone(),
            log_directory: config.log.directory.clone(),
            body_limit: config.limits.body_bytes,
            check_budget: DayBudget {
                worker_a_day: config.limits.checks_worker_a_day,
                agency_a_day: config.limits.checks_agency_a_day,
            },
            look_budget: DayBudget {
                worker_a_day: config.limits.looks_worker_a_day,
                agency_a_day: config.limits.looks_agency_a_day,
            },
            rates: Rates::new(config.limits.worker_a_minute, config.limits.agency_a_minute),
            streams: Arc::default(),
            summary: Summary::default(),
        });
        let mut limits = Limits {
            connections_a_certificate: config.limits.connections_a_certificate,
            ..Limits::default()
        };
        if config.limits.http_workers > 0 {
            limits.workers = config.limits.http_workers;
        }
        let expiry = ExpireReferral {
            calendar: context.calendar.clone(),
            deadlines: context.deadlines.clone(),
            journal: journal.clone(),
        };
        let glass = SweepBreakGlass(break_glass::Setting {
            journal: journal.clone(),
            calendar: context.calendar.clone(),
            help_line: context.help_line.clone(),
        });
        let days = SweepDays { calendar: context.calendar.clone() };
        let tls = server::tls(
            config.listen.address,
            gate.server_config(&config.tls.files())?,
            connections.clone(),
            &limits,
            api::routes(context.clone()),
        )?;
        let admin =
            server::admin(config.listen.admin, crate::admin::routes(journal.clone(), connections.clone()))?;
        let address = first(&tls.addresses)?;
        let admin_address = first(&admin.addresses)?;
        let handles = vec![tls.handle(), admin.handle()];
        let tasks = vec![
            tokio::spawn(stop_quietly(tls.server)),
            tokio::spawn(stop_quietly(admin.server)),
            tokio::spawn(look_again(journal.clone(), gate.clone(), connections.clone())),
            tokio::spawn(sum_up_regularly(context.clone(), gate.clone(), connections.clone())),
            tokio::spawn(sweep::sweep_regularly(
                journal.clone(),
                context.calendar.clone(),
                (expiry, glass, days),
            )),
        ];
        let follower = Follower::start(journal.clone(), config.log.directory.clone())?;
        Ok(Self {
            address,
            admin: admin_address,
            journal,
            follower,
            submission,
            handles,
            tasks,
            context,
            gate,
            connections,
            alone,
        })
    }

    /// Waits until it can record, five seconds at most.
    ///
    /// # Errors
    /// When it cannot.
    pub async fn ready(&self) -> Result<(), StartError> {
        ready(&self.journal).await
    }

    /// Lets requests under way finish, records what is counted and not yet in the log, and stops.
    pub async fn stop(self) {
        // A stream would be under way for as long as its token lasts.
        self.context.streams.close();
        for handle in &self.handles {
            handle.stop(true).await;
        }
        for task in self.tasks {
            task.abort();
        }
        sum_up(&self.context, &self.gate, &self.connections).await;
        if let Some(submission) = self.submission {
            submission.stop().await;
        }
        // Last, so that what the last requests left in the log is in the directory too.
        let follower = self.follower;
        if tokio::task::spawn_blocking(move || follower.stop()).await.is_err() {
            tracing::error!("the static log directory was not brought up to date");
        }
        self.journal.end();
        drop(self.alone);
    }
}

fn first(addresses: &[SocketAddr]) -> Result<SocketAddr, StartError> {
    addresses.first().copied().ok_or_else(|| std::io::Error::other("no address was bound").into())
}

async fn stop_quietly(server: actix_web::dev::Server) {
    if let Err(error) = server.await {
        tracing::error!(%error, "a server ended");
    }
}

/// Takes up new revocation lists and directory changes, and cuts the live connections of those who are out.
async fn look_again(journal: Journal, gate: ClientGate, connections: Arc<Connections>) {
    let mut tick = tokio::time::interval(LOOK_AGAIN);
    loop {
        tick.tick().await;
        // While the database does not answer, the directory as it was last read goes on to count.
        let refreshed = journal.directory_refreshed().await;
        let directory = refreshed.unwrap_or_else(|_| journal.directory());
        let (gate, connections) = (gate.clone(), connections.clone());
        let looked = tokio::task::spawn_blocking(move || {
            if let Err(error) = gate.reload() {
                let error: &dyn std::error::Error = &error;
                tracing::error!(error, "no usable revocation list: nobody new gets in");
            }
            let cut = connections.cut(|peer| {
                let agency = directory.holder(&peer.certificate).map(|holder| holder.agency.status);
                let suspended = agency == Some(crate::directory::AgencyStatus::Suspended);
                suspended || gate.keeps(peer) == Access::Refused
            });
            if cut > 0 {
                tracing::info!(cut, "connections were cut: suspended, revoked or expired");
            }
        })
        .await;
        if looked.is_err() {
            tracing::error!("looking at revocation and directory failed");
        }
    }
}

/// Writes one summary entry a minute of what failed before anybody was identified.
async fn sum_up_regularly(context: Data<Context>, gate: ClientGate, connections: Arc<Connections>) {
    let mut tick = tokio::time::interval(SUM_UP);
    tick.tick().await;
    loop {
        tick.tick().await;
        sum_up(&context, &gate, &connections).await;
    }
}

async fn sum_up(context: &Context, gate: &ClientGate, connections: &Connections) {
    for (kind, count) in gate.take_refused() {
        context.summary.count_many(kind, count);
    }
    let crowded = connections.take_refused();
    if crowded > 0 {
        context.summary.count_many("too-many-connections", crowded);
    }
    context.rates.forget();
    let Some(counts) = context.summary.take() else {
        return;
    };
    let mut call = Call::system("write_summary", context.journal.directory().epoch());
    call.reason_text = Some(counts.clone());
    if context.journal.record(call, WriteSummary).await.is_err() {
        context.summary.restore(&counts);
    }
}
