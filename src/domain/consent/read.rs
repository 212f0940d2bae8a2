//! Reading consents: one, or all of a person's, each cut to the reader.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::ConsentRecord;
use super::slice::ConsentSlice;
use crate::id::{AgencyId, Handle, RecordId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::ConsentRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /consents/{id}`.
pub struct ReadConsent {
    /// The agency's handle.
    pub consent: Handle,
    /// When.
    pub now: Timestamp,
}

/// `GET /clients/{ref}/consents`.
pub struct ListConsents {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// When.
    pub now: Timestamp,
}

/// A consent, as its reader may see it.
#[derive(Serialize, ToSchema)]
pub struct ConsentView {
    /// The reader's own handle for it.
    #[schema(value_type = String)]
    pub consent_id: Handle,
    /// What the reader calls the person, where the person is a client of the reader.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// All of it for the agency that took it; otherwise what concerns the reader.
    #[serde(flatten)]
    pub consent: ConsentSlice,
}

/// The consents of a person to which the reader is a party, oldest first.
#[derive(Serialize, ToSchema)]
pub struct ConsentsView {
    /// Each cut to the reader.
    pub consents: Vec<ConsentView>,
}

/// The reader and its own handles.
struct Reader {
    agency: AgencyId,
    client_ref: Option<Handle>,
    handles: BTreeMap<RecordId, Handle>,
    now: Timestamp,
}

impl Disclosure for ReadConsent {
    type Action = ConsentRead;
    type View = ConsentView;
    const READ_FIRST: usize = 1;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Consent, self.consent)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConsentRead>,
    ) -> Result<Sealed<ConsentView>, Rejection> {
        let agency = call.caller.agency();
        let (target, record) = consent_target(permit)?;
        let reader = Reader {
            agency: agency.clone(),
            client_ref: target.client_ref,
            handles: BTreeMap::from([(record, self.consent)]),
            now: self.now,
        };
        let consent = tx.document_read::<_, ConsentRecord>(permit, agency, record)?;
        Ok(consent.beside(reader).try_view(|(consent, reader)| view(consent, reader).ok_or_else(no_party))?)
    }
}

impl Disclosure for ListConsents {
    type Action = ConsentRead;
    type View = ConsentsView;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConsentRead>,
    ) -> Result<Sealed<ConsentsView>, Rejection> {
        let agency = call.caller.agency();
        let person = target_of(permit)?.person;
        let handles = tx.handles_of_person(agency, Kind::Consent, person)?;
        let reader = Reader {
            agency: agency.clone(),
            client_ref: Some(self.client_ref),
            handles: handles
                .into_iter()
                .map(|listed| (RecordId::from_bytes(listed.target), listed.handle))
                .collect(),
            now: self.now,
        };
        let consents = tx.documents_of_person::<_, ConsentRecord>(permit, person, Kind::Consent)?;
        Ok(consents.beside(reader).view(|(consents, reader)| ConsentsView {
            consents: consents.iter().filter_map(|consent| view(consent, reader)).collect(),
        }))
    }
}

/// What the permit is about: the person, and the consent.
pub(super) fn consent_target<A: crate::policy::action::Action>(
    permit: &Permit<A>,
) -> Result<(&crate::policy::facts::Target, RecordId), Error> {
    permit
        .target()
        .and_then(|target| target.record.map(|record| (target, record)))
        .ok_or(Error::Corrupt("a consent without a record"))
}

/// What an agency is told that has a handle, but is struck from the consent: the same as one that never had any.
pub(super) fn no_party() -> Problem {
    Problem::because(ProblemType::NotFoundOrNotPermitted, "no-party")
}

fn view(consent: &Document<ConsentRecord>, reader: &Reader) -> Option<ConsentView> {
    Some(ConsentView {
        consent_id: *reader.handles.get(&consent.record)?,
        client_ref: reader.client_ref,
        consent: consent.value.slice_for(&reader.agency, reader.now)?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{agency, given, now, record};
    use super::*;

    fn shown(to: &str, knows: bool) -> Option<serde_json::Value> {
        let consent = record(given());
        let handles = knows.then(|| (consent.id, Handle::random())).into_iter().collect();
        let document = Document {
            record: consent.id,
            version: 1,
            recorded_us: 0,
            custodian: consent.agency.clone(),
            value: consent,
        };
        let reader = Reader { agency: agency(to), client_ref: None, handles, now: now() };
        view(&document, &reader).map(|view| serde_json::to_value(view).unwrap())
    }

    #[test]
    fn a_party_sees_its_own_place_and_its_own_handle() {
        let seen = shown("testhomes", true).unwrap();
        assert_eq!(seen["may_receive"], true);
        assert_eq!(seen["consent_id"].as_str().map(str::len), Some(22));
        assert!(seen.get("terms").is_none());
        assert!(shown("eastvale-cjit", true).unwrap().get("terms").is_some());
    }

    #[test]
    fn without_a_handle_or_a_place_there_is_nothing_to_see() {
        assert!(shown("testhomes", false).is_none());
        assert!(shown("northmoor-police", true).is_none());
    }
}
