//! A client as presented and as shown: section 1 of the DIR, each field in its segment.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;
use zeroize::Zeroizing;

use crate::domain::dir::{DirDocument, Person, assemble};
use crate::domain::fault::to_the_minute;
use crate::id::Handle;
use crate::people::facts::{PersonFacts, RecordedSex};
use crate::people::identifiers::IdentifierKind;
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
        if self.person.names.is_empty() {
            let problem = FieldProblem::new("person.names", "required", "must have at least one name");
            return Err(vec![problem]);
        }
        Ok(())
    }

    /// The JSON of each segment.
    ///
    /// # Errors
    /// Never in practice: every type of the record can be written as JSON.
    pub(super) fn split(&self) -> Result<BTreeMap<Segment, Vec<u8>>, Error> {
        let document = DirDocument { person: self.person.clone(), ..DirDocument::default() };
        document.split().map_err(|_| Error::Corrupt("a client does not serialise"))
    }

    /// What matching compares.
    pub(super) fn facts(&self) -> PersonFacts {
        facts_of(&self.person)
    }
}

/// What matching compares of a person's details. Every name counts, whoever gave it and for whatever use.
pub(super) fn facts_of(person: &Person) -> PersonFacts {
    let sex = person.sex.and_then(|sex| sex.code().parse::<RecordedSex>().ok());
    let mut facts = PersonFacts::new(person.date_of_birth, sex);
    for name in &person.names {
        // A forename alone ("Kaz") is too little to know anybody by.
        if let Some(surname) = &name.surname {
            facts.add_name(&name.forename, surname);
        }
    }
    let identifiers = [
        (IdentifierKind::NhsNumber, &person.nhs_number),
        (IdentifierKind::PncId, &person.pnc_id),
        (IdentifierKind::PrisonNumber, &person.prison_number),
        (IdentifierKind::Crn, &person.crn),
    ];
    for (kind, written) in identifiers {
        if let Some(written) = written {
            facts.add_identifier(kind, written);
        }
    }
    facts
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
