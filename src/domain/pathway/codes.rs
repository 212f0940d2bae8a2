//! The code lists of the pathways out of offending. A leaf.

crate::code_list! {
    /// The pathways out of offending: the seven of the national plan, and the one that a region adds.
    pub enum ReoffendingPathway {
        Accommodation = "accommodation",
        EmploymentTrainingEducation = "employment-training-education",
        Health = "health",
        DrugsAndAlcohol = "drugs-and-alcohol",
        FinanceBenefitDebt = "finance-benefit-debt",
        ChildrenAndFamilies = "children-and-families",
        AttitudesThinkingBehaviour = "attitudes-thinking-behaviour",
        /// The eighth, which a region names for itself.
        Regional = "regional",
    }
}

crate::code_list! {
    /// How an action ended.
    pub enum ActionOutcome {
        Done = "done",
        /// Something stands in its way.
        Blocked = "blocked",
        /// The person did not wish it, or it is not needed any more.
        Dropped = "dropped",
    }
}

crate::code_list! {
    /// What stands in the way of an action: never about the person.
    pub enum Barrier {
        NoService = "no-service",
        WaitingList = "waiting-list",
        NotEligible = "not-eligible",
        NoFunding = "no-funding",
        AgencyDidNotAnswer = "agency-did-not-answer",
        Other = "other",
    }
}
