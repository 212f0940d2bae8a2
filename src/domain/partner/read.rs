//! That linked support exists: all that a person's plan shows of a partner.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::PartnerLinkRecord;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::PartnerRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};

/// `GET /clients/{ref}/linked-support`.
pub struct ReadLinkedSupport(pub Handle);

/// Whether somebody linked to the person has support of their own. Not who, not from whom among the team, not since when.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkedSupport {
    /// Whether it exists.
    pub linked_support: bool,
}

impl Disclosure for ReadLinkedSupport {
    type Action = PartnerRead;
    type View = LinkedSupport;

    fn subject(&self) -> Subject {
        Subject::Client(self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<PartnerRead>,
    ) -> Result<Sealed<LinkedSupport>, Rejection> {
        let links = tx.documents_of_person::<_, PartnerLinkRecord>(
            permit,
            target_of(permit)?.person,
            Kind::PartnerLink,
        )?;
        Ok(links.beside(call.caller.agency().clone()).view(exists))
    }
}

fn exists((links, agency): &(Vec<Document<PartnerLinkRecord>>, AgencyId)) -> LinkedSupport {
    let mut own = links.iter().filter(|link| link.custodian == *agency);
    LinkedSupport { linked_support: own.any(|link| link.value.ended_at.is_none()) }
}
