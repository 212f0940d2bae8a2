//! The codes of the log in words that a worker can read out to the person, and that she can read herself.

use crate::store::account::AccountEntry;
use crate::vocabulary::{Art6, Confidentiality, EntryKind, Outcome, Purpose, Role, Segment};

/// What was done or asked.
pub(super) const fn act(entry: &AccountEntry) -> &'static str {
    if entry.about_deferral {
        return "decided whether lines of this list had to wait for a time";
    }
    match (entry.purpose, entry.kind) {
        (Some(Purpose::Safeguarding), EntryKind::ReferralTransition) => {
            "passed on a worry about somebody\u{2019}s safety, or took it in"
        }
        (Some(Purpose::Safeguarding), EntryKind::Review) => {
            "looked whether passing on such a worry was right"
        }
        // All else that is done to count is about nobody.
        (Some(Purpose::ServiceMonitoring), EntryKind::Disclosure) => {
            "put a line about you into the national return: your initials, date of birth and sex, and no name"
        }
        (Some(Purpose::ServiceMonitoring), EntryKind::ClientChange) => {
            "noted how many offences of yours the police\u{2019}s computer holds of a month, to be counted with others\u{2019}"
        }
        _ => act_of_kind(entry.kind),
    }
}

const fn act_of_kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Disclosure => "looked at what is held about you",
        EntryKind::Import => "took in a record about you",
        EntryKind::ConsentChange => "recorded or ended a consent of yours",
        EntryKind::ClientChange => "wrote down or changed your details",
        EntryKind::DirChange => "wrote in your drug interventions record",
        EntryKind::EpisodeChange => "opened, changed or closed your case",
        EntryKind::ScriptChange => "saw to what is prescribed to you",
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
        EntryKind::SubjectAccess => "dealt with your request for this list",
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
pub(in crate::domain) const fn purpose(purpose: Purpose) -> &'static str {
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

/// How it ended.
pub const fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Permitted => "It was allowed.",
        Outcome::Refused => "It was refused: nothing was shown and nothing was changed.",
        Outcome::Error => "It did not work: nothing was shown and nothing was changed.",
    }
}

/// In which role somebody acted.
pub const fn role(role: Role) -> &'static str {
    match role {
        Role::CaseManager => "a case manager",
        Role::DrugWorker => "a drug worker",
        Role::TeamManager => "a team manager",
        Role::Spoc => "the person whom other services ring",
        Role::Prescriber => "a prescriber",
        Role::Nurse => "a nurse",
        Role::CaratWorker => "a drug worker in prison",
        Role::PrisonHealthcare => "a health worker in prison",
        Role::ProbationOfficer => "a probation officer",
        Role::CourtWorker => "a court worker",
        Role::CustodyOfficer => "a custody officer",
        Role::DipOfficer => "a drug intervention officer",
        Role::BreachOfficer => "a breach officer",
        Role::ProjectWorker => "a project worker",
        Role::HousingOfficer => "a housing officer",
        Role::ResettlementWorker => "a resettlement worker",
        Role::EteAdviser => "an adviser for training and work",
        Role::SocialWorker => "a social worker",
        Role::Analyst => "an analyst",
        Role::PrivacyOfficer => "a privacy officer",
        Role::CaldicottGuardian => "the guardian of people\u{2019}s records",
        Role::MatchingOfficer => "somebody who makes sure that records are of the right person",
        Role::Auditor => "an auditor",
        Role::Operator => "the operator of the gateway",
    }
}

/// What a part of a record is about.
pub const fn segment(segment: Segment) -> &'static str {
    match segment {
        Segment::Identity => "who you are",
        Segment::Contact => "how to reach you",
        Segment::Demographics => "your background",
        Segment::Attendance => "whether you came to appointments",
        Segment::Housing => "your housing",
        Segment::EmploymentFinance => "your work and money",
        Segment::DrugUse => "your drug use",
        Segment::AlcoholUse => "your drinking",
        Segment::PhysicalHealth => "your physical health",
        Segment::MentalHealth => "your mental health",
        Segment::CarePlan => "your care plan",
        Segment::Prescribing => "what is prescribed to you",
        Segment::DrugTest => "drug tests",
        Segment::Offending => "offences",
        Segment::Risk => "risks",
        Segment::ChildrenFamily => "your children and family",
        Segment::ReleasePlan => "plans for your release",
        Segment::BloodBorneVirus => "viruses in the blood, such as hepatitis or HIV",
        Segment::SexWork => "sex work",
        Segment::Safeguarding => "keeping you or others safe",
    }
}

/// What holds of every whole account, and stands in every one, so that it tells nothing of this one.
pub const NOTES: [&str; 5] = [
    "This list tells what services did through the gateway with what they hold about you. Each line is one thing that was done, asked \
     for or refused.",
    "The law lets a service keep a line back for a limited time, for example during an investigation. Two people must agree to \
     it. After that time the line is in this list.",
    "Some lines can be shown only at a service that knows of the matter itself. To be sure that you see all that there is, you can ask \
     at each service that you go to.",
    "When a service checks whether another one works with you, the others are asked. Who answered is not in this list. When two \
     services prescribe to you at once, each sees to it; the other one is not in this list.",
    "When a service has erased what it held about you, the lines about that are gone, too.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_shown_a_code() {
        for of in Purpose::ALL {
            assert!(!purpose(*of).contains('-') && purpose(*of) != of.code(), "{of}");
        }
        for kind in EntryKind::ALL {
            assert!(!act_of_kind(*kind).contains('-'), "{kind}");
        }
        for of in Segment::ALL {
            assert!(!segment(*of).contains('-'), "{of}");
        }
        for of in Role::ALL {
            assert!(!role(*of).contains('-') && role(*of) != of.code(), "{of}");
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
