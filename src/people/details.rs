//! What was written down about a person, as it was written: the input of matching. A leaf.

use std::fmt;

use zeroize::Zeroize as _;

use super::identifiers::IdentifierKind;

crate::code_list! {
    /// Sex as services record it to tell people apart. Where it was not stated there is none.
    pub enum RecordedSex {
        Female = "female",
        Male = "male",
    }
}

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

impl Details {
    /// Takes in what another record of the same person says.
    pub fn absorb(&mut self, other: &Self) {
        self.forenames.extend_from_slice(&other.forenames);
        self.middle_names.extend_from_slice(&other.middle_names);
        self.surnames.extend_from_slice(&other.surnames);
        self.aliases.extend_from_slice(&other.aliases);
        self.births.extend_from_slice(&other.births);
        self.sex = self.sex.or(other.sex);
        self.postcodes.extend_from_slice(&other.postcodes);
        self.addresses.extend_from_slice(&other.addresses);
        self.identifiers.extend_from_slice(&other.identifiers);
    }
}

impl Details {
    /// Overwrites all values.
    pub fn wipe(&mut self) {
        let Self { forenames, middle_names, surnames, aliases, births, postcodes, addresses, .. } = self;
        for texts in [forenames, middle_names, surnames, aliases, births, postcodes, addresses] {
            texts.zeroize();
        }
        for (_, written) in &mut self.identifiers {
            written.zeroize();
        }
    }
}

/// No detail: a person's details must not reach a log by way of `{:?}`.
impl fmt::Debug for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Details(..)")
    }
}
