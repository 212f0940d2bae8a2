//! Duties: what belongs to a post and its deputy, never to one person, and what there is to do.

use jiff::Timestamp;

use super::agency::Role;
use crate::id::WorkerId;

crate::code_list! {
    /// A duty role of an agency. Whoever is on duty in it acts; if nobody does in time, its deputy, then the team manager.
    pub enum DutyRole {
        /// The single point of contact, who answers for the agency.
        Spoc = "spoc",
        /// The prescribers.
        Prescriber = "prescriber",
        /// The case managers, who see to it that nobody on the caseload is lost sight of.
        CaseManagement = "case-management",
        /// Who looks after the agency's contact flags.
        FlagOwner = "flag-owner",
        /// Who answers for people in custody, and for breaches: the police.
        Custody = "custody",
        /// Who takes in what is referred to the agency, and follows what it referred to others.
        Referrals = "referrals",
        /// Who works with people about to leave prison, or just out of it.
        Resettlement = "resettlement",
        /// Who lets homes: the landlord or the council.
        Housing = "housing",
        /// Who takes in what is told of children at risk: children's services.
        ChildrensServices = "childrens-services",
        /// Who answers for how the agency uses what it knows: the privacy officer and the Caldicott guardian.
        Privacy = "privacy",
        /// The operator's desk that settles uncertain matches.
        MatchingDesk = "matching-desk",
        /// Who manages the agency, and answers for its figures.
        Management = "management",
    }
}

impl DutyRole {
    /// The roles whose workers are on this duty.
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Spoc => &[
                Role::Spoc,
                Role::TeamManager,
                Role::ProjectWorker,
                Role::CaseManager,
                Role::ProbationOfficer,
                Role::ResettlementWorker,
                Role::EteAdviser,
            ],
            Self::Prescriber => &[Role::Prescriber, Role::Nurse, Role::PrisonHealthcare],
            Self::CaseManagement | Self::FlagOwner => &[
                Role::Spoc,
                Role::TeamManager,
                Role::ProjectWorker,
                Role::CaseManager,
                Role::DrugWorker,
                Role::CaratWorker,
                Role::PrisonHealthcare,
            ],
            Self::Custody => &[Role::BreachOfficer, Role::DipOfficer, Role::CustodyOfficer],
            Self::Referrals => &[
                Role::Spoc,
                Role::TeamManager,
                Role::CaseManager,
                Role::DrugWorker,
                Role::CaratWorker,
                Role::PrisonHealthcare,
                Role::ProjectWorker,
                Role::ProbationOfficer,
                Role::ResettlementWorker,
                Role::EteAdviser,
                Role::CourtWorker,
            ],
            Self::Resettlement => &[Role::ResettlementWorker, Role::TeamManager, Role::Spoc],
            Self::Housing => &[Role::HousingOfficer, Role::TeamManager, Role::Spoc],
            Self::ChildrensServices => &[Role::SocialWorker, Role::TeamManager, Role::Spoc],
            Self::Privacy => &[Role::PrivacyOfficer, Role::CaldicottGuardian],
            Self::MatchingDesk => &[Role::MatchingOfficer],
            Self::Management => &[Role::TeamManager, Role::Spoc],
        }
    }
}

