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
        /// Who answers for people in custody, and for breaches: the police.
        Custody = "custody",
        /// Who takes in what is referred to the agency, and follows what it referred to others.
        Referrals = "referrals",
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
            Self::Custody => &[Role::BreachOfficer, Role::DipOfficer, Role::CustodyOfficer],
            Self::Referrals => &[
                Role::Spoc,
                Role::TeamManager,
                Role::CaseManager,
                Role::DrugWorker,
                Role::CaratWorker,
                Role::PrisonHealthcare,
            ],
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
        /// Hold the first appointment of somebody identified in custody.
        HoldFirstAppointment = "hold-first-appointment",
        /// Hold the follow-up, or the additional appointment.
        HoldFollowUp = "hold-follow-up",
        /// Decide how soon a missed requirement is pursued.
        DecideBreach = "decide-breach",
        /// Do what was decided about a missed requirement: arrest, or put out for arrest.
        PursueBreach = "pursue-breach",
        /// Take the next step of a referral: acknowledge, decide, make the first contact, or answer its return.
        AnswerReferral = "answer-referral",
        /// Ring the recipient of a referral that does not move: the sender answers for it until the first contact.
        ChaseReferral = "chase-referral",
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
