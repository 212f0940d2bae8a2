//! What decisions about an assessment, a breach or a way from court rest on: whether the law required it, whether notice was served, and for police who
//! sent somebody that need not come, what the person agreed to and was warned of.

use jiff::Timestamp;

use super::record::{Kind, document};
use super::{Error, Snapshot};
use crate::domain::assessment::model::AssessmentRecord;
use crate::domain::breach::model::BreachRecord;
use crate::domain::court::model::{DestinationRecord, Ground};
use crate::id::{PersonId, RecordId};
use crate::identity::principal::Principal;
use crate::policy::facts::Gathered;
use crate::vocabulary::AgencyType;

impl Snapshot<'_> {
    /// Whether it is told where somebody goes from court because that is necessary for the management of offenders.
    pub(super) fn is_told_for_management(&mut self, destination: RecordId) -> Result<bool, Error> {
        let told = self.body(destination)?.map(document::<DestinationRecord>).transpose()?;
        Ok(told.is_some_and(|told| told.value.ground == Ground::OffenderManagement))
    }

    /// Gathers them. The same statements are asked of whoever is asked about, and of nobody.
    pub(super) fn gather_custody(
        &mut self,
        gathered: &mut Gathered,
        principal: &Principal,
        (kind, record): (Kind, RecordId),
        person: PersonId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let assessment = match kind {
            Kind::Breach => {
                let breach = self.body(record)?.map(document::<BreachRecord>).transpose()?;
                breach.map_or(record, |breach| breach.value.assessment)
            }
            _ => record,
        };
        let assessment = self.body(assessment)?.map(document::<AssessmentRecord>).transpose()?;
        if let Some(assessment) = &assessment {
            gathered.required = assessment.value.is_required();
            gathered.notice_served = assessment.value.is_notified();
        }
        if principal.agency_type != AgencyType::Police {
            return Ok(());
        }
        let assessor =
            assessment.as_ref().map_or_else(|| principal.agency.clone(), |it| it.value.assessor.clone());
        let mut agreed = Gathered::nothing();
        self.gather_consents(&mut agreed, principal, &assessor, person, now)?;
        for part in self.bodies_of_person(person, Kind::Assessment)? {
            let theirs = document::<AssessmentRecord>(part)?;
            agreed.warned |= theirs.custodian == assessor && theirs.value.is_declined_after_warning();
        }
        // What the law requires does not rest on what was agreed to, and so does not end with it.
        if !gathered.required {
            gathered.consented = agreed.consented;
            gathered.consent_versions = agreed.consent_versions;
            gathered.valid_until = agreed.valid_until;
            gathered.warned = agreed.warned;
        }
        Ok(())
    }
}
