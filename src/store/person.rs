//! Finding a person again: client records by keyed token, decrypted in memory, compared by the rules of the field.

use std::collections::{BTreeMap, BTreeSet};

use diesel::sql_types::Binary;
use zeroize::Zeroizing;

use super::backend::Bind;
use super::{Error, Snapshot, epoch, id_bytes};
use crate::crypto::Token;
use crate::id::{PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::facts::Epoch;
use crate::policy::permit::Permit;
use crate::vocabulary::Segment;

/// The most records that are compared with one presentation.
const MAX_CANDIDATES: usize = 64;

/// The segments of one client record, as the custodian wrote them.
pub type ClientSegments = BTreeMap<Segment, Zeroizing<Vec<u8>>>;

/// People who share a token with what was presented.
pub struct Candidates {
    /// Who they are, in the order of `records`.
    pub people: Vec<PersonId>,
    /// What each agency wrote about each of them.
    pub records: Sealed<Vec<Vec<ClientSegments>>>,
}

impl Snapshot<'_> {
    /// The blind-index tokens of compound keys, one use a rule.
    pub fn match_tokens<'k>(
        &self,
        keys: impl IntoIterator<Item = (&'static str, &'k str)>,
    ) -> BTreeSet<Token> {
        let index = self.keys.index();
        keys.into_iter().map(|(rule, key)| index.token(rule, &[key.as_bytes()])).collect()
    }

    /// Those of these tokens that a record is not yet found under.
    ///
    /// # Errors
    /// When the database fails.
    pub fn match_tokens_unknown(
        &mut self,
        record: RecordId,
        tokens: &BTreeSet<Token>,
    ) -> Result<BTreeSet<Token>, Error> {
        let mut unknown = BTreeSet::new();
        for token in tokens {
            let known = self.connection.rows::<(Binary,), (Vec<u8>,)>(
                "SELECT token FROM match_token WHERE token = ? AND record = ?",
                &[Bind::Bytes(token), Bind::Bytes(record.as_bytes())],
            )?;
            if known.is_empty() {
                unknown.insert(*token);
            }
        }
        Ok(unknown)
    }

    /// The epochs of tokens: what a presentation that found nobody rests on.
    ///
    /// # Errors
    /// When the database fails.
    pub fn token_epochs(&mut self, tokens: &BTreeSet<Token>) -> Result<Vec<Epoch>, Error> {
        let scopes: Vec<Vec<u8>> = tokens.iter().map(|token| epoch::token(token)).collect();
        let scopes: Vec<&[u8]> = scopes.iter().map(Vec::as_slice).collect();
        self.epochs(&scopes)
    }

    /// The people who share one of these tokens, with what is known of them, for matching and for nothing else.
    ///
    /// # Errors
    /// When the database fails.
    pub fn candidates_read<A: Action>(
        &mut self,
        permit: &Permit<A>,
        tokens: &BTreeSet<Token>,
    ) -> Result<Candidates, Error> {
        let mut found: BTreeSet<(PersonId, RecordId)> = BTreeSet::new();
        for token in tokens {
            let rows = self.connection.rows::<(Binary, Binary), (Vec<u8>, Vec<u8>)>(
                "SELECT person, record FROM match_token WHERE token = ? LIMIT 64",
                &[Bind::Bytes(token)],
            )?;
            for (person, record) in rows {
                found.insert((
                    PersonId::from_bytes(id_bytes(&person)?),
                    RecordId::from_bytes(id_bytes(&record)?),
                ));
            }
        }
        let mut by_person: BTreeMap<PersonId, Vec<ClientSegments>> = BTreeMap::new();
        for (person, record) in found.into_iter().take(MAX_CANDIDATES) {
            by_person.entry(person).or_default().push(self.segments_for_matching(record)?);
        }
        let (people, records): (Vec<_>, Vec<_>) = by_person.into_iter().unzip();
        Ok(Candidates { people, records: Sealed::new(permit, records) })
    }

    /// A name, a date of birth and numbers are compared whatever segment they are in: a working name finds her too.
    fn segments_for_matching(&mut self, record: RecordId) -> Result<ClientSegments, Error> {
        Ok(self
            .parts_to_carry(record)?
            .into_iter()
            .filter_map(|part| part.name.parse::<Segment>().ok().map(|segment| (segment, part.plain)))
            .collect())
    }
}
