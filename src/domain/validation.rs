//! How what was sent is checked, and how a problem is told: by naming the field and never its value.

use serde::de::DeserializeOwned;
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

mod checks;

pub use checks::*;

pub use crate::problem::FieldProblem;

/// Reads a JSON body, or tells which field is malformed.
///
/// # Errors
/// The first malformed field: unknown, missing, repeated, of the wrong type, not in its code list, or not JSON at all.
pub fn parse_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, FieldProblem> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let parsed = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| unreadable(error.path(), &error.inner().to_string()))?;
    json.end().map_err(|_| FieldProblem::new("", "malformed", "is not one JSON document"))?;
    Ok(parsed)
}

/// Every problem that validation found, in the order of their paths.
pub fn field_problems(errors: &ValidationErrors) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    collect("", errors, &mut problems);
    problems.sort();
    problems
}

/// A problem of a field that only the whole struct can see, for a `#[validate(schema(…))]` function.
pub fn problem_of(field: &'static str, code: &'static str, message: &'static str) -> ValidationError {
    let mut error = ValidationError::new(code).with_message(message.into());
    error.add_param("field".into(), &field);
    error
}

fn collect(prefix: &str, errors: &ValidationErrors, problems: &mut Vec<FieldProblem>) {
    for (field, kind) in errors.errors() {
        let path = match (prefix, field.as_ref()) {
            (_, "__all__") => prefix.to_owned(),
            ("", field) => field.to_owned(),
            (prefix, field) => format!("{prefix}.{field}"),
        };
        match kind {
            ValidationErrorsKind::Struct(inner) => collect(&path, inner, problems),
            ValidationErrorsKind::List(items) => {
                for (index, inner) in items {
                    collect(&format!("{path}[{index}]"), inner, problems);
                }
            }
            ValidationErrorsKind::Field(errors) => {
                problems.extend(errors.iter().map(|error| field_problem(&path, error)));
            }
        }
    }
}

fn field_problem(path: &str, error: &ValidationError) -> FieldProblem {
    let param = |name: &str| error.params.get(name);
    let path = match (path, param("field").and_then(serde_json::Value::as_str)) {
        ("", Some(field)) => field.to_owned(),
        (path, Some(field)) => format!("{path}.{field}"),
        (path, None) => path.to_owned(),
    };
    let code = match error.code {
        std::borrow::Cow::Borrowed(code) => code,
        std::borrow::Cow::Owned(_) => "invalid",
    };
    // Only the bounds are read from the parameters: the parameter `value` is what was sent.
    let message = match (&error.message, param("min"), param("max")) {
        (Some(message), _, _) => message.to_string(),
        (None, Some(min), Some(max)) => format!("must be from {min} to {max}"),
        (None, Some(min), None) => format!("must be at least {min}"),
        (None, None, Some(max)) => format!("must be at most {max}"),
        (None, None, None) => "breaks a rule".to_owned(),
    };
    FieldProblem { path, code, message }
}

