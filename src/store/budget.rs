//! Budgets: what may be done so often in a day, counted where all gateways see it, in the transaction of what is counted.

use std::collections::BTreeMap;

use diesel::sql_types::BigInt;

use super::backend::{AnyConnection, Bind};
use super::{Error, Snapshot};
use crate::crypto::Token;

/// One of a budget, spent by a change.
#[derive(Debug, Clone)]
pub struct Spend {
    /// Whose budget, of which day: a keyed token.
    pub(crate) scope: Token,
    /// How much there is of it.
    pub(crate) limit: i64,
    /// When it no longer counts.
    pub(crate) expires_us: i64,
}

/// What was spent of each of these budgets.
pub(crate) fn load<'a>(
    connection: &mut AnyConnection,
    spends: impl IntoIterator<Item = &'a Spend>,
) -> Result<BTreeMap<Token, i64>, Error> {
    let mut spent = BTreeMap::new();
    for Spend { scope, .. } in spends {
        if !spent.contains_key(scope) {
            spent.insert(*scope, spent_of(connection, scope)?);
        }
    }
    Ok(spent)
}

fn spent_of(connection: &mut AnyConnection, scope: &Token) -> Result<i64, Error> {
    let row = connection
        .rows::<(BigInt,), (i64,)>("SELECT spent FROM budget WHERE scope = ?", &[Bind::Bytes(scope)])?
        .pop();
    Ok(row.map_or(0, |(spent,)| spent))
}

/// Spends one.
pub(crate) fn spend(connection: &mut AnyConnection, spend: &Spend) -> Result<(), Error> {
    connection.run(
        "INSERT INTO budget (scope, spent, expires_us) VALUES (?, 1, ?) \
         ON CONFLICT (scope) DO UPDATE SET spent = budget.spent + 1",
        &[Bind::Bytes(&spend.scope), Bind::Int(spend.expires_us)],
    )?;
    Ok(())
}

/// Removes those whose day is over.
pub(crate) fn sweep(connection: &mut AnyConnection, now_us: i64) -> Result<(), Error> {
    connection.run("DELETE FROM budget WHERE expires_us <= ?", &[Bind::Int(now_us)])?;
    Ok(())
}

impl Snapshot<'_> {
    /// What was spent of a budget.
    ///
    /// # Errors
    /// When the database fails.
    pub fn budget_spent(&mut self, scope: &Token) -> Result<i64, Error> {
        spent_of(self.connection, scope)
    }
}
