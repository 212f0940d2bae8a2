//! The admin port: whether the gateway lives, whether it can record, and its counts. Loopback only, about nobody.

use std::sync::Arc;

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpResponse, Responder};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;

use crate::journal::Journal;
use crate::journal::health::{State, WHAT_TO_DO};
use crate::transport::Connections;

/// The routes of the admin port.
pub fn routes(
    journal: Journal,
    connections: Arc<Connections>,
) -> impl Fn(&mut ServiceConfig) + Clone + Send + 'static {
    move |config| {
        config
            .app_data(Data::new(journal.clone()))
            .app_data(Data::from(connections.clone()))
            .route("/healthz", web::get().to(healthz))
            .route("/readyz", web::get().to(readyz))
            .route("/metrics", web::get().to(metrics));
    }
}

async fn healthz() -> impl Responder {
    "alive\n"
}

/// Ready means: the next request can be recorded. Nothing is cached.
async fn readyz(journal: Data<Journal>) -> HttpResponse {
    match journal.health().state() {
        State::Ready => HttpResponse::Ok().body("ready\n"),
        State::Starting => HttpResponse::ServiceUnavailable().body("starting\n"),
        State::Unavailable(reason) => {
            HttpResponse::ServiceUnavailable().body(format!("unavailable: {reason}\n"))
        }
        State::Frozen(reason) => {
            HttpResponse::ServiceUnavailable().body(format!("frozen: {reason}\nwhat to do: {WHAT_TO_DO}\n"))
        }
    }
}

async fn metrics(journal: Data<Journal>, connections: Data<Connections>) -> HttpResponse {
    let mut registry = Registry::with_prefix("throughgate");
    let gauge = |registry: &mut Registry, name: &str, help: &str, value: u64| {
        let gauge: Gauge = Gauge::default();
        gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        registry.register(name, help, gauge);
    };
    let counts = journal.counts();
    gauge(
        &mut registry,
        "ready",
        "1 when the journal can record",
        u64::from(journal.health().state() == State::Ready),
    );
    gauge(
        &mut registry,
        "connections",
        "Live TLS connections",
        u64::try_from(connections.len()).unwrap_or(u64::MAX),
    );
    gauge(&mut registry, "log_size", "Entries in the log", counts.log_size);
    gauge(&mut registry, "batches", "Batches committed since the start", counts.batches);
    gauge(&mut registry, "entries", "Entries committed since the start", counts.entries);
    gauge(&mut registry, "unavailable", "Requests answered 503 since the start", counts.unavailable);
    if let Some(age) = counts.sweep_age {
        let help = "Since when nothing that is late was ended or raised: tasks, referrals, broken glass";
        gauge(&mut registry, "sweep_age_seconds", help, age.as_secs());
    }
    if journal.quorum() > 0 {
        let age = u64::try_from(journal.unwitnessed_age().as_secs()).unwrap_or(0);
        let help = "For how long there have been entries that no quorum of witnesses has seen";
        gauge(&mut registry, "unwitnessed_age_seconds", help, age);
    }
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => HttpResponse::Ok()
            .content_type("application/openmetrics-text; version=1.0.0; charset=utf-8")
            .body(text),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}
