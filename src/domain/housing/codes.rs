//! The code lists of housing.

crate::code_list! {
    /// Where a referral to housing stands.
    pub enum HousingState {
        Sent = "sent",
        /// The provider takes the person, from a day on.
        PlacementAgreed = "placement-agreed",
        Declined = "declined",
        Withdrawn = "withdrawn",
    }
}

crate::code_list! {
    /// A step; its code is the last part of the URL `/housing-referrals/{id}/{transition}`.
    pub enum HousingTransition {
        /// The provider takes the person.
        AgreePlacement = "agree-placement",
        /// The provider does not.
        Decline = "decline",
        /// The sender takes it back.
        Withdraw = "withdraw",
        /// Either side tells the other of a risk before the move.
        TellRisk = "tell-risk",
    }
}

crate::code_list! {
    /// Why a provider does not take somebody.
    pub enum DeclineReason {
        NoVacancy = "no-vacancy",
        NotSuitable = "not-suitable",
        OutsideArea = "outside-area",
        Other = "other",
    }
}

crate::code_list! {
    /// Whether a tenant attends. A landlord is told no more.
    pub enum Attending {
        Yes = "yes",
        No = "no",
    }
}

crate::code_list! {
    /// What the one plan of a joint assessment is about (LATCH House).
    pub enum JointDomain {
        Legal = "legal",
        Health = "health",
        Housing = "housing",
        Employment = "employment",
        Training = "training",
    }
}

crate::code_list! {
    /// Where a joint assessment stands.
    pub enum JointState {
        /// One of the two parts is to be written, or both.
        AwaitingParts = "awaiting-parts",
        /// Both are there, and the plan is not.
        AwaitingPlan = "awaiting-plan",
        Planned = "planned",
        /// The person took back what it rests on.
        Ended = "ended",
    }
}
