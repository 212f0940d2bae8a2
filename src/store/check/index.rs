//! The rows that lead to entries, held against what the entries say: as sums, so that memory does not grow with their number.
//!
//! Each row adds a number that depends on a key made for this check alone. Two sets of rows with one sum are the same: whoever
//! wrote the rows did not know the key. There is a sum for each 256 entries, so that a finding says where to look.

use std::collections::BTreeMap;

use diesel::sql_types::{BigInt, Binary};
use ring::hmac;
use ring::rand::SystemRandom;

use super::{PAGE, Problem, Report};
use crate::crypto::{Token, Unreadable};
use crate::store::backend::Bind;
use crate::store::{Error, Snapshot};

/// How many entries share a sum.
const TOGETHER: u64 = 256;

/// What is there and what must be there, summed up.
pub(super) struct Sums {
    key: hmac::Key,
    groups: BTreeMap<u64, Group>,
}

#[derive(Clone, Copy, Default)]
struct Group {
    expected: u128,
    found: u128,
    /// Whether an entry of the group could not be opened, so that nobody knows what is expected.
    is_unknown: bool,
}

impl Sums {
    pub(super) fn new() -> Result<Self, Error> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).map_err(|_| Unreadable)?;
        Ok(Self { key, groups: BTreeMap::new() })
    }

    /// An entry that exactly these rows must lead to; `None` if it could not be opened.
    pub(super) fn expect(&mut self, index: u64, tokens: Option<&[Token]>) {
        let sum = tokens.map(|tokens| {
            tokens.iter().fold(0_u128, |sum, token| sum.wrapping_add(self.number(token, index)))
        });
        let group = self.groups.entry(index / TOGETHER).or_default();
        match sum {
            Some(sum) => group.expected = group.expected.wrapping_add(sum),
            None => group.is_unknown = true,
        }
    }

    /// Reads all rows, and says which entries have others than they must.
    pub(super) fn compare(&mut self, tx: &mut Snapshot<'_>, report: &mut Report) -> Result<(), Error> {
        let (mut token, mut idx) = (Vec::new(), i64::MIN);
        loop {
            let rows = tx.connection.rows::<(Binary, BigInt), (Vec<u8>, i64)>(
                "SELECT token, idx FROM audit_index WHERE (token, idx) > (?, ?) ORDER BY token, idx LIMIT ?",
                &[Bind::Bytes(&token), Bind::Int(idx), Bind::Int(PAGE)],
            )?;
            for (token, idx) in &rows {
                report.index_rows += 1;
                self.find(token, *idx, report);
            }
            let Some(last) = rows.into_iter().next_back() else { break };
            (token, idx) = last;
        }
        for (place, group) in &self.groups {
            if group.expected != group.found && !group.is_unknown {
                let (from, until) = (place * TOGETHER, (place + 1) * TOGETHER);
                report.find(format!("audit_index, entries {from} to before {until}"), Problem::Index);
            }
        }
        Ok(())
    }

    fn find(&mut self, token: &[u8], idx: i64, report: &mut Report) {
        let index = u64::try_from(idx).ok().filter(|index| *index < report.entries);
        let Some(index) = index else {
            report.find(format!("audit_index {idx}"), Problem::NoPlace);
            return;
        };
        let number = self.number(token, index);
        let group = self.groups.entry(index / TOGETHER).or_default();
        group.found = group.found.wrapping_add(number);
    }

    fn number(&self, token: &[u8], index: u64) -> u128 {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(&index.to_be_bytes());
        context.update(token);
        let tag = context.sign();
        tag.as_ref().first_chunk::<16>().map_or(0, |bytes| u128::from_be_bytes(*bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(expected: &[(u64, Token)], found: &[(Token, i64)]) -> Vec<String> {
        let (mut sums, mut report) = (Sums::new().unwrap(), Report { entries: 600, ..Report::default() });
        (0..600).for_each(|index| sums.expect(index, Some(&[])));
        for (index, token) in expected {
            sums.expect(*index, Some(&[*token]));
        }
        for (token, idx) in found {
            sums.find(token, *idx, &mut report);
        }
        let differs = |group: &Group| group.expected != group.found;
        let groups = sums.groups.iter().filter(|(_, group)| differs(group));
        let of_groups = groups.map(|(place, _)| format!("group {place}"));
        report.findings.iter().map(ToString::to_string).chain(of_groups).collect()
    }

    #[test]
    fn the_same_rows_in_any_order_are_the_same_and_any_other_are_not() {
        let (a, b) = ([1; 16], [2; 16]);
        assert!(compared(&[(0, a), (0, b), (300, a)], &[(a, 300), (b, 0), (a, 0)]).is_empty());
        for (found, place) in [
            (vec![(a, 0), (a, 300)], "group 0"),
            (vec![(a, 0), (b, 0)], "group 1"),
            (vec![(a, 0), (b, 1), (a, 300)], "group 0"),
            (vec![(a, 0), (b, 0), (b, 300)], "group 1"),
            (vec![(a, 0), (b, 0), (a, 300), (a, 599)], "group 2"),
            // What is there twice does not cancel out.
            (vec![(a, 0), (b, 0), (a, 300), (a, 301), (a, 301)], "group 1"),
        ] {
            assert_eq!(compared(&[(0, a), (0, b), (300, a)], &found), [place]);
        }
        for idx in [-1, 600, i64::MAX] {
            assert_eq!(compared(&[], &[(a, idx)]).len(), 1);
        }
    }
}
