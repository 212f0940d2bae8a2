//! The code lists of breaches. A leaf.

crate::code_list! {
    /// The offence: which assessment was missed (Drugs Act 2005).
    pub enum Statute {
        /// The initial assessment.
        Section12 = "drugs-act-2005-s12-3",
        /// The follow-up.
        Section14 = "drugs-act-2005-s14-3",
    }
}

crate::code_list! {
    /// How soon it is pursued, by the risk to the person and to others.
    pub enum Colour {
        /// To be arrested within 24 hours of the breach.
        Red = "red",
        /// To be put out for arrest within seven days.
        Amber = "amber",
        /// To be put out for arrest within a month.
        Green = "green",
    }
}

crate::code_list! {
    /// Where a breach stands.
    pub enum BreachState {
        /// Nobody has decided how soon.
        Undecided = "undecided",
        Decided = "decided",
        /// The units on the street look for the person.
        PutOut = "put-out",
        Arrested = "arrested",
        Charged = "charged",
        /// A drug rehabilitation requirement was made instead.
        DrugRehabilitationRequirement = "drug-rehabilitation-requirement",
        Withdrawn = "withdrawn",
    }
}

impl BreachState {
    /// Whether the person is still to be found.
    pub const fn is_outstanding(self) -> bool {
        matches!(self, Self::Undecided | Self::Decided | Self::PutOut)
    }

    /// Whether it led to an arrest.
    pub const fn is_arrest(self) -> bool {
        matches!(self, Self::Arrested | Self::Charged | Self::DrugRehabilitationRequirement)
    }
}

crate::code_list! {
    /// A step; its code is the last part of the URL `/breaches/{id}/{transition}`.
    pub enum BreachTransition {
        /// Says how soon, or says otherwise than before.
        Decide = "decide",
        PutOut = "put-out",
        Arrest = "arrest",
        Charge = "charge",
        DrugRehabilitationRequirement = "drug-rehabilitation-requirement",
        Withdraw = "withdraw",
    }
}

crate::code_list! {
    /// Why a breach is not pursued.
    pub enum WithdrawReason {
        GoodCauseFound = "good-cause-found",
        RestrictionOnBail = "restriction-on-bail",
        CancelledByService = "cancelled-by-service",
        Died = "died",
        NotInPublicInterest = "not-in-public-interest",
        EnteredInError = "entered-in-error",
    }
}
