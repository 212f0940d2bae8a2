//! What is asked about broken glass: whether it is open to a worker, and which waits to be closed or was not reviewed.

use diesel::sql_types::{Binary, Text};
use jiff::{SignedDuration, Timestamp};

use super::backend::Bind;
use super::record::{Kind, document};
use super::{Error, Snapshot, id_bytes};
use crate::domain::break_glass::model::BreakGlassRecord;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::identity::principal::Principal;
use crate::policy::action::SystemSweep;
use crate::policy::facts::Gathered;
use crate::policy::permit::Permit;

/// After how long a review that nobody did goes to the Caldicott guardian.
const REVIEWED_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The one whose hour is over for longest.
pub const TO_CLOSE: &str = "SELECT agency, record, person FROM task WHERE state = 'open' AND kind = 'end-break-glass' AND due_us <= ? \
     ORDER BY due_us, id LIMIT 1";
/// The one that has waited for its review for longest.
pub const UNREVIEWED: &str = "SELECT agency, record, person FROM task WHERE state = 'open' AND kind = 'review-break-glass' \
     AND created_us <= ? ORDER BY created_us, id LIMIT 1";

/// What a broken glass waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GlassWait {
    /// Its hour is over, and nobody closed it.
    HourOver,
    /// An agency did not review it within seven days.
    Unreviewed,
}

/// A broken glass with which the gateway itself has something to do.
#[derive(Debug, Clone)]
pub struct GlassDue {
    /// What.
    pub wait: GlassWait,
    /// Whose task it was.
    pub agency: AgencyId,
    /// The record.
    pub record: RecordId,
    /// Whom it is about.
    pub person: PersonId,
}

impl Snapshot<'_> {
    /// Gathers whether the record that is asked for is open to this worker: what was opened itself, or one of the records behind it.
    pub(super) fn gather_glass(
        &mut self,
        gathered: &mut Gathered,
        principal: &Principal,
        (kind, record): (Kind, RecordId),
        person: PersonId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let broken = match kind {
            Kind::BreakGlass => self.body(record)?.into_iter().collect(),
            _ => self.bodies_of_person(person, Kind::BreakGlass)?,
        };
        for part in broken {
            let broken = document::<BreakGlassRecord>(part)?.value;
            let is_meant = kind == Kind::BreakGlass || broken.opens(record);
            if is_meant && broken.is_open_to(&principal.agency, &principal.worker, now) {
                gathered.glass_broken = true;
                gathered.valid_until = gathered.valid_until.max(Some(broken.until()));
            }
        }
        Ok(())
    }

    /// The broken glass with which the gateway itself has something to do for longest.
    ///
    /// # Errors
    /// When the database fails.
    pub fn glass_due(&mut self, _: &Permit<SystemSweep>, now: Timestamp) -> Result<Option<GlassDue>, Error> {
        self.next_glass(now)
    }

    /// Whether there is one. Tells nothing else.
    ///
    /// # Errors
    /// When the database fails.
    pub fn glass_waits(&mut self, now: Timestamp) -> Result<bool, Error> {
        Ok(self.next_glass(now)?.is_some())
    }

    fn next_glass(&mut self, now: Timestamp) -> Result<Option<GlassDue>, Error> {
        let unreviewed_since = now.saturating_sub(REVIEWED_WITHIN).unwrap_or(Timestamp::MIN);
        let looks =
            [(TO_CLOSE, now, GlassWait::HourOver), (UNREVIEWED, unreviewed_since, GlassWait::Unreviewed)];
        for (sql, moment, wait) in looks {
            type Values = (String, Vec<u8>, Vec<u8>);
            let binds = [Bind::Int(moment.as_microsecond())];
            let row = self.connection.rows::<(Text, Binary, Binary), Values>(sql, &binds)?.pop();
            if let Some((agency, record, person)) = row {
                return Ok(Some(GlassDue {
                    wait,
                    agency: agency.parse().map_err(|_| Error::Corrupt("a task's agency is malformed"))?,
                    record: RecordId::from_bytes(id_bytes(&record)?),
                    person: PersonId::from_bytes(id_bytes(&person)?),
                }));
            }
        }
        Ok(None)
    }
}
