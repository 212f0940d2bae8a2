//! Why a step of a referral is not taken.

use super::transition::BodyField;

/// Why a step was not taken. Holds nothing of what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTransition {
    /// The state does not allow it.
    #[error("not possible from the referral's present state")]
    NotFromHere,
    /// The other side, or only the gateway itself, may do it.
    #[error("not for this side of the referral")]
    NotThisSide,
    /// The step needs this field.
    #[error("the field {} is required", .0.name())]
    Missing(BodyField),
    /// The step does not take this field.
    #[error("the field {} does not belong to this step", .0.name())]
    NotTaken(BodyField),
    /// The field contradicts the step (a time to come, a review in the past, an outcome of the other kind).
    #[error("the field {} does not fit this step", .0.name())]
    NotFitting(BodyField),
    /// Its time has not come (expiry) or has passed (correction).
    #[error("not at this time")]
    NotNow,
    /// No caseload check was run or is under way.
    #[error("a caseload check must be under way before a referral is sent")]
    NoCaseloadCheck,
    /// It would carry information without an effective consent; it can be sent as an anonymous slot.
    #[error("no effective consent for what the referral carries")]
    NoConsent,
    /// The sender already has an open one for this person and service.
    #[error("another referral for this service is open")]
    AnotherOpen,
}
