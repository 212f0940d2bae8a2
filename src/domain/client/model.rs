//! A client as presented and as shown: section 1 of the DIR, each field in its segment.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use validator::Validate;
use zeroize::Zeroizing;

use crate::domain::dir::filing::Section as _;
use crate::domain::dir::{DirDocument, Person, assemble};
use crate::domain::fault::to_the_minute;
use crate::domain::members::Sent;
use crate::id::Handle;
use crate::problem::FieldProblem;
use crate::store::Error;
use crate::store::record::Segments;
use crate::vocabulary::{Segment, SegmentSet};

/// A person's details as an agency presents them.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientPresented {
    /// Names, date of birth, sex, numbers, and how to reach the person safely.
    #[validate(nested)]
    pub person: Person,
}

/// What is to be changed of a client's details.
#[derive(Debug, Clone, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct ClientChanged {
    /// The members that are new. A member that is left out stays as it is.
    #[validate(nested)]
    pub person: Sent<Person>,
}

/// The agency's own view of its client.
#[derive(Serialize, ToSchema)]
pub struct ClientView {
    /// What this agency calls the person.
    #[schema(value_type = String)]
    pub client_ref: Handle,
    /// What this agency wrote, as far as the reader may see it.
    pub person: Person,
    /// The listed segments that policy withholds from this reader.
    pub withheld: Vec<Segment>,
    /// When it was last written, to the minute; nothing before the agency has written anything.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub recorded_at: Option<Timestamp>,
}

/// The part of a client record that is no segment: nothing yet.
#[derive(Serialize, Deserialize)]
pub(in crate::domain) struct ClientHead {}

impl ClientPresented {
    /// What must be there for a person to be presented at all.
    ///
    /// # Errors
    /// The fields that are missing.
    pub fn check(&self) -> Result<(), Vec<FieldProblem>> {
        if self.person.names.is_empty() { Err(nameless()) } else { Ok(()) }
    }
}

impl ClientChanged {
    /// What a change must not take away, whether or not there are names besides that the writer may not see.
    ///
    /// # Errors
    /// The fields that would be missing.
    pub fn check(&self) -> Result<(), Vec<FieldProblem>> {
        let is_nameless = self.person.has("names") && self.person.value.names.is_empty();
        if is_nameless { Err(nameless()) } else { Ok(()) }
    }
}

/// Whether there is a name at all.
pub(super) fn has_a_name(person: &Person, (): &()) -> Result<(), ()> {
    if person.names.is_empty() { Err(()) } else { Ok(()) }
}

pub(super) fn nameless() -> Vec<FieldProblem> {
    vec![FieldProblem::new("person.names", "required", "must have at least one name")]
}

/// The segments that a client record can have. One that says nothing is not written: the account of disclosures goes by what there is.
pub(super) const SEGMENTS: [Segment; 5] =
    [Segment::Identity, Segment::Contact, Segment::Offending, Segment::SexWork, Segment::Safeguarding];

/// Whether anything stands in one segment of a client record.
pub(super) fn says_something_of(person: &Person, segment: &Segment) -> Result<(), ()> {
    if person.only(*segment).is_blank() { Err(()) } else { Ok(()) }
}

/// What stands in one segment of a client record.
///
/// # Errors
/// Never in practice: every type of the record can be written as JSON.
pub(super) fn segment_of(person: &Person, segment: &Segment) -> Result<Value, Error> {
    let document = DirDocument { person: person.only(*segment), ..DirDocument::default() };
    serde_json::to_value(document).map_err(|_| Error::Corrupt("a client does not serialise"))
}

/// The details in the segments of one client record.
pub(in crate::domain) fn person_in(
    permitted: SegmentSet,
    segments: &BTreeMap<Segment, Zeroizing<Vec<u8>>>,
) -> Result<Person, Error> {
    let view = assemble(permitted, segments).map_err(|_| Error::Corrupt("a client record does not parse"))?;
    Ok(view.document().person.clone())
}

/// The view of a client record.
pub(super) fn view(
    (record, (client_ref, permitted)): &(Segments<ClientHead>, (Handle, SegmentSet)),
) -> Result<ClientView, Error> {
    Ok(ClientView {
        client_ref: *client_ref,
        person: person_in(*permitted, &record.segments)?,
        withheld: record.withheld.iter().collect(),
        recorded_at: (record.version > 0)
            .then(|| Timestamp::from_microsecond(record.recorded_us).map_or(Timestamp::MIN, to_the_minute)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validation::parse_json;

    #[test]
    fn a_client_record_has_its_segments_and_no_other() {
        for (field, segment) in Person::FILING {
            assert!(segment.is_none_or(|segment| SEGMENTS.contains(&segment)), "{field}");
        }
        let each = br#"{"names":[{"kind":"legal","forename":"Testa"},{"kind":"working","forename":"Demo"}],
            "addresses":[{"kind":"current","postcode":"ZZ1 1ZZ"},{"kind":"current","postcode":"ZZ2 2ZZ","confidential":true}],
            "phones":[{"number":"01632 960001"},{"number":"01632 960002","confidential":true}]}"#;
        let person: Person = parse_json(each).unwrap();
        let document = DirDocument { person, ..DirDocument::default() };
        assert!(document.segments().iter().all(|segment| SEGMENTS.contains(&segment)));
    }

    #[test]
    fn what_is_written_of_a_client_is_what_is_read() {
        let written = br#"{"names":[{"kind":"working","forename":"Demo"}],"pnc_id":"2009/0001234A"}"#;
        let person: Person = parse_json(written).unwrap();
        let segments = SEGMENTS.into_iter().map(|segment| {
            let json = serde_json::to_vec(&segment_of(&person, &segment).unwrap()).unwrap();
            (segment, Zeroizing::new(json))
        });
        let segments: BTreeMap<_, _> = segments.collect();
        assert!(person_in(SegmentSet::all(), &segments).unwrap() == person);
        let seen = person_in(SegmentSet::EMPTY.with(Segment::Offending), &segments).unwrap();
        assert!(seen.names.is_empty() && seen.pnc_id == person.pnc_id);
    }
}
