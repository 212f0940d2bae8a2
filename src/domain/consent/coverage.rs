//! What the consents of a person let one agency give to another, for one purpose, at one moment.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use super::codes::ConsentStatus;
use super::model::ConsentRecord;
use crate::id::{AgencyId, RecordId};
use crate::vocabulary::{Purpose, SegmentSet};

/// What is asked of the consents.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The agency that would give.
    pub disclosing: &'a AgencyId,
    /// The agency that would receive.
    pub recipient: &'a AgencyId,
    /// What for.
    pub purpose: Purpose,
    /// The day that the data is about; today for what is current.
    pub data_date: Date,
}

/// A version of a consent that an answer rests on; written `<record>/<version>` in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VersionUsed {
    /// The consent.
    pub id: RecordId,
    /// Its version.
    pub version: u32,
}

impl fmt::Display for VersionUsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.id, self.version)
    }
}

/// What may pass.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// The segments that may pass; empty when nothing may.
    pub segments: SegmentSet,
    /// The versions that say so, in order.
    pub versions_used: Vec<VersionUsed>,
    /// When this answer ends by itself: the first of these consents to expire, or an exclusion to begin.
    pub valid_until: Option<Timestamp>,
}

/// What the consents (the latest version of each, all of one person) let pass.
///
/// A consent counts if it is active, in force, and lists the discloser, the recipient and the purpose, and the data's day lies
/// in its window. One exclusion of the recipient, in any consent or refusal in force, overrides them all.
pub fn covers(consents: &[ConsentRecord], question: &Question<'_>, now: Timestamp) -> Coverage {
    if consents
        .iter()
        .any(|consent| excludes(consent, question.recipient) && in_force(consent, now))
    {
        return Coverage::default();
    }
    let mut coverage = Coverage::default();
    for consent in consents
        .iter()
        .filter(|consent| lets_pass(consent, question, now))
    {
        let listed: SegmentSet = consent.terms.segments.iter().copied().collect();
        coverage.segments = coverage.segments.union(listed);
        coverage.versions_used.push(VersionUsed {
            id: consent.id,
            version: consent.version,
        });
        coverage.valid_until = earliest(coverage.valid_until, consent.terms.expires_at);
    }
    if !coverage.versions_used.is_empty() {
        let coming = consents
            .iter()
            .filter(|consent| excludes(consent, question.recipient) && consent.terms.not_before > now);
        coverage.valid_until = coming.fold(coverage.valid_until, |until, consent| {
            earliest(until, consent.terms.not_before)
        });
    }
    coverage.versions_used.sort_unstable();
    coverage
}

fn lets_pass(consent: &ConsentRecord, question: &Question<'_>, now: Timestamp) -> bool {
    let terms = &consent.terms;
    consent.status == ConsentStatus::Active
        && in_force(consent, now)
        && terms.disclosing_agencies.contains(question.disclosing)
        && terms.recipients.contains(question.recipient)
        && terms.purposes.contains(&question.purpose)
        && terms.data_from.is_none_or(|from| from <= question.data_date)
        && terms.data_to.is_none_or(|to| question.data_date <= to)
}

/// Whether it names the agency as one that must receive nothing. A refusal can say so, too.
fn excludes(consent: &ConsentRecord, recipient: &AgencyId) -> bool {
    matches!(consent.status, ConsentStatus::Active | ConsentStatus::Refused)
        && consent.terms.exclusions.contains(recipient)
}

fn in_force(consent: &ConsentRecord, now: Timestamp) -> bool {
    consent.terms.not_before <= now && now < consent.terms.expires_at
}

fn earliest(until: Option<Timestamp>, other: Timestamp) -> Option<Timestamp> {
    Some(until.map_or(other, |until| until.min(other)))
}
