//! What decisions about a joint decision rest on: that the person agrees to it being made this way.

use jiff::Timestamp;

use super::record::document;
use super::{Error, Snapshot};
use crate::domain::decision::model::DecisionRecord;
use crate::id::{PersonId, RecordId};
use crate::identity::principal::Principal;
use crate::policy::facts::Gathered;

impl Snapshot<'_> {
    /// Gathers it: for the team, whether it may tell the police; for a project that was brought in, whether the team may tell it.
    pub(super) fn gather_decision(
        &mut self,
        gathered: &mut Gathered,
        principal: &Principal,
        record: RecordId,
        person: PersonId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let decision = self.body(record)?.map(document::<DecisionRecord>).transpose()?;
        let (team, police) = decision.map_or_else(
            || (principal.agency.clone(), principal.agency.clone()),
            |decision| (decision.value.lead.agency, decision.value.police.0),
        );
        let told = if principal.agency == team {
            Principal { agency: police, ..principal.clone() }
        } else {
            principal.clone()
        };
        self.gather_consents(gathered, &told, &team, person, now)
    }
}
