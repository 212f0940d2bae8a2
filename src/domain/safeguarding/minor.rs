//! Who is under 18 is not taken into the programme (rule 40): never a required assessment, no drug interventions record. Where to turn instead.

use jiff::civil::Date;

use crate::domain::client::{ClientHead, person_in};
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::record::Segments;
use crate::vocabulary::{Segment, SegmentSet};

/// The code under which somebody under age is refused.
pub(in crate::domain) const UNDER_18: &str = "under-18-tell-childrens-services";
/// Where to turn instead.
pub(in crate::domain) const WHERE_TO_TURN: &str = "the person is under 18: no required assessment, no drug interventions record; tell children's services \
     by POST /v1/clients/{ref}/concerns with the ground `under-18`, and by telephone";

/// The age from which on somebody is an adult.
const ADULT_YEARS: i16 = 18;

/// Whether somebody born on this day is an adult on that.
pub(in crate::domain) fn is_adult(born: Date, on: Date) -> bool {
    born.saturating_add(jiff::Span::new().years(ADULT_YEARS)) <= on
}

/// When the person was born, as the agency wrote it down.
pub(in crate::domain) fn born(client: &Segments<ClientHead>) -> Option<Date> {
    let identity = SegmentSet::EMPTY.with(Segment::Identity);
    person_in(identity, &client.segments).ok().and_then(|person| person.date_of_birth)
}

/// The refusal that says so.
pub(in crate::domain) fn tell_childrens_services(field: &'static str) -> Problem {
    let errors = vec![FieldProblem::new(field, UNDER_18, WHERE_TO_TURN)];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, UNDER_18) }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn somebody_is_an_adult_from_the_eighteenth_birthday_on() {
        let born = date(2008, 2, 29);
        assert!(!is_adult(born, date(2026, 2, 27)));
        assert!(is_adult(born, date(2026, 2, 28)), "in a year without the day, the day before counts");
        assert!(
            is_adult(date(2008, 4, 2), date(2026, 4, 2)) && !is_adult(date(2008, 4, 3), date(2026, 4, 2))
        );
    }
}
