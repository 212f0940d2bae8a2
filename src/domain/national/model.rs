//! The consent to the national return as stored, and when it counts.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::add_months_clamped;
use crate::domain::consent::codes::WithdrawalChannel;
use crate::domain::dir::NationalDataset;
use crate::domain::month::Month;
use crate::id::{AgencyId, WorkerId};

/// For how many months it counts at most; then she is asked again.
const LONGEST_MONTHS: i32 = 12;

/// One version of somebody's own consent to one national return, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnConsentRecord {
    /// Which return.
    pub dataset: NationalDataset,
    /// The day on which she ticked the box.
    pub signed_on: Date,
    /// Who entered it, and when.
    pub by: (WorkerId, Timestamp),
    /// That she took it back.
    pub ended: Option<TakenBack>,
}

/// That she took it back, at any agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenBack {
    /// The agency and the worker who entered it.
    pub by: (AgencyId, WorkerId),
    /// When.
    pub at: Timestamp,
    /// How she said so.
    pub channel: WithdrawalChannel,
}

impl ReturnConsentRecord {
    /// The last day on which it counts.
    pub fn last_day(&self) -> Date {
        add_months_clamped(self.signed_on, LONGEST_MONTHS)
    }

    /// Whether it counts on this day.
    pub fn is_in_force(&self, today: Date) -> bool {
        self.ended.is_none() && self.signed_on <= today && today <= self.last_day()
    }

    /// Whether she is in the return of a month, as far as it goes by her consent: it counts today, and was not given after the month.
    pub fn is_for(&self, dataset: NationalDataset, month: Month, today: Date) -> bool {
        self.dataset == dataset && self.signed_on <= month.last() && self.is_in_force(today)
    }

    /// The next version, taken back; `None` where there is nothing left to take back.
    pub fn taken_back(&self, taken_back: &TakenBack) -> Option<Self> {
        self.ended.is_none().then(|| Self { ended: Some(taken_back.clone()), ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn consent() -> ReturnConsentRecord {
        ReturnConsentRecord {
            dataset: NationalDataset::Ndtms,
            signed_on: date(2026, 5, 12),
            by: ("trial-elm".parse().unwrap(), "2026-05-12T10:00:00Z".parse().unwrap()),
            ended: None,
        }
    }

    #[test]
    fn it_is_for_one_return_from_the_month_in_which_she_signed_it_and_for_a_year() {
        let (consent, may) = (consent(), "2026-05".parse::<Month>().unwrap());
        let in_june = date(2026, 6, 3);
        assert!(consent.is_for(NationalDataset::Ndtms, may, in_june));
        assert!(!consent.is_for(NationalDataset::Wndsm, may, in_june), "each return is asked for by itself");
        assert!(
            !consent.is_for(NationalDataset::Ndtms, may.later(-1), in_june),
            "what was before it stays out"
        );
        let last = date(2027, 5, 12);
        assert!(consent.is_for(NationalDataset::Ndtms, may.later(11), last));
        assert!(
            !consent.is_for(NationalDataset::Ndtms, may.later(11), date(2027, 5, 13)),
            "then she is asked again"
        );
        assert!(!consent.is_in_force(date(2026, 5, 11)));
    }

    #[test]
    fn once_she_took_it_back_it_is_for_no_month_any_more() {
        let taken_back = TakenBack {
            by: ("eastvale-cjit".parse().unwrap(), "trial-elm".parse().unwrap()),
            at: Timestamp::UNIX_EPOCH,
            channel: WithdrawalChannel::Voice,
        };
        let ended = consent().taken_back(&taken_back).unwrap();
        let may = "2026-05".parse().unwrap();
        assert!(!ended.is_for(NationalDataset::Ndtms, may, date(2026, 6, 3)), "months before it, too");
        assert_eq!(ended.taken_back(&taken_back), None);
    }
}
