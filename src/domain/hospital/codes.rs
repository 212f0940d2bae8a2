//! The code lists of what a hospital tells. A leaf.

crate::code_list! {
    /// What has happened. There is no place for words, so nothing silent can be among it.
    pub enum HospitalEvent {
        Overdose = "overdose",
        Withdrawal = "withdrawal",
        /// The person was admitted, for whatever reason.
        Admission = "admission",
        /// The person leaves, or has left.
        Discharge = "discharge",
    }
}

crate::code_list! {
    /// On what it rests that holders are told.
    pub enum Ground {
        /// The person agreed.
        Consent = "consent",
        /// A life is at risk.
        VitalInterests = "vital-interests",
    }
}
