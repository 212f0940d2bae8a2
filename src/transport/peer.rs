//! What is learnt of a peer once, when it connects, for all the requests of its connection.

use std::any::Any;
use std::net::Shutdown;
use std::sync::Arc;

use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::HttpRequest;
use actix_web::dev::Extensions;
use actix_web::rt::net::TcpStream;
use socket2::SockRef;

use super::connections::Connections;
use crate::identity::Peer;

/// The peer of a request's connection. Always there on the TLS port: without one the connection was closed unheard.
pub fn of(request: &HttpRequest) -> Option<&Arc<Peer>> {
    request.conn_data::<Arc<Peer>>()
}

/// The callback for `HttpServer::on_connect`: notes the peer and takes the connection into the register, of each certificate
/// `bound` at most; 0 for no bound.
pub(super) fn on_connect(
    connections: Arc<Connections>,
    bound: usize,
) -> impl Fn(&dyn Any, &mut Extensions) + Send + Sync + 'static {
    move |io, extensions| {
        let Some(stream) = io.downcast_ref::<TlsStream<TcpStream>>() else {
            return;
        };
        let (tcp, tls) = stream.get_ref();
        let chain = tls.peer_certificates().unwrap_or_default();
        let chain = chain.iter().map(|certificate| certificate.to_vec()).collect();
        let peer = Peer::new(chain, tcp.peer_addr().ok());
        let socket = SockRef::from(tcp).try_clone();
        let (Ok(peer), Ok(socket)) = (peer, socket) else {
            // Nobody that can be named, or no means to cut it later: not a connection to serve.
            let _closed = SockRef::from(tcp).shutdown(Shutdown::Both);
            return;
        };
        let peer = Arc::new(peer);
        let Some(registered) = connections.register(Arc::clone(&peer), socket, bound) else {
            // The newest is the one that goes: nobody is to push out those who were there before.
            let _closed = SockRef::from(tcp).shutdown(Shutdown::Both);
            return;
        };
        extensions.insert(registered);
        extensions.insert(peer);
    }
}
