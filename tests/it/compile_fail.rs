//! Ten misuses that must not compile: the rule that nothing leaves unrecorded is a matter of types.
//!
//! The expected messages are those of the compiler named in `Cargo.toml`'s `rust-version`. After a change of the types that
//! moves a message but not its reason, run `TRYBUILD=overwrite cargo nextest run ten_misuses` and read the difference: each
//! case must still fail for the reason in its name.

/// What the ten cases misuse, used as intended: if this stopped compiling, the ten might fail for the wrong reason.
#[path = "../ui/intended_use.rs"]
mod intended_use;

#[test]
fn ten_misuses_do_not_compile() {
    let _intended = intended_use::route();
    let cases = trybuild::TestCases::new();
    for misuse in [
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
    ] {
        cases.compile_fail(format!("tests/ui/{misuse}.rs"));
    }
}
