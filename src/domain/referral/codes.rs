//! The code lists of a referral: how soon, what for, where it stands, why it does not stay, how it ended. A leaf.

use super::route::ServiceType;

crate::code_list! {
    /// How soon; chooses the clocks.
    pub enum Urgency {
        Routine = "routine",
        Urgent = "urgent",
        ReleaseCritical = "release-critical",
    }
}

crate::code_list! {
    /// The need in one word: all that an anonymous slot says.
    pub enum Need {
        Assessment = "assessment",
        Treatment = "treatment",
        Prescribing = "prescribing",
        Detoxification = "detoxification",
        Throughcare = "throughcare",
        Support = "support",
        /// To structured treatment alone: residential rehabilitation together with one's children.
        FamilyResidential = "family-residential",
        /// To education, training, work or advice about money alone.
        Training = "training",
        Employment = "employment",
        Benefits = "benefits",
        DebtAdvice = "debt-advice",
    }
}

impl Need {
    /// The service that alone meets it; `None` where several do.
    pub const fn service(self) -> Option<ServiceType> {
        match self {
            Self::Training | Self::Employment | Self::Benefits | Self::DebtAdvice => {
                Some(ServiceType::Employment)
            }
            Self::FamilyResidential => Some(ServiceType::StructuredTreatment),
            Self::Assessment
            | Self::Treatment
            | Self::Prescribing
            | Self::Detoxification
            | Self::Throughcare
            | Self::Support => None,
        }
    }
}

crate::code_list! {
    /// Where a referral stands.
    pub enum ReferralState {
        Draft = "draft",
        Requested = "requested",
        Received = "received",
        Accepted = "accepted",
        Returned = "returned",
        InProgress = "in-progress",
        OnHold = "on-hold",
        Rejected = "rejected",
        /// Sent on to the agency where it belongs, as a referral of its own.
        Rerouted = "rerouted",
        Completed = "completed",
        Failed = "failed",
        Cancelled = "cancelled",
        Expired = "expired",
        EnteredInError = "entered-in-error",
    }
}

impl ReferralState {
    /// Whether nothing can happen to it any more.
    pub const fn is_terminal(self) -> bool {
        match self {
            Self::Draft | Self::Requested | Self::Received | Self::Accepted => false,
            Self::Returned | Self::InProgress | Self::OnHold => false,
            Self::Rejected | Self::Rerouted | Self::Completed | Self::Failed => true,
            Self::Cancelled | Self::Expired | Self::EnteredInError => true,
        }
    }

    /// Whether what was sent has arrived at its recipient, and stays there.
    pub const fn has_arrived(self) -> bool {
        matches!(
            self,
            Self::Received
                | Self::Accepted
                | Self::Returned
                | Self::InProgress
                | Self::OnHold
                | Self::Completed
        )
    }

    /// Whether it entitles its recipient to ask for what it carries.
    pub const fn carries(self) -> bool {
        match self {
            Self::Requested | Self::Received | Self::Accepted | Self::Returned => true,
            Self::InProgress | Self::OnHold | Self::Completed => true,
            Self::Draft | Self::Rejected | Self::Rerouted | Self::Failed => false,
            Self::Cancelled | Self::Expired | Self::EnteredInError => false,
        }
    }

    /// Whether it is open: sent, and not over. A draft is neither.
    pub const fn is_open(self) -> bool {
        !self.is_terminal() && !matches!(self, Self::Draft)
    }
}

crate::code_list! {
    /// Why a recipient rejects.
    pub enum RejectionReason {
        OutOfArea = "out-of-area",
        NotEligible = "not-eligible",
        NoCapacity = "no-capacity",
        AlreadyOnCaseload = "already-on-caseload",
        InsufficientInformation = "insufficient-information",
        ClientDeclined = "client-declined",
        RiskCannotBeManaged = "risk-cannot-be-managed",
        WrongService = "wrong-service",
    }
}

crate::code_list! {
    /// Why a referral does not stay where it was sent.
    pub enum ReturnReason {
        /// Something is missing; it can be sent again.
        MoreInformation = "more-information",
        /// The person belongs to another area.
        OutOfArea = "out-of-area",
        /// Another agency of the kind does what is needed.
        WrongService = "wrong-service",
    }
}

crate::code_list! {
    /// How a referral ended for the person.
    pub enum ReferralOutcome {
        Engaged = "engaged",
        AlreadyInTreatment = "already-in-treatment",
        CompletedIntervention = "completed-intervention",
        /// Of education, training, work and money, as are the next seven.
        CourseBegun = "course-begun",
        QualificationGained = "qualification-gained",
        PlacementBegun = "placement-begun",
        EmploymentGained = "employment-gained",
        BenefitsInPayment = "benefits-in-payment",
        DebtsArranged = "debts-arranged",
        BankAccountOpened = "bank-account-opened",
        IdentityPapersObtained = "identity-papers-obtained",
        DidNotAttend = "did-not-attend",
        Disengaged = "disengaged",
        MovedAway = "moved-away",
        ReturnedToCustody = "returned-to-custody",
        Died = "died",
    }
}

impl ReferralOutcome {
    /// Whether it is what the referral was made for.
    pub const fn is_success(self) -> bool {
        match self {
            Self::Engaged | Self::AlreadyInTreatment | Self::CompletedIntervention => true,
            Self::CourseBegun
            | Self::QualificationGained
            | Self::PlacementBegun
            | Self::EmploymentGained
            | Self::BenefitsInPayment
            | Self::DebtsArranged
            | Self::BankAccountOpened
            | Self::IdentityPapersObtained => true,
            Self::DidNotAttend | Self::Disengaged | Self::MovedAway => false,
            Self::ReturnedToCustody | Self::Died => false,
        }
    }

    /// The service that alone ends a referral so; `None` where any may.
    pub const fn service(self) -> Option<ServiceType> {
        match self {
            Self::CourseBegun
            | Self::QualificationGained
            | Self::PlacementBegun
            | Self::EmploymentGained
            | Self::BenefitsInPayment
            | Self::DebtsArranged
            | Self::BankAccountOpened
            | Self::IdentityPapersObtained => Some(ServiceType::Employment),
            Self::Engaged | Self::AlreadyInTreatment | Self::CompletedIntervention => None,
            Self::DidNotAttend | Self::Disengaged | Self::MovedAway => None,
            Self::ReturnedToCustody | Self::Died => None,
        }
    }

    /// Whether a referral for this service can end so.
    pub fn fits(self, service: ServiceType) -> bool {
        self.service().is_none_or(|only| only == service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_referral_to_work_or_money_ends_no_other() {
        for outcome in ReferralOutcome::ALL {
            assert!(outcome.fits(ServiceType::Employment), "{outcome}");
            let only = outcome.service().is_some();
            assert_eq!(outcome.fits(ServiceType::StructuredTreatment), !only, "{outcome}");
            assert!(!only || outcome.is_success(), "{outcome}: what did not come about is said as elsewhere");
        }
        assert!(ReferralOutcome::EmploymentGained.service().is_some());
        assert_eq!(Need::DebtAdvice.service(), Some(ServiceType::Employment));
        assert_eq!(Need::FamilyResidential.service(), Some(ServiceType::StructuredTreatment));
        assert_eq!(Need::Support.service(), None);
    }
}
