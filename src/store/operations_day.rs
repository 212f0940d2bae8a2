//! Days on which police expect that many will need a service at once. They are about nobody.

use diesel::sql_types::{BigInt, Binary, Text};
use jiff::civil::Date;

use super::backend::{AnyConnection, Bind};
use super::change::Changes;
use super::handle::handle_bytes;
use super::write::Write;
use super::{Error, Snapshot};
use crate::id::{AgencyId, Handle};

/// A day as one service is told of it.
#[derive(Debug, Clone)]
pub struct DayRow {
    /// What the service calls it.
    pub id: Handle,
    /// Who announced it.
    pub agency: AgencyId,
    /// The service that is told.
    pub service: AgencyId,
    /// The day.
    pub day: Date,
    /// How many are expected.
    pub expected: i64,
}

impl DayRow {
    pub(super) fn put(&self, connection: &mut AnyConnection, created_us: i64) -> Result<(), Error> {
        connection.run(
            "INSERT INTO operations_day (id, agency, service, day, expected, created_us) VALUES (?, ?, ?, ?, ?, ?)",
            &[
                Bind::Bytes(self.id.as_bytes()),
                Bind::Text(self.agency.as_str()),
                Bind::Text(self.service.as_str()),
                Bind::Text(&self.day.to_string()),
                Bind::Int(self.expected),
                Bind::Int(created_us),
            ],
        )?;
        Ok(())
    }
}

/// Takes away what was announced of all days before one.
pub(super) fn forget(connection: &mut AnyConnection, before: Date) -> Result<(), Error> {
    connection.run("DELETE FROM operations_day WHERE day < ?", &[Bind::Text(&before.to_string())])?;
    Ok(())
}

impl Changes {
    /// Announces a day to a service.
    pub fn operations_day_put(&mut self, row: DayRow) {
        let created_us = self.now().as_microsecond();
        self.push(Write::OperationsDay(row, created_us));
    }

    /// Takes away what was announced of all days before one.
    pub fn operations_days_forget(&mut self, before: Date) {
        self.push(Write::OperationsDaysPast(before));
    }
}

type Columns = (Binary, Text, Text, Text, BigInt);
type Values = (Vec<u8>, String, String, String, i64);

impl Snapshot<'_> {
    /// The days that were announced to a service, from a day on, the next first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn operations_days(&mut self, service: &AgencyId, from: Date) -> Result<Vec<DayRow>, Error> {
        self.connection
            .rows::<Columns, Values>(
                "SELECT id, agency, service, day, expected FROM operations_day WHERE service = ? AND day >= ? \
                 ORDER BY day, created_us, id",
                &[Bind::Text(service.as_str()), Bind::Text(&from.to_string())],
            )?
            .into_iter()
            .map(|(id, agency, service, day, expected)| {
                let malformed = || Error::Corrupt("an agency's id is malformed");
                Ok(DayRow {
                    id: handle_bytes(&id)?,
                    agency: agency.parse().map_err(|_| malformed())?,
                    service: service.parse().map_err(|_| malformed())?,
                    day: day.parse().map_err(|_| Error::Corrupt("a day is malformed"))?,
                    expected,
                })
            })
            .collect()
    }

    /// Whether anything is kept of a day before this one. Tells nothing else.
    ///
    /// # Errors
    /// When the database fails.
    pub fn operations_days_before(&mut self, day: Date) -> Result<bool, Error> {
        let rows = self.connection.rows::<(Binary,), (Vec<u8>,)>(
            "SELECT id FROM operations_day WHERE day < ? LIMIT 1",
            &[Bind::Text(&day.to_string())],
        )?;
        Ok(!rows.is_empty())
    }

    /// How many of a team's slots are free from one moment until before another.
    ///
    /// # Errors
    /// When the database fails.
    pub fn slots_free_of(&mut self, agency: &AgencyId, from_us: i64, until_us: i64) -> Result<i64, Error> {
        let rows = self.connection.rows::<(BigInt,), (i64,)>(
            "SELECT count(*) FROM slot WHERE agency = ? AND state = 'free' AND at_us >= ? AND at_us < ?",
            &[Bind::Text(agency.as_str()), Bind::Int(from_us), Bind::Int(until_us)],
        )?;
        Ok(rows.into_iter().next().map_or(0, |(count,)| count))
    }
}
