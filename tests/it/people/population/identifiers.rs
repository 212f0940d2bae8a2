//! Identifiers with true check digits that nobody was ever given: NHS numbers of the range kept for tests, and the like.

use super::dice::Dice;

const PNC_LETTERS: &[u8; 23] = b"ZABCDEFGHJKLMNPQRTUVWXY";

/// Gives each identifier out once.
pub struct Register {
    nhs: u32,
    pnc: u32,
    prison: u32,
    probation: u32,
    dice: Dice,
}

impl Register {
    pub fn new(mut dice: Dice) -> Self {
        let mut anywhere = || dice.below(1_000_000) as u32;
        let (nhs, pnc, prison, probation) = (anywhere(), anywhere(), anywhere(), anywhere());
        Self { nhs, pnc, prison, probation, dice }
    }

    /// Numbers that start with 999 are for tests. A step prime to the range visits each once and leaves none near the last.
    pub fn nhs_number(&mut self) -> String {
        loop {
            self.nhs = (self.nhs + 617_353) % 1_000_000;
            let nine = format!("999{:06}", self.nhs);
            if let Some(check) = nhs_check_digit(&nine) {
                return format!("{nine}{check}");
            }
        }
    }

    pub fn pnc_id(&mut self, born: i32) -> String {
        self.pnc = (self.pnc + 617_353) % 1_000_000;
        let year = (born + self.dice.between(14, 30)).min(2025);
        let serial = format!("9{:06}", self.pnc);
        format!("{year}/{serial}{}", pnc_check_letter(year, &serial))
    }

    pub fn prison_number(&mut self) -> String {
        self.prison = (self.prison + 617_353) % 1_000_000;
        let (digits, letters) = (self.prison % 10_000, self.prison / 10_000);
        let letter = |at: u32| char::from(b'A' + (at % 26) as u8);
        format!("A{digits:04}{}{}", letter(letters / 26 + 10), letter(letters))
    }

    pub fn crn(&mut self) -> String {
        self.probation = (self.probation + 617_353) % 1_000_000;
        format!("X{:06}", self.probation)
    }
}

/// Modulus 11, weights 10 to 2; some numbers have none and are not issued.
pub fn nhs_check_digit(nine: &str) -> Option<u32> {
    let sum: u32 =
        nine.chars().zip((2..=10).rev()).filter_map(|(c, weight)| Some(c.to_digit(10)? * weight)).sum();
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        digit => Some(digit),
    }
}

/// The year's two digits and the serial number as one number, modulus 23.
pub fn pnc_check_letter(year: i32, serial: &str) -> char {
    let number: u64 = format!("{:02}{serial}", year % 100).parse().unwrap();
    PNC_LETTERS[(number % 23) as usize].into()
}
