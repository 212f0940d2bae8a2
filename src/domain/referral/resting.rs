//! Whether a referral rests on consent: the one notion of it, for the step that sends it, the one that sends it on, and a consent that is
//! taken back.

use jiff::Timestamp;

use super::model::ReferralRecord;
use super::route::Route;
use crate::calendar::Calendar;
use crate::domain::consent::coverage::{Question, covers};
use crate::domain::consent::model::ConsentRecord;
use crate::domain::dir::DirHead;
use crate::policy::engine::Engine;
use crate::store::record::Document;
use crate::vocabulary::{Purpose, SegmentSet};

/// What the recipient of a route could see, for one of its purposes, of what a person agreed to: by these policies, asked when it matters.
#[derive(Debug, Clone, Copy)]
pub struct SeenByRoute<'p>(&'p Engine);

impl<'p> SeenByRoute<'p> {
    /// What these policies say.
    pub const fn under(policies: &'p Engine) -> Self {
        Self(policies)
    }

    fn of(self, route: Route, purpose: Purpose) -> SegmentSet {
        let (sender, recipient) = route.ends();
        self.0.consent_would_show(recipient, sender, purpose, SegmentSet::all())
    }
}

/// A referral, with the segments in which the records that it carries say anything.
#[derive(Debug, Clone, Copy)]
pub struct Carried<'r> {
    /// The referral.
    pub referral: &'r ReferralRecord,
    /// Those segments.
    pub records: SegmentSet,
}

impl<'r> Carried<'r> {
    /// A referral beside the heads of all records of its person.
    pub fn of(referral: &'r ReferralRecord, dirs: &[Document<DirHead>]) -> Self {
        let carried = dirs.iter().filter(|dir| referral.dirs.contains(&dir.record));
        let records = carried.fold(SegmentSet::EMPTY, |all, dir| all.union(dir.value.segment_set()));
        Self { referral, records }
    }

    /// Whether anything that it carries may pass from its sender, and would be seen by its recipient. `covered` says what may.
    pub fn shows_something(&self, seen: SeenByRoute<'_>, covered: impl Fn(Purpose) -> SegmentSet) -> bool {
        let (route, referral) = (self.referral.route, self.referral);
        let summary = referral.summary.as_ref().map_or(SegmentSet::EMPTY, |summary| summary.segments());
        let says = self.records.union(summary);
        route.purposes().into_iter().any(|purpose| {
            let covered = covered(purpose);
            let released = referral.release.is_some() && covered.contains(route.release_segment());
            released || !seen.of(route, purpose).intersection(covered).intersection(says).is_empty()
        })
    }

    /// Whether it rests on these consents at a moment.
    pub fn rests_on(
        &self,
        consents: &[ConsentRecord],
        seen: SeenByRoute<'_>,
        (now, calendar): (Timestamp, &Calendar),
    ) -> bool {
        self.shows_something(seen, |purpose| covered(consents, self.referral, purpose, now, calendar))
    }
}

/// What the consents let pass from the sender of a referral to its recipient.
pub fn covered(
    consents: &[ConsentRecord],
    record: &ReferralRecord,
    purpose: Purpose,
    now: Timestamp,
    calendar: &Calendar,
) -> SegmentSet {
    let question = Question {
        disclosing: &record.sender,
        recipient: &record.recipient,
        purpose,
        data_date: calendar.date_of(now),
    };
    record.route.covered(&covers(consents, &question, now))
}
