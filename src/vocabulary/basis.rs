//! On what legal basis a disclosure rests: confidentiality and data protection are two independent tests.

crate::code_list! {
    /// The condition of Article 6 UK GDPR.
    pub enum Art6 {
        Consent = "consent",
        LegalObligation = "legal-obligation",
        VitalInterests = "vital-interests",
        PublicTask = "public-task",
        LegitimateInterests = "legitimate-interests",
    }
}

crate::code_list! {
    /// The condition of Article 9 UK GDPR for special category data.
    pub enum Art9 {
        ExplicitConsent = "explicit-consent",
        VitalInterests = "vital-interests",
        HealthOrSocialCare = "health-or-social-care",
        SubstantialPublicInterest = "substantial-public-interest",
        LegalClaims = "legal-claims",
        NotApplicable = "not-applicable",
    }
}

crate::code_list! {
    /// The condition of Schedule 1 to the Data Protection Act 2018.
    pub enum Sch1Condition {
        P2HealthSocialCare = "p2-health-social-care",
        P6Statutory = "p6-statutory",
        P7Justice = "p7-justice",
        P10UnlawfulActs = "p10-unlawful-acts",
        P17Counselling = "p17-counselling",
        P18Safeguarding = "p18-safeguarding",
        P29Consent = "p29-consent",
        P30VitalInterests = "p30-vital-interests",
        P33LegalClaims = "p33-legal-claims",
        DpaPart3 = "dpa-part3",
        None = "none",
    }
}

crate::code_list! {
    /// Why the duty of confidence allows it.
    pub enum Confidentiality {
        ClientConsent = "client-consent",
        StatutoryDuty = "statutory-duty",
        CourtOrder = "court-order",
        OverridingPublicInterest = "overriding-public-interest",
        BestInterestsNoCapacity = "best-interests-no-capacity",
    }
}

/// The bases of one disclosure, as the policy that permitted it states them.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LegalBasis {
    /// Article 6 UK GDPR.
    pub art6: Art6,
    /// Article 9 UK GDPR.
    pub art9: Art9,
    /// Schedule 1 DPA 2018.
    pub sch1_condition: Sch1Condition,
    /// The duty of confidence. `None` where nothing about a person is at stake (the directory, the log).
    pub confidentiality: Option<Confidentiality>,
    /// The statute that is relied on, where one is.
    pub statute_ref: Option<String>,
}
