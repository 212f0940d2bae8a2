//! The code lists of delegated follow-ups. A leaf.

crate::code_list! {
    /// Whether somebody came to a delegated follow-up: all that goes back to the team.
    pub enum Came {
        AttendedAndRemained = "attended-and-remained",
        LeftEarly = "left-early",
        DidNotAttend = "did-not-attend",
        /// Was there, and took no part.
        RefusedToEngage = "refused-to-engage",
    }
}

crate::code_list! {
    /// Where a delegated follow-up stands.
    pub enum DelegationState {
        /// The project is to hold it.
        Awaited = "awaited",
        /// The project has said whether the person came.
        Told = "told",
        /// The team holds it itself again.
        Withdrawn = "withdrawn",
        /// The project cannot hold it.
        GivenBack = "given-back",
        /// The appointment was moved or taken back, or is over without the project.
        Lapsed = "lapsed",
    }
}
