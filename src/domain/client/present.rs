//! Presenting a person: the agency gets its own reference, alike whether or not anybody else knows the person.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{ClientHead, ClientPresented, facts_of, person_in};
use crate::crypto::Token;
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::id::{Handle, PersonId, RecordId};
use crate::journal::call::{Call, Caller};
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::people::decide::{Candidate, Match, decide};
use crate::people::facts::PersonFacts;
use crate::people::tokens::tokens;
use crate::policy::action::{Action, ClientPresent};
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::Subject;
use crate::store::person::ClientSegments;
use crate::store::record::Kind;
use crate::store::{Error, Snapshot, epoch};
use crate::vocabulary::SegmentSet;

/// `POST /clients`.
pub struct Present(pub ClientPresented);

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
        let Caller::Worker(principal) = &call.caller else {
            return Err(Error::Corrupt("only a worker can present").into());
        };
        let agency = &principal.agency;
        let facts = self.0.facts();
        let tokens = match_tokens(tx, &facts);
        changes.rest_on(tx.token_epochs(&tokens)?);
        let known = find(tx, permit, &facts, &tokens)?;
        let person = known.unwrap_or_else(|| changes.person_create());
        changes.rest_on(tx.epochs(&[&epoch::erasure(person)])?);
        let record = tx.record_of_agency(agency, Kind::Client, person)?;
        let version = match record {
            Some(record) => tx.latest_version(record)?.saturating_add(1),
            None => 1,
        };
        let version = NewVersion {
            record: record.unwrap_or_else(RecordId::random),
            kind: Kind::Client,
            person,
            custodian: agency.clone(),
            version,
        };
        write(tx, changes, &version, &self.0, &tokens)?;
        tell_reappearance(tx, permit, changes, person, Reappeared::Presented, agency, None)?;
        let client_ref = changes.handle_for(tx, agency, Kind::Client, person.as_bytes(), person)?;
        changes.concerns(Target {
            person,
            record: Some(version.record),
            client_ref: Some(client_ref),
            other_refs: Vec::new(),
            custodian: agency.clone(),
            custodian_type: principal.agency_type,
        });
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/clients/{client_ref}")),
            etag: Some(tx.etag(agency, version.record, version.version)),
            acknowledgement: Presented { client_ref },
        })
    }
}

/// The keyed tokens under which these facts are found.
pub(super) fn match_tokens(tx: &Snapshot<'_>, facts: &PersonFacts) -> BTreeSet<Token> {
    let keys = tokens(facts);
    tx.match_tokens(keys.iter().map(|(rule, key)| (rule.code(), key.as_str())))
}

/// Writes a version of a client record.
pub(super) fn write(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    version: &NewVersion,
    presented: &ClientPresented,
    tokens: &BTreeSet<Token>,
) -> Result<(), Error> {
    changes.document_put_sent(tx, version, &ClientHead {})?;
    for (segment, json) in presented.split()? {
        changes.segment_put_sent(tx, version, segment, &json)?;
    }
    let new = tx.match_tokens_unknown(version.record, tokens)?;
    changes.match_tokens_put(version.record, version.person, &new);
    Ok(())
}

/// The person whom these facts are about, if the gateway is sure.
pub(super) fn find<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    facts: &PersonFacts,
    tokens: &BTreeSet<Token>,
) -> Result<Option<PersonId>, Error> {
    let candidates = tx.candidates_read(permit, tokens)?;
    Ok(candidates.records.pick(facts, same_person).and_then(|at| candidates.people.get(at).copied()))
}

/// The place of the candidate who is the same person. The one place that the scoring matcher will replace.
#[allow(clippy::ptr_arg, reason = "`Sealed::pick` takes a function of the very type that is sealed")]
fn same_person(records: &Vec<Vec<ClientSegments>>, presented: &PersonFacts) -> Option<usize> {
    let candidates: Vec<Candidate> =
        records.iter().map(|person| Candidate { facts: facts_in(person) }).collect();
    match decide(presented, &candidates) {
        Match::Link(at) => Some(at),
        Match::New => None,
    }
}

/// What all agencies' records say of one person, together.
fn facts_in(records: &[ClientSegments]) -> PersonFacts {
    let mut people = records.iter().filter_map(|segments| person_in(SegmentSet::all(), segments).ok());
    let mut together = people.next().unwrap_or_default();
    for person in people {
        together.names.extend(person.names);
        together.date_of_birth = together.date_of_birth.or(person.date_of_birth);
        together.sex = together.sex.or(person.sex);
        together.nhs_number = together.nhs_number.or(person.nhs_number);
        together.pnc_id = together.pnc_id.or(person.pnc_id);
        together.prison_number = together.prison_number.or(person.prison_number);
        together.crn = together.crn.or(person.crn);
    }
    facts_of(&together)
}
