//! The no-repeat guard: what a record that was received tells already is not asked again.

use super::drafting::DirDrafted;
use super::head::DirHead;
use super::{AlreadyReceived, DirOccasion, StartAfresh, no_repeat};
use crate::id::{PersonId, RecordId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::DirRead;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::facts::Subject;
use crate::store::record::{Kind, Segments};
use crate::vocabulary::{Purpose, SegmentSet};

/// The purposes for which a referred record is read: the guard must not depend on which of them the writer chose.
const READ_FOR: [Purpose; 2] = [Purpose::ContinuityOfCare, Purpose::Referral];

/// A new record, and what of a received one the worker could read this very moment.
struct Meeting<'a> {
    readable: SegmentSet,
    written: SegmentSet,
    occasion: DirOccasion,
    start_afresh_because: Option<&'a StartAfresh>,
}

/// Refuses a record that asks again what the agency has received. What it could not read now does not count, so that the refusal
/// tells of nothing that is withheld.
pub(super) fn refuse_repeat(
    drafted: &DirDrafted,
    written: SegmentSet,
    journal: &Journal,
    tx: &mut Snapshot<'_>,
    call: &Call,
    person: PersonId,
) -> Result<(), Rejection> {
    let principal = worker(call)?;
    let mut repeated = SegmentSet::EMPTY;
    for listed in tx.handles_of_person(&principal.agency, Kind::Dir, person)? {
        let record = RecordId::from_bytes(listed.target);
        if tx.record_custodian(record)?.as_ref() == Some(&principal.agency) {
            continue;
        }
        for purpose in READ_FOR {
            let reader = Principal { purpose, ..(**principal).clone() };
            let subject = Subject::Record(Kind::Dir, listed.handle);
            let Some(permit) = journal.also_permits::<DirRead>(tx, &reader, subject)? else {
                continue;
            };
            let received =
                tx.segments_read::<_, DirHead>(&permit, &principal.agency, record, SegmentSet::EMPTY)?;
            let meeting = Meeting {
                readable: permit.released(),
                written,
                occasion: drafted.occasion,
                start_afresh_because: drafted.start_afresh_because.as_ref(),
            };
            if let Err(AlreadyReceived { segments }) = received.judge(&meeting, repeats) {
                repeated = repeated.union(segments);
            }
        }
    }
    if repeated.is_empty() { Ok(()) } else { Err(already_received(repeated).into()) }
}

fn repeats(received: &Segments<DirHead>, meeting: &Meeting<'_>) -> Result<(), AlreadyReceived> {
    no_repeat(
        received.head.segment_set().intersection(meeting.readable),
        meeting.written,
        meeting.occasion,
        meeting.start_afresh_because,
    )
}

fn already_received(segments: SegmentSet) -> Problem {
    let errors = segments
        .iter()
        .map(|segment| {
            FieldProblem::new(
                segment.code(),
                "already-received",
                "is told by a record that was received; add an activity entry to it, or say why to start afresh",
            )
        })
        .collect();
    Problem::fields(ProblemType::DirAlreadyReceived, errors)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocabulary::Segment;

    #[test]
    fn the_refusal_names_each_segment_and_nothing_else() {
        let segments = [Segment::DrugUse, Segment::Housing].into_iter().collect();
        let problem = already_received(segments);
        assert_eq!(problem.problem.status(), 409);
        let named: Vec<&str> = problem.errors.iter().map(|error| error.path.as_str()).collect();
        assert_eq!(named, ["housing", "drug-use"]);
    }
}
