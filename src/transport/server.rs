//! Starting the two servers: the TLS port for everybody, and the plain admin port that only the machine itself reaches.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::http::KeepAlive;
use actix_web::web::ServiceConfig;
use actix_web::{App, HttpServer};
use rustls::ServerConfig;
use tokio::signal::unix::{SignalKind, signal};

use super::connections::Connections;
use super::peer;

/// What the TLS port bears; every queue and every wait has an end.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Worker threads.
    pub workers: usize,
    /// Connections open at once, in each worker.
    pub connections_per_worker: usize,
    /// Connections open at once of one certificate, in all workers together; 0 for no bound.
    pub connections_a_certificate: usize,
    /// Handshakes under way at once, in each worker.
    pub handshakes_per_worker: usize,
    /// Connections that wait to be accepted.
    pub backlog: u32,
    /// Until a handshake must be done.
    pub handshake: Duration,
    /// Until a request's head must be there.
    pub request_head: Duration,
    /// How long an idle connection is kept.
    pub keep_alive: Duration,
    /// How long a closing connection may take.
    pub disconnect: Duration,
    /// How long requests under way may take when the server is told to stop.
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            workers: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            connections_per_worker: 4096,
            connections_a_certificate: 256,
            handshakes_per_worker: 256,
            backlog: 1024,
            handshake: Duration::from_secs(5),
            request_head: Duration::from_secs(5),
            keep_alive: Duration::from_secs(75),
            disconnect: Duration::from_secs(2),
            shutdown: Duration::from_secs(20),
        }
    }
}

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The admin port is plain HTTP without any authentication, so nothing but loopback may reach it.
    #[error("the admin address must be a loopback address")]
    AdminNotLoopback,
    /// The address cannot be bound.
    #[error("the address cannot be bound")]
    Bind(#[source] io::Error),
}

/// A server that is bound and starts as soon as it is awaited.
pub struct Running {
    /// Where it listens; tells the port where port 0 was asked for.
    pub addresses: Vec<SocketAddr>,
    /// To be awaited (spawned): ends when the server has stopped.
    pub server: Server,
}

impl Running {
    /// To stop it: `handle().stop(true)` lets requests under way finish, within [`Limits::shutdown`].
    pub fn handle(&self) -> ServerHandle {
        self.server.handle()
    }
}

/// Binds the TLS port. `configure` supplies routes and default service, and runs once a worker. The server leaves signals to
/// its owner; see [`told_to_stop`].
///
/// # Errors
/// When the address cannot be bound.
pub fn tls<C>(
    address: SocketAddr,
    config: ServerConfig,
    connections: Arc<Connections>,
    limits: &Limits,
    configure: C,
) -> Result<Running, ServerError>
where
    C: Fn(&mut ServiceConfig) + Clone + Send + 'static,
{
    let server = HttpServer::new(move || App::new().configure(configure.clone()))
        .on_connect(peer::on_connect(connections, limits.connections_a_certificate)) // before bind, or it has no effect
        .workers(limits.workers)
        .max_connections(limits.connections_per_worker)
        .max_connection_rate(limits.handshakes_per_worker)
        .backlog(limits.backlog)
        .tls_handshake_timeout(limits.handshake)
        .client_request_timeout(limits.request_head)
        .client_disconnect_timeout(limits.disconnect)
        .keep_alive(KeepAlive::Timeout(limits.keep_alive))
        .shutdown_timeout(limits.shutdown.as_secs())
        .tcp_nodelay(true)
        .disable_signals()
        .bind_rustls_0_23(address, config)
        .map_err(ServerError::Bind)?;
    Ok(Running { addresses: server.addrs(), server: server.run() })
}

/// Binds the admin port (health, readiness, metrics): plain HTTP, one worker, loopback only.
///
/// # Errors
/// When the address is not a loopback address, or cannot be bound.
pub fn admin<C>(address: SocketAddr, configure: C) -> Result<Running, ServerError>
where
    C: Fn(&mut ServiceConfig) + Clone + Send + 'static,
{
    if !address.ip().is_loopback() {
        return Err(ServerError::AdminNotLoopback);
    }
    let server = HttpServer::new(move || App::new().configure(configure.clone()))
        .workers(1)
        .max_connections(64)
        .client_request_timeout(Duration::from_secs(5))
        .shutdown_timeout(1)
        .disable_signals()
        .bind(address)
        .map_err(ServerError::Bind)?;
    Ok(Running { addresses: server.addrs(), server: server.run() })
}

/// Waits until the process is asked to stop (SIGTERM or SIGINT).
///
/// # Errors
/// When the signals cannot be listened for.
pub async fn told_to_stop() -> io::Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}
