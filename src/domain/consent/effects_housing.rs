//! What a withdrawal does to what landlords and resettlement workers are told: referrals to housing, evictions that are held back, joint
//! assessments, and test results. What has lost its consent is over, and nobody has a task that leads nowhere.

use super::effects::{Closing, Untouched, unconfirmed};
use super::model::ConsentRecord;
use super::passes::Passes;
use crate::domain::housing::codes::HousingState;
use crate::domain::housing::hold::HoldRecord;
use crate::domain::housing::joint::JointRecord;
use crate::domain::housing::referral::HousingRecord;
use crate::domain::result::model::ResultRecord;
use crate::id::AgencyId;
use crate::problem::Problem;
use crate::vocabulary::{Purpose, Segment, SegmentSet};

impl Closing<'_> {
    /// The next version of a referral to housing, if nothing of it may pass any more and something could.
    ///
    /// # Errors
    /// [`Untouched`] if it goes on, or is over.
    pub fn housing_after(
        &self,
        referral: &HousingRecord,
        consents: &[ConsentRecord],
    ) -> Result<HousingRecord, Untouched> {
        let passes = Passes {
            from: &referral.sender.0,
            to: &referral.provider,
            purpose: Purpose::HousingSupport,
            what: referral.rests_on(),
        };
        let is_ahead = referral.is_ahead(self.clocks.calendar.date_of(self.now));
        if !is_ahead || !self.ends(&passes, consents) {
            return Err(Untouched);
        }
        let version = referral.version.saturating_add(1);
        Ok(HousingRecord { version, state: HousingState::Withdrawn, ..referral.clone() })
    }

    /// The next version of what this agency says so that an eviction is held back, if it may not be said any more.
    ///
    /// # Errors
    /// [`Untouched`] if it goes on, or is over.
    pub fn hold_after(
        &self,
        (custodian, hold): (&AgencyId, &HoldRecord),
        consents: &[ConsentRecord],
    ) -> Result<HoldRecord, Untouched> {
        let passes = Passes {
            from: custodian,
            to: &hold.provider,
            purpose: Purpose::HousingSupport,
            what: SegmentSet::EMPTY.with(Segment::Attendance),
        };
        if hold.ended_at.is_some() || !self.ends(&passes, consents) {
            return Err(Untouched);
        }
        Ok(HoldRecord { ended_at: Some(self.now), ..hold.clone() })
    }

    /// The next version of a joint assessment, if the landlord may not be told of the home any more: it is over for both.
    ///
    /// # Errors
    /// [`Untouched`] if it goes on, or is over.
    pub fn joint_after(
        &self,
        joint: &JointRecord,
        consents: &[ConsentRecord],
    ) -> Result<JointRecord, Untouched> {
        let passes = Passes {
            from: &joint.service,
            to: &joint.landlord,
            purpose: Purpose::HousingSupport,
            what: SegmentSet::EMPTY.with(Segment::Housing),
        };
        if joint.ended_at.is_some() || !self.ends(&passes, consents) {
            return Err(Untouched);
        }
        Ok(JointRecord { ended_at: Some(self.now), ..joint.clone() })
    }

    /// Whether the worker to whom a test result was told cannot read it any more.
    ///
    /// # Errors
    /// [`Untouched`] if it can be read still, or could not before.
    pub fn result_ends(&self, result: &ResultRecord, consents: &[ConsentRecord]) -> Result<(), Untouched> {
        let passes = Passes {
            from: &result.by.0,
            to: &result.to.0,
            purpose: Purpose::Treatment,
            what: SegmentSet::EMPTY.with(Segment::DrugTest),
        };
        if self.ends(&passes, consents) { Ok(()) } else { Err(Untouched) }
    }

    /// Makes sure that nobody loses a home by it unawares, after [`Closing::confirmed`]: who may not be told what is cancelled has
    /// confirmed it all by then.
    ///
    /// # Errors
    /// `withdrawal-needs-confirmation`, which says what.
    pub fn confirmed_housing(
        &self,
        consents: &[ConsentRecord],
        referrals: &[HousingRecord],
        holds: &[(AgencyId, HoldRecord)],
    ) -> Result<(), Problem> {
        if self.why.is_confirmed() {
            return Ok(());
        }
        let ends_hold =
            holds.iter().any(|(custodian, hold)| self.hold_after((custodian, hold), consents).is_ok());
        let ends_placement = referrals.iter().any(|referral| {
            referral.state == HousingState::PlacementAgreed && self.housing_after(referral, consents).is_ok()
        });
        if ends_hold {
            let message = "must be true: the landlord who holds back an eviction is told nothing any more";
            Err(unconfirmed("ends-eviction-hold", message))
        } else if ends_placement {
            let message = "must be true: a referral to housing is taken back whose placement was agreed";
            Err(unconfirmed("cancels-placement", message))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
#[path = "effects_housing_tests.rs"]
mod tests;
