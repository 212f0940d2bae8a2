//! Eleven misuses that must not compile: the rule that nothing leaves unrecorded is a matter of types.
//!
//! Each case of `tests/ui` is compiled as an outside crate, and what the compiler says of it is compared with the `.snap`
//! beside it. When a change of the types or a newer compiler moves a message but not its reason, run
//! `INSTA_UPDATE=always cargo nextest run compile_fail` and read the difference: each case must still fail for the reason in
//! its name.

mod compiler;
mod intended_use;

use std::path::{Path, PathBuf};

use self::compiler::Compiler;
use crate::support::sources::repository;

const CASES: &str = "tests/ui";

#[test]
fn eleven_misuses_do_not_compile() {
    // The same types, used as they are meant to be: if this stopped compiling, the eleven might fail for the wrong reason.
    let _intended = intended_use::route();
    let cases = cases();
    assert_eq!(cases.len(), 11, "tests/ui holds one file for each misuse");
    let compiler = Compiler::of_this_build();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(repository(CASES));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for case in cases {
            let name = case.file_stem().unwrap().to_str().unwrap();
            insta::assert_snapshot!(name, compiler.refusal(&case));
        }
    });
}

/// The cases, as paths in the repository: no message tells where that lies.
fn cases() -> Vec<PathBuf> {
    let names = std::fs::read_dir(repository(CASES)).unwrap().map(|entry| entry.unwrap().file_name());
    let paths = names.map(|name| Path::new(CASES).join(name));
    paths.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}
