//! The kinds of entry in the audit log, how a request can end, and when its entry may be told to whom it is about.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use super::UnknownCode;

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

/// When an entry may be told to the person whom it is about, as it stood when it was recorded. Whether it is told at another
/// moment the deferrals say that are in force then: they end early, and are renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Visibility {
    /// At once.
    #[default]
    Immediate,
    /// When the deferral that held it back ends, at this moment if by itself.
    Deferred(Timestamp),
    /// It is about a deferral itself: when no deferral of its agency is proposed or in force any more.
    WithDeferrals,
}

const IMMEDIATE: &str = "immediate";
const DEFERRED: &str = "deferred";

impl fmt::Display for Visibility {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Immediate => f.write_str(IMMEDIATE),
            Self::Deferred(until) => write!(f, "{DEFERRED} {}", until.strftime("%Y-%m-%dT%H:%M:%S.%3fZ")),
            Self::WithDeferrals => f.write_str(DEFERRED),
        }
    }
}

impl FromStr for Visibility {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        match (text, text.split_once(' ')) {
            (IMMEDIATE, _) => Some(Self::Immediate),
            (DEFERRED, _) => Some(Self::WithDeferrals),
            (_, Some((DEFERRED, until))) => until.parse().map(Self::Deferred).ok(),
            _ => None,
        }
        .ok_or(UnknownCode { list: "Visibility" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_the_log_of_visibility_can_be_read_back() {
        let until = "2026-06-30T23:00:00Z".parse().unwrap();
        for (visibility, text) in [
            (Visibility::Immediate, "immediate"),
            (Visibility::WithDeferrals, "deferred"),
            (Visibility::Deferred(until), "deferred 2026-06-30T23:00:00.000Z"),
        ] {
            assert_eq!(visibility.to_string(), text);
            assert_eq!(text.parse::<Visibility>(), Ok(visibility));
        }
        for wrong in ["", "never", "deferred soon", "deferred ", "Immediate"] {
            assert!(wrong.parse::<Visibility>().is_err(), "{wrong}");
        }
    }
}
