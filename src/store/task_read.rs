//! Reading tasks: an agency's lists, each a walk along an index, one task by its handle, and what the sweep must raise.

use diesel::sql_types::{BigInt, Binary, Text};
use jiff::Timestamp;

use super::backend::Bind;
use super::task::Holder;
use super::{Error, Snapshot, id_bytes};
use crate::id::{AgencyId, Handle, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::action::{Action, SystemSweep};
use crate::policy::permit::Permit;
use crate::vocabulary::{DutyRole, TaskKind, TaskLevel, TaskState};

/// An open task as it is read back. What it is about stays behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTask {
    /// What the agency calls it.
    pub id: Handle,
    /// The duty it belongs to.
    pub duty: DutyRole,
    /// Who holds it, where it is one worker.
    pub holder: Option<Holder>,
    /// What there is to do.
    pub kind: TaskKind,
    /// Where it is done.
    pub subject: String,
    /// By when, in microseconds since the epoch.
    pub due_us: i64,
    /// How far it has gone up.
    pub level: TaskLevel,
    /// Where it stands.
    pub state: TaskState,
}

/// One stretch of an index: what a list is put together from.
#[derive(Debug, Clone, Copy)]
pub enum Stretch {
    /// All of the agency's.
    Agency,
    /// Those of a duty that lie with whoever is on duty, or with this worker.
    Duty(DutyRole, Option<Holder>),
    /// Those that went up to the team manager.
    Escalated,
}

/// The place of a task in a list: by when it is due, and then its handle.
pub type TaskPlace = (i64, Handle);

type Columns = (Binary, Text, Binary, Text, Text, BigInt, BigInt, Text);
type Values = (Vec<u8>, String, Vec<u8>, String, String, i64, i64, String);

macro_rules! tasks {
    ($which:literal) => {
        concat!("SELECT id, duty, worker, kind, subject, due_us, level, state FROM task WHERE ", $which)
    };
}

/// The statements of the lists, which a test holds against the indexes.
pub const AGENCY_LIST: &str = tasks!(
    "agency = ? AND state = 'open' AND (due_us, id) > (?, ?) AND due_us < ? ORDER BY due_us, id LIMIT ?"
);
/// As above, of one duty and holder.
pub const HOLDER_LIST: &str = tasks!(
    "agency = ? AND duty = ? AND worker = ? AND state = 'open' AND (due_us, id) > (?, ?) AND due_us < ? \
     ORDER BY due_us, id LIMIT ?"
);
/// As above, of several at once, each a walk of its own: where each statement is a way over the network. PostgreSQL only.
pub const HOLDERS_LIST: &str = concat!(
    "SELECT t.* FROM unnest(?::text[], ?::bytea[]) AS held (duty, worker) CROSS JOIN LATERAL (",
    tasks!(
        "agency = ? AND duty = held.duty AND worker = held.worker AND state = 'open' AND (due_us, id) > (?, ?) \
         AND due_us < ? ORDER BY due_us, id LIMIT ?"
    ),
    ") t"
);
/// As above, of what went up. That was due before now, so the walk ends there.
pub const ESCALATED_LIST: &str = tasks!(
    "agency = ? AND state = 'open' AND level = 2 AND (due_us, id) > (?, ?) AND due_us < ? \
     ORDER BY due_us, id LIMIT ?"
);
/// What the deputy must be told of.
pub const TO_REMIND: &str = "SELECT id, agency, kind, due_us FROM task WHERE state = 'open' AND level = 0 AND remind_us <= ? \
     ORDER BY remind_us, id LIMIT ?";
/// What the team manager must be told of. A referral that was chased in vain has a step of its own.
pub const TO_ESCALATE: &str = "SELECT id, agency, kind, due_us FROM task WHERE state = 'open' AND level = 1 AND due_us <= ? \
     AND kind <> 'chase-referral' ORDER BY due_us, id LIMIT ?";
/// The referral that was chased in vain for longest.
pub const TO_EXPIRE: &str = "SELECT id, agency, record, person FROM task WHERE state = 'open' AND level = 1 AND due_us <= ? \
     AND kind = 'chase-referral' ORDER BY due_us, id LIMIT 1";

