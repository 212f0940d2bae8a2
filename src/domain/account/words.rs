//! The codes of the log in words that a worker can read out to the person.

use crate::vocabulary::{Art6, Confidentiality, EntryKind, Purpose};

/// What was done or asked.
pub(super) const fn act(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Disclosure => "looked at what is held about you",
        EntryKind::Import => "took in a record about you",
        EntryKind::ConsentChange => "recorded or ended a consent of yours",
        EntryKind::ClientChange => "wrote down or changed your details",
        EntryKind::DirChange => "wrote in your drug interventions record",
        EntryKind::EpisodeChange => "opened or closed your case",
        EntryKind::ScriptChange => "changed what is prescribed to you",
        EntryKind::ReferralTransition => "took a step in a referral of yours",
        EntryKind::CaseloadCheck => "checked whether another service works with you",
        EntryKind::Appointment => "made or changed an appointment of yours",
        EntryKind::Notice => "served a notice on you",
        EntryKind::Breach => "recorded a missed requirement",
        EntryKind::Review => "reviewed your care",
        EntryKind::JointDecision => "took part in a decision about you",
        EntryKind::Flag => "set or cleared a reminder about you",
        EntryKind::BreakGlassStart => "opened your record in an emergency",
        EntryKind::BreakGlassEnd => "closed your record after an emergency",
        EntryKind::BreakGlassReview => "reviewed an emergency access to your record",
        EntryKind::SubjectAccess => "gave you your own record",
        EntryKind::Erased => "erased what was held about you",
        EntryKind::LogAccess
        | EntryKind::DirectoryChange
        | EntryKind::PolicyChange
        | EntryKind::KeyChange
        | EntryKind::Recovered
        | EntryKind::Summary
        | EntryKind::System => "kept the gateway running",
    }
}

/// What for.
pub(super) const fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Treatment => "your treatment",
        Purpose::ContinuityOfCare => "keeping your care going from one service to the next",
        Purpose::Referral => "sending you on to another service",
        Purpose::PrescribingSafety => "making sure that what is prescribed to you is safe",
        Purpose::DuplicateCheck => "making sure that two services do not do the same work",
        Purpose::Safeguarding => "protecting somebody from harm",
        Purpose::VitalInterests => "saving a life",
        Purpose::OffenderManagement => "managing your order or licence",
        Purpose::CourtOrStatutory => "what a court or the law requires",
        Purpose::HousingSupport => "helping you with housing",
        Purpose::SubjectAccess => "answering you about your own record",
        Purpose::AuditReview => "checking that records are used properly",
        Purpose::ServiceMonitoring => "counting how services are used, without names",
    }
}

/// Why it was allowed.
pub(super) const fn basis(
    confidentiality: Option<Confidentiality>,
    art6: Option<Art6>,
) -> Option<&'static str> {
    match (confidentiality, art6) {
        (_, Some(Art6::LegalObligation)) => Some("the law requires it"),
        (Some(Confidentiality::ClientConsent), Some(Art6::Consent)) => Some("you agreed to it"),
        (Some(Confidentiality::ClientConsent), _) => Some("it is part of the care that you agreed to"),
        (Some(Confidentiality::StatutoryDuty), _) => Some("the service has a duty in law to do it"),
        (Some(Confidentiality::CourtOrder), _) => Some("a court ordered it"),
        (Some(Confidentiality::OverridingPublicInterest), _) => {
            Some("somebody would otherwise have come to serious harm")
        }
        (Some(Confidentiality::BestInterestsNoCapacity), _) => {
            Some("it was in your best interests while you could not decide")
        }
        (None, Some(Art6::Consent)) => Some("you agreed to it"),
        (None, Some(Art6::VitalInterests)) => Some("it was needed to save a life"),
        (None, Some(Art6::PublicTask | Art6::LegitimateInterests)) => {
            Some("it is part of the service's task")
        }
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_shown_a_code() {
        for of in Purpose::ALL {
            assert!(!purpose(*of).contains('-') && purpose(*of) != of.code(), "{of}");
        }
        for kind in EntryKind::ALL {
            assert!(!act(*kind).contains('-'), "{kind}");
        }
        for why in Confidentiality::ALL {
            assert!(basis(Some(*why), None).is_some_and(|words| !words.contains('-')), "{why}");
        }
    }

    #[test]
    fn what_has_no_basis_claims_none() {
        assert_eq!(basis(None, None), None);
    }
}
