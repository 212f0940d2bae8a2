//! What was written down about a person, as it was written: the input of matching. A leaf.

use std::fmt;

use super::facts::RecordedSex;
use super::identifiers::IdentifierKind;

/// The written details of one person. Lists have every value that was ever recorded, the present one first; order does not
/// count, and what is empty or malformed is left out of the comparison.
#[derive(Clone, Default)]
pub struct Details {
    /// Forenames, alias forenames, names to use.
    pub forenames: Vec<String>,
    /// Middle names, in one text or several.
    pub middle_names: Vec<String>,
    /// Family names: present, former, alias.
    pub surnames: Vec<String>,
    /// Whole names by which the person is also known, family name last.
    pub aliases: Vec<String>,
    /// Dates of birth that were given.
    pub births: Vec<String>,
    /// The recorded sex, where stated.
    pub sex: Option<RecordedSex>,
    /// Present and previous postcodes.
    pub postcodes: Vec<String>,
    /// Present and previous addresses, without postcodes.
    pub addresses: Vec<String>,
    /// Identifiers, each with its kind.
    pub identifiers: Vec<(IdentifierKind, String)>,
}

/// No detail: a person's details must not reach a log by way of `{:?}`.
impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Details(..)")
    }
}
