//! Telling the other side of something about housing: an event, by a handle of its own.

use crate::id::AgencyId;
use crate::store::change::{Changes, NewVersion};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::EventType;

/// Tells an agency that its own resource has moved. The answer is the path of that.
pub(super) fn notify(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    version: &NewVersion,
    agency: &AgencyId,
) -> Result<String, Error> {
    let id = changes.handle_for(tx, agency, version.kind, version.record.as_bytes(), version.person)?;
    let (path, event) = match version.kind {
        Kind::EvictionHold => ("eviction-holds", EventType::EvictionHoldChanged),
        Kind::JointAssessment => ("joint-assessments", EventType::JointAssessmentChanged),
        _ => ("housing-referrals", EventType::HousingReferralChanged),
    };
    let subject = format!("/v1/{path}/{id}");
    changes.notify(agency, event, subject.clone());
    Ok(subject)
}
