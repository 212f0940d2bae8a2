//! How often what is written about a person differs from the truth, and how.

/// What the population is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    Usual,
    /// Nobody tells a number, and none is on file.
    NoIdentifiers,
    /// More of everything that goes wrong.
    Hard,
}

/// Probabilities, of one observation of one person.
#[derive(Clone, Copy)]
pub struct Rates {
    pub full_alias: f64,
    pub alias_surname: f64,
    pub alias_forename: f64,
    pub nickname: f64,
    pub other_surname: f64,
    pub custom: f64,
    pub middle_name_first: f64,
    pub initial_only: f64,
    pub transposed: f64,
    pub typed: f64,
    pub scanned: f64,
    pub heard: f64,
    pub respelt: f64,
    pub plain_letters: f64,
    pub joined: f64,
    pub middle_told: f64,
    pub date_missing: f64,
    pub date_swapped: f64,
    pub date_years: f64,
    pub date_digit: f64,
    pub date_days: f64,
    pub date_placeholder: f64,
    pub date_alias: f64,
    pub moved: f64,
    pub postcode_missing: f64,
    pub postcode_mistyped: f64,
    pub sex_missing: f64,
    pub sex_wrong: f64,
    pub nhs_told: f64,
    pub pnc_told: f64,
    pub prison_told: f64,
    pub crn_told: f64,
    pub identifier_wrong: f64,
    /// What is known beside: aliases, former names, dates and homes.
    pub known_alias: f64,
    pub known_nickname: f64,
    pub known_surname: f64,
    pub known_date: f64,
    pub known_home: f64,
}

/// A record on file, made with some care.
pub const FILED: Rates = Rates {
    full_alias: 0.004,
    alias_surname: 0.003,
    alias_forename: 0.003,
    nickname: 0.04,
    other_surname: 0.25,
    custom: 0.06,
    middle_name_first: 0.006,
    initial_only: 0.004,
    transposed: 0.006,
    typed: 0.012,
    scanned: 0.005,
    heard: 0.012,
    respelt: 0.05,
    plain_letters: 0.7,
    joined: 0.15,
    middle_told: 0.65,
    date_missing: 0.012,
    date_swapped: 0.006,
    date_years: 0.007,
    date_digit: 0.008,
    date_days: 0.003,
    date_placeholder: 0.012,
    date_alias: 0.01,
    moved: 0.05,
    postcode_missing: 0.05,
    postcode_mistyped: 0.012,
    sex_missing: 0.02,
    sex_wrong: 0.006,
    nhs_told: 0.55,
    pnc_told: 0.6,
    prison_told: 0.7,
    crn_told: 0.6,
    identifier_wrong: 0.01,
    known_alias: 0.5,
    known_nickname: 0.3,
    known_surname: 0.45,
    known_date: 0.5,
    known_home: 0.5,
};

/// What somebody says at a desk, in a cell, through a hatch.
pub const PRESENTED: Rates = Rates {
    full_alias: 0.26,
    alias_surname: 0.13,
    alias_forename: 0.1,
    nickname: 0.3,
    other_surname: 0.38,
    custom: 0.22,
    middle_name_first: 0.03,
    initial_only: 0.03,
    transposed: 0.04,
    typed: 0.045,
    scanned: 0.018,
    heard: 0.052,
    respelt: 0.1,
    plain_letters: 0.85,
    joined: 0.45,
    middle_told: 0.35,
    date_missing: 0.065,
    date_swapped: 0.09,
    date_years: 0.06,
    date_digit: 0.055,
    date_days: 0.02,
    date_placeholder: 0.045,
    date_alias: 0.4,
    moved: 0.34,
    postcode_missing: 0.12,
    postcode_mistyped: 0.04,
    sex_missing: 0.11,
    sex_wrong: 0.01,
    nhs_told: 0.48,
    pnc_told: 0.42,
    prison_told: 0.35,
    crn_told: 0.3,
    identifier_wrong: 0.05,
    known_alias: 0.12,
    known_nickname: 0.06,
    known_surname: 0.1,
    known_date: 0.05,
    known_home: 0.25,
};

impl Profile {
    pub fn filed(self) -> Rates {
        self.turned(FILED)
    }

    pub fn presented(self) -> Rates {
        self.turned(PRESENTED)
    }

    fn turned(self, rates: Rates) -> Rates {
        match self {
            Self::Usual => rates,
            Self::NoIdentifiers => {
                Rates { nhs_told: 0.0, pnc_told: 0.0, prison_told: 0.0, crn_told: 0.0, ..rates }
            }
            Self::Hard => rates.worse_by(1.3),
        }
    }
}

impl Rates {
    /// The same, with so many times as much that goes wrong and so many times less that is told.
    pub fn worse_by(self, times: f64) -> Self {
        let more = |rate: f64| (rate * times).min(0.6);
        let less = |rate: f64| rate / times;
        Self {
            full_alias: more(self.full_alias),
            alias_surname: more(self.alias_surname),
            alias_forename: more(self.alias_forename),
            nickname: more(self.nickname),
            other_surname: more(self.other_surname),
            custom: more(self.custom),
            middle_name_first: more(self.middle_name_first),
            initial_only: more(self.initial_only),
            transposed: more(self.transposed),
            typed: more(self.typed),
            scanned: more(self.scanned),
            heard: more(self.heard),
            respelt: more(self.respelt),
            joined: more(self.joined),
            date_missing: more(self.date_missing),
            date_swapped: more(self.date_swapped),
            date_years: more(self.date_years),
            date_digit: more(self.date_digit),
            date_days: more(self.date_days),
            date_placeholder: more(self.date_placeholder),
            date_alias: more(self.date_alias),
            moved: more(self.moved),
            postcode_missing: more(self.postcode_missing),
            postcode_mistyped: more(self.postcode_mistyped),
            sex_missing: more(self.sex_missing),
            sex_wrong: more(self.sex_wrong),
            nhs_told: less(self.nhs_told),
            pnc_told: less(self.pnc_told),
            prison_told: less(self.prison_told),
            crn_told: less(self.crn_told),
            identifier_wrong: more(self.identifier_wrong),
            ..self
        }
    }
}
