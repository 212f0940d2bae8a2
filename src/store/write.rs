//! The rows of a change as the writer applies them: in one transaction with their entry, or not at all.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::backend::{AnyConnection, Bind};
use super::budget::{self, Spend};
use super::erasure::Erasure;
use super::event::{self, NewEvent};
use super::handle::HandleRow;
use super::keys::DataKeyRow;
use super::match_index::Numbers;
use super::parts::VersionRow;
use super::record::RecordRow;
use super::recovery::Recovery;
use super::setting::{self, SettingRow};
use super::task::TaskChange;
use super::{Error, epoch, match_frequency, operations_day, schema};
use crate::id::{PersonId, RecordId};
use crate::policy::facts::Epoch;

/// One prepared row.
#[derive(Debug, Clone)]
pub enum Write {
    /// A new data key.
    DataKey(DataKeyRow),
    /// A person.
    Person(PersonRow),
    /// To which cluster a person belongs.
    Identity(super::identity::IdentityRow),
    /// What becomes of the tokens of a client record.
    MatchTokens(MatchTokens),
    /// Counters of values that move up.
    FrequenciesUp(Vec<i64>),
    /// Counters of values that move down.
    FrequenciesDown(Vec<i64>),
    /// A version of what is known of two persons.
    Pair(super::match_pair::PairRow),
    /// Nothing, in as many statements: what is not written must take as long as what is.
    Nothing(usize),
    /// A record.
    Record(RecordRow),
    /// A version of a record.
    Version(VersionRow),
    /// A handle.
    Handle(HandleRow),
    /// A version of an agency.
    Agency(super::directory::AgencyRow),
    /// A setting.
    Setting(SettingRow),
    /// One of a budget.
    Budget(Spend),
    /// What becomes of a slot.
    Slot(super::slot::SlotChange),
    /// A day that is announced to a service.
    OperationsDay(super::operations_day::DayRow, i64),
    /// A scorecard that an agency handed in.
    Scorecard(super::scorecard::ScorecardRow),
    /// That what was announced of days before this one is forgotten.
    OperationsDaysPast(jiff::civil::Date),
    /// What an agency is told.
    Event(NewEvent),
    /// What becomes of a task.
    Task(Box<TaskChange>),
}

impl Write {
    /// In how many statements it is written.
    pub(super) const fn statements(&self) -> usize {
        match self {
            Self::MatchTokens(_) | Self::FrequenciesDown(_) => 2,
            Self::Nothing(statements) => *statements,
            _ => 1,
        }
    }
}

/// A person as stored: an id and nothing else.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = schema::person, treat_none_as_default_value = false)]
pub struct PersonRow {
    pub(crate) id: Vec<u8>,
    pub(crate) created_us: i64,
}

/// What becomes of the tokens under which a client record is found.
#[derive(Debug, Clone)]
pub struct MatchTokens {
    pub(crate) record: RecordId,
    pub(crate) person: PersonId,
    pub(crate) new: Vec<i64>,
    pub(crate) gone: Vec<i64>,
}

impl MatchTokens {
    fn apply(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        let Self { record, person, new, gone } = self;
        let (record, person) = (Bind::Bytes(record.as_bytes()), Bind::Bytes(person.as_bytes()));
        let (new, gone) = (Numbers::new(new), Numbers::new(gone));
        let is_postgres = connection.is_postgres();
        let put = connection.either([
            "INSERT INTO match_token (record, person, token) SELECT ?, ?, q.token FROM unnest(?::bigint[]) AS q (token) \
             ON CONFLICT DO NOTHING",
            "INSERT INTO match_token (record, person, token) SELECT ?, ?, value FROM json_each(?) WHERE true \
             ON CONFLICT DO NOTHING",
        ]);
        connection.run(put, &[record, person, new.bind(is_postgres)])?;
        let take = connection.either([
            "DELETE FROM match_token WHERE record = ? AND token = ANY(?)",
            "DELETE FROM match_token WHERE record = ? AND token IN (SELECT value FROM json_each(?))",
        ]);
        connection.run(take, &[record, gone.bind(is_postgres)])?;
        Ok(())
    }
}

/// A change, ready for the writer.
#[derive(Debug, Default)]
pub(crate) struct Prepared {
    pub(crate) writes: Vec<Write>,
    pub(crate) rests_on: Vec<Epoch>,
    /// What it spends of budgets, and can only while there is some left.
    pub(crate) spends: Vec<Spend>,
    pub(crate) bumps: BTreeSet<Vec<u8>>,
    /// What is taken away once the batch's entries are in the log.
    pub(crate) erasure: Option<Erasure>,
    /// The end of the log that is written to, before anything is appended to the next one.
    pub(crate) recovery: Option<Recovery>,
}

impl Prepared {
    /// Whether an agency may be told something with it.
    pub(crate) fn tells(&self) -> bool {
        self.writes.iter().any(|write| match write {
            Write::Event(_) => true,
            Write::Task(change) => matches!(**change, TaskChange::Raise { .. }),
            _ => false,
        })
    }

    /// Writes the rows and moves the scopes on. Within the writer's transaction, after the epochs were compared; `place` is the
    /// position of the entry that records it.
    pub(crate) fn apply(&self, connection: &mut AnyConnection, place: i64) -> Result<(), Error> {
        let mut told = 0_i64;
        let mut put = |events: &[&NewEvent], connection: &mut AnyConnection| {
            let first = told;
            told = told.saturating_add(i64::try_from(events.len()).unwrap_or(i64::MAX));
            event::put(connection, (place, first), events)
        };
        for write in &self.writes {
            match write {
                Write::DataKey(row) => insert(connection, row.insert_into(schema::data_key::table))?,
                Write::Person(row) => insert(connection, row.insert_into(schema::person::table))?,
                Write::Identity(row) => insert(connection, row.insert_into(schema::person_identity::table))?,
                Write::MatchTokens(tokens) => tokens.apply(connection)?,
                Write::FrequenciesUp(terms) => match_frequency::up(connection, terms)?,
                Write::FrequenciesDown(terms) => match_frequency::down(connection, terms)?,
                Write::Pair(row) => insert(connection, row.insert_into(schema::match_pair::table))?,
                Write::Nothing(statements) => {
                    for _ in 0..*statements {
                        connection.run("SELECT 1", &[])?;
                    }
                }
                Write::Record(row) => insert(connection, row.insert_into(schema::record::table))?,
                Write::Version(row) => insert(connection, row.insert_into(schema::record_version::table))?,
                Write::Handle(row) => insert(connection, row.insert_into(schema::handle::table))?,
                Write::Agency(row) => insert(connection, row.insert_into(schema::agency_version::table))?,
                Write::Setting(row) => setting::put(connection, row)?,
                Write::Slot(change) => change.apply(connection)?,
                Write::OperationsDay(row, created_us) => row.put(connection, *created_us)?,
                Write::Scorecard(row) => row.put(connection)?,
                Write::OperationsDaysPast(before) => operations_day::forget(connection, *before)?,
                Write::Budget(spend) => budget::spend(connection, spend)?,
                Write::Event(event) => put(&[event], connection)?,
                Write::Task(change) => {
                    let events = change.apply(connection)?;
                    put(&events, connection)?;
                }
            }
        }
        for scope in &self.bumps {
            epoch::bump(connection, scope)?;
        }
        Ok(())
    }
}

fn insert<S>(connection: &mut AnyConnection, statement: S) -> Result<(), Error>
where
    S: diesel::query_dsl::methods::ExecuteDsl<AnyConnection> + diesel::RunQueryDsl<AnyConnection>,
{
    statement.execute(connection)?;
    Ok(())
}
