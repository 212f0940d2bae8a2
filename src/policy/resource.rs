//! What an action is done to: the list that the schema says again.

use super::action::ActionName;

/// What kind of thing an action is done to, in the words of the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resource {
    /// One segment of a record.
    Slice,
    /// A record as a whole.
    Record,
    /// The gateway itself; nothing that is stored about a person.
    Gateway,
}

impl Resource {
    /// What this action is done to.
    pub(super) const fn of(action: ActionName) -> Self {
        match action {
            ActionName::ClientRead
            | ActionName::DirRead
            | ActionName::CaseloadIdentify
            | ActionName::HousingRead
            | ActionName::EvictionHoldRead
            | ActionName::ResultRead
            | ActionName::ConcernRead
            | ActionName::BreakGlassRead
            | ActionName::NoticeRead
            | ActionName::DelegationRead
            | ActionName::AssessmentRead
            | ActionName::AttendanceRead
            | ActionName::AttendanceHear
            | ActionName::ReferralSummary
            | ActionName::MeetingRead
            | ActionName::DestinationRead
            | ActionName::VisitRead
            | ActionName::HospitalRead
            | ActionName::InboundRead
            | ActionName::ReturnRead
            | ActionName::PickUpRead => Self::Slice,
            ActionName::ClientPresent
            | ActionName::OutreachMeet
            | ActionName::PathwayReport
            | ActionName::OperationAnnounce
            | ActionName::OperationRead
            | ActionName::ScorecardRead
            | ActionName::ScorecardSubmit
            | ActionName::ScorecardArea
            | ActionName::ScorecardReconcile
            | ActionName::ReturnHandIn
            | ActionName::TaskRead
            | ActionName::TaskAssign
            | ActionName::EventRead
            | ActionName::SlotOffer
            | ActionName::SlotRead
            | ActionName::CheckReport
            | ActionName::CrisisReview
            | ActionName::BreakGlassGovern
            | ActionName::AuditRead
            | ActionName::AuditOpen
            | ActionName::DirectoryRead
            | ActionName::DirectoryVerify
            | ActionName::DirectoryWrite
            | ActionName::PolicyExplain
            | ActionName::PolicyWrite
            | ActionName::KeyWrite
            | ActionName::LogRecover
            | ActionName::SystemSweep => Self::Gateway,
            ActionName::ClientUpdate
            | ActionName::ConsentRecord
            | ActionName::ConsentRead
            | ActionName::ConsentWithdraw
            | ActionName::DirWrite
            | ActionName::DirSign
            | ActionName::DirActivity
            | ActionName::CaseloadCheck
            | ActionName::CaseloadAnswer
            | ActionName::EpisodeWrite
            | ActionName::EpisodeRead
            | ActionName::ReviewWrite
            | ActionName::ReleaseWrite
            | ActionName::ReleaseRead
            | ActionName::PickUpWrite
            | ActionName::PickUpAnswer
            | ActionName::ScriptWrite
            | ActionName::ScriptRead
            | ActionName::ConflictRead
            | ActionName::ConflictResolve
            | ActionName::DecisionPropose
            | ActionName::DecisionVote
            | ActionName::DecisionRead
            | ActionName::PartnerWrite
            | ActionName::PartnerRead
            | ActionName::HousingWrite
            | ActionName::EvictionHoldWrite
            | ActionName::ResultSend
            | ActionName::ConcernRaise
            | ActionName::ConcernReceive
            | ActionName::ConcernReview
            | ActionName::BreakGlassStart
            | ActionName::BreakGlassEnd
            | ActionName::BreakGlassSee
            | ActionName::BreakGlassReview
            | ActionName::DelegationWrite
            | ActionName::DelegationAnswer
            | ActionName::AttendanceTell
            | ActionName::AssessmentWrite
            | ActionName::AppointmentWrite
            | ActionName::NoticeServe
            | ActionName::BreachWrite
            | ActionName::BreachRead
            | ActionName::ReferralSend
            | ActionName::ReferralRead
            | ActionName::ReferralTransition
            | ActionName::ReferralReroute
            | ActionName::AccountRead
            | ActionName::AccountRelease
            | ActionName::SubjectAccessOpen
            | ActionName::SubjectAccessRead
            | ActionName::SubjectAccessDecide
            | ActionName::DeferralPropose
            | ActionName::DeferralApprove
            | ActionName::DeferralLift
            | ActionName::DeferralRead
            | ActionName::HoldRead
            | ActionName::FlagRead
            | ActionName::FlagWrite
            | ActionName::FlagAssign
            | ActionName::HoldWrite
            | ActionName::MatchRead
            | ActionName::MatchDecide
            | ActionName::OutreachWrite
            | ActionName::OutreachRead
            | ActionName::OutreachJoin
            | ActionName::PathwayWrite
            | ActionName::PathwayRead
            | ActionName::CohortWrite
            | ActionName::CohortRead
            | ActionName::MeetingWrite
            | ActionName::MeetingList
            | ActionName::OffencesTell
            | ActionName::ReturnAgree
            | ActionName::ReturnList
            | ActionName::InboundSend
            | ActionName::InboundAnswer
            | ActionName::DestinationTell
            | ActionName::VisitPropose
            | ActionName::VisitAnswer
            | ActionName::CrisisLookUp
            | ActionName::HospitalTell
            | ActionName::HospitalAnswer
            | ActionName::PersonErase => Self::Record,
        }
    }
}
