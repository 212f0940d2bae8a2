//! The code lists of concerns. A leaf.

crate::code_list! {
    /// What the concern is.
    pub enum ConcernGround {
        /// A child may be at risk.
        ChildAtRisk = "child-at-risk",
        /// The person is under 18, and was found in custody or came to a service for adults.
        Under18 = "under-18",
    }
}

crate::code_list! {
    /// Whether the person was told that the concern is passed on.
    pub enum Telling {
        Told = "told",
        /// Telling the person would put somebody at risk.
        UnsafeToTell = "unsafe-to-tell",
    }
}

crate::code_list! {
    /// What a review of the concern found.
    pub enum ConcernFinding {
        /// It was right to tell it.
        Appropriate = "appropriate",
        /// It was not: nobody to whom it was told reads it any more.
        Inappropriate = "inappropriate",
        /// It is for the Caldicott guardian to say.
        Escalated = "escalated",
    }
}

crate::code_list! {
    /// Where the review of a concern stands.
    pub enum ConcernState {
        AwaitingReview = "awaiting-review",
        /// It awaits the Caldicott guardian.
        Escalated = "escalated",
        Reviewed = "reviewed",
    }
}