impl Snapshot<'_> {
    /// A page of an agency's open tasks after a place, those due first first, from one stretch or several.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tasks_read<A: Action>(
        &mut self,
        permit: &Permit<A>,
        agency: &AgencyId,
        stretches: &[Stretch],
        page: &TaskPage,
    ) -> Result<Sealed<Vec<StoredTask>>, Error> {
        let (after_us, after) = page.after;
        let of = Bind::Text(agency.as_str());
        let [a, b, c, d] = [
            Bind::Int(after_us),
            Bind::Bytes(after.as_bytes()),
            Bind::Int(page.due_before_us),
            Bind::Int(page.limit),
        ];
        let mut rows: Vec<Values> = Vec::new();
        let (mut duties, mut workers): (Vec<&str>, Vec<&[u8]>) = (Vec::new(), Vec::new());
        for stretch in stretches {
            match stretch {
                Stretch::Agency => {
                    rows.extend(self.connection.rows::<Columns, _>(AGENCY_LIST, &[of, a, b, c, d])?)
                }
                Stretch::Escalated => {
                    let c = Bind::Int(page.due_before_us.min(page.now_us));
                    rows.extend(self.connection.rows::<Columns, _>(ESCALATED_LIST, &[of, a, b, c, d])?);
                }
                Stretch::Duty(duty, holder) => {
                    duties.push(duty.code());
                    workers.push(holder.as_ref().map_or(&[], |Holder(token)| token));
                }
            }
        }
        if duties.is_empty() {
            // Nothing of a duty is asked for.
        } else if self.connection.is_postgres() {
            let held = [Bind::TextArray(&duties), Bind::BytesArray(&workers), of, a, b, c, d];
            rows.extend(self.connection.rows::<Columns, _>(HOLDERS_LIST, &held)?);
        } else {
            for (duty, worker) in duties.iter().zip(&workers) {
                let held = [of, Bind::Text(duty), Bind::Bytes(worker), a, b, c, d];
                rows.extend(self.connection.rows::<Columns, _>(HOLDER_LIST, &held)?);
            }
        }
        let mut tasks = rows.into_iter().map(stored).collect::<Result<Vec<StoredTask>, Error>>()?;
        tasks.sort_unstable_by_key(|task| (task.due_us, task.id));
        // What was escalated may lie with the reader's own duty, too.
        tasks.dedup_by_key(|task| task.id);
        tasks.truncate(usize::try_from(page.limit).unwrap_or(usize::MAX));
        Ok(Sealed::new(permit, tasks))
    }

    /// One task of an agency's, open or not; `None` where it has none of that handle.
    ///
    /// # Errors
    /// When the database fails.
    pub fn task_read<A: Action>(
        &mut self,
        permit: &Permit<A>,
        agency: &AgencyId,
        id: Handle,
    ) -> Result<Option<Sealed<StoredTask>>, Error> {
        let binds = [Bind::Bytes(id.as_bytes()), Bind::Text(agency.as_str())];
        let row = self.connection.rows::<Columns, Values>(tasks!("id = ? AND agency = ?"), &binds)?.pop();
        row.map(|row| Ok(Sealed::new(permit, stored(row)?))).transpose()
    }

    /// With which duty and worker the open task of a kind about a record lies.
    ///
    /// # Errors
    /// When the database fails.
    pub fn task_lies_with(
        &mut self,
        agency: &AgencyId,
        kind: TaskKind,
        record: RecordId,
    ) -> Result<Option<(DutyRole, Option<Holder>)>, Error> {
        let row = self
            .connection
            .rows::<(Text, Binary), (String, Vec<u8>)>(
                "SELECT duty, worker FROM task WHERE agency = ? AND kind = ? AND record = ? AND state = 'open'",
                &[Bind::Text(agency.as_str()), Bind::Text(kind.code()), Bind::Bytes(record.as_bytes())],
            )?
            .pop();
        row.map(|(duty, worker)| Ok((duty_of(&duty)?, holder_of(&worker)?))).transpose()
    }

    /// The worker who holds a task of an agency's; `None` where it lies with whoever is on duty.
    ///
    /// # Errors
    /// When the database fails.
    pub fn task_holder_of(&mut self, agency: &AgencyId, id: Handle) -> Result<Option<Holder>, Error> {
        let row = self
            .connection
            .rows::<(Binary,), (Vec<u8>,)>(
                "SELECT worker FROM task WHERE id = ? AND agency = ?",
                &[Bind::Bytes(id.as_bytes()), Bind::Text(agency.as_str())],
            )?
            .pop();
        row.map_or(Ok(None), |(worker,)| holder_of(&worker))
    }

    /// Which tasks must go up now: those whose deputy must be told first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tasks_to_raise(
        &mut self,
        _: &Permit<SystemSweep>,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<ToRaise>, Error> {
        self.raising(now, limit)
    }

    /// Whether there is any task that must go a level up now. Tells nothing else.
    ///
    /// # Errors
    /// When the database fails.
    pub fn tasks_wait_to_be_raised(&mut self, now: Timestamp) -> Result<bool, Error> {
        Ok(!self.raising(now, 1)?.is_empty())
    }

    /// The referral that its sender has chased in vain for longest.
    ///
    /// # Errors
    /// When the database fails.
    pub fn referral_chased_in_vain(
        &mut self,
        _: &Permit<SystemSweep>,
        now: Timestamp,
    ) -> Result<Option<ChasedInVain>, Error> {
        self.chased_in_vain(now)
    }

    /// Whether there is one. Tells nothing else.
    ///
    /// # Errors
    /// When the database fails.
    pub fn referral_waits_to_expire(&mut self, now: Timestamp) -> Result<bool, Error> {
        Ok(self.chased_in_vain(now)?.is_some())
    }

    fn chased_in_vain(&mut self, now: Timestamp) -> Result<Option<ChasedInVain>, Error> {
        type Columns = (Binary, Text, Binary, Binary);
        type Values = (Vec<u8>, String, Vec<u8>, Vec<u8>);
        let binds = [Bind::Int(now.as_microsecond())];
        let row = self.connection.rows::<Columns, Values>(TO_EXPIRE, &binds)?.pop();
        row.map(|(task, sender, record, person)| {
            Ok(ChasedInVain {
                task: Handle::from_bytes(id_bytes(&task)?),
                sender: sender.parse().map_err(|_| Error::Corrupt("a task's agency is malformed"))?,
                record: RecordId::from_bytes(id_bytes(&record)?),
                person: PersonId::from_bytes(id_bytes(&person)?),
            })
        })
        .transpose()
    }

    fn raising(&mut self, now: Timestamp, limit: i64) -> Result<Vec<ToRaise>, Error> {
        type Columns = (Binary, Text, Text, BigInt);
        let now_us = now.as_microsecond();
        let mut raising = Vec::new();
        for (sql, from) in [(TO_REMIND, TaskLevel::Open), (TO_ESCALATE, TaskLevel::Deputy)] {
            let left = limit.saturating_sub(i64::try_from(raising.len()).unwrap_or(i64::MAX));
            let binds = [Bind::Int(now_us), Bind::Int(left)];
            for (id, agency, kind, due_us) in
                self.connection.rows::<Columns, (Vec<u8>, String, String, i64)>(sql, &binds)?
            {
                let to = if due_us <= now_us && kind != TaskKind::ChaseReferral.code() {
                    TaskLevel::Escalated
                } else {
                    TaskLevel::Deputy
                };
                raising.push(ToRaise {
                    id: Handle::from_bytes(id_bytes(&id)?),
                    agency: agency.parse().map_err(|_| Error::Corrupt("a task's agency is malformed"))?,
                    from,
                    to,
                });
            }
        }
        Ok(raising)
    }
}

