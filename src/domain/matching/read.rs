//! Reading a case: what was presented of both sides, and nothing of who presented it.

use std::collections::BTreeSet;

use super::model::{MatchRecord, MatchView, PersonShown};
use crate::domain::client::model::person_in;
use crate::id::{Handle, PersonId, RecordId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::MatchRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::match_index::{Candidate, Candidates, ClientSegments};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::SegmentSet;

/// `GET /matches/{id}`.
pub struct ReadMatch(pub Handle);

type Sides = [BTreeSet<PersonId>; 2];
type Case = (Document<MatchRecord>, Vec<Vec<ClientSegments>>);

impl Disclosure for ReadMatch {
    type Action = MatchRead;
    type View = MatchView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Match, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<MatchRead>,
    ) -> Result<Sealed<MatchView>, Rejection> {
        let desk = call.caller.agency();
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a case without a record"))?;
        let case = tx.document_read::<_, MatchRecord>(permit, desk, record)?;
        let both: Vec<PersonId> = target.people().collect();
        let sides = sides(tx, record)?;
        let Candidates { people, records } = tx.clients_read(permit, desk, &both)?;
        Ok(case.with(records).beside((self.0, people, sides)).view(view))
    }
}

/// Of two who are one already, who would be one with each of them if they were parted: of whom everything was erased, others may know.
fn sides(tx: &mut Snapshot<'_>, record: RecordId) -> Result<Sides, Error> {
    let Some(pair) = tx.pair_of_record(record)? else { return Ok(Sides::default()) };
    let (cluster, pairs) = (tx.cluster_of(pair.low)?, tx.pairs_of(pair.low)?);
    Ok(tx.parts_without(&cluster, &pair, &pairs)?.unwrap_or_default())
}

fn view(((case, records), (id, people, sides)): &(Case, (Handle, Vec<Candidate>, Sides))) -> MatchView {
    let case = &case.value;
    let shown = |of: PersonId| {
        let mut shown = PersonShown::default();
        for (candidate, records) in people.iter().zip(records) {
            // Of those who are one already each side has its own records.
            let is_both =
                candidate.persons.contains(&case.presented) && candidate.persons.contains(&case.known);
            let are_one =
                is_both || sides.iter().all(|side| side.iter().any(|of| candidate.persons.contains(of)));
            let is_side =
                |person: &PersonId| sides.iter().any(|side| side.contains(&of) && side.contains(person));
            for (person, record) in candidate.persons.iter().zip(records) {
                let belongs =
                    if are_one { *person == of || is_side(person) } else { candidate.persons.contains(&of) };
                if let Some(person) = belongs.then(|| person_in(SegmentSet::all(), record).ok()).flatten() {
                    shown.absorb(&person);
                }
            }
        }
        shown
    };
    case.view(*id, vec![shown(case.presented), shown(case.known)])
}
