//! The code lists of what a court decided, as far as it says where somebody goes. A leaf.

crate::code_list! {
    /// What the court decided. Nothing of the offence.
    pub enum CourtOutcome {
        /// Into custody until the next hearing.
        Remanded = "remanded",
        SentencedToCustody = "sentenced-to-custody",
        /// A community order with a drug rehabilitation requirement.
        OrderWithDrr = "order-with-drr",
        /// A community order without one.
        OrderWithoutDrr = "order-without-drr",
        Bailed = "bailed",
        /// Bailed, on condition of an assessment.
        BailRestricted = "bail-restricted",
        /// Nothing holds the person: discharged, fined, or acquitted.
        Free = "free",
    }
}

crate::code_list! {
    /// Who answers for the person's care from then on, as the handbook's section 4.1 has it.
    #[schema(as = DestinationResponsibleBody)]
    pub enum ResponsibleBody {
        Carat = "carat",
        Probation = "probation",
        /// Probation, and the team for what drugs have to do with it.
        ProbationWithCjit = "probation-with-cjit",
        Cjit = "cjit",
    }
}

impl CourtOutcome {
    /// Whether the person goes to prison.
    pub const fn is_custody(self) -> bool {
        matches!(self, Self::Remanded | Self::SentencedToCustody)
    }

    /// Who answers for the person's care from then on.
    pub const fn responsible(self) -> ResponsibleBody {
        match self {
            Self::Remanded | Self::SentencedToCustody => ResponsibleBody::Carat,
            Self::OrderWithDrr => ResponsibleBody::Probation,
            Self::OrderWithoutDrr => ResponsibleBody::ProbationWithCjit,
            Self::Bailed | Self::BailRestricted | Self::Free => ResponsibleBody::Cjit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prison_s_team_answers_for_who_is_in_prison_and_for_nobody_else() {
        for outcome in CourtOutcome::ALL {
            let is_carat = outcome.responsible() == ResponsibleBody::Carat;
            assert_eq!(is_carat, outcome.is_custody(), "{outcome}");
        }
    }
}
