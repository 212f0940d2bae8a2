//! A guarded route tries to answer with a bare text.

use actix_web::http::Method;
use throughgate::api::router::{Operation, guarded};
use throughgate::vocabulary::EntryKind;

const READ: Operation = Operation {
    id: "read_client",
    kind: EntryKind::Disclosure,
};

fn main() {
    let _route = guarded(Method::GET, READ, |_request| async { "Testa Alder" });
}