crate::code_list! {
    /// What there is to do.
    pub enum TaskKind {
        /// Answer the question whether and how the agency takes part in a person's care.
        AnswerCaseloadCheck = "answer-caseload-check",
        /// Settle with the other prescriber which prescription goes on.
        ResolveConflict = "resolve-conflict",
        /// Get in touch with somebody who has come up again, the same day.
        ContactAfterReappearance = "contact-after-reappearance",
        /// Look at a contact flag again before it ends.
        ReviewFlag = "review-flag",
        /// Hold the first appointment of somebody identified in custody.
        HoldFirstAppointment = "hold-first-appointment",
        /// Hold the follow-up, or the additional appointment.
        HoldFollowUp = "hold-follow-up",
        /// Have somebody's record with the team that is to hold the follow-up, before that takes place.
        SendRecordAhead = "send-record-ahead",
        /// Record how a follow-up was kept that a project held.
        RecordAttendance = "record-attendance",
        /// Decide how soon a missed requirement is pursued.
        DecideBreach = "decide-breach",
        /// Do what was decided about a missed requirement: arrest, or put out for arrest.
        PursueBreach = "pursue-breach",
        /// Take the next step of a referral: acknowledge, decide, make the first contact, or answer its return.
        AnswerReferral = "answer-referral",
        /// Ring the recipient of a referral that does not move: the sender answers for it until the first contact.
        ChaseReferral = "chase-referral",
        /// Agree to a proposed conditional caution, or decline it.
        VoteOnJointDecision = "vote-on-joint-decision",
        /// Issue the caution that was agreed on, or take the proposal back.
        CloseJointDecision = "close-joint-decision",
        /// Take somebody in as a tenant, or say no.
        AnswerHousingReferral = "answer-housing-referral",
        /// Write the agency's own part of a joint assessment.
        WriteAssessmentPart = "write-assessment-part",
        /// Say again whether a tenant attends treatment, while that holds back an eviction.
        AttestAttendance = "attest-attendance",
        /// Read a test result that was communicated.
        ReadTestResult = "read-test-result",
        /// See why somebody missed an appointment that the team had placed.
        SeeToMissedAppointment = "see-to-missed-appointment",
        /// Confirm that the numbers and posts in the agency's own entry of the directory are right.
        VerifyContact = "verify-contact",
        /// Say that a concern for somebody's safety has come in.
        ReceiveConcern = "receive-concern",
        /// Ring children's services: nobody there has said that the concern has come in.
        ChaseConcern = "chase-concern",
        /// Review whether it was right to tell a concern without consent.
        ReviewConcern = "review-concern",
        /// Close what was opened of a person in an emergency; when its hour is over it closes by itself.
        EndBreakGlass = "end-break-glass",
        /// Review whether it was right to open a person's records in an emergency.
        ReviewBreakGlass = "review-break-glass",
        /// See why a worker looked beyond the day's budget whether others prescribe for people: the report has the day's looks.
        ReviewLooks = "review-looks",
        /// Decide whether two records are about one person.
        MatchDecision = "match-decision",
        /// Review somebody's care and its plan.
        ReviewCarePlan = "review-care-plan",
        /// Go after somebody who stays away, within 24 hours.
        ReachOut = "reach-out",
        /// Get somebody back, who stays away or is due to leave prison; or else warn, and close.
        ReEngage = "re-engage",
        /// Remind somebody of the day in court, before it.
        RemindOfCourt = "remind-of-court",
        /// Have the two appointments kept that extended bail asks for, inside its four weeks.
        KeepBailAppointments = "keep-bail-appointments",
        /// A stage of a programme ends: enter the next, or leave the programme.
        EndStage = "end-stage",
        /// Somebody is in prison for a month: close, or resume.
        CustodyMonth = "custody-month",
        /// Have all in place before somebody leaves prison.
        PrepareRelease = "prepare-release",
        /// See somebody within three weeks of release.
        SeeAfterRelease = "see-after-release",
        /// Answer whether somebody can be met at the gate.
        AnswerPickUp = "answer-pick-up",
        /// Be at the gate, or see to it that the person is brought there.
        MeetAtGate = "meet-at-gate",
        /// Do what was agreed about a pathway out of offending, or say what stands in its way.
        TakePathwayAction = "take-pathway-action",
        /// Get in touch with somebody whom police sent in.
        AnswerInboundReferral = "answer-inbound-referral",
        /// Say whether the liaison officer comes to a joint visit.
        AnswerJointVisit = "answer-joint-visit",
        /// Tell a hospital what is prescribed to somebody who lies there.
        AnswerHospital = "answer-hospital",
        /// Receive somebody whom a court has sent on: in prison, or back with the team.
        ReceiveFromCourt = "receive-from-court",
        /// Ring who was told where somebody goes from court: nobody there has said that it has come in.
        ChaseDestination = "chase-destination",
        /// Nobody can be at the gate: see to it that a letter is handed over.
        HandOverLetter = "hand-over-letter",
        /// Hand in the scorecard of a quarter that is over.
        HandInScorecard = "hand-in-scorecard",
        /// Make the national return of a month that is over.
        MakeNationalReturn = "make-national-return",
    }
}

/// Something that is to be done by a time, as a rule of the field finds it: nothing of whom it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// What there is to do.
    pub kind: TaskKind,
    /// The one worker with whom it lies, if it is not whoever is on duty.
    pub worker: Option<WorkerId>,
    /// When the deputy is told.
    pub remind_at: Timestamp,
    /// By when it should be done.
    pub due_at: Timestamp,
}

crate::code_list! {
    /// Where a task stands.
    pub enum TaskState {
        Open = "open",
        Done = "done",
        /// What it was about has ended by itself.
        Lapsed = "lapsed",
    }
}

crate::code_list! {
    /// How far a task that is not done has gone up.
    pub enum TaskLevel {
        /// It lies with the duty role.
        Open = "open",
        /// The deputy was told.
        Deputy = "deputy",
        /// The team manager was told.
        Escalated = "escalated",
    }
}
