//! Scorecards as agencies handed them in: the counts of a quarter, written once, encrypted, about nobody.

use diesel::sql_types::{BigInt, Binary, Text};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::backend::{AnyConnection, Bind};
use super::change::Changes;
use super::handle::{Listed, ListedColumns, ListedValues, listed};
use super::keys::{ServiceKey, service_key};
use super::record::Kind;
use super::write::Write;
use super::{Error, Snapshot, epoch, id_bytes};
use crate::crypto::{Bound, Token};
use crate::id::{AgencyId, EntryId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::vocabulary::TaskKind;

/// A scorecard as it is stored.
#[derive(Debug, Clone)]
pub struct ScorecardRow {
    agency: String,
    quarter: String,
    area: String,
    entry_id: Vec<u8>,
    envelope: Vec<u8>,
}

fn bound<'a>(row: &'a [&'a [u8]; 2], entry: EntryId) -> Bound<'a> {
    Bound { table: "scorecard", row, column: "envelope", entry }
}

impl ScorecardRow {
    pub(super) fn put(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        connection.run(
            "INSERT INTO scorecard (agency, quarter, area, entry_id, envelope) VALUES (?, ?, ?, ?, ?)",
            &[
                Bind::Text(&self.agency),
                Bind::Text(&self.quarter),
                Bind::Text(&self.area),
                Bind::Bytes(&self.entry_id),
                Bind::Bytes(&self.envelope),
            ],
        )?;
        Ok(())
    }
}

impl Changes {
    /// Hands in an agency's scorecard of a quarter. Of two that are handed in at once the second finds the first.
    ///
    /// # Errors
    /// When the database or the encryption fails.
    pub fn scorecard_put<T: Serialize>(
        &mut self,
        tx: &mut Snapshot<'_>,
        (agency, quarter): (&AgencyId, &str),
        area: &str,
        scorecard: &Sealed<T>,
    ) -> Result<(), Error> {
        let scope = epoch::scorecard(agency, quarter);
        self.rest_on(tx.epochs(&[&scope])?);
        self.scope_changed(scope);
        let entry = self.entry();
        let row: [&[u8]; 2] = [agency.as_str().as_bytes(), quarter.as_bytes()];
        let held = service_key(tx.connection, tx.keys, ServiceKey::Scorecards)?;
        let envelope = scorecard.encrypt(&held.key, &bound(&row, entry))?;
        self.note_envelope(&envelope);
        self.push(Write::Scorecard(ScorecardRow {
            agency: agency.as_str().to_owned(),
            quarter: quarter.to_owned(),
            area: area.to_owned(),
            entry_id: entry.as_bytes().to_vec(),
            envelope,
        }));
        Ok(())
    }
}

type Columns = (Text, Binary, Binary);
type Values = (String, Vec<u8>, Vec<u8>);

impl Snapshot<'_> {
    /// An agency's scorecard of a quarter, if it was handed in.
    ///
    /// # Errors
    /// When the database fails.
    pub fn scorecard_read<A: Action, T: DeserializeOwned>(
        &mut self,
        permit: &Permit<A>,
        agency: &AgencyId,
        quarter: &str,
    ) -> Result<Option<Sealed<T>>, Error> {
        let rows = self.connection.rows::<Columns, Values>(
            "SELECT agency, entry_id, envelope FROM scorecard WHERE agency = ? AND quarter = ?",
            &[Bind::Text(agency.as_str()), Bind::Text(quarter)],
        )?;
        let opened = self.opened::<T>(rows, quarter)?.pop();
        Ok(opened.map(|(_, scorecard)| Sealed::new(permit, scorecard)))
    }

    /// The scorecards of a quarter that agencies of an area handed in, in the order of the agencies.
    ///
    /// # Errors
    /// When the database fails.
    pub fn scorecards_of_area<A: Action, T: DeserializeOwned>(
        &mut self,
        permit: &Permit<A>,
        area: &str,
        quarter: &str,
    ) -> Result<Sealed<Vec<(AgencyId, T)>>, Error> {
        let rows = self.connection.rows::<Columns, Values>(
            "SELECT agency, entry_id, envelope FROM scorecard WHERE area = ? AND quarter = ? ORDER BY agency",
            &[Bind::Text(area), Bind::Text(quarter)],
        )?;
        Ok(Sealed::new(permit, self.opened(rows, quarter)?))
    }

    fn opened<T: DeserializeOwned>(
        &mut self,
        rows: Vec<Values>,
        quarter: &str,
    ) -> Result<Vec<(AgencyId, T)>, Error> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let key = service_key(self.connection, self.keys, ServiceKey::Scorecards)?.key;
        rows.into_iter()
            .map(|(agency, entry, envelope)| {
                let row: [&[u8]; 2] = [agency.as_bytes(), quarter.as_bytes()];
                let plain = key.open(&bound(&row, EntryId::from_bytes(id_bytes(&entry)?)), &envelope)?;
                let scorecard = serde_json::from_slice(&plain)
                    .map_err(|_| Error::Corrupt("a scorecard does not parse"))?;
                let agency = agency.parse().map_err(|_| Error::Corrupt("an agency's id is malformed"))?;
                Ok((agency, scorecard))
            })
            .collect()
    }

    /// What the task to hand in the scorecard of a quarter is about: it is no record, and about nobody.
    pub fn scorecard_of(&self, agency: &AgencyId, quarter: &str) -> RecordId {
        let parts = [agency.as_str().as_bytes(), quarter.as_bytes()];
        RecordId::from_bytes(self.keys().index().token("task/scorecard", &parts))
    }

    /// In which order cells of a table are left out beside those that are too small: no reader can foresee it, and it is the same each
    /// time that the table is read.
    pub fn scorecard_order(&self, of: &[&str], cells: usize) -> Vec<usize> {
        let parts: Vec<&[u8]> = of.iter().map(|part| part.as_bytes()).collect();
        let place = |cell: &usize| {
            let number = cell.to_be_bytes();
            let parts: Vec<&[u8]> = parts.iter().copied().chain([number.as_slice()]).collect();
            self.keys().index().token("scorecard/order", &parts)
        };
        let mut order: Vec<usize> = (0..cells).collect();
        order.sort_by_cached_key(place);
        order
    }

    /// The handles of an agency's own records of a kind of which something was written since a moment, in microseconds since the epoch; oldest
    /// first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn handles_written_since(
        &mut self,
        agency: &AgencyId,
        kind: Kind,
        since_us: i64,
    ) -> Result<Vec<Listed>, Error> {
        let rows = self.connection.rows::<ListedColumns, ListedValues>(
            "SELECT h.handle, h.target, h.person, h.created_us FROM handle h JOIN record r ON r.id = h.target \
             WHERE h.agency = ? AND h.kind = ? AND r.custodian = ? \
             AND EXISTS (SELECT 1 FROM record_version v WHERE v.record = r.id AND v.recorded_us >= ?) \
             ORDER BY h.created_us, h.handle",
            &[
                Bind::Text(agency.as_str()),
                Bind::Text(kind.code()),
                Bind::Text(agency.as_str()),
                Bind::Int(since_us),
            ],
        )?;
        rows.into_iter().map(listed).collect()
    }

    /// The place of a closed case in the order in which leavers of a quarter are drawn: nobody can foresee or choose it, and it is the same each
    /// time.
    pub fn leaver_place(&self, agency: &AgencyId, quarter: &str, case: RecordId) -> Token {
        let parts = [agency.as_str().as_bytes(), quarter.as_bytes(), case.as_bytes()];
        self.keys().index().token("scorecard/leavers", &parts)
    }

    /// Whether an agency that took part before a moment has neither handed in a scorecard of the quarter that ended then, nor a task
    /// that says so. Tells nothing else.
    ///
    /// # Errors
    /// When the database fails.
    pub fn scorecard_waits(
        &mut self,
        agency: &AgencyId,
        quarter: &str,
        ended_us: i64,
    ) -> Result<bool, Error> {
        let took_part = self.connection.rows::<(Binary,), (Vec<u8>,)>(
            "SELECT entry_id FROM agency_version WHERE agency = ? AND version = 1",
            &[Bind::Text(agency.as_str())],
        )?;
        let is_before = |(entry,): &(Vec<u8>,)| {
            let id: [u8; 16] = id_bytes(entry)?;
            Ok::<bool, Error>(EntryId::from_bytes(id).millisecond().saturating_mul(1_000) < ended_us)
        };
        if !took_part.first().map_or(Ok(false), is_before)? {
            return Ok(false);
        }
        let record = self.scorecard_of(agency, quarter);
        let found = self.connection.rows::<(BigInt,), (i64,)>(
            "SELECT count(*) FROM scorecard WHERE agency = ? AND quarter = ? \
             UNION ALL SELECT count(*) FROM task WHERE agency = ? AND kind = ? AND record = ? AND state = 'open'",
            &[
                Bind::Text(agency.as_str()),
                Bind::Text(quarter),
                Bind::Text(agency.as_str()),
                Bind::Text(TaskKind::HandInScorecard.code()),
                Bind::Bytes(record.as_bytes()),
            ],
        )?;
        Ok(found.iter().all(|(count,)| *count == 0))
    }
}
