//! What a policy says about itself: its rule, source, bases and obligations, read from annotations that Cedar does not check.

use std::str::FromStr;

use cedar_policy::{Effect, Policy};

use crate::vocabulary::{LegalBasis, UnknownCode};

crate::code_list! {
    /// What must be done along with a permitted act. Names are those of C2S and HL7 where these have one.
    pub enum Obligation {
        EnterInClientLog = "AOD",
        Redact = "REDACT",
        MinimumNecessary = "MINEC",
        NoRedisclosure = "NORDSCLCD",
        NoPersistence = "NOPERSIST",
        DeleteAfterUse = "DELAU",
        HumanApproval = "HUAPRV",
        NotifyPrivacyOfficer = "NOTIFY-PRIVACY-OFFICER",
        ReviewInOneWorkingDay = "REVIEW-1WD",
    }
}

/// A policy's annotations, checked.
#[derive(Debug, Clone)]
pub struct Annotated {
    /// The `@id`: the only name by which policies are known.
    pub id: String,
    /// The file that holds it.
    pub file: String,
    /// The rule it makes real: 0, a row of the disclosure rules, or `consent`, `referral`, `gateway`.
    pub rule: String,
    /// Where the rule comes from.
    pub source: String,
    /// What a permit obliges to, without repeats, in the order of the list.
    pub obligations: Vec<Obligation>,
    /// On what a permit rests. A `forbid` needs no basis.
    pub basis: Option<LegalBasis>,
}

/// What is wrong with the annotations of a policy.
#[derive(Debug, thiserror::Error)]
pub enum AnnotationError {
    /// One that every policy of its kind needs is not there.
    #[error("@{0} is missing")]
    Missing(&'static str),
    /// One that no policy has: most likely misspelt, and so without effect.
    #[error("@{0} is not an annotation of ours")]
    Unknown(String),
    /// The value is none of the codes.
    #[error("@{key}: \"{value}\" is {source}")]
    Code {
        /// The annotation.
        key: &'static str,
        /// What stands there.
        value: String,
        /// Of which list it should have been.
        source: UnknownCode,
    },
    /// The rule is neither a number from 0 to 41 nor one of the three words.
    #[error("@rule: \"{0}\" is neither 0 to 41 nor consent, referral or gateway")]
    Rule(String),
    /// An id would not sort and print well in the log.
    #[error("@id: \"{0}\" is not lower-case letters, digits, dots and hyphens")]
    Id(String),
    /// A `forbid` cannot oblige to anything: nothing happens.
    #[error("a forbid states @{0}, which only a permit can")]
    OnForbid(&'static str),
}

const KNOWN: [&str; 9] = [
    "id",
    "rule",
    "source",
    "art6",
    "art9",
    "sch1_condition",
    "confidentiality",
    "statute_ref",
    "obligations",
];
const PERMIT_ONLY: [&str; 5] = ["art6", "art9", "sch1_condition", "confidentiality", "obligations"];
const LAST_ROW: u8 = 41;

impl Annotated {
    /// Reads and checks the annotations of a policy in this file.
    pub(super) fn read(policy: &Policy, file: &str) -> Result<Self, AnnotationError> {
        if let Some((unknown, _)) = policy.annotations().find(|(key, _)| !KNOWN.contains(key)) {
            return Err(AnnotationError::Unknown(unknown.to_owned()));
        }
        let basis = match policy.effect() {
            Effect::Permit => Some(basis(policy)?),
            Effect::Forbid => match PERMIT_ONLY.into_iter().find(|key| policy.annotation(key).is_some()) {
                Some(key) => return Err(AnnotationError::OnForbid(key)),
                None => None,
            },
        };
        Ok(Self {
            id: id(policy)?,
            file: file.to_owned(),
            rule: rule(policy)?,
            source: required(policy, "source")?.to_owned(),
            obligations: obligations(policy)?,
            basis,
        })
    }
}

fn id(policy: &Policy) -> Result<String, AnnotationError> {
    let id = required(policy, "id")?;
    if id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-')) {
        Ok(id.to_owned())
    } else {
        Err(AnnotationError::Id(id.to_owned()))
    }
}

fn rule(policy: &Policy) -> Result<String, AnnotationError> {
    let rule = required(policy, "rule")?;
    let numbered = rule.parse::<u8>().is_ok_and(|row| row <= LAST_ROW && row.to_string() == rule);
    if numbered || matches!(rule, "consent" | "referral" | "gateway") {
        Ok(rule.to_owned())
    } else {
        Err(AnnotationError::Rule(rule.to_owned()))
    }
}

fn obligations(policy: &Policy) -> Result<Vec<Obligation>, AnnotationError> {
    let Some(list) = policy.annotation("obligations") else {
        return Ok(Vec::new());
    };
    let mut obligations = list
        .split(',')
        .map(|code| parse("obligations", code.trim()))
        .collect::<Result<Vec<Obligation>, _>>()?;
    obligations.sort_unstable();
    obligations.dedup();
    Ok(obligations)
}

fn basis(policy: &Policy) -> Result<LegalBasis, AnnotationError> {
    Ok(LegalBasis {
        art6: parse("art6", required(policy, "art6")?)?,
        art9: parse("art9", required(policy, "art9")?)?,
        sch1_condition: parse("sch1_condition", required(policy, "sch1_condition")?)?,
        confidentiality: policy
            .annotation("confidentiality")
            .map(|code| parse("confidentiality", code))
            .transpose()?,
        statute_ref: policy.annotation("statute_ref").map(str::to_owned),
    })
}

fn required<'p>(policy: &'p Policy, key: &'static str) -> Result<&'p str, AnnotationError> {
    policy.annotation(key).filter(|value| !value.trim().is_empty()).ok_or(AnnotationError::Missing(key))
}

fn parse<C: FromStr<Err = UnknownCode>>(key: &'static str, code: &str) -> Result<C, AnnotationError> {
    code.parse().map_err(|source| AnnotationError::Code { key, value: code.to_owned(), source })
}
