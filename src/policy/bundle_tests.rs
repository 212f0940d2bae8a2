//! What is wrong with a set of policies is found when it is loaded, and named; its hash says which set it is.

use super::*;

fn with_policy(extra: &str) -> Result<Bundle, LoadError> {
    Bundle::parse(
        SCHEMA,
        &[("extra.cedar", extra), ("dirs.cedar", include_str!("../../policies/dirs.cedar"))],
    )
}

const HEAD: &str = r#"@id("extra") @rule("0") @source("test") @art6("consent") @art9("explicit-consent") @sch1_condition("none")"#;

#[test]
fn what_is_wrong_with_a_policy_is_found_at_load_and_named() {
    let body = r#"permit (principal, action == Action::"dir.read", resource)"#;
    let wrong = [
        format!(r#"{HEAD} {body} when {{ principal.agency_type == AgencyType::"polise" }};"#),
        format!(r#"{HEAD} permit (principal, action == Action::"dir.raed", resource);"#),
        format!(r#"{HEAD} {body} when {{ principal.agency_type == "police" }};"#),
        format!(r#"{HEAD} {body} when {{ principal.agency_type == resource.custodian }};"#),
        format!(r#"{HEAD} @obligations("AOD,SHRED") {body};"#),
        format!(r#"{HEAD} @obligation("AOD") {body};"#),
        format!(r#"{HEAD} @obligations("HUAPRV") {body};"#),
        format!(r#"{HEAD} @obligations("AOD,REVIEW-1WD") {body};"#),
        format!(r#"{HEAD} @obligations("") {body};"#),
        format!(r#"{HEAD} {body} when {{ context.purpose == Purpose::"treatmant" }};"#),
        format!(r#"{HEAD} {body} when {{ resource.segment == Segment::"sexwork" }};"#),
        format!(r#"{HEAD} {body} when {{ resource.relation == Relation::"adressed" }};"#),
        format!(r#"{HEAD} {body} when {{ principal.role == Role::"nurses" }};"#),
        format!(r#"{HEAD} {body} when {{ context.consent }};"#),
        format!(r#"{HEAD} {body} when {{ context.consented == "yes" }};"#),
        format!(r#"{HEAD} {body} when {{ principal.agency_type.name == "cjit" }};"#),
        format!(r#"{HEAD} {body} when {{ resource.custodian == Role::"nurse" }};"#),
        format!("{} {body};", HEAD.replace("explicit-consent", "explicit")),
        format!("{} {body};", HEAD.replace(r#"@rule("0")"#, "")),
        format!("{} {body};", HEAD.replace(r#"@source("test")"#, "")),
        format!("{} {body};", HEAD.replace(r#"@rule("0")"#, r#"@rule("42")"#)),
        format!("{} {body};", HEAD.replace("extra", "dirs.police")),
        format!("{HEAD} {body}; {HEAD} {body};"),
    ];
    for text in wrong {
        let message = with_policy(&text).map(drop).expect_err(&text).to_string();
        assert!(message.contains(".cedar") && message.contains("policy \""), "{message}");
    }
    assert!(with_policy(&format!("{HEAD} {body};")).is_ok());
    assert!(matches!(with_policy("permit (prin"), Err(LoadError::Syntax { .. })));
    let template = format!("{HEAD} permit (principal == ?principal, action, resource);");
    assert!(matches!(with_policy(&template), Err(LoadError::Template { .. })));
    let obliging_forbid = r#"@id("extra") @rule("0") @source("test") @obligations("AOD") forbid (principal, action, resource);"#;
    assert!(matches!(with_policy(obliging_forbid), Err(LoadError::Annotation { .. })));
}

#[test]
fn the_hash_depends_on_every_file_and_not_on_their_order() {
    let (a, b) = (("a.cedar", "// one"), ("dirs.cedar", include_str!("../../policies/dirs.cedar")));
    let hash = |files: &[(&str, &str)]| Bundle::parse(SCHEMA, files).unwrap().hash().to_owned();
    assert_eq!(hash(&[a, b]), hash(&[b, a]));
    assert_ne!(hash(&[a, b]), hash(&[b]));
    assert_ne!(hash(&[a, b]), hash(&[("a.cedar", "// two"), b]));
}

#[test]
fn the_policies_of_a_directory_are_those_that_are_in_it() {
    let here = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    assert_eq!(Bundle::from_directory(&here).unwrap().hash(), Bundle::embedded().unwrap().hash());
    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(Bundle::from_directory(empty.path()), Err(LoadError::Empty)));
}
