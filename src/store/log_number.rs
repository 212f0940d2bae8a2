//! Where the entries of each of a database's logs lie in its tables: a recovery begins a new log behind the old one's place.
//!
//! The tables have one row a position. A log's number is the upper part of its positions, its entries' indices the lower one, so
//! the logs lie one after the other in one order, none of them is moved or rewritten when another begins, and whatever looks
//! through positions (a person's account, an auditor's list, an erasure) goes over all of them. The places are aligned to whole
//! tiles up to the highest level, so tiles are told apart the same way. The first log has the number 0: its positions are its
//! indices.

use super::Error;
use super::log::signed;

/// How many bits of a position are an index: 2^48 entries a log, and as many logs as nobody will ever recover.
const INDEX_BITS: u32 = 48;
/// Positions are not negative in the tables' signed numbers.
const MOST: u64 = 1 << (63 - INDEX_BITS);

/// The number of a log within its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogNumber(u64);

impl LogNumber {
    /// The log that a database begins with.
    pub const FIRST: Self = Self(0);

    /// The log of this number, as a column has it.
    pub(super) fn from_column(number: i64) -> Result<Self, Error> {
        u64::try_from(number)
            .ok()
            .filter(|number| *number < MOST)
            .map(Self)
            .ok_or(Error::Corrupt("no such log"))
    }

    /// Which log a position belongs to, and which index it is there.
    pub(crate) const fn of(position: u64) -> (Self, u64) {
        (Self(position >> INDEX_BITS), position & ((1 << INDEX_BITS) - 1))
    }

    /// The log that comes after it.
    pub(crate) fn next(self) -> Result<Self, Error> {
        let next = self.0 + 1;
        if next < MOST { Ok(Self(next)) } else { Err(Error::Corrupt("there are too many logs")) }
    }

    /// Counted from 1, as people are told.
    pub const fn ordinal(self) -> u64 {
        self.0 + 1
    }

    /// The number, as a column has it.
    pub(super) fn column(self) -> Result<i64, Error> {
        signed(self.0)
    }

    /// The position of an index, which may be the size.
    pub(crate) fn position(self, index: u64) -> Result<u64, Error> {
        let place = self.0 << INDEX_BITS;
        if index < 1 << INDEX_BITS { Ok(place + index) } else { Err(Error::Corrupt("the log is too long")) }
    }

    /// The same, as a column has it.
    pub(crate) fn at(self, index: u64) -> Result<i64, Error> {
        signed(self.position(index)?)
    }

    /// Where its positions end.
    pub(super) fn end(self) -> Result<i64, Error> {
        signed((self.0 + 1) << INDEX_BITS).or(Ok(i64::MAX))
    }

    /// The number of a tile among those of all logs at its level.
    pub(super) fn tile(self, level: u8, index: u64) -> Result<i64, Error> {
        let below = 8 * (u32::from(level) + 1);
        let first = index.checked_shl(below).filter(|first| below <= INDEX_BITS && first >> below == index);
        signed(self.position(first.ok_or(Error::Corrupt("the log is too long"))?)? >> below)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_log_lies_where_it_lay_before_there_were_several() {
        let first = LogNumber::FIRST;
        assert_eq!(first.at(4_711).unwrap(), 4_711);
        assert_eq!((first.tile(0, 18).unwrap(), first.tile(1, 3).unwrap()), (18, 3));
        assert_eq!((first.ordinal(), first.next().unwrap().ordinal()), (1, 2));
    }

    #[test]
    fn there_is_an_end_to_every_log_and_to_all_of_them() {
        let last = LogNumber(MOST - 1);
        assert!(last.at((1 << 48) - 1).is_ok() && last.next().is_err());
        assert!(LogNumber::FIRST.at(1 << 48).is_err());
        assert!(LogNumber::from_column(-1).is_err() && LogNumber::from_column(1 << 15).is_err());
        assert_eq!(last.end().unwrap(), i64::MAX);
    }

    proptest! {
        #[test]
        fn positions_of_logs_lie_in_their_order_and_lead_back(a in 0_u64..MOST, b in 0_u64..MOST, index in 0_u64..1 << 48) {
            let (one, other) = (LogNumber(a), LogNumber(b));
            prop_assert_eq!(LogNumber::of(one.position(index).unwrap()), (one, index));
            prop_assert!(one >= other || one.end().unwrap() <= other.at(0).unwrap());
            prop_assert!(one.at(index).unwrap() < one.end().unwrap());
        }

        #[test]
        fn no_two_logs_have_a_tile_in_common(a in 0_u64..1000, b in 0_u64..1000, level in 0_u8..6, bits in 0_u64..u64::MAX) {
            let count = 1_u64 << (48 - 8 * (u32::from(level) + 1));
            let (one, other) = (LogNumber(a).tile(level, bits % count), LogNumber(b).tile(level, (bits >> 7) % count));
            prop_assert!(one.is_ok() && other.is_ok());
            prop_assert!(a == b || one.unwrap() != other.unwrap());
            prop_assert!(LogNumber(a).tile(level, count).is_err() && LogNumber(a).tile(6, 0).is_err());
        }
    }
}
