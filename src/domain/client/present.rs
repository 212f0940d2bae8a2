//! Presenting a person: the agency gets its own reference, alike whether or not anybody else knows the person.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::carry::Anew;
use super::counted::{By, count, counted_in, counted_now};
use super::matcher::{Found, Known, Matcher, look, meetings, tokens};
use super::model::{ClientHead, ClientPresented, SEGMENTS, person_in, says_something_of, segment_of};
use crate::domain::dir::Person;
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::domain::matching::open::{Opening, open_cases};
use crate::id::{Handle, PersonId, RecordId};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::people::verdict::Decision;
use crate::policy::action::ClientPresent;
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::Subject;
use crate::store::record::{Kind, Segments};
use crate::store::{Error, Snapshot, epoch};
use crate::vocabulary::SegmentSet;

/// Whoever is linked, new or in doubt is written in as many statements.
const STATEMENTS: usize = 50;

/// `POST /clients`.
pub struct Present {
    /// The details.
    pub presented: ClientPresented,
    /// Who is who.
    pub matcher: Arc<Matcher>,
    /// Knows the directory.
    pub journal: Journal,
}

/// What the agency calls the person from now on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Presented {
    /// The agency's own reference.
    #[schema(value_type = String)]
    pub client_ref: Handle,
}

impl Command for Present {
    type Action = ClientPresent;
    type Acknowledgement = Presented;
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ClientPresent>,
        changes: &mut Changes,
    ) -> Result<Accepted<Presented>, Rejection> {
        let principal = worker(call)?;
        let agency = &principal.agency;
        let presented = Sealed::new(permit, Known::of(&self.presented.person, &self.matcher));
        changes.meet_at(&meetings(tx, &presented)?);
        let found = look(tx, permit, &self.matcher, agency, presented, None)?;
        changes.rest_on([found.index_epoch.clone()]);
        let is = who(&found);
        let known = is.and_then(|at| found.people.get(at));
        let one_of_them = known.and_then(|known| known.own.or_else(|| known.persons.first().copied()));
        // Nobody's id leads to nobody, at the price of one that does.
        let asked = one_of_them.unwrap_or_else(PersonId::random);
        let (cluster, referred) = (tx.cluster_of(asked)?, tx.referred_to(agency, asked)?);
        let own = known.and_then(|known| known.own).or(referred);
        let person = own.unwrap_or_else(|| changes.person_create());
        let joins = one_of_them.filter(|_| own.is_none());
        changes.rest_on(cluster.epochs());
        changes.rest_on(tx.epochs(&[&epoch::erasure(asked)])?);

        let record = tx.client_record(agency, person)?;
        let is_new = record.is_none();
        let before = match record {
            Some(record) => tx.segments_read(permit, agency, record, SegmentSet::all())?,
            None => tx.segments_unwritten(permit, agency, person, ClientHead {}),
        };
        tx.look_at_nothing(usize::from(is_new))?;
        let version =
            tx.next_version(record.unwrap_or_else(RecordId::random), Kind::Client, person, agency)?;
        let written = before.revise(&Anew::Presented(&self.presented.person), carried)?;
        let by = (self.matcher.clone(), found.generations.clone());
        write(tx, changes, &version, (&before, &written), &by)?;
        // Whoever is new has a key that is looked for and made, which rests on that under which it is made.
        tx.look_at_nothing(if is_new { 0 } else { 2 })?;
        let opening =
            Opening { person, cluster: &cluster, is, joins, matcher: &self.matcher, journal: &self.journal };
        open_cases(tx, changes, &found, &opening)?;
        // Whoever joins them is not yet one of them in what is read.
        tell_reappearance(tx, permit, changes, asked, Reappeared::Presented, agency, None)?;
        let client_ref = changes.handle_for(tx, agency, Kind::Client, person.as_bytes(), person)?;
        changes.concerns(Target {
            record: Some(version.record),
            client_ref: Some(client_ref),
            ..Target::new(person, agency.clone(), principal.agency_type)
        });
        changes.pad_to(STATEMENTS);
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/clients/{client_ref}")),
            etag: Some(tx.etag(agency, version.record, version.version)),
            acknowledgement: Presented { client_ref },
        })
    }
}

/// Who the presented person is, if the gateway is sure: of several whom it could be, the one that the agency has presented before. One of
/// whom the agency has a reference it knows by what it wrote itself, or not: its reference would confirm to it an alias or an address that
/// only another agency was told. The desk is asked then.
fn who(found: &Found) -> Option<usize> {
    let linked = || found.weighed.iter().filter(|weighed| weighed.finding.decision == Decision::Link);
    let places = || linked().map(|weighed| weighed.finding.candidate);
    let is_others = |at: &usize| found.people.get(*at).is_some_and(|candidate| candidate.own.is_none());
    places().find(|at| found.by_own.contains(at)).or_else(|| places().find(is_others))
}

/// Writes a version of a client record, under which tokens it is found, and what it is counted under.
pub(super) fn write(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    version: &NewVersion,
    (before, written): (&Sealed<Segments<ClientHead>>, &Sealed<Person>),
    by: &By,
) -> Result<(), Error> {
    changes.document_put_sent(tx, version, &ClientHead {})?;
    for segment in SEGMENTS {
        if written.judge(&segment, says_something_of).is_ok() {
            changes.segment_put(tx, version, segment, &written.revise(&segment, segment_of)?)?;
        }
    }
    let (matcher, keys) = by;
    let written = written.revise(&**matcher, known_of)?;
    let found_by: BTreeSet<i64> = written.tokens(keys, tokens).into_iter().collect();
    let known = tx.match_tokens_of(version.record)?;
    changes.match_tokens_put((version.record, version.person), &known, &found_by);
    count(tx, changes, &counted_in(before, by, &known), &counted_now(&written, keys, &found_by))
}

/// What the record says from now on.
pub(super) fn carried(before: &Segments<ClientHead>, anew: &Anew<'_>) -> Result<Person, Error> {
    Ok(anew.over(person_in(SegmentSet::all(), &before.segments)?))
}

/// The person as matching takes her.
pub(super) fn known_of(written: &Person, matcher: &Matcher) -> Result<Known, Error> {
    Ok(Known::of(written, matcher))
}
