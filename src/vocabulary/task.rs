//! Duties: what belongs to a post and its deputy, never to one person, and what there is to do.

use super::agency::Role;

crate::code_list! {
    /// A duty role of an agency. Whoever is on duty in it acts; if nobody does in time, its deputy, then the team manager.
    pub enum DutyRole {
        /// The single point of contact, who answers for the agency.
        Spoc = "spoc",
        /// The prescribers.
        Prescriber = "prescriber",
        /// Who looks after the agency's contact flags.
        FlagOwner = "flag-owner",
        /// Who takes in what is referred to the agency, and follows what it referred to others.
        Referrals = "referrals",
        /// Who answers for people in custody, and for breaches: the police.
        Custody = "custody",
        /// Who works with people about to leave prison, or just out of it.
        Resettlement = "resettlement",
        /// Who lets homes: the landlord or the council.
        Housing = "housing",
        /// The operator's desk that settles uncertain matches.
        MatchingDesk = "matching-desk",
    }
}

impl DutyRole {
    /// The roles whose workers are on this duty.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Spoc => &[Role::Spoc, Role::TeamManager, Role::ProjectWorker, Role::CaseManager],
            Self::Prescriber => &[Role::Prescriber, Role::Nurse, Role::PrisonHealthcare],
            Self::FlagOwner => &[
                Role::Spoc,
                Role::TeamManager,
                Role::ProjectWorker,
                Role::CaseManager,
                Role::DrugWorker,
                Role::CaratWorker,
                Role::PrisonHealthcare,
            ],
            Self::Referrals => &[
                Role::Spoc,
                Role::TeamManager,
                Role::CaseManager,
                Role::DrugWorker,
                Role::CaratWorker,
                Role::PrisonHealthcare,
            ],
            Self::Custody => &[Role::BreachOfficer, Role::DipOfficer, Role::CustodyOfficer],
            Self::Resettlement => &[Role::ResettlementWorker, Role::TeamManager, Role::Spoc],
            Self::Housing => &[Role::HousingOfficer, Role::TeamManager, Role::Spoc],
            Self::MatchingDesk => &[Role::MatchingOfficer],
        }
    }
}

crate::code_list! {
    /// What there is to do.
    pub enum TaskKind {
        /// Answer the question whether and how the agency takes part in a person's care.
        AnswerCaseloadCheck = "answer-caseload-check",
        /// Settle with the other prescriber which prescription goes on.
        ResolveConflict = "resolve-conflict",
        /// Get in touch with somebody who has come up again, the same day.
        ContactAfterReappearance = "contact-after-reappearance",
        /// Look at a contact flag again before it ends.
        ReviewFlag = "review-flag",
        /// Take the next step of a referral: acknowledge, decide, make the first contact, or answer its return.
        AnswerReferral = "answer-referral",
        /// Ring the recipient of a referral that does not move: the sender answers for it until the first contact.
        ChaseReferral = "chase-referral",
        /// Agree to a proposed conditional caution, or decline it.
        VoteOnJointDecision = "vote-on-joint-decision",
        /// Issue the caution that was agreed on, or take the proposal back.
        CloseJointDecision = "close-joint-decision",
        /// Take somebody in as a tenant, or say no.
        AnswerHousingReferral = "answer-housing-referral",
        /// Say again whether a tenant attends treatment, while that holds back an eviction.
        AttestAttendance = "attest-attendance",
        /// Read a test result that was communicated.
        ReadTestResult = "read-test-result",
        /// Decide whether two records are about one person.
        MatchDecision = "match-decision",
    }
}

crate::code_list! {
    /// Where a task stands.
    pub enum TaskState {
        Open = "open",
        Done = "done",
        /// What it was about has ended by itself.
        Lapsed = "lapsed",
    }
}

crate::code_list! {
    /// How far a task that is not done has gone up.
    pub enum TaskLevel {
        /// It lies with the duty role.
        Open = "open",
        /// The deputy was told.
        Deputy = "deputy",
        /// The team manager was told.
        Escalated = "escalated",
    }
}
