//! A handler tries to keep a copy of what was read, and a copy of the permit for later.

use throughgate::journal::sealed::Sealed;
use throughgate::policy::action::ClientRead;
use throughgate::policy::permit::Permit;

#[derive(Clone)]
struct Row {
    name: String,
}

fn keep(row: Sealed<Row>, permit: Permit<ClientRead>) -> (Sealed<Row>, Permit<ClientRead>) {
    (row.clone(), permit.clone())
}

fn main() {}
