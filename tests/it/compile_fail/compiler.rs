//! The compiler, asked about one file that uses the library as this very build made it, and what it refuses.
//!
//! A harness that builds the library again for the purpose, with flags of its own, takes longer than all stories together.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::support::sources::repository;

/// What the cases may name: this library and what it hands out.
const CRATES: [&str; 2] = ["throughgate", "tokio"];

const OF_THE_PACKAGE: [&str; 2] = ["CARGO_MANIFEST_", "CARGO_PKG_"];

/// The compiler with the libraries of this build.
pub struct Compiler {
    libraries: BTreeMap<String, PathBuf>,
}

impl Compiler {
    /// Asks Cargo where the libraries are that these tests were linked with; it builds nothing that is not stale.
    pub fn of_this_build() -> Self {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["test", "--locked", "--no-run", "--test", "it", "--message-format", "json"]);
        // What a test is told of its package would make the build scripts that look at it stale.
        for (name, _) in
            std::env::vars().filter(|(name, _)| OF_THE_PACKAGE.iter().any(|of| name.starts_with(of)))
        {
            cargo.env_remove(name);
        }
        let cargo = cargo.current_dir(repository("")).output().unwrap();
        assert!(cargo.status.success(), "{}", String::from_utf8_lossy(&cargo.stderr));
        let libraries =
            lines_of::<Artifact>(&cargo.stdout).filter_map(Artifact::library).collect::<BTreeMap<_, _>>();
        for name in CRATES {
            assert!(libraries.contains_key(name), "Cargo names no library of {name}");
        }
        Self { libraries }
    }

    /// What the compiler has against a case: each error with its code, the lines of the case that it points at, and why.
    /// Places in other files have no line, so that a snapshot stands while they are edited.
    pub fn refusal(&self, case: &Path) -> String {
        let scratch = tempfile::tempdir().unwrap();
        let mut rustc = Command::new("rustc");
        rustc.args([
            "--edition",
            "2024",
            "--crate-type",
            "bin",
            "--emit",
            "metadata",
            "--error-format",
            "json",
            "--cap-lints",
            "allow",
        ]);
        rustc.arg("--out-dir").arg(scratch.path());
        for name in CRATES {
            let library = &self.libraries[name];
            rustc.arg("--extern").arg(format!("{name}={}", library.display()));
            rustc.arg("-L").arg(format!("dependency={}", library.parent().unwrap().display()));
        }
        let said = rustc.arg(case).current_dir(repository("")).output().unwrap();
        assert!(!said.status.success(), "{} compiles", case.display());
        let mut refusal = String::new();
        // That it stops there points at nothing.
        for message in lines_of::<Message>(&said.stderr).filter(|message| !message.spans.is_empty()) {
            message.tell(case, &mut refusal);
        }
        assert!(!refusal.is_empty(), "{}", String::from_utf8_lossy(&said.stderr));
        refusal
    }
}

/// What Cargo says that it made, or found made.
#[derive(Deserialize)]
struct Artifact {
    target: Target,
    filenames: Vec<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

impl Artifact {
    fn library(self) -> Option<(String, PathBuf)> {
        let is_library = self.target.kind.iter().any(|kind| kind == "lib");
        let file = self
            .filenames
            .into_iter()
            .find(|file| file.extension().is_some_and(|extension| extension == "rlib"))?;
        is_library.then_some((self.target.name, file))
    }
}

/// What the compiler says, or adds to what it said.
#[derive(Deserialize)]
struct Message {
    message: String,
    level: String,
    code: Option<Code>,
    spans: Vec<Span>,
    children: Vec<Message>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

#[derive(Deserialize)]
struct Span {
    file_name: PathBuf,
    line_start: usize,
    is_primary: bool,
    label: Option<String>,
    text: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    text: String,
}

impl Message {
    fn tell(&self, case: &Path, told: &mut String) {
        let code = self.code.as_ref().map(|code| format!(" {}", code.code)).unwrap_or_default();
        let indent = if self.level == "error" { "" } else { "  " };
        let message = self.message.replace('\n', "\n    ");
        writeln!(told, "{indent}{}{code}: {message}", self.level).unwrap();
        for span in self.spans.iter().filter(|span| span.is_primary && span.file_name == case) {
            let line = span.text.first().map_or("", |line| line.text.trim());
            writeln!(told, "    line {}: {line}", span.line_start).unwrap();
            if let Some(label) = &span.label {
                writeln!(told, "      {label}").unwrap();
            }
        }
        for child in &self.children {
            child.tell(case, told);
        }
    }
}

fn lines_of<'t, T: Deserialize<'t>>(text: &'t [u8]) -> impl Iterator<Item = T> {
    text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok())
}
