//! Recording a consent, or its refusal.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::ConsentDecision;
use super::model::{ConsentGiven, ConsentRecord, Origin};
use crate::id::{AgencyId, Handle, RecordId, WorkerId};
use crate::journal::call::{Call, Caller};
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::ConsentRecord as RecordsConsent;
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};

/// `POST /clients/{ref}/consents`.
pub struct RecordConsent {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What was agreed to or refused; its agencies are known to be in the directory.
    pub given: ConsentGiven,
}

/// The consent is recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentRecorded {
    /// The agency's own handle for the consent.
    #[schema(value_type = String)]
    pub consent_id: Handle,
    /// The agency's own reference for the person.
    #[schema(value_type = String)]
    pub client_ref: Handle,
}

impl ConsentGiven {
    /// The agencies that it names, each with the field and the place where it stands.
    pub fn named_agencies(&self) -> impl Iterator<Item = (&'static str, usize, &AgencyId)> {
        let lists = [
            ("disclosing_agencies", &self.disclosing_agencies),
            ("recipients", &self.recipients),
            ("exclusions", &self.exclusions),
        ];
        lists
            .into_iter()
            .flat_map(|(field, agencies)| agencies.iter().enumerate().map(move |(at, id)| (field, at, id)))
    }

    /// Checks what only the directory and the sender can say.
    ///
    /// # Errors
    /// Every agency that is not in the directory, by its place; and a witness who is the worker who asked.
    pub fn check_names(
        &self,
        is_known: impl Fn(&AgencyId) -> bool,
        sender: &WorkerId,
    ) -> Result<(), Vec<FieldProblem>> {
        let mut problems: Vec<FieldProblem> = self
            .named_agencies()
            .filter(|(_, _, id)| !is_known(id))
            .map(|(field, at, _)| unknown_agency(field, at))
            .collect();
        if self.obtained_by.is_none() && self.witness.as_ref() == Some(sender) {
            problems.push(FieldProblem::new("witness", "rule", "must be another worker than obtained_by"));
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// An agency that was named and is not in the directory.
pub fn unknown_agency(field: &'static str, at: usize) -> FieldProblem {
    FieldProblem::new(format!("{field}[{at}]"), "unknown-agency", "is not an agency of the directory")
}

impl Command for RecordConsent {
    type Action = RecordsConsent;
    type Acknowledgement = ConsentRecorded;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<RecordsConsent>,
        changes: &mut Changes,
    ) -> Result<Accepted<ConsentRecorded>, Rejection> {
        let Caller::Worker(principal) = &call.caller else {
            return Err(Error::Corrupt("only a worker can record a consent").into());
        };
        let agency = &principal.agency;
        let target = target_of(permit)?;
        let by = (agency.clone(), principal.worker.clone());
        let supersedes = match self.given.supersedes {
            Some(handle) => Some(supersede(tx, permit, changes, target, handle, &by)?),
            None => None,
        };
        let version = NewVersion::first(Kind::Consent, target.person, agency);
        let record = version.record;
        let consent = self.given.clone().into_record(Origin {
            id: record,
            agency: agency.clone(),
            entered_by: principal.worker.clone(),
            recorded_at: changes.now(),
            supersedes,
        });
        changes.document_put_sent(tx, &version, &consent)?;
        let consent_id = changes.own_handle(tx, &version)?;
        for party in parties(&self.given) {
            changes.handle_for(tx, party, Kind::Consent, record.as_bytes(), target.person)?;
        }
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/consents/{consent_id}")),
            etag: Some(tx.etag(agency, record, 1)),
            acknowledgement: ConsentRecorded { consent_id, client_ref: self.client_ref },
        })
    }
}

/// The agencies that come to know of it: those that may give or receive. A refusal is nobody's business but the taker's.
fn parties(given: &ConsentGiven) -> impl Iterator<Item = &AgencyId> {
    let agreed = given.decision == ConsentDecision::Given;
    given.disclosing_agencies.iter().chain(&given.recipients).filter(move |_| agreed)
}

/// Ends the consent that the new one replaces. Only a consent that the agency took itself about this person is known here.
fn supersede(
    tx: &mut Snapshot<'_>,
    permit: &Permit<RecordsConsent>,
    changes: &mut Changes,
    target: &Target,
    handle: Handle,
    by: &(AgencyId, WorkerId),
) -> Result<RecordId, Rejection> {
    let found = tx.handle_find(&by.0, Kind::Consent, handle)?.ok_or_else(not_replaceable)?;
    let record = RecordId::from_bytes(found.target);
    if !tx.are_one(target.person, found.person)? {
        return Err(not_replaceable().into());
    }
    if tx.record_custodian(record)?.as_ref() != Some(&by.0) {
        return Err(not_replaceable().into());
    }
    let old = tx.document_read::<_, ConsentRecord>(permit, &by.0, record)?;
    let next = old.revise(&(by.clone(), changes.now()), |old, (by, now)| {
        old.value.supersede(by.clone(), *now).map_err(|_| not_replaceable())
    })?;
    let version = tx.next_version(record, Kind::Consent, target.person, &by.0)?;
    changes.document_put(tx, &version, &next)?;
    Ok(record)
}

fn not_replaceable() -> Problem {
    Problem::field(
        ProblemType::MalformedRequest,
        "supersedes",
        "unknown-consent",
        "must be an active consent of this person that your agency took",
    )
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{agency, given};
    use super::*;

    #[test]
    fn an_agency_outside_the_directory_is_told_by_its_place_and_not_by_its_name() {
        let mut consent = given();
        consent.exclusions = vec![agency("nobody-knows-us")];
        let sender = "worker-one".parse().unwrap();
        let known = |id: &AgencyId| *id != agency("nobody-knows-us") && *id != agency("testhomes");
        let problems = consent.check_names(known, &sender).unwrap_err();
        let paths: Vec<_> = problems.iter().map(|problem| problem.path.as_str()).collect();
        assert_eq!(paths, ["recipients[1]", "exclusions[0]"]);
        assert!(!format!("{problems:?}").contains("nobody-knows-us"));
        assert_eq!(consent.check_names(|_| true, &sender), Ok(()));
    }

    #[test]
    fn nobody_witnesses_the_consent_that_they_take() {
        let mut consent = given();
        consent.witness = Some("worker-one".parse().unwrap());
        let sender = "worker-one".parse().unwrap();
        assert!(consent.check_names(|_| true, &sender).is_err());
        consent.obtained_by = Some("worker-two".parse().unwrap());
        assert_eq!(consent.check_names(|_| true, &sender), Ok(()));
    }

    #[test]
    fn a_refusal_becomes_known_to_nobody_else() {
        let mut consent = given();
        assert_eq!(parties(&consent).count(), 3);
        consent.decision = ConsentDecision::Refused;
        assert_eq!(parties(&consent).count(), 0);
    }
}
