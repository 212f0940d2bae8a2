//! What is wrong with a document that was sent: the field and the rule, never the value. A leaf.

use jiff::Timestamp;

use crate::problem::FieldProblem;

/// One rule that a field breaks. Safe to return and to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct FieldFault {
    /// The field's name as in the document.
    pub field: &'static str,
    /// The rule that it breaks, in words for the sender's developer.
    pub rule: &'static str,
}

impl From<FieldFault> for FieldProblem {
    fn from(fault: FieldFault) -> Self {
        Self::new(fault.field, "rule", fault.rule)
    }
}

/// Gathers faults while a document is looked through, so that the sender learns of all at once.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldFault>);

impl Faults {
    /// Notes a fault unless the rule holds.
    pub fn require(&mut self, holds: bool, field: &'static str, rule: &'static str) {
        if !holds {
            self.0.push(FieldFault { field, rule });
        }
    }

    /// Nothing if every rule held.
    ///
    /// # Errors
    /// All faults, in the order in which they were found.
    pub fn into_result(self) -> Result<(), Vec<FieldFault>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}

/// Whether no element of the list occurs twice.
pub fn is_distinct<T: Ord>(list: &[T]) -> bool {
    list.iter().collect::<std::collections::BTreeSet<_>>().len() == list.len()
}

/// A time as views show it: to the minute, so that two agencies cannot join their data by times.
pub fn to_the_minute(moment: Timestamp) -> Timestamp {
    let second = moment.as_second();
    Timestamp::from_second(second.saturating_sub(second.rem_euclid(60))).unwrap_or(moment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_in_views_have_no_seconds() {
        let moment: Timestamp = "2026-04-02T22:30:59.9Z".parse().unwrap();
        assert_eq!(to_the_minute(moment).to_string(), "2026-04-02T22:30:00Z");
        let before_epoch: Timestamp = "1969-12-31T23:59:30Z".parse().unwrap();
        assert_eq!(to_the_minute(before_epoch).to_string(), "1969-12-31T23:59:00Z");
    }

    #[test]
    fn every_fault_is_reported() {
        let mut faults = Faults::default();
        faults.require(true, "a", "holds");
        faults.require(false, "b", "fails");
        faults.require(is_distinct(&[1, 2, 1]), "c", "fails");
        let found = faults.into_result().unwrap_err();
        assert_eq!(found.iter().map(|fault| fault.field).collect::<Vec<_>>(), ["b", "c"]);
    }
}
