//! What can be asked: a closed list of actions, one unit type each, so that a permit for one cannot serve another. A leaf.

use crate::identity::principal::Scope;
use crate::vocabulary::EntryKind;

mod sealed {
    pub trait Sealed {}
}

/// An action that policies decide on.
pub trait Action: sealed::Sealed + Send + Sync + 'static {
    /// The name in policies and in the log: `area.verb`.
    const NAME: ActionName;
    /// The kind of its entries in the log.
    const KIND: EntryKind;
    /// The token scope it needs.
    const SCOPE: Option<Scope>;
    /// Whether each segment of the record is decided by itself.
    const BY_SEGMENT: bool;
}

macro_rules! actions {
    ($($(#[$meta:meta])* $name:ident = $text:tt, $kind:ident, $scope:expr, by_segment: $by:literal;)+) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone, Copy)]
            pub enum $name {}
            impl sealed::Sealed for $name {}
            impl Action for $name {
                const NAME: ActionName = ActionName::$name;
                const KIND: EntryKind = EntryKind::$kind;
                const SCOPE: Option<Scope> = $scope;
                const BY_SEGMENT: bool = $by;
            }
        )+

        $crate::code_list! {
            /// The action's name as a value, for the engine, the matrix and the log.
            pub enum ActionName { $($name = $text,)+ }
        }

        impl ActionName {
            /// Whether each segment of the record is decided by itself.
            pub const fn by_segment(self) -> bool {
                match self { $(Self::$name => $by),+ }
            }
        }
    };
}

actions! {
    /// Present a person's details and get the agency's own reference.
    ClientPresent = "client.present", ClientChange, Some(Scope::ClientWrite), by_segment: false;
    /// Read the agency's own view of a client.
    ClientRead = "client.read", Disclosure, Some(Scope::ClientRead), by_segment: true;
    /// Change the agency's own view of a client.
    ClientUpdate = "client.update", ClientChange, Some(Scope::ClientWrite), by_segment: false;
    /// Record a consent, or its refusal.
    ConsentRecord = "consent.record", ConsentChange, Some(Scope::ConsentWrite), by_segment: false;
    /// Read or preview a consent, cut to the reader.
    ConsentRead = "consent.read", Disclosure, Some(Scope::ConsentRead), by_segment: false;
    /// Withdraw a consent.
    ConsentWithdraw = "consent.withdraw", ConsentChange, Some(Scope::ConsentWrite), by_segment: false;
    /// Draft a DIR, or change the draft.
    DirWrite = "dir.write", DirChange, Some(Scope::DirWrite), by_segment: false;
    /// Sign a DIR, after which it is never edited.
    DirSign = "dir.sign", DirChange, Some(Scope::DirWrite), by_segment: false;
    /// Read a DIR or its activity entries.
    DirRead = "dir.read", Disclosure, Some(Scope::DirRead), by_segment: true;
    /// Add an activity entry to a signed DIR.
    DirActivity = "dir.activity", DirChange, Some(Scope::DirWrite), by_segment: false;
    /// Ask whether someone is on another caseload.
    CaseloadCheck = "caseload.check", CaseloadCheck, Some(Scope::CaseloadCheck), by_segment: false;
    /// Answer such a question as the holder's duty role.
    CaseloadAnswer = "caseload.answer", CaseloadCheck, Some(Scope::CaseloadCheck), by_segment: false;
    /// Learn whom such a question is about, as the duty role of who answers live.
    CaseloadIdentify = "caseload.identify", CaseloadCheck, Some(Scope::CaseloadCheck), by_segment: true;
    /// Read how caseload checks are used.
    CheckReport = "check.report", Disclosure, Some(Scope::AuditRead), by_segment: false;
    /// Look through what awaits the agency: its own handles and the times by which it should act.
    TaskRead = "task.read", Disclosure, Some(Scope::TaskRead), by_segment: false;
    /// Give tasks to another worker, or back to their duty role.
    TaskAssign = "task.assign", EpisodeChange, Some(Scope::CaseloadWrite), by_segment: false;
    /// Be told that something of the agency's own has changed.
    EventRead = "event.read", Disclosure, Some(Scope::EventRead), by_segment: false;
    /// Open or close the agency's own caseload episode.
    EpisodeWrite = "episode.write", EpisodeChange, Some(Scope::CaseloadWrite), by_segment: false;
    /// Read the agency's own caseload episodes.
    EpisodeRead = "episode.read", Disclosure, Some(Scope::CaseloadWrite), by_segment: false;
    /// Write down a care plan, or record a review of somebody's care.
    ReviewWrite = "review.write", Review, Some(Scope::CaseloadWrite), by_segment: false;
    /// Write the agency's own plan of a release, or note what became of it.
    ReleaseWrite = "release.write", EpisodeChange, Some(Scope::CaseloadWrite), by_segment: false;
    /// Read the agency's own plans of releases, and draft the letter that goes with one.
    ReleaseRead = "release.read", Disclosure, Some(Scope::CaseloadWrite), by_segment: false;
    /// Ask two others to see to it that somebody is met at the gate, or call it off.
    PickUpWrite = "pick-up.write", EpisodeChange, Some(Scope::CaseloadWrite), by_segment: false;
    /// Answer such a request, or say whether the person was met.
    PickUpAnswer = "pick-up.answer", EpisodeChange, Some(Scope::CaseloadWrite), by_segment: false;
    /// Read a pick-up as one of its three parties.
    PickUpRead = "pick-up.read", Disclosure, Some(Scope::CaseloadWrite), by_segment: true;
    /// Set a contact flag, review it, or end it.
    FlagWrite = "flag.write", Flag, Some(Scope::CaseloadWrite), by_segment: false;
    /// Give a contact flag to another worker, or back to its duty role.
    FlagAssign = "flag.assign", Flag, Some(Scope::CaseloadWrite), by_segment: false;
    /// Read the agency's own contact flags.
    FlagRead = "flag.read", Disclosure, Some(Scope::CaseloadWrite), by_segment: false;
    /// Open one of the agency's own scripts, or take a step of it.
    ScriptWrite = "script.write", ScriptChange, Some(Scope::ScriptWrite), by_segment: false;
    /// Read the agency's own scripts, and what is told of others.
    ScriptRead = "script.read", Disclosure, Some(Scope::ScriptRead), by_segment: false;
    /// Read a conflict as one of its two sides, or what a clinician is told of scripts at other agencies.
    ConflictRead = "conflict.read", ScriptChange, Some(Scope::ScriptRead), by_segment: false;
    /// Take a step by which a conflict is settled.
    ConflictResolve = "conflict.resolve", ScriptChange, Some(Scope::ScriptWrite), by_segment: false;
    /// Propose a conditional caution to those who must agree, issue it, or take the proposal back.
    DecisionPropose = "decision.propose", JointDecision, Some(Scope::DecisionWrite), by_segment: false;
    /// Agree to a proposed caution or decline it, or bring in the project that works with the person.
    DecisionVote = "decision.vote", JointDecision, Some(Scope::DecisionWrite), by_segment: false;
    /// Read a joint decision: its own side of it.
    DecisionRead = "decision.read", Disclosure, Some(Scope::DecisionRead), by_segment: false;
    /// Record that two clients of the agency are partners, so that nobody works with both, or that they are not.
    PartnerWrite = "partner.write", EpisodeChange, Some(Scope::CaseloadWrite), by_segment: false;
    /// Learn whether linked support exists, and nothing else of it.
    PartnerRead = "partner.read", Disclosure, Some(Scope::CaseloadWrite), by_segment: false;
    /// Refer somebody to a landlord or a council, answer that, or exchange risks before a move.
    HousingWrite = "housing.write", ReferralTransition, Some(Scope::HousingWrite), by_segment: false;
    /// Read a referral to housing as its sender or its provider.
    HousingRead = "housing.read", Disclosure, Some(Scope::HousingRead), by_segment: true;
    /// Have an eviction held back while the tenant attends treatment, say whether she does, or end that.
    EvictionHoldWrite = "eviction-hold.write", Appointment, Some(Scope::HousingWrite), by_segment: false;
    /// Learn whether a tenant attends, and nothing else.
    EvictionHoldRead = "eviction-hold.read", Disclosure, Some(Scope::HousingRead), by_segment: true;
    /// Communicate a test result to a named worker.
    ResultSend = "result.send", ReferralTransition, Some(Scope::ResultWrite), by_segment: false;
    /// Read a test result that was communicated.
    ResultRead = "result.read", Disclosure, Some(Scope::ResultRead), by_segment: true;
    /// Tell another service whether somebody came.
    AttendanceTell = "attendance.tell", Appointment, Some(Scope::ReferralWrite), by_segment: false;
    /// Read what another service told of that.
    AttendanceHear = "attendance.hear", Disclosure, Some(Scope::ReferralRead), by_segment: true;
    /// Tell children's services of a concern for somebody's safety, without consent.
    ConcernRaise = "concern.raise", ReferralTransition, Some(Scope::SafeguardingWrite), by_segment: false;
    /// Read such a concern: who raised it, who reviews it, and to whom it was told.
    ConcernRead = "concern.read", Disclosure, Some(Scope::SafeguardingRead), by_segment: true;
    /// Say that such a concern has come in.
    ConcernReceive = "concern.receive", ReferralTransition, Some(Scope::SafeguardingWrite), by_segment: false;
    /// Record whether it was right to tell it.
    ConcernReview = "concern.review", Review, Some(Scope::SafeguardingWrite), by_segment: false;
    /// Open, in an emergency, what other agencies wrote of the agency's client that bears on it.
    BreakGlassStart = "break-glass.start", BreakGlassStart, Some(Scope::BreakGlass), by_segment: false;
    /// Read what was opened, while it is.
    BreakGlassRead = "break-glass.read", Disclosure, Some(Scope::BreakGlass), by_segment: true;
    /// Close it before its hour is over.
    BreakGlassEnd = "break-glass.end", BreakGlassEnd, Some(Scope::BreakGlass), by_segment: false;
    /// Read who opened what, and why, in order to review it.
    BreakGlassSee = "break-glass.see", Disclosure, Some(Scope::BreakGlass), by_segment: false;
    /// Record whether it was right.
    BreakGlassReview = "break-glass.review", BreakGlassReview, Some(Scope::BreakGlass), by_segment: false;
    /// Take a worker's power to do so, or give it back.
    BreakGlassGovern = "break-glass.govern", DirectoryChange, Some(Scope::BreakGlass), by_segment: false;
    /// Record that somebody was identified in custody, and what becomes of the assessment.
    AssessmentWrite = "assessment.write", Appointment, Some(Scope::CustodyWrite), by_segment: false;
    /// Read an assessment as one of its parties.
    AssessmentRead = "assessment.read", Disclosure, Some(Scope::CustodyRead), by_segment: true;
    /// Book an appointment of an assessment, or record how it was kept.
    AppointmentWrite = "appointment.write", Appointment, Some(Scope::CustodyWrite), by_segment: false;
    /// Serve a notice of a required assessment.
    NoticeServe = "notice.serve", Notice, Some(Scope::CustodyWrite), by_segment: false;
    /// Print a notice of a required assessment, to be handed over.
    NoticeRead = "notice.read", Disclosure, Some(Scope::CustodyRead), by_segment: true;
    /// Delegate a follow-up to the project that the person named, or take it back.
    DelegationWrite = "delegation.write", Appointment, Some(Scope::CustodyWrite), by_segment: false;
    /// Say whether somebody came to a delegated follow-up, or give it back.
    DelegationAnswer = "delegation.answer", Appointment, Some(Scope::CustodyWrite), by_segment: false;
    /// Read a delegated follow-up as the team or as the project.
    DelegationRead = "delegation.read", Disclosure, Some(Scope::CustodyRead), by_segment: true;
    /// Learn whether somebody came to an assessment, and nothing else of it.
    AttendanceRead = "attendance.read", Disclosure, Some(Scope::CustodyRead), by_segment: true;
    /// Record that a required assessment was missed without good cause, and what follows from it.
    BreachWrite = "breach.write", Breach, Some(Scope::CustodyWrite), by_segment: false;
    /// Read the agency's own register of such breaches.
    BreachRead = "breach.read", Breach, Some(Scope::CustodyRead), by_segment: false;
    /// Offer a slot for an assessment, or take the offer back.
    SlotOffer = "slot.offer", Appointment, Some(Scope::CustodyWrite), by_segment: false;
    /// Look which slots are free.
    SlotRead = "slot.read", Disclosure, Some(Scope::CustodyRead), by_segment: false;
    /// Draft or send a referral.
    ReferralSend = "referral.send", ReferralTransition, Some(Scope::ReferralWrite), by_segment: false;
    /// Read a referral as its sender or its recipient.
    ReferralRead = "referral.read", Disclosure, Some(Scope::ReferralRead), by_segment: false;
    /// Read what a referral tells by itself to those who read no clinical record.
    ReferralSummary = "referral.summary", Disclosure, Some(Scope::ReferralRead), by_segment: true;
    /// Move a referral to another state.
    ReferralTransition = "referral.transition", ReferralTransition, Some(Scope::ReferralWrite), by_segment: false;
    /// Send a referral on to the agency where it belongs.
    ReferralReroute = "referral.reroute", ReferralTransition, Some(Scope::ReferralWrite), by_segment: false;
    /// Note a contact with somebody who gives no name.
    OutreachMeet = "outreach.meet", ClientChange, Some(Scope::ClientWrite), by_segment: false;
    /// Note a contact with a client, named or not.
    OutreachWrite = "outreach.write", ClientChange, Some(Scope::ClientWrite), by_segment: false;
    /// Read the agency's own outreach contacts with a client.
    OutreachRead = "outreach.read", Disclosure, Some(Scope::ClientRead), by_segment: false;
    /// Join what was noted without a name to the person who agreed to that.
    OutreachJoin = "outreach.join", ClientChange, Some(Scope::ClientWrite), by_segment: false;
    /// Write down what is done about a pathway out of offending, and how that ended.
    PathwayWrite = "pathway.write", EpisodeChange, Some(Scope::CaseloadWrite), by_segment: false;
    /// Read the agency's own actions about a client.
    PathwayRead = "pathway.read", Disclosure, Some(Scope::CaseloadWrite), by_segment: false;
    /// Count the agency's own actions by pathway.
    PathwayReport = "pathway.report", Disclosure, Some(Scope::CaseloadWrite), by_segment: false;
    /// Say that somebody belongs to a cohort, or does not any more.
    CohortWrite = "cohort.write", EpisodeChange, Some(Scope::CaseloadWrite), by_segment: false;
    /// Read the agency's own cohort tags of a client.
    CohortRead = "cohort.read", Disclosure, Some(Scope::CaseloadWrite), by_segment: false;
    /// Write one's own page about somebody for a meeting.
    MeetingWrite = "meeting.write", ReferralTransition, Some(Scope::ReferralWrite), by_segment: false;
    /// Read the contents of the agency's own pack for a meeting.
    MeetingList = "meeting.list", Disclosure, Some(Scope::ReferralRead), by_segment: false;
    /// Read a page of the pack, segment by segment.
    MeetingRead = "meeting.read", Disclosure, Some(Scope::ReferralRead), by_segment: true;
    /// Send somebody in to a service. What was sent is never read back.
    InboundSend = "inbound.send", ReferralTransition, Some(Scope::ReferralWrite), by_segment: false;
    /// Read who was sent in, segment by segment.
    InboundRead = "inbound.read", Disclosure, Some(Scope::ReferralRead), by_segment: true;
    /// Say what became of that, for the service's own file.
    InboundAnswer = "inbound.answer", ReferralTransition, Some(Scope::ReferralWrite), by_segment: false;
    /// Tell where somebody goes from court.
    DestinationTell = "destination.tell", ReferralTransition, Some(Scope::ReferralWrite), by_segment: false;
    /// Read where somebody goes from court, or say that it has come in.
    DestinationRead = "destination.read", Disclosure, Some(Scope::ReferralRead), by_segment: true;
    /// Tell, from a hospital, whoever holds somebody.
    HospitalTell = "hospital.tell", ScriptChange, Some(Scope::ScriptWrite), by_segment: false;
    /// Read what a hospital told, or what holders answered it.
    HospitalRead = "hospital.read", ScriptChange, Some(Scope::ScriptRead), by_segment: true;
    /// Answer a hospital.
    HospitalAnswer = "hospital.answer", ScriptChange, Some(Scope::ScriptWrite), by_segment: false;
    /// Look somebody up in a crisis, outside of office hours.
    CrisisLookUp = "crisis.look-up", CaseloadCheck, Some(Scope::CaseloadCheck), by_segment: false;
    /// Read how such look-ups were used.
    CrisisReview = "crisis.review", Disclosure, Some(Scope::AuditRead), by_segment: false;
    /// Propose a joint visit to the police's liaison officer, or call it off.
    VisitPropose = "visit.propose", Appointment, Some(Scope::ReferralWrite), by_segment: false;
    /// Read a joint visit.
    VisitRead = "visit.read", Disclosure, Some(Scope::ReferralRead), by_segment: true;
    /// Say, as that officer, whether to come.
    VisitAnswer = "visit.answer", Appointment, Some(Scope::ReferralWrite), by_segment: false;
    /// Announce a day on which many will need a service at once.
    OperationAnnounce = "operation.announce", Appointment, Some(Scope::CustodyWrite), by_segment: false;
    /// Read which such days were announced to the agency.
    OperationRead = "operation.read", Disclosure, Some(Scope::CustodyRead), by_segment: false;
    /// Read the list of disclosures about a client to which the reader is a party.
    AccountRead = "account.read", Disclosure, Some(Scope::SubjectAccess), by_segment: false;
    /// Receive a person's request for her own account, note how she was identified, and that she took it back.
    SubjectAccessOpen = "subject-access.open", SubjectAccess, Some(Scope::SubjectAccess), by_segment: false;
    /// Read such requests, and where they stand.
    SubjectAccessRead = "subject-access.read", SubjectAccess, Some(Scope::SubjectAccess), by_segment: false;
    /// Answer, extend or refuse such a request.
    SubjectAccessDecide = "subject-access.decide", SubjectAccess, Some(Scope::SubjectAccess), by_segment: false;
    /// Read the whole account, for the person, under her own request.
    AccountRelease = "account.release", SubjectAccess, Some(Scope::SubjectAccess), by_segment: false;
    /// Propose to hold back from a person's account, for a time, what the agency itself does.
    DeferralPropose = "deferral.propose", SubjectAccess, Some(Scope::SubjectAccess), by_segment: false;
    /// Approve such a proposal as the second who must.
    DeferralApprove = "deferral.approve", SubjectAccess, Some(Scope::SubjectAccess), by_segment: false;
    /// End a deferral early.
    DeferralLift = "deferral.lift", SubjectAccess, Some(Scope::SubjectAccess), by_segment: false;
    /// Read the agency's own deferrals.
    DeferralRead = "deferral.read", SubjectAccess, Some(Scope::SubjectAccess), by_segment: false;
    /// Read the legal holds on a client, and what else would stop an erasure.
    HoldRead = "hold.read", Disclosure, Some(Scope::ClientRead), by_segment: false;
    /// Put the agency's own records of a client under a legal hold, or lift one.
    HoldWrite = "hold.write", ClientChange, Some(Scope::ClientWrite), by_segment: false;
    /// Erase the agency's own records of a client.
    PersonErase = "person.erase", Erased, Some(Scope::ClientWrite), by_segment: false;
    /// Read the cases of the matching desk: whether two persons are one.
    MatchRead = "match.read", Disclosure, Some(Scope::MatchRead), by_segment: false;
    /// Decide whether two persons are one, or decide otherwise than before.
    MatchDecide = "match.decide", ClientChange, Some(Scope::MatchDecide), by_segment: false;
    /// Look through the audit log.
    AuditRead = "audit.read", LogAccess, Some(Scope::AuditRead), by_segment: false;
    /// Open the committed fields of an entry of the audit log.
    AuditOpen = "audit.open", LogAccess, Some(Scope::AuditRead), by_segment: false;
    /// Look up agencies.
    DirectoryRead = "directory.read", Disclosure, Some(Scope::DirectoryRead), by_segment: false;
    /// Confirm that the contact in one's own agency's entry is right.
    DirectoryVerify = "directory.verify", DirectoryChange, Some(Scope::DirectoryWrite), by_segment: false;
    /// Enrol, suspend or resume an agency.
    DirectoryWrite = "directory.write", DirectoryChange, None, by_segment: false;
    /// Learn what the policies would decide, in the abstract.
    PolicyExplain = "policy.explain", Disclosure, Some(Scope::PolicyRead), by_segment: false;
    /// Make a policy set the active one.
    PolicyWrite = "policy.write", PolicyChange, None, by_segment: false;
    /// Rotate the key-encryption keys.
    KeyWrite = "key.write", KeyChange, None, by_segment: false;
    /// Close a log that was lost or contradicts what was signed, and begin the next one.
    LogRecover = "log.recover", Recovered, None, by_segment: false;
    /// Record that somebody ticked the box for a national return.
    ReturnAgree = "return.agree", ConsentChange, Some(Scope::ConsentWrite), by_segment: false;
    /// Read who of the agency's own clients is in a national return.
    ReturnList = "return.list", Disclosure, Some(Scope::ReturnRead), by_segment: false;
    /// Read one person's line of it.
    ReturnRead = "return.read", Disclosure, Some(Scope::ReturnRead), by_segment: true;
    /// Note that a national return was handed over.
    ReturnHandIn = "return.hand-in", Disclosure, Some(Scope::ReturnWrite), by_segment: false;
    /// Tell how many offences police's national computer holds of somebody in a month. It is never read back.
    OffencesTell = "offences.tell", ClientChange, Some(Scope::ScorecardWrite), by_segment: false;
    /// Read the agency's own scorecard.
    ScorecardRead = "scorecard.read", Disclosure, Some(Scope::ScorecardRead), by_segment: false;
    /// Hand in the agency's scorecard of a quarter.
    ScorecardSubmit = "scorecard.submit", Disclosure, Some(Scope::ScorecardWrite), by_segment: false;
    /// Read the scorecard of an area, small numbers left out.
    ScorecardArea = "scorecard.area", Disclosure, Some(Scope::ScorecardRead), by_segment: false;
    /// Have published figures looked through.
    ScorecardReconcile = "scorecard.reconcile", Disclosure, Some(Scope::ScorecardRead), by_segment: false;
    /// What the gateway does by itself: expiries, summaries.
    SystemSweep = "system.sweep", System, None, by_segment: false;
}

impl ActionName {
    /// Whether it is about holding something back from a person, so that she is not to learn of it by this instead.
    pub const fn is_about_deferral(self) -> bool {
        matches!(
            self,
            Self::DeferralPropose | Self::DeferralApprove | Self::DeferralLift | Self::DeferralRead
        )
    }
}
