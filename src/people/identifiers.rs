//! The identifiers by which services know people, in one written form each, and their check characters. A leaf.

crate::code_list! {
    /// An identifier that belongs to one person.
    pub enum IdentifierKind {
        /// NHS number: ten digits, the last a check digit (modulus 11).
        NhsNumber = "nhs-number",
        /// Police National Computer id: year, serial number, check letter (modulus 23).
        PncId = "pnc-id",
        /// Prison number: one letter, four digits, two letters.
        PrisonNumber = "prison-number",
        /// Case reference number of probation: one letter, six digits.
        Crn = "crn",
    }
}

/// The letters of the PNC's check, by remainder; I, O and S are never used.
const PNC_CHECK_LETTERS: &[u8; 23] = b"ZABCDEFGHJKLMNPQRTUVWXY";
/// The digits of a PNC serial number, with its leading zeros.
const PNC_SERIAL_DIGITS: usize = 7;

/// The one written form of an identifier, or `None` if it is not a well-formed one of its kind.
///
/// What has no canonical form gives no match key and never links anybody.
pub fn canonical(kind: IdentifierKind, written: &str) -> Option<String> {
    match kind {
        IdentifierKind::NhsNumber => nhs_number(written),
        IdentifierKind::PncId => pnc_id(written),
        IdentifierKind::PrisonNumber => pattern(written, b"A0000AA"),
        IdentifierKind::Crn => pattern(written, b"A000000"),
    }
}

/// An NHS number as ten digits, if its check digit holds. Ten equal digits are a placeholder, not a number.
pub fn nhs_number(written: &str) -> Option<String> {
    let number = compact(written);
    let digits: Vec<u32> = number.chars().map(|c| c.to_digit(10)).collect::<Option<_>>()?;
    let (check, body) = digits.split_last()?;
    if body.len() != 9 || body.iter().all(|digit| digit == check) {
        return None;
    }
    let sum: u32 = body.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    let expected = (11 - sum % 11) % 11;
    (expected == *check).then_some(number)
}

/// A PNC id as `YY/NNNNNNNL`, from the long form (`2003/0000001X`, `20030000001X`) or the short (`03/1X`).
///
/// Two digits of the year, because that is all that the short form has and all that the check letter covers.
pub fn pnc_id(written: &str) -> Option<String> {
    let text: String = written.trim().to_uppercase();
    let (year, rest) = match text.split_once('/') {
        Some((year, rest)) => (year.trim(), rest.trim()),
        None => text.split_at_checked(if text.len() == 12 { 4 } else { 2 })?,
    };
    let year = match year.len() {
        2 => year,
        4 => year.get(2..)?,
        _ => return None,
    };
    let (serial, letter) = rest.split_at_checked(rest.len().checked_sub(1)?)?;
    let well_formed = (1..=PNC_SERIAL_DIGITS).contains(&serial.len()) && is_digits(serial) && is_digits(year);
    if !well_formed {
        return None;
    }
    let numbers = format!("{year}{serial:0>PNC_SERIAL_DIGITS$}");
    let remainder = numbers.parse::<u32>().ok()? % 23;
    let expected = PNC_CHECK_LETTERS.get(usize::try_from(remainder).ok()?)?;
    (letter.as_bytes() == [*expected]).then(|| format!("{year}/{serial:0>PNC_SERIAL_DIGITS$}{letter}"))
}

/// The compact form if it follows the pattern, in which `A` is a letter and `0` a digit.
fn pattern(written: &str, pattern: &[u8]) -> Option<String> {
    let text = compact(written);
    let follows = text.len() == pattern.len()
        && text.bytes().zip(pattern).all(|(byte, kind)| match kind {
            b'A' => byte.is_ascii_uppercase(),
            _ => byte.is_ascii_digit(),
        });
    follows.then_some(text)
}

/// Upper case, without the spaces and hyphens that people write to read it more easily.
fn compact(written: &str) -> String {
    written.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_uppercase).collect()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_nhs_number_is_taken_by_its_check_digit() {
        assert_eq!(nhs_number("943 476 5919").as_deref(), Some("9434765919"));
        assert_eq!(nhs_number("943-476-5919").as_deref(), Some("9434765919"));
        for wrong in ["9434765918", "943476591", "94347659190", "943476591X", "0000000000", ""] {
            assert_eq!(nhs_number(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_pnc_id_has_one_form_whether_long_or_short() {
        // 03 and 0000001: 30000001 mod 23 = 20, the letter W.
        for written in ["2003/0000001W", "20030000001W", "03/1W", "03/0000001w", " 2003/1W "] {
            assert_eq!(pnc_id(written).as_deref(), Some("03/0000001W"), "{written}");
        }
        for wrong in ["2003/0000001P", "203/0000001W", "2003/W", "2003/00000001W", "/", "", "0é", "2003/ABCW"]
        {
            assert_eq!(pnc_id(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn prison_numbers_and_crns_follow_their_patterns() {
        assert_eq!(canonical(IdentifierKind::PrisonNumber, "a1234 bc").as_deref(), Some("A1234BC"));
        assert_eq!(canonical(IdentifierKind::PrisonNumber, "A123BC"), None);
        assert_eq!(canonical(IdentifierKind::Crn, "x123456").as_deref(), Some("X123456"));
        assert_eq!(canonical(IdentifierKind::Crn, "1234567"), None);
    }

    proptest! {
        #[test]
        fn a_canonical_form_is_its_own_canonical_form(written in "[0-9A-Za-z/ -]{0,14}") {
            for &kind in IdentifierKind::ALL {
                if let Some(form) = canonical(kind, &written) {
                    prop_assert_eq!(canonical(kind, &form), Some(form.clone()));
                }
            }
        }

        #[test]
        fn one_wrong_digit_never_passes_as_an_nhs_number(place in 0usize..10, by in 1u32..10) {
            let mut digits: Vec<u32> = "9434765919".chars().map(|c| c.to_digit(10).unwrap()).collect();
            digits[place] = (digits[place] + by) % 10;
            let written: String = digits.iter().map(ToString::to_string).collect();
            prop_assert_eq!(nhs_number(&written), None);
        }
    }
}
