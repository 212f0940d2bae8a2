//! A handler tries to print what was read to the technical log.

use throughgate::journal::sealed::Sealed;

#[derive(Debug)]
struct Row {
    name: String,
}

fn describe(row: Sealed<Row>) -> String {
    format!("{:?}", row)
}

fn main() {}
