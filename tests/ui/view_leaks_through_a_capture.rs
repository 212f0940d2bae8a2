//! A view tries to carry the name out in a variable that it captures.

use throughgate::journal::sealed::Sealed;

struct Row {
    name: String,
}

fn name_of(row: Sealed<Row>) -> String {
    let mut leaked = String::new();
    let _view = row.view(|row| {
        leaked.push_str(&row.name);
    });
    leaked
}

fn main() {}