/// A task that nobody did in time.
#[derive(Debug, Clone)]
pub struct ToRaise {
    /// Which.
    pub id: Handle,
    /// Whose.
    pub agency: AgencyId,
    /// From which level.
    pub from: TaskLevel,
    /// To which level: the manager's at once where both its times have passed.
    pub to: TaskLevel,
}

/// A referral that nobody moved although its sender chased it.
#[derive(Debug, Clone)]
pub struct ChasedInVain {
    /// The task of chasing it.
    pub task: Handle,
    /// Who sent it.
    pub sender: AgencyId,
    /// The referral.
    pub record: RecordId,
    /// Whom it is about.
    pub person: PersonId,
}

/// Which part of a list.
#[derive(Debug, Clone, Copy)]
pub struct TaskPage {
    /// After this place.
    pub after: TaskPlace,
    /// Now, in microseconds since the epoch.
    pub now_us: i64,
    /// Only what is due before this moment.
    pub due_before_us: i64,
    /// So many at most.
    pub limit: i64,
}

fn duty_of(code: &str) -> Result<DutyRole, Error> {
    code.parse().map_err(|_| Error::Corrupt("a duty is unknown"))
}

fn holder_of(column: &[u8]) -> Result<Option<Holder>, Error> {
    if column.is_empty() { Ok(None) } else { Ok(Some(Holder(id_bytes(column)?))) }
}

fn stored((id, duty, worker, kind, subject, due_us, level, state): Values) -> Result<StoredTask, Error> {
    Ok(StoredTask {
        id: Handle::from_bytes(id_bytes(&id)?),
        duty: duty_of(&duty)?,
        holder: holder_of(&worker)?,
        kind: kind.parse().map_err(|_| Error::Corrupt("a task is of no known kind"))?,
        subject,
        due_us,
        level: match level {
            0 => TaskLevel::Open,
            1 => TaskLevel::Deputy,
            2 => TaskLevel::Escalated,
            _ => return Err(Error::Corrupt("a task is on no level")),
        },
        state: state.parse().map_err(|_| Error::Corrupt("a task is in no state"))?,
    })
}
