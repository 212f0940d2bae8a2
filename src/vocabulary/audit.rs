//! The kinds of entry in the audit log, and how a request can end.

crate::code_list! {
    /// What an entry of the log is about. Together with [`Outcome`] the only thing that a leaf shows.
    pub enum EntryKind {
        Disclosure = "disclosure",
        Import = "import",
        ConsentChange = "consent-change",
        ClientChange = "client-change",
        DirChange = "dir-change",
        EpisodeChange = "episode-change",
        ScriptChange = "script-change",
        ReferralTransition = "referral-transition",
        CaseloadCheck = "caseload-check",
        Appointment = "appointment",
        Notice = "notice",
        Breach = "breach",
        Review = "review",
        JointDecision = "joint-decision",
        Flag = "flag",
        BreakGlassStart = "break-glass-start",
        BreakGlassEnd = "break-glass-end",
        BreakGlassReview = "break-glass-review",
        SubjectAccess = "subject-access",
        LogAccess = "log-access",
        DirectoryChange = "directory-change",
        PolicyChange = "policy-change",
        KeyChange = "key-change",
        Erased = "erased",
        Recovered = "recovered",
        Summary = "summary",
        System = "system",
    }
}

crate::code_list! {
    /// How a request ended.
    pub enum Outcome {
        Permitted = "permitted",
        Refused = "refused",
        Error = "error",
    }
}
