//! The code lists of breaking glass. A leaf.

crate::code_list! {
    /// What puts the person's life at risk.
    pub enum EmergencyReason {
        Overdose = "overdose",
        /// The person cannot speak, whatever the cause.
        Unconscious = "unconscious",
        /// Withdrawal that is dangerous by itself: fits, delirium.
        AcuteWithdrawal = "acute-withdrawal",
        /// An acute illness or injury whose treatment depends on what was taken.
        AcuteIllness = "acute-illness",
        /// The person is about to take his or her own life.
        RiskToOwnLife = "risk-to-own-life",
    }
}

crate::code_list! {
    /// What a review of a broken glass found.
    pub enum BreakGlassFinding {
        /// It was right to open it.
        Appropriate = "appropriate",
        /// It was not: the worker's power to do so is suspended.
        Inappropriate = "inappropriate",
        /// It is for the Caldicott guardian to say.
        Escalated = "escalated",
    }
}

crate::code_list! {
    /// Where one agency's review of a broken glass stands.
    pub enum BreakGlassReviewState {
        AwaitingReview = "awaiting-review",
        /// It awaits the Caldicott guardian: passed on, or not done within seven days.
        Escalated = "escalated",
        Reviewed = "reviewed",
    }
}
