//! Who keeps an obligation: the gateway by what it does, or the recipient, who is told of it with each answer. What nobody would keep is
//! refused when policies are loaded, as what is unknown is.

use super::action::ActionName;
use super::annotations::Obligation;

/// Who keeps an obligation of a permit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// The gateway, in doing what was permitted.
    Gateway,
    /// Whoever receives the answer: its header `Obligations` says so, and the log proves that it did.
    Recipient,
}

impl Obligation {
    /// Who keeps it where this is done; `None` where nobody would.
    pub const fn keeper(self, action: ActionName) -> Option<Keeper> {
        match self {
            // Each act has its entry, and her account shows it; views are built from permitted segments alone, so what is not permitted
            // is never in them.
            Self::EnterInClientLog | Self::MinimumNecessary | Self::Redact => Some(Keeper::Gateway),
            Self::NoRedisclosure | Self::NoPersistence | Self::DeleteAfterUse => Some(Keeper::Recipient),
            // A second person agrees before it takes effect, or looks at what one alone decided.
            Self::HumanApproval => match action {
                ActionName::BreachWrite
                | ActionName::DeferralPropose
                | ActionName::DeferralApprove
                | ActionName::ConcernReview => Some(Keeper::Gateway),
                _ => None,
            },
            // These put a task with the privacy officers, due within one working day.
            Self::NotifyPrivacyOfficer | Self::ReviewInOneWorkingDay => match action {
                ActionName::ConcernRaise
                | ActionName::BreakGlassStart
                | ActionName::BreakGlassRead
                | ActionName::BreakGlassEnd => Some(Keeper::Gateway),
                _ => None,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::bundle::Bundle;
    use super::*;

    #[test]
    fn each_obligation_of_the_policies_is_kept_by_somebody() {
        let bundle = Bundle::embedded().unwrap();
        let mut used = std::collections::BTreeSet::new();
        for policy in bundle.policies() {
            used.extend(policy.obligations.iter().copied());
        }
        assert_eq!(used.len() + 1, Obligation::ALL.len(), "all but REDACT are in use: {used:?}");
        for obligation in Obligation::ALL {
            assert!(
                ActionName::ALL.iter().any(|action| obligation.keeper(*action).is_some()),
                "{obligation}"
            );
        }
    }

    #[test]
    fn what_only_some_acts_keep_is_kept_by_no_other() {
        for obligation in
            [Obligation::HumanApproval, Obligation::NotifyPrivacyOfficer, Obligation::ReviewInOneWorkingDay]
        {
            assert_eq!(obligation.keeper(ActionName::DirRead), None, "{obligation}");
        }
        assert_eq!(Obligation::NoRedisclosure.keeper(ActionName::DirRead), Some(Keeper::Recipient));
    }
}
