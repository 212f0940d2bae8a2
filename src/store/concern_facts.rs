//! The facts about concerns for somebody's safety: whether one is about somebody under 18, and until when a person is not told of hers.

use jiff::Timestamp;

use super::record::{Kind, document};
use super::{Error, Snapshot};
use crate::domain::safeguarding::codes::ConcernGround;
use crate::domain::safeguarding::model::ConcernRecord;
use crate::id::{PersonId, RecordId};
use crate::identity::principal::Principal;
use crate::vocabulary::Purpose;

impl Snapshot<'_> {
    /// Whether the record is a concern for somebody under 18, told as such.
    pub(super) fn is_about_minor(&mut self, concern: RecordId) -> Result<bool, Error> {
        let concern = self.body(concern)?.map(document::<ConcernRecord>).transpose()?;
        Ok(concern.is_some_and(|concern| concern.value.ground == ConcernGround::Under18))
    }

    /// The concerns that were told of a person. For facts, and for what an account may tell.
    pub(super) fn concerns_of_person(&mut self, person: PersonId) -> Result<Vec<ConcernRecord>, Error> {
        let bodies = self.bodies_of_person(person, Kind::Concern)?;
        bodies.into_iter().map(|part| document(part).map(|document| document.value)).collect()
    }

    /// Until when the person is not told of what the principal does now, because a concern says that this would be unsafe.
    pub(super) fn untold_until(
        &mut self,
        principal: &Principal,
        person: PersonId,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Error> {
        if principal.purpose != Purpose::Safeguarding {
            return Ok(None);
        }
        let act = (Some(principal.purpose), now);
        let concerns = self.concerns_of_person(person)?;
        let untold = concerns.iter().filter(|concern| concern.keeps_back(&principal.agency, act, now));
        Ok(untold.filter_map(ConcernRecord::untold_until).max())
    }
}
