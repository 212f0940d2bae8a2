//! The rows of a change as the writer applies them: in one transaction with their entry, or not at all.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::backend::AnyConnection;
use super::budget::{self, Spend};
use super::erasure::Erasure;
use super::event::NewEvent;
use super::handle::HandleRow;
use super::keys::DataKeyRow;
use super::parts::VersionRow;
use super::record::RecordRow;
use super::recovery::Recovery;
use super::setting::{self, SettingRow};
use super::task::TaskChange;
use super::{Error, epoch, schema};
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
    /// A match token of a client record.
    MatchToken(MatchTokenRow),
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
    /// What an agency is told.
    Event(NewEvent),
    /// What becomes of a task.
    Task(Box<TaskChange>),
}

/// A person as stored: an id and nothing else.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = schema::person)]
pub struct PersonRow {
    pub(crate) id: Vec<u8>,
    pub(crate) created_us: i64,
}

/// A match token as stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = schema::match_token)]
pub struct MatchTokenRow {
    pub(crate) token: Vec<u8>,
    pub(crate) record: Vec<u8>,
    pub(crate) person: Vec<u8>,
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
        let mut ordinals = 0_i64..;
        let mut put = |event: &NewEvent, connection: &mut AnyConnection| {
            event.put(connection, place, ordinals.next().unwrap_or(i64::MAX))
        };
        for write in &self.writes {
            match write {
                Write::DataKey(row) => insert(connection, row.insert_into(schema::data_key::table))?,
                Write::Person(row) => insert(connection, row.insert_into(schema::person::table))?,
                Write::Identity(row) => insert(connection, row.insert_into(schema::person_identity::table))?,
                Write::MatchToken(row) => insert(connection, row.insert_into(schema::match_token::table))?,
                Write::Record(row) => insert(connection, row.insert_into(schema::record::table))?,
                Write::Version(row) => insert(connection, row.insert_into(schema::record_version::table))?,
                Write::Handle(row) => insert(connection, row.insert_into(schema::handle::table))?,
                Write::Agency(row) => insert(connection, row.insert_into(schema::agency_version::table))?,
                Write::Setting(row) => setting::put(connection, row)?,
                Write::Budget(spend) => budget::spend(connection, spend)?,
                Write::Event(event) => put(event, connection)?,
                Write::Task(change) => {
                    if let Some(event) = change.apply(connection)? {
                        put(event, connection)?;
                    }
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
