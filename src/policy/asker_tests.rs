//! A policy is left out only for those whom it could not concern.

use std::str::FromStr as _;

use super::*;

fn of(condition: &str) -> Vec<AgencyType> {
    let text = format!("permit (principal, action, resource) {condition};");
    askers(&cedar_policy::Policy::from_str(&text).unwrap().to_json().unwrap())
}

#[test]
fn a_first_condition_on_the_type_names_who_is_concerned() {
    let police = r#"principal.agency_type == AgencyType::"police""#;
    let two = r#"principal.agency_type in [AgencyType::"police", AgencyType::"cjit"]"#;
    let role = r#"principal.role == Role::"spoc""#;
    assert_eq!(of(&format!("when {{ {police} }}")), [AgencyType::Police]);
    assert_eq!(of(&format!("when {{ {police} && {role} && context.signed }}")), [AgencyType::Police]);
    let both = of(&format!("when {{ {two} && {role} }} unless {{ context.minor }}"));
    assert!(both.len() == 2 && both.contains(&AgencyType::Police) && both.contains(&AgencyType::Cjit));
}

#[test]
fn whatever_else_comes_first_concerns_everybody() {
    let police = r#"principal.agency_type == AgencyType::"police""#;
    for condition in [
        String::new(),
        format!("unless {{ {police} }}"),
        format!("when {{ !({police}) }}"),
        format!("when {{ {police} || context.signed }}"),
        // Another condition before it could fail, which denies.
        format!("when {{ context.signed && {police} }}"),
        r#"when { principal.agency_type != AgencyType::"police" }"#.to_owned(),
        r#"when { resource.custodian == AgencyType::"police" }"#.to_owned(),
        r#"when { principal.role == Role::"spoc" }"#.to_owned(),
    ] {
        assert_eq!(of(&condition), AgencyType::ALL, "{condition}");
    }
}
