//! A pack of labels: read, and held against the code lists before anybody sees it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use super::lists::lists;

/// The packs that come with the program.
const BUILT_IN: [(&str, &str); 3] = [
    ("dip-2010", include_str!("../../../policies/labels/dip-2010.toml")),
    ("england-now", include_str!("../../../policies/labels/england-now.toml")),
    ("gwent-wales", include_str!("../../../policies/labels/gwent-wales.toml")),
];
/// The longest label.
const LONGEST: usize = 80;

/// The labels of a list, by code.
type Labels = BTreeMap<String, String>;

/// A pack: every code that it names is one that there is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LabelPack {
    /// What the pack is called, for people.
    pub title: String,
    /// The labels, by list and code.
    labels: BTreeMap<String, Labels>,
}

/// Why a pack is not used.
#[derive(Debug, thiserror::Error)]
pub enum LabelError {
    /// There is none of this name.
    #[error(
        "there is no label pack `{0}`; built in are dip-2010, england-now and gwent-wales, others are files ending in .toml"
    )]
    NoSuchPack(String),
    /// The file cannot be read.
    #[error("the label pack cannot be read")]
    Unreadable(#[from] std::io::Error),
    /// The file is no pack; the message names the line.
    #[error("the label pack is malformed: {0}")]
    Malformed(String),
    /// It has labels for a list that there is not.
    #[error("there is no code list `{0}`, of which the label pack speaks")]
    UnknownList(String),
    /// It has a label for a code that there is not.
    #[error("the code list `{list}` has no code `{code}`, of which the label pack speaks")]
    UnknownCode {
        /// The list.
        list: String,
        /// The code.
        code: String,
    },
    /// A label is empty, too long, or holds control characters.
    #[error("the label of `{code}` in `{list}` must be one line of at most {LONGEST} characters")]
    BadLabel {
        /// The list.
        list: String,
        /// The code.
        code: String,
    },
}

impl LabelPack {
    /// A pack by its name, or from a file.
    ///
    /// # Errors
    /// When there is no such pack, or it speaks of a code that there is not.
    pub fn open(name: &str) -> Result<Self, LabelError> {
        if let Some((_, text)) = BUILT_IN.iter().find(|(built_in, _)| *built_in == name) {
            return Self::parse(text);
        }
        let path = Path::new(name);
        if path.extension().is_some_and(|extension| extension == "toml") {
            return Self::parse(&std::fs::read_to_string(path)?);
        }
        Err(LabelError::NoSuchPack(name.to_owned()))
    }

    fn parse(text: &str) -> Result<Self, LabelError> {
        let pack: Self = toml::from_str(text).map_err(|error| LabelError::Malformed(error.to_string()))?;
        pack.check()?;
        Ok(pack)
    }

    fn check(&self) -> Result<(), LabelError> {
        let known: BTreeMap<_, _> = lists().into_iter().collect();
        for (list, labels) in &self.labels {
            let codes = known.get(list.as_str()).ok_or_else(|| LabelError::UnknownList(list.clone()))?;
            for (code, label) in labels {
                let (list, code) = (list.clone(), code.clone());
                if !codes.contains(&code.as_str()) {
                    return Err(LabelError::UnknownCode { list, code });
                }
                let fits = !label.trim().is_empty() && label.chars().count() <= LONGEST;
                if !fits || label.chars().any(char::is_control) {
                    return Err(LabelError::BadLabel { list, code });
                }
            }
        }
        Ok(())
    }

    /// The label of a code, where the pack has one.
    pub fn label(&self, list: &str, code: &str) -> Option<&str> {
        self.labels.get(list)?.get(code).map(String::as_str)
    }

    /// What is shown for each code of each list: its label, or the code itself where the pack has none.
    pub fn whole(&self) -> BTreeMap<&'static str, BTreeMap<&'static str, String>> {
        let label = |list: &str, code: &'static str| self.label(list, code).unwrap_or(code).to_owned();
        lists()
            .into_iter()
            .map(|(list, codes)| (list, codes.into_iter().map(|code| (code, label(list, code))).collect()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packs_that_come_with_the_program_speak_of_no_code_that_there_is_not() {
        for (name, _) in BUILT_IN {
            let pack = LabelPack::open(name).unwrap();
            let whole = pack.whole();
            assert!(whole["agency-type"]["cjit"] != "cjit", "{name}");
            assert_eq!(
                whole["agency-type"]["operator"], "operator",
                "{name}: what has no label shows its code"
            );
        }
    }

    #[test]
    fn a_pack_that_speaks_of_something_else_is_refused_by_name() {
        let with = |list: &str, code: &str, label: &str| {
            LabelPack::parse(&format!("title = \"x\"\n[labels.{list}]\n{code} = \"{label}\"")).unwrap_err()
        };
        assert_eq!(
            with("agency-kind", "cjit", "Team").to_string(),
            "there is no code list `agency-kind`, of which the label pack speaks"
        );
        assert_eq!(
            with("agency-type", "cjti", "Team").to_string(),
            "the code list `agency-type` has no code `cjti`, of which the label pack speaks"
        );
        assert!(matches!(with("agency-type", "cjit", " "), LabelError::BadLabel { .. }));
        assert!(matches!(with("agency-type", "cjit", &"x".repeat(81)), LabelError::BadLabel { .. }));
        assert!(matches!(LabelPack::open("dip-2011"), Err(LabelError::NoSuchPack(_))));
        assert!(matches!(LabelPack::parse("labels = 1"), Err(LabelError::Malformed(_))));
    }
}
