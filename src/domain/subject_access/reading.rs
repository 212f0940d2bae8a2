//! Reading an agency's own requests: where each stands, and by when it must be answered.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{SubjectAccessRecord, SubjectAccessView};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::SubjectAccessRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{ByHandle, Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /clients/{ref}/subject-access`.
pub struct ListSubjectAccess {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What day it is.
    pub today: Date,
}

/// `GET /subject-access/{id}`.
pub struct ReadSubjectAccess {
    /// What the agency calls the request.
    pub request: Handle,
    /// What day it is.
    pub today: Date,
}

/// The requests that the agency received from its client.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubjectAccessList {
    /// The requests, oldest first.
    pub requests: Vec<SubjectAccessView>,
}

impl Disclosure for ListSubjectAccess {
    type Action = SubjectAccessRead;
    type View = SubjectAccessList;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<SubjectAccessRead>,
    ) -> Result<Sealed<SubjectAccessList>, Rejection> {
        let agency = call.caller.agency();
        let person = target_of(permit)?.person;
        let handles = tx.handles_of_person(agency, Kind::SubjectAccess, person)?;
        let requests = tx.documents_of_handles(permit, &handles)?;
        Ok(requests.beside(self.today).view(list))
    }
}

impl Disclosure for ReadSubjectAccess {
    type Action = SubjectAccessRead;
    type View = SubjectAccessView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::SubjectAccess, self.request)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<SubjectAccessRead>,
    ) -> Result<Sealed<SubjectAccessView>, Rejection> {
        let record = target_of(permit)?.record.ok_or(Error::Corrupt("a request without a record"))?;
        let request = tx.document_read(permit, call.caller.agency(), record)?;
        Ok(request.beside((self.request, self.today)).view(one))
    }
}

fn list((requests, today): &(ByHandle<SubjectAccessRecord>, Date)) -> SubjectAccessList {
    SubjectAccessList {
        requests: requests.iter().map(|(handle, request)| request.value.view(*handle, *today)).collect(),
    }
}

fn one((request, (handle, today)): &(Document<SubjectAccessRecord>, (Handle, Date))) -> SubjectAccessView {
    request.value.view(*handle, *today)
}
