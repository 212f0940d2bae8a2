//! The code lists of a person's request for her own account.

crate::code_list! {
    /// Who asked.
    pub enum AskedBy {
        /// The person herself.
        Person = "person",
        /// Somebody with authority to speak for her.
        Representative = "representative",
    }
}

crate::code_list! {
    /// On what authority a representative asks.
    pub enum Authority {
        /// The person's own written authority, as a solicitor shows it.
        WrittenAuthority = "written-authority",
        ParentalResponsibility = "parental-responsibility",
        LpaAttorney = "lpa-attorney",
        CourtDeputy = "court-deputy",
    }
}

crate::code_list! {
    /// How whoever asks was identified. Answers to questions are not among them: who lives with the person knows them.
    pub enum IdentityMeans {
        /// The worker knows the person by sight as the one whom the record is about.
        KnownToWorker = "known-to-worker",
        /// A document with a photograph.
        PhotoDocument = "photo-document",
        /// The prison's or the custody suite's own record, by photograph or fingerprints.
        CustodyRecord = "custody-record",
        /// Two documents without a photograph that show name and address.
        TwoDocuments = "two-documents",
    }
}

crate::code_list! {
    /// Where a request stands.
    pub enum SubjectAccessState {
        /// It was received; who asks is not identified yet.
        Received = "received",
        /// Who asks was identified: the account can be read.
        IdentityChecked = "identity-checked",
        Answered = "answered",
        Refused = "refused",
        Withdrawn = "withdrawn",
    }
}

crate::code_list! {
    /// What can be done with a request.
    pub enum SubjectAccessStep {
        /// Note how who asks was identified; again, if that was done again.
        IdentityCheck = "identity-check",
        /// Take two months more, before the first is over, and tell the person why (UK GDPR Art. 12(3)).
        Extension = "extension",
        /// Note that the account was given.
        Answer = "answer",
        /// Refuse, and tell the person why (UK GDPR Art. 12(4) to (6)).
        Refusal = "refusal",
        /// Note that the person took it back.
        Withdrawal = "withdrawal",
    }
}

crate::code_list! {
    /// In which way the account was given.
    pub enum AnswerManner {
        InPerson = "in-person",
        /// It was read out to the person.
        ReadOut = "read-out",
        /// To an address that the person named as safe.
        Post = "post",
        Electronic = "electronic",
    }
}

crate::code_list! {
    /// Why a request is refused.
    pub enum RefusalGround {
        /// Who asks did not show who she is (UK GDPR Art. 12(6)).
        IdentityNotShown = "identity-not-shown",
        /// The representative did not show the authority.
        AuthorityNotShown = "authority-not-shown",
        ManifestlyUnfounded = "manifestly-unfounded",
        /// Above all because it is repeated (UK GDPR Art. 12(5)).
        Excessive = "excessive",
    }
}
