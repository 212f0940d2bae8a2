//! The code lists of an episode: where it stands, its steps, and the handbook's codes for suspension and closure.

crate::code_list! {
    /// Where an episode stands.
    pub enum EpisodeState {
        Identified = "identified",
        Assessed = "assessed",
        CarePlanned = "care-planned",
        Active = "active",
        Suspended = "suspended",
        Closed = "closed",
    }
}

crate::code_list! {
    /// A step; its code is the last part of the URL `/caseload-episodes/{id}/{transition}`. The first ones lead from state to state;
    /// the others note what happened, and are the evidence that a closure asks for.
    pub enum EpisodeTransition {
        Assess = "assess",
        /// Needs a care plan that the person agreed.
        Plan = "plan",
        Activate = "activate",
        Suspend = "suspend",
        Resume = "resume",
        /// Allocates a case manager, who waits for a caseload check as nothing else does.
        Allocate = "allocate",
        /// The person was told what is expected, and that disengagement is passed on.
        SetExpectations = "set-expectations",
        /// Something happened upon which the care is reviewed early.
        NoteEvent = "note-event",
        /// The person stays away.
        NoteDisengagement = "note-disengagement",
        /// Somebody went after the person.
        ReachOut = "reach-out",
        /// The person was warned that the case will be closed.
        Warn = "warn",
        /// The person came back.
        ReEngage = "re-engage",
        /// The person went to prison, or is to stay there for another time than was thought.
        NoteCustody = "note-custody",
        /// The person left prison.
        NoteRelease = "note-release",
        /// The person is bailed to appear in court on a day.
        NoteCourt = "note-court",
        /// The person was reminded of that day, and of the support at court.
        RemindOfCourt = "remind-of-court",
        /// The court extended bail: two appointments are to be kept within four weeks.
        ExtendBail = "extend-bail",
        /// One of the two was kept.
        NoteBailAppointment = "note-bail-appointment",
        /// A stage of a programme begins.
        EnterStage = "enter-stage",
        /// The programme, and the court diversion, are over for the person.
        LeaveProgramme = "leave-programme",
        Close = "close",
    }
}

crate::code_list! {
    /// Whether this agency leads. The lead is agreed, never raced: who opens first leads provisionally, and who opens while
    /// another leads contributes, until answers to a caseload check move it.
    pub enum Part {
        Lead = "lead",
        ProvisionalLead = "provisional-lead",
        Contributor = "contributor",
    }
}

crate::code_list! {
    /// Why an episode is suspended (S2 Com5a).
    pub enum SuspendCode {
        /// In prison, on remand or sentence, for no more than one month.
        S1 = "S1",
        /// A community order with a drug rehabilitation requirement was made.
        S2 = "S2",
    }
}

impl SuspendCode {
    /// The handbook's own words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::S1 => {
                "when a service user is in prison (either on remand or sentence) and the length of stay in prison is no more than \
                 1 month"
            }
            Self::S2 => {
                "when a service user receives a Community Order with a Drug Rehabilitation Requirement attached"
            }
        }
    }
}

crate::code_list! {
    /// Why an episode is closed (S2 Com5b and Com5c).
    pub enum CloseCode {
        /// The care plan was completed.
        C1 = "C1",
        /// In prison for more than one month.
        C2 = "C2",
        /// Did not re-engage after a suspension for prison, despite active attempts.
        C3 = "C3",
        /// Did not re-engage after a drug rehabilitation requirement.
        C4 = "C4",
        /// Transferred to another partnership.
        C5 = "C5",
        /// Died.
        C6 = "C6",
        /// Transferred to community treatment: no longer offending.
        C7 = "C7",
        /// Transferred to an intensive programme: offending, no longer misusing Class A drugs.
        C8 = "C8",
        /// Closed by the person: disengagement.
        C9 = "C9",
    }
}

impl CloseCode {
    /// The handbook's own words; of C9, for which it has a heading only, that.
    pub const fn words(self) -> &'static str {
        match self {
            Self::C1 => "after successfully completing the care plan",
            Self::C2 => {
                "when a service user is in prison (either on remand or sentence) and the length of stay in prison is greater than \
                 1 month"
            }
            Self::C3 => {
                "when following a stay in prison of less than 1 month and having been accordingly 'suspended', the service user \
                 does not re-engage with the CJIT (despite active action to re-engage the service user)"
            }
            Self::C4 => {
                "after completing a Drug Rehabilitation Requirement, the service user does not re-engage with the CJIT (despite \
                 active action to re-engage the service user, if appropriate)"
            }
            Self::C5 => "when the service user transfers to another partnership",
            Self::C6 => "when the service user has died",
            Self::C7 => {
                "when the service user is transferred to other community-based treatment services that focus on Class A drug \
                 misuse, because the service user is no longer offending"
            }
            Self::C8 => {
                "when the service user is transferred to other locally available intensive intervention and support programmes \
                 (e.g. PPO), because the service user is offending but no longer a Class A drug misuser"
            }
            Self::C9 => "closed by service user \u{2013} disengagement",
        }
    }
}

impl CloseCode {
    /// Whether the person is treated no more, as far as the agency knows. Who is in prison or goes to another service is treated there.
    pub const fn ends_treatment(self) -> bool {
        match self {
            Self::C1 | Self::C3 | Self::C4 | Self::C8 | Self::C9 => true,
            Self::C2 | Self::C5 | Self::C6 | Self::C7 => false,
        }
    }
}

crate::code_list! {
    /// What brings the review of a person's care forward (S2 4.1.3, Com4).
    #[schema(as = EpisodeSignificantEvent)]
    pub enum SignificantEvent {
        /// Engages or disengages in employment, training and/or education.
        Employment = "employment-training-education",
        /// Housed in permanent accommodation, or becomes homeless.
        Accommodation = "accommodation",
        /// Engages or disengages with family or another stable relationship.
        Relationship = "relationship",
        /// Enters prison.
        Prison = "prison",
        /// Disengages from the programme.
        Disengagement = "disengagement",
        /// Is arrested.
        Arrest = "arrest",
        /// Worsening or improvement in health.
        Health = "health",
        /// The care plan is agreed to be unrealistic or counter-productive.
        PlanUnrealistic = "plan-unrealistic",
        /// What the case manager judges to be one.
        Other = "other",
    }
}
