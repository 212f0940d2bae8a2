//! The code lists of a consent.

crate::code_list! {
    /// Where a consent stands.
    pub enum ConsentStatus {
        Draft = "draft",
        /// The only status in which it lets anything pass.
        Active = "active",
        /// The person was asked and said no.
        Refused = "refused",
        Withdrawn = "withdrawn",
        Expired = "expired",
        Superseded = "superseded",
        EnteredInError = "entered-in-error",
    }
}

crate::code_list! {
    /// What the person answered when asked.
    pub enum ConsentDecision {
        Given = "given",
        Refused = "refused",
    }
}

crate::code_list! {
    /// Who gave the consent.
    pub enum GivenBy {
        Client = "client",
        ParentalResponsibility = "parental-responsibility",
        LpaAttorney = "lpa-attorney",
        CourtDeputy = "court-deputy",
    }
}

crate::code_list! {
    /// How it was given.
    pub enum ConsentMethod {
        Written = "written",
        Electronic = "electronic",
        VerbalWitnessed = "verbal-witnessed",
    }
}

crate::code_list! {
    /// Whether a recipient may pass on what it received.
    pub enum Redisclosure {
        Prohibited = "prohibited",
        /// Only to the recipients that this same consent names.
        NamedRecipients = "named-recipients",
    }
}

crate::code_list! {
    /// What ends a consent before its date.
    pub enum EndingEvent {
        TransferComplete = "transfer-complete",
        TreatmentExit = "treatment-exit",
        SentenceEnd = "sentence-end",
    }
}

crate::code_list! {
    /// Why a worker says that a consent is over.
    pub enum EndCause {
        /// The event has come that it names as its end.
        EventHasCome = "event-has-come",
        /// It should never have been recorded: it is another person's, or says what was not agreed.
        EnteredInError = "entered-in-error",
    }
}

crate::code_list! {
    /// Who was in the room besides the person and the worker who asked.
    pub enum Present {
        Interpreter = "interpreter",
        Advocate = "advocate",
        AppropriateAdult = "appropriate-adult",
        LegalRepresentative = "legal-representative",
        Colleague = "colleague",
        FamilyMember = "family-member",
        Friend = "friend",
        CustodyStaff = "custody-staff",
        Partner = "partner",
        Police = "police",
    }
}

impl Present {
    /// Before police or a partner nobody says no freely: such a consent is not taken.
    pub const fn forbids_consent(self) -> bool {
        matches!(self, Self::Partner | Self::Police)
    }

    /// Whether somebody present is there for the person, so that they still count as seen alone.
    pub const fn is_support(self) -> bool {
        matches!(
            self,
            Self::Interpreter | Self::Advocate | Self::AppropriateAdult | Self::LegalRepresentative
        )
    }
}

crate::code_list! {
    /// How a withdrawal reached the worker who records it.
    pub enum WithdrawalChannel {
        InPerson = "in-person",
        Voice = "voice",
        Written = "written",
    }
}
