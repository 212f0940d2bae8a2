//! What the consents of a person let one agency give to another, for one purpose, at one moment.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use super::codes::{ConsentMethod, ConsentStatus};
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
    /// Those of them that the person let pass by a signature on paper.
    pub in_writing: SegmentSet,
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
    if consents.iter().any(|consent| excludes(consent, question.recipient) && in_force(consent, now)) {
        return Coverage::default();
    }
    let mut coverage = Coverage::default();
    for consent in consents.iter().filter(|consent| lets_pass(consent, question, now)) {
        let listed: SegmentSet = consent.terms.segments.iter().copied().collect();
        coverage.segments = coverage.segments.union(listed);
        if consent.terms.method == ConsentMethod::Written {
            coverage.in_writing = coverage.in_writing.union(listed);
        }
        coverage.versions_used.push(VersionUsed { id: consent.id, version: consent.version });
        coverage.valid_until = earliest(coverage.valid_until, consent.terms.expires_at);
    }
    if !coverage.versions_used.is_empty() {
        let coming = consents
            .iter()
            .filter(|consent| excludes(consent, question.recipient) && consent.terms.not_before > now);
        coverage.valid_until =
            coming.fold(coverage.valid_until, |until, consent| earliest(until, consent.terms.not_before));
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::super::codes::WithdrawalChannel;
    use super::super::fixture::{agency, given, moment, now, record};
    use super::super::model::{ConsentGiven, WithdrawalGiven};
    use super::*;
    use crate::vocabulary::Segment;

    fn ask(consents: &[ConsentRecord], from: &str, to: &str, purpose: Purpose, now: Timestamp) -> Coverage {
        let (disclosing, recipient) = (agency(from), agency(to));
        let question = Question {
            disclosing: &disclosing,
            recipient: &recipient,
            purpose,
            data_date: date(2026, 5, 20),
        };
        covers(consents, &question, now)
    }

    fn usual(consents: &[ConsentRecord]) -> Coverage {
        ask(consents, "fallowgate-carat", "testhomes", Purpose::ContinuityOfCare, now())
    }

    #[test]
    fn what_is_listed_passes_until_the_consent_ends() {
        let consent = record(given());
        let coverage = usual(std::slice::from_ref(&consent));
        assert_eq!(
            coverage.segments,
            [Segment::Identity, Segment::Housing, Segment::SexWork].into_iter().collect()
        );
        assert_eq!(coverage.versions_used[0].to_string(), format!("{}/1", consent.id));
        assert_eq!(coverage.valid_until, Some(moment("2027-05-01T10:00:00Z")));
    }

    #[test]
    fn what_was_signed_on_paper_is_told_apart_from_what_was_agreed_to_in_another_way() {
        let paper =
            ConsentGiven { method: ConsentMethod::Written, segments: vec![Segment::Housing], ..given() };
        let screen = ConsentGiven { method: ConsentMethod::Electronic, ..given() };
        let coverage = usual(&[record(screen), record(paper)]);
        assert_eq!(coverage.in_writing, SegmentSet::EMPTY.with(Segment::Housing));
        assert!(coverage.segments.contains(Segment::Identity));
    }

    #[test]
    fn another_discloser_recipient_purpose_or_time_gets_nothing() {
        let consents = [record(given())];
        let care = Purpose::ContinuityOfCare;
        for (from, to, purpose, at) in [
            ("testhomes", "testhomes", care, now()),
            ("fallowgate-carat", "northmoor-police", care, now()),
            ("fallowgate-carat", "testhomes", Purpose::HousingSupport, now()),
            ("fallowgate-carat", "testhomes", care, moment("2026-05-01T09:59:59Z")),
            ("fallowgate-carat", "testhomes", care, moment("2027-05-01T10:00:00Z")),
        ] {
            assert_eq!(ask(&consents, from, to, purpose, at), Coverage::default());
        }
    }

    #[test]
    fn data_outside_the_window_does_not_pass() {
        let windowed = |from, to| record(ConsentGiven { data_from: from, data_to: to, ..given() });
        assert!(usual(&[windowed(Some(date(2026, 5, 21)), None)]).segments.is_empty());
        assert!(usual(&[windowed(None, Some(date(2026, 5, 19)))]).segments.is_empty());
        assert!(!usual(&[windowed(Some(date(2026, 5, 20)), Some(date(2026, 5, 20)))]).segments.is_empty());
    }

    #[test]
    fn an_exclusion_to_come_ends_the_answer_early() {
        let coming = ConsentGiven {
            recipients: vec![agency("northmoor-cjit")],
            exclusions: vec![agency("testhomes")],
            not_before: moment("2026-07-01T00:00:00Z"),
            ..given()
        };
        let coverage = usual(&[record(given()), record(coming)]);
        assert_eq!(coverage.valid_until, Some(moment("2026-07-01T00:00:00Z")));
    }

    fn any_consent() -> impl Strategy<Value = ConsentRecord> {
        let agencies = || prop::sample::subsequence(vec!["fallowgate-carat", "testhomes", "lantern"], 0..=3);
        let segments = prop::sample::subsequence(Segment::ALL.to_vec(), 0..=6);
        let status = prop::sample::select(ConsentStatus::ALL);
        (agencies(), agencies(), agencies(), segments, status, -40i64..40, any::<bool>()).prop_map(
            |(from, to, excluded, segments, status, day, excludes)| {
                let named = |ids: Vec<&str>| ids.into_iter().map(agency).collect();
                let start = now() + jiff::SignedDuration::from_hours(24 * day);
                let terms = ConsentGiven {
                    disclosing_agencies: named(from),
                    recipients: named(to),
                    exclusions: if excludes { named(excluded) } else { Vec::new() },
                    segments,
                    not_before: start,
                    expires_at: start + jiff::SignedDuration::from_hours(24 * 30),
                    ..given()
                };
                ConsentRecord { status, ..record(terms) }
            },
        )
    }

    proptest! {
        #[test]
        fn a_segment_passes_only_if_an_active_consent_lists_it(consents in prop::collection::vec(any_consent(), 0..6)) {
            let coverage = usual(&consents);
            let active = |consent: &&ConsentRecord| consent.status == ConsentStatus::Active && in_force(consent, now());
            for segment in coverage.segments.iter() {
                let lists = |consent: &ConsentRecord| {
                    consent.terms.segments.contains(&segment)
                        && consent.terms.recipients.contains(&agency("testhomes"))
                };
                prop_assert!(consents.iter().filter(active).any(lists), "{} slipped through", segment);
            }
            prop_assert_eq!(coverage.in_writing.without(coverage.segments), SegmentSet::EMPTY);
            prop_assert!(coverage.valid_until.is_none_or(|until| until > now()));
            prop_assert_eq!(coverage.valid_until.is_some(), !coverage.versions_used.is_empty());
        }

        #[test]
        fn an_answer_holds_until_it_says_it_ends(consents in prop::collection::vec(any_consent(), 0..6), part in 0i64..100) {
            let answer = usual(&consents);
            if let Some(until) = answer.valid_until {
                let later = now() + jiff::SignedDuration::from_secs((until.as_second() - now().as_second()) * part / 100);
                let then = ask(&consents, "fallowgate-carat", "testhomes", Purpose::ContinuityOfCare, later);
                prop_assert_eq!(answer.segments.without(then.segments), SegmentSet::EMPTY);
            }
        }

        #[test]
        fn an_exclusion_in_force_always_wins(mut consents in prop::collection::vec(any_consent(), 0..5), place in 0usize..5) {
            let exclusion = record(ConsentGiven { exclusions: vec![agency("testhomes")], ..given() });
            consents.insert(place.min(consents.len()), exclusion);
            prop_assert_eq!(usual(&consents), Coverage::default());
        }

        #[test]
        fn after_withdrawal_of_all_nothing_passes(consents in prop::collection::vec(any_consent(), 0..6)) {
            let withdrawal = WithdrawalGiven {
                channel: WithdrawalChannel::InPerson,
                said_at: None,
                reason: None,
                only_recipients: None,
                urgent_effects_confirmed: true,
            };
            let by = (agency("lantern"), "worker-two".parse().unwrap());
            let after: Vec<_> = consents
                .into_iter()
                .map(|consent| consent.withdraw(&withdrawal, by.clone(), now()).unwrap_or(consent))
                .collect();
            prop_assert_eq!(usual(&after), Coverage::default());
        }
    }
}
