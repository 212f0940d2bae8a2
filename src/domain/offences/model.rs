//! A month's number as stored, and what several months' say together.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::month::Month;
use crate::id::WorkerId;
use crate::store::record::Document;

/// How many offences the national computer holds of somebody in a month. It is written once; what was wrong is told anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OffencesRecord {
    /// The month in which they were committed.
    pub month: Month,
    /// How many.
    pub offences: u16,
    /// Who told it, and when.
    pub by: (WorkerId, Timestamp),
}

/// How many offences there were in a month, as it was told last; `None` where nobody did.
pub fn told_of(told: &[Document<OffencesRecord>], month: Month) -> Option<u16> {
    let of_month = told.iter().filter(|document| document.value.month == month);
    of_month.max_by_key(|document| (document.recorded_us, document.record)).map(|last| last.value.offences)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::RecordId;

    #[test]
    fn what_was_told_last_of_a_month_stands_and_nothing_told_is_not_none() {
        let told = |month: &str, offences, recorded_us| Document {
            record: RecordId::random(),
            version: 1,
            recorded_us,
            custodian: "northmoor-police".parse().unwrap(),
            value: OffencesRecord {
                month: month.parse().unwrap(),
                offences,
                by: ("proxy-thorn".parse().unwrap(), Timestamp::UNIX_EPOCH),
            },
        };
        let all = [told("2026-04", 2, 5), told("2026-04", 0, 7), told("2026-05", 1, 6)];
        let of = |month: &str| told_of(&all, month.parse().unwrap());
        assert_eq!((of("2026-04"), of("2026-05"), of("2026-06")), (Some(0), Some(1), None));
    }
}
