//! Where the gateway listens.

use std::net::SocketAddr;

use serde::Deserialize;

/// The two ports. There is no plaintext port for anybody but the machine's own operator.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListenConfig {
    /// The TLS port.
    pub address: SocketAddr,
    /// The admin port (`/healthz`, `/readyz`, `/metrics`): a loopback address.
    pub admin: SocketAddr,
}
