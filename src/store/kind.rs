//! What a record is: the list of its kinds.

crate::code_list! {
    /// What a record is.
    pub enum Kind {
        /// An agency's own view of a client.
        Client = "client",
        Consent = "consent",
        Dir = "dir",
        Activity = "activity",
        Referral = "referral",
        Episode = "episode",
        /// A care plan of an episode.
        CarePlan = "care-plan",
        Check = "check",
        /// What must be in place when somebody leaves prison.
        ReleasePlan = "release-plan",
        /// That somebody is met at the gate: a matter of three agencies.
        PickUp = "pick-up",
        /// A contact flag: while it lives, its agency is told when the person comes up again.
        Flag = "flag",
        Script = "script",
        /// Two agencies prescribe for one person at once.
        Conflict = "conflict",
        /// A legal hold: while it is in force, its agency's records of the person are not erased.
        Hold = "hold",
        /// A person's request for her own account of disclosures.
        SubjectAccess = "subject-access",
        /// The holding back of an agency's own acts from that account, for a time.
        Deferral = "deferral",
        /// Whether a conditional caution may be issued, as several agencies decide it together.
        JointDecision = "joint-decision",
        /// That somebody linked to the person has a separate record at the same agency. Nothing else of it.
        PartnerLink = "partner-link",
        /// What a landlord or a council is told of a person who looks for a home.
        HousingReferral = "housing-referral",
        /// An assessment in two parts, by a service and a landlord.
        JointAssessment = "joint-assessment",
        /// An eviction that is held back while the tenant attends treatment.
        EvictionHold = "eviction-hold",
        /// A test result, communicated to one named worker.
        TestResult = "test-result",
        /// Whether somebody came to an appointment, as one service told another.
        Attendance = "attendance",
        /// A concern for somebody's safety, told without consent.
        Concern = "concern",
        /// An assessment that was required or agreed: its appointments, notices and attendance, and nothing of what was said in it.
        Assessment = "assessment",
        /// A required assessment that was missed without good cause.
        Breach = "breach",
        /// A follow-up that a project holds for the team on which the duty lies.
        Delegation = "delegation",
        /// That somebody broke the glass on the person: who opened what, why, and what was found of it.
        BreakGlass = "break-glass",
        /// No record by itself: the name that an agency has for another's record which was opened to it in an emergency.
        OpenedRecord = "opened-record",
        /// A contact of outreach with somebody who may give no name.
        OutreachContact = "outreach-contact",
        /// Something done about one of the pathways out of offending.
        PathwayAction = "pathway-action",
        /// That somebody belongs to a group of offenders who are managed together.
        CohortTag = "cohort-tag",
        /// What one agency says of somebody for one meeting.
        MeetingPage = "meeting-page",
        /// That police sent somebody in. It is the receiving service's from that moment.
        InboundReferral = "inbound-referral",
        /// That a team and the police's liaison officer meet about somebody who agreed to it.
        JointVisit = "joint-visit",
        /// That the staff of a 24-hour line looked somebody up in a crisis.
        CrisisLookUp = "crisis-look-up",
        /// That a worker looked whether anybody else prescribes for somebody, without a check.
        Look = "look",
        /// That somebody is in hospital, as whoever holds the person is told.
        HospitalNotice = "hospital-notice",
        /// Where somebody goes from court, as a court worker told it.
        Destination = "destination",
        /// That somebody ticked the box for a national return.
        ReturnConsent = "return-consent",
        /// How many offences police's national computer holds of somebody in a month.
        OffenceCount = "offence-count",
        /// The question whether two persons are one, at the matching desk.
        Match = "match",
    }
}
