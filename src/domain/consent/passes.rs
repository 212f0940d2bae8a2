//! Something that passes under consent from one agency to another, and whether a withdrawal ends it.

use super::coverage::{Question, covers};
use super::effects::Closing;
use super::model::ConsentRecord;
use crate::id::AgencyId;
use crate::vocabulary::{Purpose, SegmentSet};

/// Something that passes from one agency to another, for one purpose.
pub(super) struct Passes<'a> {
    pub(super) from: &'a AgencyId,
    pub(super) to: &'a AgencyId,
    pub(super) purpose: Purpose,
    /// Of what may pass by itself, any of it keeps it going ([`Closing::ends`]); what was told only as a whole, all of it
    /// ([`Closing::ends_in_part`]).
    pub(super) what: SegmentSet,
}

impl Closing<'_> {
    /// Whether something could pass, and nothing of it can any more.
    pub(super) fn ends(&self, passes: &Passes<'_>, consents: &[ConsentRecord]) -> bool {
        self.is_lost(passes, consents, |covered| !covered.intersection(passes.what).is_empty())
    }

    /// Whether all of it could pass, and part of it cannot any more.
    pub(super) fn ends_in_part(&self, passes: &Passes<'_>, consents: &[ConsentRecord]) -> bool {
        self.is_lost(passes, consents, |covered| passes.what.without(covered).is_empty())
    }

    fn is_lost(
        &self,
        passes: &Passes<'_>,
        consents: &[ConsentRecord],
        is_enough: impl Fn(SegmentSet) -> bool,
    ) -> bool {
        let passes_under = |consents: &[ConsentRecord]| {
            let question = Question {
                disclosing: passes.from,
                recipient: passes.to,
                purpose: passes.purpose,
                data_date: self.clocks.calendar.date_of(self.now),
            };
            is_enough(covers(consents, &question, self.now).segments)
        };
        passes_under(consents) && !passes_under(&self.all_after(consents))
    }
}
