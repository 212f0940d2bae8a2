//! A handler tries to open what was read, and to take the name out.

use throughgate::journal::sealed::Sealed;

struct Row {
    name: String,
}

fn name_of(row: Sealed<Row>) -> String {
    row.value.name
}

fn main() {}
