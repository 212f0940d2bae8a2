//! A handler tries to answer with a row as it was read, before any entry is in the log.

use throughgate::api::reply::Reply;
use throughgate::api::request::Request;
use throughgate::journal::sealed::Sealed;

struct Row {
    name: String,
}

fn read_client(_request: Request, row: Sealed<Row>) -> impl Reply {
    row
}

fn main() {}
