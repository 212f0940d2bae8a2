//! Eleven misuses that must not compile: the rule that nothing leaves unrecorded is a matter of types.
//!
//! `trybuild` compiles each case of `tests/ui` as an outside crate and compares what the compiler says with the `.stderr`
//! beside it. The first run checks the whole tree once more, under `target/tests`, which takes minutes. When a change of the
//! types or a newer compiler moves a message but not its reason, run `TRYBUILD=overwrite cargo nextest run compile_fail` and
//! read the difference: each case must still fail for the reason in its name.

mod intended_use;

use crate::support::sources::repository;

#[test]
fn eleven_misuses_do_not_compile() {
    // The same types, used as they are meant to be: if this stopped compiling, the eleven might fail for the wrong reason.
    let _intended = intended_use::route();
    // A pattern that finds no file would pass.
    assert_eq!(cases(), 11, "tests/ui holds one file for each misuse");
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}

fn cases() -> usize {
    std::fs::read_dir(repository("tests/ui"))
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|extension| extension == "rs"))
        .count()
}
