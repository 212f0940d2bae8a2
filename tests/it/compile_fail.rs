//! Ten misuses that must not compile: the rule that nothing leaves unrecorded is a matter of types.
//!
//! Each case of `tests/ui` is compiled as an outside crate against the library that this very test run built, which takes
//! seconds and builds nothing twice. What the compiler says is compared with the `.stderr` beside it. When a change of the
//! types moves a message but not its reason, run `THROUGHGATE_OVERWRITE=1 cargo nextest run ten_misuses` and read the
//! difference: each case must still fail for the reason in its name.

use std::path::PathBuf;
use std::process::Command;

use crate::support::sources::repository;

/// What the ten cases misuse, used as intended: if this stopped compiling, the ten might fail for the wrong reason.
#[path = "../ui/intended_use.rs"]
mod intended_use;

const MISUSES: [&str; 10] = [
    "row_returned_from_a_handler",
    "sealed_field_opened",
    "permit_forged",
    "disclosed_forged",
    "permit_for_another_action",
    "refusal_without_a_receipt",
    "view_leaks_through_a_capture",
    "copies_of_what_is_used_once",
    "sealed_printed",
    "bare_body_from_a_guarded_handler",
];

#[test]
fn ten_misuses_do_not_compile() {
    let _intended = intended_use::route();
    let library = library();
    for misuse in MISUSES {
        let said = compile(misuse, &library);
        let expected = repository(&format!("tests/ui/{misuse}.stderr"));
        if std::env::var_os("THROUGHGATE_OVERWRITE").is_some() {
            std::fs::write(&expected, &said).unwrap();
        }
        let expected = std::fs::read_to_string(expected).unwrap_or_default();
        assert_eq!(
            said, expected,
            "left: what the compiler says of {misuse}; right: the reason that it must give"
        );
    }
}

#[test]
fn every_case_is_among_the_ten() {
    for entry in std::fs::read_dir(repository("tests/ui")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(name == "intended_use" || MISUSES.contains(&name), "{name} is never compiled");
    }
}

/// What the compiler says of a case, one line an error. A case that compiles fails the test.
fn compile(misuse: &str, library: &PathBuf) -> String {
    let scratch = tempfile::tempdir().unwrap();
    let output = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .current_dir(repository(""))
        .args([
            "--edition=2024",
            "--emit=metadata",
            "--error-format=short",
            "--cap-lints=allow",
            "--color=never",
        ])
        .arg("--out-dir")
        .arg(scratch.path())
        .arg("-L")
        .arg(format!("dependency={}", library.parent().unwrap().display()))
        .arg("--extern")
        .arg(format!("throughgate={}", library.display()))
        .arg(format!("tests/ui/{misuse}.rs"))
        .output()
        .unwrap();
    assert!(!output.status.success(), "{misuse} compiles: the rule is broken");
    String::from_utf8(output.stderr).unwrap()
}

/// The library that this test is linked with: the newest beside it.
fn library() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    std::fs::read_dir(test.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            let name = path.file_name().unwrap().to_str().unwrap_or_default();
            name.starts_with("libthroughgate-") && name.ends_with(".rlib")
        })
        .max_by_key(|path| path.metadata().unwrap().modified().unwrap())
        .expect("the library stands beside its tests")
}
