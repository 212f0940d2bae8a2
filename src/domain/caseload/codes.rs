//! The code lists of a caseload check: why it is asked, what was found, what a holder answers, and whether allocation waits.

crate::code_list! {
    /// Why a check is asked. It stands in the asker's own record and in the log, and no holder is told it.
    pub enum CheckReason {
        NewCase = "new-case",
        CustodyReception = "custody-reception",
        BeforePrescribing = "before-prescribing",
        ReleasePlanning = "release-planning",
        ReEngagement = "re-engagement",
        TransferIn = "transfer-in",
    }
}

crate::code_list! {
    /// What came of a check so far.
    pub enum CheckOutcome {
        /// No participating service; others may well know the person.
        Clear = "clear",
        Held = "held",
        /// Not settled: the matching desk has an uncertain match to decide, or who answers live has yet to answer.
        Possible = "possible",
    }
}

impl CheckOutcome {
    /// From what the gateway found: other agencies' open episodes for this person, and uncertain matches.
    pub const fn from_findings(held_elsewhere: bool, uncertain_match: bool) -> Self {
        match (held_elsewhere, uncertain_match) {
            (true, _) => Self::Held,
            (false, true) => Self::Possible,
            (false, false) => Self::Clear,
        }
    }

    /// What it means, in the words that every screen shows.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Clear => "no participating service",
            Self::Held => "held by a participating service",
            Self::Possible => "possibly held by a participating service; it is being found out",
        }
    }

    /// What the time beside it means: true for each outcome, since a time stands beside each.
    pub const fn contact_words(self) -> &'static str {
        match self {
            Self::Clear => {
                "nobody was found who would contact you by this time; a service that takes no part may know the person"
            }
            Self::Held => {
                "the holder will contact you, or answer here, by this time; after it a case manager may be allocated provisionally"
            }
            Self::Possible => {
                "who works with the person, if anybody does, will contact you or answer here by this time; after it a case manager \
                 may be allocated provisionally"
            }
        }
    }
}

crate::code_list! {
    /// What the holder's duty role answers.
    pub enum CheckAnswer {
        /// The holder leads, and the asker contributes.
        Lead = "lead",
        /// Both work with the person; the holder leads.
        Share = "share",
        /// The person is referred back to the holder, who leads.
        ReferBack = "refer-back",
        /// The asker leads, and keeps the holder informed.
        KeepInformed = "keep-informed",
        /// The holder does not work with this person.
        NotOurs = "not-ours",
    }
}

impl CheckAnswer {
    /// Whether who answers so works with the person.
    pub const fn holds(self) -> bool {
        match self {
            Self::Lead | Self::Share | Self::ReferBack | Self::KeepInformed => true,
            Self::NotOurs => false,
        }
    }

    /// Who leads by this answer: the holder, or the asker. `None` where it settles nothing.
    pub const fn holder_leads(self) -> Option<bool> {
        match self {
            Self::Lead | Self::Share | Self::ReferBack => Some(true),
            Self::KeepInformed => Some(false),
            Self::NotOurs => None,
        }
    }
}

crate::code_list! {
    /// Whether a case manager may be allocated. Assessment, harm reduction, dosing and a release never wait.
    pub enum Allocation {
        Free = "free",
        /// No answer in time: go on, and say that it is provisional.
        Provisional = "provisional",
        Wait = "wait",
    }
}

crate::code_list! {
    /// With whom of the holder's a question lies.
    #[schema(as = CheckStage)]
    pub enum Stage {
        /// With the duty role.
        DutyRole = "duty-role",
        /// Half of the time is over: with its deputy, too.
        Deputy = "deputy",
        /// The time is over: with the team manager. The asker may go on provisionally.
        Escalated = "escalated",
        Answered = "answered",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_outweighs_what_is_uncertain() {
        assert_eq!(CheckOutcome::from_findings(true, true), CheckOutcome::Held);
        assert_eq!(CheckOutcome::from_findings(false, true), CheckOutcome::Possible);
        assert_eq!(CheckOutcome::from_findings(false, false), CheckOutcome::Clear);
        assert_eq!(CheckOutcome::Clear.words(), "no participating service");
    }

    #[test]
    fn an_answer_settles_who_leads_just_if_who_gives_it_works_with_the_person() {
        for answer in CheckAnswer::ALL {
            assert_eq!(answer.holds(), answer.holder_leads().is_some(), "{answer}");
        }
    }
}
