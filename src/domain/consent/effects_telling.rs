//! What a withdrawal does to what was told by police, from court, from a hospital, by another service, or for a joint visit, as far as it
//! rested on consent.

use super::effects::{Closing, Untouched};
use super::model::ConsentRecord;
use super::passes::Passes;
use crate::domain::attendance::model::AttendanceRecord;
use crate::domain::court::model::DestinationRecord;
use crate::domain::hospital::model::HospitalRecord;
use crate::domain::inbound::model::InboundRecord;
use crate::domain::visit::model::VisitRecord;
use crate::domain::{court, hospital, visit};
use crate::id::AgencyId;
use crate::vocabulary::{Purpose, Segment, SegmentSet};

impl Closing<'_> {
    /// The next version of what police sent in, if the person was not reached by then: nothing of it is left to reach her by.
    ///
    /// # Errors
    /// [`Untouched`] if it goes on, or is over.
    pub fn inbound_after(
        &self,
        (service, inbound): (&AgencyId, &InboundRecord),
        consents: &[ConsentRecord],
    ) -> Result<InboundRecord, Untouched> {
        let passes = Passes {
            from: &inbound.from,
            to: service,
            purpose: Purpose::Referral,
            what: SegmentSet::EMPTY.with(Segment::Identity).with(Segment::Contact),
        };
        if !inbound.is_open() || !self.ends(&passes, consents) {
            return Err(Untouched);
        }
        Ok(inbound.withdrawn(self.now))
    }

    /// Whether a team that was told of a missed appointment by consent is told of it no more.
    ///
    /// # Errors
    /// [`Untouched`] if it is, if it was told for an order, or if it was not before.
    pub fn attendance_ends(
        &self,
        attendance: &AttendanceRecord,
        consents: &[ConsentRecord],
    ) -> Result<(), Untouched> {
        let passes = Passes {
            from: &attendance.by.0,
            to: &attendance.to,
            purpose: Purpose::ContinuityOfCare,
            what: SegmentSet::EMPTY.with(Segment::Attendance),
        };
        if attendance.order.is_none() && self.ends(&passes, consents) { Ok(()) } else { Err(Untouched) }
    }

    /// The next version of a joint visit, if the officer may not be told all of it any more, as when it was proposed.
    ///
    /// # Errors
    /// [`Untouched`] if it goes on, or is over.
    pub fn visit_after(
        &self,
        visit: &VisitRecord,
        consents: &[ConsentRecord],
    ) -> Result<VisitRecord, Untouched> {
        let passes = Passes {
            from: &visit.by.0,
            to: &visit.police,
            purpose: Purpose::CourtOrStatutory,
            what: visit::model::TOLD,
        };
        if !self.ends_in_part(&passes, consents) {
            return Err(Untouched);
        }
        visit.called_off().map_err(|_| Untouched)
    }

    /// Whether a holder may not be told any more, by consent, that somebody is in hospital.
    ///
    /// # Errors
    /// [`Untouched`] if it may, if it rests on no consent, or if it was not told before.
    pub fn hospital_ends(
        &self,
        (notice, holder): (&HospitalRecord, &AgencyId),
        consents: &[ConsentRecord],
    ) -> Result<(), Untouched> {
        let passes = Passes {
            from: &notice.by.0,
            to: holder,
            purpose: Purpose::PrescribingSafety,
            what: SegmentSet::EMPTY.with(Segment::PhysicalHealth),
        };
        let is_told = notice.ground == hospital::codes::Ground::Consent && notice.awaits(holder);
        if is_told && self.ends(&passes, consents) { Ok(()) } else { Err(Untouched) }
    }

    /// Whether a team may not be told all of it any more, by consent, where somebody goes from court.
    ///
    /// # Errors
    /// [`Untouched`] if it may, if it rests on no consent, or if it was not told before.
    pub fn destination_ends(
        &self,
        told: &DestinationRecord,
        consents: &[ConsentRecord],
    ) -> Result<(), Untouched> {
        let passes = Passes {
            from: &told.by.0,
            to: &told.to,
            purpose: Purpose::CourtOrStatutory,
            what: court::model::TOLD,
        };
        if told.ground == court::model::Ground::Consent && self.ends_in_part(&passes, consents) {
            Ok(())
        } else {
            Err(Untouched)
        }
    }
}
