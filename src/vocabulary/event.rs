//! What an agency can be told has changed. Thin on purpose: a type here, a path there, and nothing about a person.

crate::code_list! {
    /// The type of an event (CloudEvents 1.0, `type`): the resource, and what happened to it.
    ///
    /// The agency that is told fetches the resource, and the policies of that moment decide what it sees.
    pub enum EventType {
        /// A question was put to the agency's duty role: whether and how it takes part in a person's care.
        CaseloadCheckAsked = "caseload-check.asked",
        /// A holder answered the agency's own question.
        CaseloadCheckAnswered = "caseload-check.answered",
        /// Somebody whom a flag of the agency's is about has come up again.
        FlagReappeared = "flag.reappeared",
        /// Prescriptions of two agencies overlap, one of them the agency's own.
        ScriptConflict = "script.conflict",
        /// A referral of the agency's, sent or received, has moved.
        ReferralChanged = "referral.changed",
        /// A joint decision to which the agency is a party was proposed, or has moved.
        JointDecisionChanged = "joint-decision.changed",
        /// A referral to housing of the agency's, sent or received, has moved.
        HousingReferralChanged = "housing-referral.changed",
        /// A joint assessment of the agency's with another has moved.
        JointAssessmentChanged = "joint-assessment.changed",
        /// An eviction that is held back, to which the agency is a party, has moved.
        EvictionHoldChanged = "eviction-hold.changed",
        /// A test result was communicated to a worker of the agency.
        TestResultCommunicated = "test-result.communicated",
        /// A concern for somebody's safety was told to the agency, or was found not to be one that may be told.
        ConcernChanged = "concern.changed",
        /// Records of a person were opened in an emergency: the agency's own, or by one of its workers.
        BreakGlassOpened = "break-glass.opened",
        /// A review of that went to the Caldicott guardian, or took a worker's power.
        BreakGlassChanged = "break-glass.changed",
        /// A required or agreed assessment of the agency's has moved: an appointment, a notice, a release.
        AssessmentChanged = "assessment.changed",
        /// Another service told the agency whether somebody came.
        AttendanceTold = "attendance.told",
        /// A slot that the agency offers was taken.
        SlotTaken = "slot.taken",
        /// A slot that the agency offers is free again.
        SlotGivenBack = "slot.given-back",
        /// A follow-up that a project holds for a team, one of which the agency is, has moved.
        DelegationChanged = "delegation.changed",
        /// Whether somebody came to a required assessment was recorded.
        AttendanceRecorded = "attendance.recorded",
        /// A person withdrew a consent under which the agency gave or received, wholly or as far as the agency is concerned.
        ConsentWithdrawn = "consent.withdrawn",
        /// Such a consent has come to its end, wholly or as far as the agency is concerned, or was recorded in error.
        ConsentEnded = "consent.ended",
        /// The agency was asked to see to it that somebody is met at the gate.
        PickUpAsked = "pick-up.asked",
        /// A pick-up in which the agency takes part has moved.
        PickUpChanged = "pick-up.changed",
        /// An agency wrote a page about somebody for a meeting which the agency attends.
        MeetingPageWritten = "meeting-page.written",
        /// Police sent somebody in.
        InboundReferralCame = "inbound-referral.came",
        /// A court worker told the agency where somebody goes from court.
        DestinationTold = "destination.told",
        /// Somebody of the agency's is in hospital, or a holder answered the hospital.
        HospitalNoticeChanged = "hospital-notice.changed",
        /// A joint visit, of the agency's or proposed to it, has moved.
        JointVisitChanged = "joint-visit.changed",
        /// Police announced a day on which many will need the agency at once.
        OperationsDayAnnounced = "operations-day.announced",
        /// Two records may be about one person; the matching desk should look.
        MatchWaiting = "match.waiting",
        /// A task's time to be reminded has come: the deputy should look.
        TaskDue = "task.due",
        /// A task was not done in time: the team manager should look.
        TaskEscalated = "task.escalated",
        /// A task went to somebody else.
        TaskReassigned = "task.reassigned",
    }
}
