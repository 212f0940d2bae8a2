//! The substances, as records and referrals name them.

crate::code_list! {
    /// A substance (Gwent 2014/15 scorecard, with the historical national list).
    pub enum Drug {
        Heroin = "heroin",
        MethadoneIllicit = "methadone-illicit",
        MethadonePrescribed = "methadone-prescribed",
        BuprenorphineIllicit = "buprenorphine-illicit",
        OtherOpiates = "other-opiates",
        Dihydrocodeine = "dihydrocodeine",
        Crack = "crack",
        Cocaine = "cocaine",
        Amphetamines = "amphetamines",
        Methamphetamine = "methamphetamine",
        Mephedrone = "mephedrone",
        Ecstasy = "ecstasy",
        Benzodiazepines = "benzodiazepines",
        Gabapentinoids = "gabapentinoids",
        Cannabis = "cannabis",
        SyntheticCannabinoids = "synthetic-cannabinoids",
        Ketamine = "ketamine",
        Hallucinogens = "hallucinogens",
        Solvents = "solvents",
        Steroids = "steroids",
        /// Never the main substance.
        Alcohol = "alcohol",
        Other = "other",
    }
}
