//! How usual the values are that matching compares, by keyed token: exact for the rare, and a rough count for the usual.
//!
//! A counter moves up by chance, the more seldom the higher it stands, so that it needs neither the values nor an exact count of
//! them; a table of exact counts would give frequent names away to whoever can count them elsewhere.

use std::collections::BTreeMap;

use diesel::sql_types::BigInt;
use ring::rand::{SecureRandom as _, SystemRandom};

use super::backend::AnyConnection;
use super::change::Changes;
use super::match_index::Numbers;
use super::write::Write;
use super::{Error, Snapshot};

/// Up to this level a counter is exact.
const EXACT: i64 = 32;

/// The levels of counters, those that stand at nothing left out.
pub type Levels = BTreeMap<i64, i64>;

/// What a counter at this level has counted, about. Each level above the exact ones is three sixteenths more.
pub fn count_at(level: i64) -> u32 {
    let exact = u32::try_from(level.clamp(0, EXACT)).unwrap_or(0);
    (EXACT..level).fold(exact, |count, _| count.saturating_add(count / 16 * 3 + count % 16 * 3 / 16))
}

/// Whether a counter at this level moves up by one more.
fn moves_up(level: i64) -> bool {
    let step = u64::from(count_at(level.saturating_add(1)) - count_at(level)).max(1);
    let mut random = [0; 8];
    // Without random numbers nothing else would work either.
    SystemRandom::new().fill(&mut random).is_ok() && u64::from_be_bytes(random) % step == 0
}

impl Snapshot<'_> {
    /// How usual the values of these tokens are.
    ///
    /// # Errors
    /// When the database fails.
    pub fn frequencies(&mut self, terms: &[i64]) -> Result<Levels, Error> {
        let bound = Numbers::new(terms);
        let sql = self.connection.either([
            "SELECT term, level FROM match_frequency WHERE term = ANY(?)",
            "SELECT term, level FROM match_frequency WHERE term IN (SELECT value FROM json_each(?))",
        ]);
        let binds = [bound.bind(self.connection.is_postgres())];
        Ok(self.connection.rows::<(BigInt, BigInt), (i64, i64)>(sql, &binds)?.into_iter().collect())
    }
}

impl Changes {
    /// Counts one more of each of these, which stand at these levels.
    pub fn terms_count(&mut self, terms: impl IntoIterator<Item = i64>, levels: &Levels) {
        let level = |term: &i64| levels.get(term).copied().unwrap_or(0);
        let up = terms.into_iter().filter(|term| moves_up(level(term))).collect();
        self.push(Write::FrequenciesUp(up));
    }

    /// The same of many people at once, each after the other.
    pub fn terms_count_all(&mut self, terms: impl IntoIterator<Item = i64>, levels: &mut Levels) {
        let mut up: BTreeMap<i64, i64> = BTreeMap::new();
        for term in terms {
            let level = levels.entry(term).or_insert(0);
            if moves_up(*level) {
                *level = level.saturating_add(1);
                *up.entry(term).or_default() += 1;
            }
        }
        // A statement moves each counter by one.
        while !up.is_empty() {
            self.push(Write::FrequenciesUp(up.keys().copied().collect()));
            up.retain(|_, more| {
                *more -= 1;
                *more > 0
            });
        }
    }

    /// Counts one less of each of these, of whom it is said no more: as many of a level go down as came up to it.
    pub fn terms_discount(&mut self, terms: impl IntoIterator<Item = i64>, levels: &Levels) {
        let level = |term: &i64| levels.get(term).copied().unwrap_or(0);
        let down = terms.into_iter().filter(|term| moves_up(level(term).saturating_sub(1))).collect();
        self.push(Write::FrequenciesDown(down));
    }
}

/// Moves counters up.
pub(super) fn up(connection: &mut AnyConnection, terms: &[i64]) -> Result<(), Error> {
    let bound = Numbers::new(terms);
    let sql = connection.either([
        "INSERT INTO match_frequency (term, level) SELECT DISTINCT q.term, 1 FROM unnest(?::bigint[]) AS q (term) \
         ON CONFLICT (term) DO UPDATE SET level = match_frequency.level + 1",
        "INSERT INTO match_frequency (term, level) SELECT DISTINCT value, 1 FROM json_each(?) WHERE true \
         ON CONFLICT (term) DO UPDATE SET level = level + 1",
    ]);
    connection.run(sql, &[bound.bind(connection.is_postgres())])?;
    Ok(())
}

/// Moves counters down, and takes away those that have come to nothing: that a name is not borne any more must not show.
pub(super) fn down(connection: &mut AnyConnection, terms: &[i64]) -> Result<(), Error> {
    let bound = Numbers::new(terms);
    for sql in [
        [
            "UPDATE match_frequency SET level = level - 1 WHERE term = ANY(?)",
            "UPDATE match_frequency SET level = level - 1 WHERE term IN (SELECT value FROM json_each(?))",
        ],
        [
            "DELETE FROM match_frequency WHERE level <= 0 AND term = ANY(?)",
            "DELETE FROM match_frequency WHERE level <= 0 AND term IN (SELECT value FROM json_each(?))",
        ],
    ] {
        let sql = connection.either(sql);
        connection.run(sql, &[bound.bind(connection.is_postgres())])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_exact_for_the_rare_and_grows_by_a_fifth_for_the_usual() {
        assert_eq!((0..=EXACT).map(count_at).collect::<Vec<_>>(), (0..=32).collect::<Vec<_>>());
        for level in EXACT..90 {
            let (now, next) = (f64::from(count_at(level)), f64::from(count_at(level + 1)));
            assert!((1.1..1.25).contains(&(next / now)), "{level}: {now} {next}");
        }
    }

    #[test]
    fn a_counter_comes_near_to_what_it_counts() {
        let mut level = 0;
        for _ in 0..20_000 {
            level += i64::from(moves_up(level));
        }
        let counted = f64::from(count_at(level));
        assert!((6_000.0..60_000.0).contains(&counted), "{counted}");
    }
}
