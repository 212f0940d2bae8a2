//! Who is linked to whom at one agency: for the rule that keeps their case workers apart, and for nothing that anybody is shown.

use super::record::{Kind, document};
use super::{Error, Snapshot};
use crate::domain::partner::model::PartnerLinkRecord;
use crate::id::{AgencyId, PersonId};
use crate::policy::action::Action;
use crate::policy::permit::Permit;

impl Snapshot<'_> {
    /// The partners of a person whose records the agency keeps apart. For the rules of the field, never for a view.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn partners_of<A: Action>(
        &mut self,
        _: &Permit<A>,
        agency: &AgencyId,
        person: PersonId,
    ) -> Result<Vec<PersonId>, Error> {
        let links = self.bodies_of_person(person, Kind::PartnerLink)?;
        let mut partners = Vec::new();
        for part in links {
            let link = document::<PartnerLinkRecord>(part)?;
            if link.custodian == *agency && link.value.ended_at.is_none() {
                partners.push(link.value.partner);
            }
        }
        Ok(partners)
    }
}
