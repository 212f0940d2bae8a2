//! The code lists for which a pack may have labels: those whose codes somebody reads on a screen or on paper.

use crate::domain::assessment::codes::{AppointmentKind, NoticeKind};
use crate::domain::caseload::episode_codes::{CloseCode, SuspendCode};
use crate::domain::dir::{CarePlanDomain, Cohort, SignificantEvent};
use crate::domain::pathway::codes::ReoffendingPathway;
use crate::domain::referral::codes::{Need, ReferralOutcome, RejectionReason, Urgency};
use crate::vocabulary::{AgencyType, Drug, DutyRole, Purpose, Role, Segment, TaskKind};

macro_rules! lists {
    ($($name:literal = $list:ty,)+) => {
        /// Each list by its name, with its codes.
        pub(super) fn lists() -> Vec<(&'static str, Vec<&'static str>)> {
            vec![$(($name, <$list>::ALL.iter().map(|code| code.code()).collect())),+]
        }
    };
}

lists! {
    "agency-type" = AgencyType,
    "appointment-kind" = AppointmentKind,
    "care-plan-domain" = CarePlanDomain,
    "close-code" = CloseCode,
    "cohort" = Cohort,
    "drug" = Drug,
    "duty-role" = DutyRole,
    "need" = Need,
    "notice-kind" = NoticeKind,
    "purpose" = Purpose,
    "referral-outcome" = ReferralOutcome,
    "rejection-reason" = RejectionReason,
    "reoffending-pathway" = ReoffendingPathway,
    "role" = Role,
    "segment" = Segment,
    "significant-event" = SignificantEvent,
    "suspend-code" = SuspendCode,
    "task-kind" = TaskKind,
    "urgency" = Urgency,
}
