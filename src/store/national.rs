//! Whether a team has still to be asked for the national return of a month. It is no record, and about nobody.

use diesel::sql_types::BigInt;

use super::backend::Bind;
use super::record::Kind;
use super::{Error, Snapshot};
use crate::id::{AgencyId, RecordId};
use crate::vocabulary::TaskKind;

impl Snapshot<'_> {
    /// What the task to make the return of a month is about.
    pub fn national_return_of(&self, agency: &AgencyId, month: &str) -> RecordId {
        let parts = [agency.as_str().as_bytes(), month.as_bytes()];
        RecordId::from_bytes(self.keys().index().token("task/national-return", &parts))
    }

    /// Whether an agency took down any consent to a return, and was not yet asked for the return of a month. Tells nothing else.
    ///
    /// # Errors
    /// When the database fails.
    pub fn national_return_waits(&mut self, agency: &AgencyId, month: &str) -> Result<bool, Error> {
        let record = self.national_return_of(agency, month);
        let found = self.connection.rows::<(BigInt,), (i64,)>(
            "SELECT (SELECT count(*) FROM (SELECT handle FROM handle WHERE agency = ? AND kind = ? LIMIT 1) AS held) \
             - (SELECT count(*) FROM task WHERE agency = ? AND kind = ? AND record = ?)",
            &[
                Bind::Text(agency.as_str()),
                Bind::Text(Kind::ReturnConsent.code()),
                Bind::Text(agency.as_str()),
                Bind::Text(TaskKind::MakeNationalReturn.code()),
                Bind::Bytes(record.as_bytes()),
            ],
        )?;
        Ok(found.iter().any(|(waiting,)| *waiting > 0))
    }
}
