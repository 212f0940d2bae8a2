//! What each agency sees of a consent: all of it where it took it, otherwise only what concerns itself.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

use super::codes::{ConsentStatus, EndingEvent};
use super::model::{ConsentGiven, ConsentRecord};
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, WorkerId};
use crate::vocabulary::{Purpose, Segment};

/// A consent cut to its reader. Ids are not in it: the reader's own handle is put beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum ConsentSlice {
    /// For the agency that took it.
    Taker(Box<TakerSlice>),
    /// For an agency that is only named in it.
    Party(PartySlice),
}

/// Everything, for the agency that took the consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct TakerSlice {
    /// Rises with every change.
    pub version: u32,
    /// Where it stands.
    pub status: ConsentStatus,
    /// The worker who asked.
    pub obtained_by: WorkerId,
    /// When it was entered, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    /// When it ended or was narrowed, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
    /// What the person agreed to.
    pub terms: ConsentGiven,
}

/// What a named agency sees: its own place and the terms, never another agency's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PartySlice {
    /// Rises with every change.
    pub version: u32,
    /// Where it stands.
    pub status: ConsentStatus,
    /// Whether the reader may give under it.
    pub may_disclose: bool,
    /// Whether the reader may receive under it.
    pub may_receive: bool,
    /// What may pass; silent segments only to a reader that may receive them.
    pub segments: Vec<Segment>,
    /// What for.
    pub purposes: Vec<Purpose>,
    /// Only what happened on or after this day.
    #[schema(value_type = Option<String>, format = Date)]
    pub data_from: Option<Date>,
    /// Only what happened on or before this day.
    #[schema(value_type = Option<String>, format = Date)]
    pub data_to: Option<Date>,
    /// From when on it counts, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub not_before: Timestamp,
    /// Until when it counts, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
    /// What ends it earlier. For who may give alone: that it is over would tell a recipient that treatment or a sentence is.
    pub expires_on_event: Option<EndingEvent>,
    /// When it ended or was narrowed, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub ended_at: Option<Timestamp>,
}

/// One line of the preview: who could see what, and for which purposes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct PreviewRow {
    /// The agency that would receive.
    pub recipient: AgencyId,
    /// What it could see.
    pub segments: Vec<Segment>,
    /// For which purposes.
    pub purposes: Vec<Purpose>,
}

impl ConsentRecord {
    /// The consent as this agency may see it at a moment; `None` if it is no party to it. Being excluded makes nobody a party.
    pub fn slice_for(&self, reader: &AgencyId, now: Timestamp) -> Option<ConsentSlice> {
        let ended_at = self.ending.as_ref().map(|ending| to_the_minute(ending.at));
        if *reader == self.agency {
            return Some(ConsentSlice::Taker(Box::new(TakerSlice {
                version: self.version,
                status: self.status_at(now),
                obtained_by: self.obtained_by.clone(),
                recorded_at: to_the_minute(self.recorded_at),
                ended_at,
                terms: ConsentGiven {
                    obtained_at: to_the_minute(self.terms.obtained_at),
                    not_before: to_the_minute(self.terms.not_before),
                    expires_at: to_the_minute(self.terms.expires_at),
                    ..self.terms.clone()
                },
            })));
        }
        let (may_disclose, may_receive) = (self.may_disclose(reader), self.may_receive(reader));
        (may_disclose || may_receive).then(|| {
            ConsentSlice::Party(PartySlice {
                version: self.version,
                status: self.status_at(now),
                may_disclose,
                may_receive,
                segments: self.segments_shown(may_receive),
                purposes: self.terms.purposes.clone(),
                data_from: self.terms.data_from,
                data_to: self.terms.data_to,
                not_before: to_the_minute(self.terms.not_before),
                expires_at: to_the_minute(self.terms.expires_at),
                expires_on_event: may_disclose.then_some(self.terms.expires_on_event),
                ended_at,
            })
        })
    }

