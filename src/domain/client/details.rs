//! What matching takes from a person's details: every name counts, whoever gave it and for whatever use.

use super::model::person_in;
use crate::domain::dir::Person;
use crate::domain::person::NameKind;
use crate::people::details::{Details, RecordedSex};
use crate::people::identifiers::IdentifierKind;
use crate::store::match_index::ClientSegments;
use crate::vocabulary::SegmentSet;

/// The details of a person, as matching takes them.
pub fn details_of(person: &Person) -> Details {
    let mut details = Details::default();
    // The first name is the present one; any other may be an alias.
    let (legal, others): (Vec<_>, Vec<_>) =
        person.names.iter().partition(|name| name.kind == NameKind::Legal);
    for name in legal.into_iter().chain(others) {
        details.forenames.push(name.forename.clone());
        details.middle_names.extend(name.middle_names.clone());
        details.surnames.extend(name.surname.clone());
    }
    details.births.extend(person.date_of_birth.map(|born| born.to_string()));
    details.sex = person.sex.and_then(|sex| sex.code().parse::<RecordedSex>().ok());
    for address in &person.addresses {
        details.postcodes.extend(address.postcode.clone());
        if !address.lines.is_empty() {
            details.addresses.push(address.lines.join(", "));
        }
    }
    for (kind, written) in numbers_of(person) {
        details.identifiers.push((kind, written.clone()));
    }
    details
}

/// The numbers by which services know a person.
pub fn numbers_of(person: &Person) -> impl Iterator<Item = (IdentifierKind, &String)> {
    [
        (IdentifierKind::NhsNumber, &person.nhs_number),
        (IdentifierKind::PncId, &person.pnc_id),
        (IdentifierKind::PrisonNumber, &person.prison_number),
        (IdentifierKind::Crn, &person.crn),
    ]
    .into_iter()
    .filter_map(|(kind, written)| Some((kind, written.as_ref()?)))
}

/// What one client record says, for matching.
pub fn details_in(segments: &ClientSegments) -> Details {
    // A record that does not parse finds nobody; reading it says so to its own agency.
    person_in(SegmentSet::all(), segments).map(|person| details_of(&person)).unwrap_or_default()
}
