//! The checks of single fields that every record shares: text, dates, postcodes, numbers.

use validator::ValidationError;

/// The longest single line of text, in characters.
pub const LINE_MAX: usize = 200;
/// The longest free text, in characters.
pub const TEXT_MAX: usize = 4_000;

fn rule(holds: bool, code: &'static str, message: &'static str) -> Result<(), ValidationError> {
    if holds { Ok(()) } else { Err(ValidationError::new(code).with_message(message.into())) }
}

/// Controls, and the marks that reverse or hide text on a screen.
fn is_unclean(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// One line: not blank, at most [`LINE_MAX`] characters, no control character.
///
/// # Errors
/// `blank`, `too-long` or `control-character`.
pub fn clean_line(line: &str) -> Result<(), ValidationError> {
    rule(!line.trim().is_empty(), "blank", "must not be blank")?;
    rule(line.chars().count() <= LINE_MAX, "too-long", "must be at most 200 characters")?;
    rule(!line.chars().any(is_unclean), "control-character", "must not contain control characters")
}

/// Free text: not blank, at most [`TEXT_MAX`] characters, no control character but the newline.
///
/// # Errors
/// `blank`, `too-long` or `control-character`.
pub fn clean_text(text: &str) -> Result<(), ValidationError> {
    rule(!text.trim().is_empty(), "blank", "must not be blank")?;
    rule(text.chars().count() <= TEXT_MAX, "too-long", "must be at most 4000 characters")?;
    rule(
        !text.chars().any(|c| c != '\n' && is_unclean(c)),
        "control-character",
        "must not contain control characters other than new lines",
    )
}

/// Up to ten lines, each of them [`clean_line`].
///
/// # Errors
/// `too-many`, or what [`clean_line`] says of the first bad one.
pub fn clean_lines(lines: &[String]) -> Result<(), ValidationError> {
    rule(lines.len() <= 10, "too-many", "must be at most 10 lines")?;
    lines.iter().try_for_each(|line| clean_line(line))
}

/// A date that a living person's record can hold: from 1890 to 2199.
///
/// # Errors
/// `implausible-date`.
pub fn plausible_date(date: &jiff::civil::Date) -> Result<(), ValidationError> {
    rule((1890..2200).contains(&date.year()), "implausible-date", "must be a date from 1890 to 2199")
}

/// As [`plausible_date`], for a time to the minute.
///
/// # Errors
/// `implausible-date`.
pub fn plausible_minute(minute: &crate::domain::minute::Minute) -> Result<(), ValidationError> {
    plausible_date(&minute.date())
}

/// A code list used as a set: nothing in it twice.
///
/// # Errors
/// `repeated`.
pub fn no_repeats<T: PartialEq>(items: &[T]) -> Result<(), ValidationError> {
    let repeated =
        items.iter().enumerate().any(|(at, item)| items.iter().take(at).any(|earlier| earlier == item));
    rule(!repeated, "repeated", "must not say the same thing twice")
}

/// The shape of a postcode of the United Kingdom; the space may be missing.
///
/// # Errors
/// `postcode`.
pub fn valid_postcode(text: &str) -> Result<(), ValidationError> {
    let shape: String = text
        .chars()
        .map(|c| match c {
            c if c.is_ascii_alphabetic() => 'A',
            c if c.is_ascii_digit() => '9',
            other => other,
        })
        .collect();
    let outward = shape.strip_suffix("9AA").map(|out| out.strip_suffix(' ').unwrap_or(out));
    let well_formed = matches!(outward, Some("A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A"));
    rule(well_formed, "postcode", "must have the form of a postcode")
}

/// A telephone number: 7 to 15 digits, spaces between them, `+` only in front.
///
/// # Errors
/// `phone`.
pub fn valid_phone(text: &str) -> Result<(), ValidationError> {
    let number = text.strip_prefix('+').unwrap_or(text);
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let well_formed = (7..=15).contains(&digits)
        && text.len() <= 24
        && number.starts_with(|c: char| c.is_ascii_digit())
        && number.bytes().all(|b| b.is_ascii_digit() || b == b' ');
    rule(well_formed, "phone", "must be a telephone number of 7 to 15 digits")
}

/// An NHS number: ten digits, the last of them the modulus 11 check digit (NHS Data Dictionary).
///
/// # Errors
/// `nhs-number`.
pub fn valid_nhs_number(text: &str) -> Result<(), ValidationError> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let well_formed = digits.len() == 10 && text.len() == 10 && {
        let sum: u32 = digits.iter().take(9).zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
        let check = (11 - sum % 11) % 11;
        digits.last() == Some(&check)
    };
    rule(well_formed, "nhs-number", "must be an NHS number of ten digits with its check digit")
}

/// The shape of an identifier of the police national computer: a year of two or four digits, `/`, up to seven digits, a letter.
///
/// # Errors
/// `pnc-id`.
pub fn valid_pnc_id(text: &str) -> Result<(), ValidationError> {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let well_formed = text.split_once('/').is_some_and(|(year, rest)| {
        let serial = rest.strip_suffix(|c: char| c.is_ascii_uppercase()).unwrap_or_default();
        matches!(year.len(), 2 | 4) && digits(year) && (1..=7).contains(&serial.len()) && digits(serial)
    });
    rule(well_formed, "pnc-id", "must have the form of a PNC ID, as 2009/0001234A")
}

/// The shape of a prison number: a letter, four digits, two letters, as `A0001ZZ`.
///
/// # Errors
/// `prison-number`.
pub fn valid_prison_number(text: &str) -> Result<(), ValidationError> {
    let shape: Option<Vec<bool>> = text
        .chars()
        .map(|c| (c.is_ascii_uppercase() || c.is_ascii_digit()).then_some(c.is_ascii_digit()))
        .collect();
    let well_formed = shape.is_some_and(|s| s == [false, true, true, true, true, false, false]);
    rule(well_formed, "prison-number", "must have the form of a prison number, as A0001ZZ")
}

/// The shape of a probation case reference number: a letter and six digits.
///
/// # Errors
/// `crn`.
pub fn valid_crn(text: &str) -> Result<(), ValidationError> {
    let digits = text.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or_default();
    let well_formed = digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_digit());
    rule(well_formed, "crn", "must be a letter and six digits")
}
