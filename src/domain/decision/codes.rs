//! The code lists of joint decisions. A leaf.

crate::code_list! {
    /// How many sessions with a drug worker the caution asks for (S3 3.3).
    pub enum Condition {
        OneSession = "one-session",
        TwoSessions = "two-sessions",
        ThreeSessions = "three-sessions",
    }
}

crate::code_list! {
    /// What a party says to a proposed caution.
    pub enum Vote {
        Agree = "agree",
        Decline = "decline",
    }
}

crate::code_list! {
    /// How the police close a decision; its code is the last part of the URL `/joint-decisions/{id}/{transition}`.
    pub enum Closing {
        /// The caution is issued.
        Issue = "issue",
        /// The proposal is taken back.
        Withdraw = "withdraw",
    }
}

crate::code_list! {
    /// Where a decision stands, for whoever looks. It is all that the police learn.
    pub enum Standing {
        /// Not all have said what they think.
        Pending = "pending",
        /// All agree.
        MayIssue = "may-issue",
        /// Not all agree, or the person does not any more. It is not told which.
        MayNotIssue = "may-not-issue",
        Issued = "issued",
        Withdrawn = "withdrawn",
    }
}

impl Standing {
    /// What the police can do.
    pub const fn closings(self) -> &'static [Closing] {
        match self {
            Self::MayIssue => &[Closing::Issue, Closing::Withdraw],
            Self::Pending | Self::MayNotIssue => &[Closing::Withdraw],
            Self::Issued | Self::Withdrawn => &[],
        }
    }
}