fn unreadable(path: &serde_path_to_error::Path, cause: &str) -> FieldProblem {
    use serde_path_to_error::Segment;
    let mut at = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => at.push_str(&format!("[{index}]")),
            Segment::Map { key } => push_member(&mut at, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    // The cause may quote what was sent, so only its fixed opening words are used.
    let (code, message) = if cause.starts_with("unknown field") {
        ("unknown-member", "is not a member of this object")
    } else if let Some(rest) = cause.strip_prefix("missing field `") {
        push_member(&mut at, rest.split('`').next().unwrap_or_default());
        ("missing", "is required")
    } else if let Some(rest) = cause.strip_prefix("duplicate field `") {
        push_member(&mut at, rest.split('`').next().unwrap_or_default());
        ("duplicate-member", "is there more than once")
    } else if cause.starts_with("unknown variant") {
        ("unknown-code", "is not one of the codes of its list")
    } else if cause.starts_with("invalid type") {
        ("wrong-type", "is of the wrong type")
    } else if cause.starts_with("invalid value") {
        ("out-of-range", "is outside what its type can hold")
    } else {
        ("malformed", "is not well-formed")
    };
    FieldProblem::new(at, code, message)
}

/// A member's name is shown only if it looks like one, so that a value sent as a name is not echoed.
fn push_member(path: &mut String, name: &str) {
    let name_like = (1..=40).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(if name_like { name } else { "(unknown)" });
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code, reason = "read by its deserialiser only")]
    struct Slip {
        number: u8,
    }

    #[test]
    fn a_malformed_body_names_the_field_and_never_the_value() {
        let cases: [(&str, &str, &str); 7] = [
            (r#"{"number":"CANARY"}"#, "number", "wrong-type"),
            (r#"{"number":1,"canary_x":"CANARY"}"#, "canary_x", "unknown-member"),
            (r#"{"number":1,"Testa CANARY":1}"#, "(unknown)", "unknown-member"),
            (r#"{}"#, "number", "missing"),
            (r#"{"number":1,"number":2}"#, "number", "duplicate-member"),
            (r#"{"number":"#, "number", "malformed"),
            (r#"{"number":1} CANARY"#, "", "malformed"),
        ];
        for (body, path, code) in cases {
            let problem = parse_json::<Slip>(body.as_bytes()).expect_err(body);
            assert_eq!((problem.path.as_str(), problem.code), (path, code), "{body}");
            assert!(!format!("{problem:?}").contains("CANARY"), "{problem:?}");
        }
    }

    #[test]
    fn text_may_have_lines_but_no_controls_and_ends_somewhere() {
        assert!(clean_text("one\ntwo").is_ok());
        assert!(clean_line("one\ntwo").is_err());
        for wrong in ["", "   ", "bell\u{7}", "tab\t", "reversed\u{202e}", "cr\r\n"] {
            assert!(clean_text(wrong).is_err(), "{wrong:?}");
        }
        assert!(clean_text(&"é".repeat(TEXT_MAX)).is_ok());
        assert!(clean_text(&"é".repeat(TEXT_MAX + 1)).is_err());
        assert!(clean_line(&"é".repeat(LINE_MAX + 1)).is_err());
    }

    #[test]
    fn an_nhs_number_needs_its_check_digit() {
        for good in ["9990001006", "9990001014"] {
            assert!(valid_nhs_number(good).is_ok(), "{good}");
            let (stem, check) = good.split_at(9);
            let others = ('0'..='9').filter(|digit| check != digit.to_string());
            for other in others {
                assert!(valid_nhs_number(&format!("{stem}{other}")).is_err(), "{stem}{other}");
            }
        }
        for wrong in ["", "999", "99900000180", "999 000 001", "abcdefghij"] {
            assert!(valid_nhs_number(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn postcodes_phones_and_justice_numbers_are_known_by_their_shape() {
        for good in ["QQ1 1QQ", "ZZ99 9ZZ", "q1 1qq", "QQ1A1QQ"] {
            assert!(valid_postcode(good).is_ok(), "{good}");
        }
        for bad in ["", "QQ1", "1QQ QQ1", "QQ1  1QQ", "QQQ1 1QQ", "NORTHMOOR"] {
            assert!(valid_postcode(bad).is_err(), "{bad}");
        }
        for good in ["01632 960123", "+44 7700 900123"] {
            assert!(valid_phone(good).is_ok(), "{good}");
        }
        for bad in ["", "123456", "call her", "01632-960123", "+", "0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5"] {
            assert!(valid_phone(bad).is_err(), "{bad}");
        }
        assert!(valid_pnc_id("2009/0001234A").is_ok() && valid_pnc_id("09/1234A").is_ok());
        assert!(
            valid_pnc_id("2009/A").is_err()
                && valid_pnc_id("2009-1234A").is_err()
                && valid_pnc_id("200/1A").is_err()
        );
        assert!(
            valid_prison_number("A0001ZZ").is_ok()
                && valid_prison_number("A001ZZ").is_err()
                && valid_prison_number("AÉ001ZZ").is_err()
        );
        assert!(
            valid_crn("X000123").is_ok() && valid_crn("X00012").is_err() && valid_crn("0000123").is_err()
        );
    }
}
