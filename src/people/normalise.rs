//! Names in a form in which two spellings of one name are equal. Never shown to anybody. A leaf.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The comparison form of a name or part of one: letters and digits only, lower case, without diacritics.
///
/// Hyphens, apostrophes, spaces and full stops vanish, so that `O'Brien`, `O’BRIEN` and `O Brien` are one. Vowel signs of
/// scripts that write them as marks (Bengali, Punjabi) stay, because without them different names would be one. Idempotent.
pub fn comparison_form(name: &str) -> String {
    name.nfkd()
        .flat_map(char::to_lowercase)
        .nfkd()
        .filter(|&c| !is_dropped(c))
        .flat_map(|c| fold(c).chars().chain(if fold(c).is_empty() { Some(c) } else { None }))
        .filter(|&c| c.is_alphanumeric() || is_combining_mark(c))
        // Marks that a separator kept apart now stand together, and have an order of their own.
        .nfkd()
        .collect()
}

/// Letters that do not decompose and yet are written plain in half of all systems.
const fn fold(c: char) -> &'static str {
    match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ŧ' => "t",
        'ŋ' => "n",
        // Lower-casing letter by letter never makes the final form; text that has it must compare equal.
        'ς' => "σ",
        _ => "",
    }
}

/// Diacritics of Latin, Greek and Cyrillic, optional vowel points of Hebrew and Arabic, and letters used as apostrophes.
const fn is_dropped(c: char) -> bool {
    matches!(
        c,
        '\u{02B0}'..='\u{036F}'
            | '\u{0591}'..='\u{05C7}'
            | '\u{0610}'..='\u{061A}'
            | '\u{064B}'..='\u{065F}'
            | '\u{0670}'
            | '\u{1AB0}'..='\u{1AFF}'
            | '\u{1DC0}'..='\u{1DFF}'
            | '\u{20D0}'..='\u{20FF}'
            | '\u{FE20}'..='\u{FE2F}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spellings_of_one_name_are_equal() {
        for spellings in [
            &["O'Alder", "O’ALDER", "o alder", "O-Alder", "OʼAlder", "  O'Alder. "][..],
            &["Éclair", "E\u{301}clair", "ECLAIR", "eclair"],
            &["Łotwa-Cedar", "lotwa cedar", "LOTWACEDAR"],
            &["Weiß", "WEISS", "weiss"],
            &["Ørsted", "orsted"],
            &["Ｔｅｓｔａ", "testa"],
            &["ΑΣ", "ας", "ασ"],
            &["İpek", "ipek"],
        ] {
            let forms: Vec<_> = spellings.iter().map(|name| comparison_form(name)).collect();
            assert!(forms.windows(2).all(|pair| pair[0] == pair[1]), "{forms:?}");
        }
    }

    #[test]
    fn different_names_stay_different() {
        assert_ne!(comparison_form("Testa"), comparison_form("Testo"));
        // Bengali "mina" and "mona" differ only in their vowel signs.
        assert_ne!(comparison_form("মিনা"), comparison_form("মোনা"));
    }

    #[test]
    fn marks_that_a_separator_kept_apart_come_into_order() {
        let once = comparison_form("\u{1e130}:\u{c4d}");
        assert_eq!(comparison_form(&once), once);
    }

    #[test]
    fn a_name_of_punctuation_has_no_form() {
        assert_eq!(comparison_form(" -'. "), "");
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(name in "\\PC{0,24}") {
            let once = comparison_form(&name);
            prop_assert_eq!(comparison_form(&once), once);
        }

        #[test]
        fn case_and_separators_never_count(left in "[a-zà-ÿ]{1,8}", right in "[a-z]{1,8}") {
            let joined = comparison_form(&format!("{left}{right}"));
            for separator in [" ", "-", "'", "’", ". "] {
                let written = format!("{}{separator}{}", left.to_uppercase(), right.to_uppercase());
                prop_assert_eq!(comparison_form(&written), joined.clone());
            }
        }
    }
}
