//! The documents of people who may be one with a person, as long as the matching desk has not decided.

use serde::de::DeserializeOwned;

use super::backend::Bind;
use super::identity::{is_kin, join_kin, kin};
use super::record::{BODY, Document, Kind, document, version_columns};
use super::{Error, Snapshot};
use crate::id::PersonId;
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;

/// The other side of each pair that nobody has decided on.
macro_rules! undecided {
    ($store:ident, $other:literal, $of:literal) => {
        concat!(
            "SELECT p.",
            $other,
            " AS person FROM match_pair p WHERE p.state = 'open' AND p.version = \
             (SELECT max(version) FROM match_pair WHERE low = p.low AND high = p.high) AND p.",
            $of,
            is_kin!($store)
        )
    };
}

macro_rules! possibly_same {
    ($store:ident) => {
        concat!(
            "SELECT r.id, r.kind, ",
            version_columns!(),
            " FROM record r JOIN record_version v ON v.record = r.id JOIN data_key d ON d.id = v.data_key \
             WHERE r.kind = ? AND r.person IN (SELECT coalesce(k.person, o.person) FROM (",
            undecided!($store, "high", "low"),
            " UNION ",
            undecided!($store, "low", "high"),
            ") o",
            join_kin!($store, "o.person"),
            ") AND v.version = (SELECT max(version) FROM record_version WHERE record = r.id) ORDER BY r.created_us, r.id"
        )
    };
}

const POSSIBLY_SAME: [&str; 2] = [possibly_same!(postgresql), possibly_same!(sqlite)];

impl Snapshot<'_> {
    /// The documents of a kind of all who may be this person, each at its latest version: one statement, whether there is anybody
    /// or not. For the rules of the field, never for a view: what is of another person must not be shown as this one's.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn documents_of_possibly_same<A: Action, T: DeserializeOwned>(
        &mut self,
        permit: &Permit<A>,
        person: PersonId,
        kind: Kind,
    ) -> Result<Sealed<Vec<Document<T>>>, Error> {
        // The statement below reads the pairs in place; what no gateway wrote is found before it counts.
        self.pairs_of(person)?;
        let id = Bind::Bytes(person.as_bytes());
        let mut documents = Vec::new();
        let sql = self.connection.either(POSSIBLY_SAME);
        for stored in self.stored(sql, &[Bind::Text(kind.code()), id, id, id, id])? {
            for body in self.decrypt(&stored, |name| name == BODY)? {
                documents.push(document(body)?);
            }
        }
        Ok(Sealed::new(permit, documents))
    }
}
