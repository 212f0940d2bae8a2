//! The code lists of outreach. A leaf.

crate::code_list! {
    /// Where somebody was met. A kind of place and never an address: that would tell where others can be found.
    pub enum OutreachSetting {
        Street = "street",
        DropIn = "drop-in",
        Indoors = "indoors",
        MobileUnit = "mobile-unit",
        Telephone = "telephone",
    }
}

crate::code_list! {
    /// What somebody was given or offered.
    pub enum OutreachGiven {
        HarmMinimisationAdvice = "harm-minimisation-advice",
        PersonalSafetyAdvice = "personal-safety-advice",
        InjectingEquipment = "injecting-equipment",
        Condoms = "condoms",
        Naloxone = "naloxone",
        FoodOrClothing = "food-or-clothing",
        FirstAid = "first-aid",
        /// Was told where else there is help.
        Signposting = "signposting",
    }
}

crate::code_list! {
    /// How the person agreed that what was noted without her name is joined to her.
    pub enum AgreedHow {
        InPerson = "in-person",
        ByTelephone = "by-telephone",
        InWriting = "in-writing",
    }
}
