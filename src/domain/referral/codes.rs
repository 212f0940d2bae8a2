//! The codes of a referral: how soon, for what, where it stands, why it did not stay, how it ended.

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
        matches!(self, Self::Engaged | Self::AlreadyInTreatment | Self::CompletedIntervention)
    }
}