    /// Whether an agency took it, may give under it, or may receive.
    pub fn is_party(&self, agency: &AgencyId) -> bool {
        self.agency == *agency || self.may_disclose(agency) || self.may_receive(agency)
    }

    /// Whether an agency knows what ends it: the one that took it, and who may give under it.
    pub fn knows_its_end(&self, agency: &AgencyId) -> bool {
        self.agency == *agency || self.may_disclose(agency)
    }

    fn may_disclose(&self, agency: &AgencyId) -> bool {
        self.terms.disclosing_agencies.contains(agency)
    }

    fn may_receive(&self, agency: &AgencyId) -> bool {
        self.terms.recipients.contains(agency) && !self.terms.exclusions.contains(agency)
    }

    /// Who could see what under this consent: every recipient for the agency that took it, otherwise the reader's own line.
    pub fn preview_for(&self, reader: &AgencyId) -> Vec<PreviewRow> {
        if self.status != ConsentStatus::Active {
            return Vec::new();
        }
        let shown = |recipient: &&AgencyId| *reader == self.agency || *recipient == reader;
        let open = |recipient: &&AgencyId| !self.terms.exclusions.contains(recipient);
        let recipients = self.terms.recipients.iter().filter(shown).filter(open);
        recipients
            .map(|recipient| PreviewRow {
                recipient: recipient.clone(),
                segments: self.segments_shown(true),
                purposes: self.terms.purposes.clone(),
            })
            .collect()
    }

    /// That a silent segment stands in a consent says as much as the segment: only who may receive it learns of it.
    fn segments_shown(&self, may_receive: bool) -> Vec<Segment> {
        self.terms.segments.iter().copied().filter(|segment| may_receive || !segment.is_silent()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{agency, given, now, record};
    use super::*;

    fn shown_to(reader: &str) -> Option<String> {
        record(given()).slice_for(&agency(reader), now()).map(|slice| serde_json::to_string(&slice).unwrap())
    }

    #[test]
    fn the_taker_sees_all_and_a_stranger_nothing() {
        let taker = shown_to("eastvale-cjit").unwrap();
        assert!(taker.contains("testhomes") && taker.contains("northmoor-cjit"));
        assert_eq!(shown_to("northmoor-police"), None);
    }

    #[test]
    fn a_party_never_sees_another_agency() {
        for party in ["testhomes", "northmoor-cjit", "fallowgate-carat"] {
            let text = shown_to(party).unwrap();
            for other in ["testhomes", "northmoor-cjit", "fallowgate-carat", "eastvale-cjit", "worker-one"] {
                assert!(!text.contains(other), "{party} sees {other}");
            }
        }
    }

    #[test]
    fn a_silent_segment_is_named_only_to_its_recipients() {
        assert!(shown_to("testhomes").unwrap().contains("sex-work"));
        assert!(!shown_to("fallowgate-carat").unwrap().contains("sex-work"));
    }

    #[test]
    fn the_excluded_are_no_party() {
        let consent = record(ConsentGiven { exclusions: vec![agency("northmoor-police")], ..given() });
        assert_eq!(consent.slice_for(&agency("northmoor-police"), now()), None);
        assert!(consent.preview_for(&agency("northmoor-police")).is_empty());
    }

    #[test]
    fn the_preview_is_the_takers_or_ones_own_line() {
        let lines = |reader: &str| {
            let rows = record(given()).preview_for(&agency(reader));
            rows.into_iter().map(|row| row.recipient.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(lines("eastvale-cjit"), ["northmoor-cjit", "testhomes"]);
        assert_eq!(lines("testhomes"), ["testhomes"]);
        assert!(lines("fallowgate-carat").is_empty());
    }

    #[test]
    fn times_are_shown_to_the_minute() {
        let mut terms = given();
        terms.expires_at = "2027-01-01T00:00:59Z".parse().unwrap();
        let text = serde_json::to_string(&record(terms).slice_for(&agency("testhomes"), now())).unwrap();
        assert!(text.contains("2027-01-01T00:00:00Z"), "{text}");
    }
}
