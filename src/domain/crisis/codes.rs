//! The code lists of the look-up in a crisis. A leaf.

crate::code_list! {
    /// Why it is looked up.
    pub enum CrisisReason {
        /// The person may have taken too much, or fears so.
        Overdose = "overdose",
        /// The person may take his or her own life.
        RiskToOwnLife = "risk-to-own-life",
        Withdrawal = "withdrawal",
        /// Just out of prison, with nowhere to go or nothing prescribed.
        ReleasedLate = "released-late",
        /// Somebody threatens or hurts the person.
        Violence = "violence",
        Other = "other",
    }
}

crate::code_list! {
    /// What was found.
    pub enum CrisisOutcome {
        /// A participating service works with the person.
        ServiceToRing = "service-to-ring",
        /// None that the gateway knows of.
        NoService = "no-participating-service",
        /// It is not certain whether a record is this person's.
        Uncertain = "uncertain",
    }
}

impl CrisisOutcome {
    /// What was found, by what there is.
    pub const fn of(is_held: bool, is_undecided: bool) -> Self {
        match (is_held, is_undecided) {
            (true, _) => Self::ServiceToRing,
            (false, true) => Self::Uncertain,
            (false, false) => Self::NoService,
        }
    }

    /// What that means, and what to do.
    pub const fn words(self) -> &'static str {
        match self {
            Self::ServiceToRing => {
                "A service works with this person. Ring the number and quote the reference."
            }
            Self::NoService => {
                "The gateway knows of no service. Ask the person, and ring the number if in doubt."
            }
            Self::Uncertain => "A service may know this person. Ring the number and quote the reference.",
        }
    }
}
