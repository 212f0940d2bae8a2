//! The rows that say who is one, and who may be: each carries a seal that nobody makes without the key.

use diesel::sql_types::{BigInt, Binary, Text};

use super::{PAGE, Problem, Report};
use crate::store::backend::Bind;
use crate::store::identity::identity_seal;
use crate::store::match_pair::pair_seal;
use crate::store::{Error, Snapshot};

/// Every version of which cluster a person belongs to.
pub(super) fn identities(tx: &mut Snapshot<'_>, report: &mut Report) -> Result<(), Error> {
    type Columns = (Binary, BigInt, Binary, Binary, Binary);
    type Values = (Vec<u8>, i64, Vec<u8>, Vec<u8>, Vec<u8>);
    let (mut after, mut after_version) = (Vec::new(), i64::MIN);
    loop {
        let rows = tx.connection.rows::<Columns, Values>(
            "SELECT person, version, cluster, entry_id, seal FROM person_identity WHERE (person, version) > (?, ?) \
             ORDER BY person, version LIMIT ?",
            &[Bind::Bytes(&after), Bind::Int(after_version), Bind::Int(PAGE)],
        )?;
        for (person, version, cluster, entry, seal) in &rows {
            if *seal != identity_seal(tx.keys, person, *version, cluster, entry) {
                report.find(format!("person_identity {}, version {version}", hex(person)), Problem::Seal);
            }
        }
        let Some((person, version, ..)) = rows.into_iter().next_back() else { return Ok(()) };
        (after, after_version) = (person, version);
    }
}

/// Every version of what is known of two persons.
pub(super) fn pairs(tx: &mut Snapshot<'_>, report: &mut Report) -> Result<(), Error> {
    type Columns = (Binary, Binary, BigInt, Text, Binary, Binary, Binary, Binary);
    type Values = (Vec<u8>, Vec<u8>, i64, String, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);
    let (mut after, mut after_high, mut after_version) = (Vec::new(), Vec::new(), i64::MIN);
    loop {
        let rows = tx.connection.rows::<Columns, Values>(
            "SELECT low, high, version, state, facts, record, entry_id, seal FROM match_pair \
             WHERE (low, high, version) > (?, ?, ?) ORDER BY low, high, version LIMIT ?",
            &[Bind::Bytes(&after), Bind::Bytes(&after_high), Bind::Int(after_version), Bind::Int(PAGE)],
        )?;
        for (low, high, version, state, facts, record, entry, seal) in &rows {
            if *seal != pair_seal(tx.keys, [low, high], *version, state, [facts, record, entry]) {
                let place = format!("match_pair {} {}, version {version}", hex(low), hex(high));
                report.find(place, Problem::Seal);
            }
        }
        let Some((low, high, version, ..)) = rows.into_iter().next_back() else { return Ok(()) };
        (after, after_high, after_version) = (low, high, version);
    }
}

fn hex(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}
