//! The code lists of what police send in. A leaf.

crate::code_list! {
    /// What led police to send somebody in; not what they know, which stays with them.
    pub enum Led {
        /// Work on the supply of drugs in a place.
        IntelligenceLed = "intelligence-led",
        /// A day on which many are seen at once.
        OperationsDay = "operations-day",
        /// The person asked for help.
        Asked = "asked",
    }
}

crate::code_list! {
    /// What became of it, for the service's own file. Nobody else is told.
    pub enum InboundOutcome {
        TakenUp = "taken-up",
        KnownAlready = "known-already",
        Declined = "declined",
        NotReached = "not-reached",
    }
}
