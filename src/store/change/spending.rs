//! What a change spends of a budget.

use jiff::Timestamp;

use super::Changes;
use crate::store::budget::Spend;
use crate::store::write::Write;
use crate::store::{Error, Snapshot};

impl Changes {
    /// Spends one of a budget that is counted until this moment; answers whether there was one left. The writer compares again:
    /// of several who spend the last one at once, the others are prepared anew and find it spent.
    ///
    /// # Errors
    /// When the database fails.
    pub fn budget_spend(
        &mut self,
        tx: &mut Snapshot<'_>,
        of: (&'static str, &[&[u8]]),
        limit: u32,
        until: Timestamp,
    ) -> Result<bool, Error> {
        let spend = Spend {
            scope: tx.keys().index().token(of.0, of.1),
            limit: i64::from(limit),
            expires_us: until.as_microsecond(),
        };
        if tx.budget_spent(&spend.scope)? >= spend.limit {
            return Ok(false);
        }
        self.writes.push(Write::Budget(spend.clone()));
        self.spends.push(spend);
        Ok(true)
    }
}
