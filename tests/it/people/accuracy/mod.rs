//! How right `throughgate match evaluate` is, with the weights that it is delivered with.

mod febrl;
mod unseen;

use std::fs;
use std::path::Path;
use std::process::Command;

use super::evaluation::{Scored, scored};

/// What the command answers about the files in this folder.
pub fn evaluated(folder: &Path) -> Vec<Scored> {
    let file = |name: &str| folder.join(name);
    let output = Command::new(env!("CARGO_BIN_EXE_throughgate"))
        .args(["match", "evaluate"])
        .arg("--index")
        .arg(file("index.csv"))
        .arg("--presentations")
        .arg(file("presentations.csv"))
        .arg("--out")
        .arg(file("out.csv"))
        .output()
        .unwrap();
    assert!(output.status.success(), "match evaluate failed: {}", String::from_utf8_lossy(&output.stderr));
    scored(&fs::read_to_string(file("out.csv")).unwrap())
}
