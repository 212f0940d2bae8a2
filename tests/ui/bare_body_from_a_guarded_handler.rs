//! A guarded route tries to answer with a bare text.

use throughgate::api::router::{Operation, guarded};
use throughgate::vocabulary::EntryKind;

const READ: Operation = Operation {
    id: "read_client",
    kind: EntryKind::Disclosure,
};

fn main() {
    let get = Default::default();
    let _route = guarded(get, READ, |_request| async { "Testa Alder" });
}
