//! How a name sounds, as a key: spellings heard alike have one. A leaf.

use rphonetic::{DoubleMetaphone, Encoder as _};

/// Codes are cut here: what follows tells endings apart that are often heard wrong.
const CODE_LENGTH: usize = 6;

/// Makes sound keys. Costs nothing to hold.
pub(super) struct Sounds(DoubleMetaphone);

impl Sounds {
    pub(super) fn new() -> Self {
        Self(DoubleMetaphone::new(Some(CODE_LENGTH)))
    }

    /// The key of a name in comparison form; `None` if it is too short to tell anything, or not in Latin letters.
    pub(super) fn key(&self, form: &str) -> Option<String> {
        if !form.bytes().all(|byte| byte.is_ascii_lowercase()) {
            return None;
        }
        let code = self.0.encode(&respelt(form));
        (code.len() >= 2).then_some(code)
    }
}

/// A forename as it is spoken, vowels and all: spellings of equal texts are one name, for nobody calls two children alike.
/// `None` if it is not in Latin letters.
pub(super) fn spoken(form: &str) -> Option<String> {
    if !form.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let mut text = form.to_owned();
    for (from, to) in [
        ("ph", "f"),
        ("sz", "sh"),
        ("cz", "ch"),
        ("ck", "k"),
        ("ce", "se"),
        ("ci", "si"),
        ("cy", "si"),
        ("ge", "je"),
        ("gi", "ji"),
        ("ch", "\u{1}"),
        ("sh", "\u{2}"),
        ("c", "k"),
        ("q", "k"),
        ("w", "v"),
        ("z", "s"),
        ("ee", "i"),
        ("ey", "i"),
        ("y", "i"),
        ("oo", "u"),
        ("ou", "u"),
    ] {
        if text.contains(from) {
            text = text.replace(from, to);
        }
    }
    let mut spoken = String::with_capacity(text.len());
    for letter in text.chars() {
        let is_silent = letter == 'h' && !spoken.is_empty();
        if !is_silent && !spoken.ends_with(letter) {
            spoken.push(letter);
        }
    }
    Some(spoken)
}

/// Spellings of other languages as an English ear writes them, so that one rule for English serves all.
fn respelt(form: &str) -> String {
    let mut text = form.to_owned();
    for (from, to) in [
        ("szcz", "sh"),
        ("sz", "sh"),
        ("cz", "ch"),
        ("rz", "j"),
        ("dzi", "j"),
        ("dz", "j"),
        ("kh", "k"),
        ("q", "k"),
        ("oglou", "oglu"),
        ("ou", "u"),
        ("w", "v"),
    ] {
        if text.contains(from) {
            text = text.replace(from, to);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_heard_alike_share_a_key() {
        let sounds = Sounds::new();
        for (one, other) in [
            ("smith", "smyth"),
            ("catherine", "kathryn"),
            ("hussain", "hussein"),
            ("iqbal", "ikbal"),
            ("szymon", "shimon"),
        ] {
            assert_eq!(sounds.key(one), sounds.key(other), "{one} {other}");
        }
        assert_ne!(sounds.key("alder"), sounds.key("cedar"));
    }

    #[test]
    fn one_name_is_spoken_alike_and_two_are_not() {
        for (one, other) in [
            ("curtis", "kurtis"),
            ("sajid", "sajjid"),
            ("monica", "monika"),
            ("paramjit", "paramjeet"),
            ("jaswinder", "jasvinder"),
            ("janusz", "janush"),
            ("sara", "sarah"),
            ("gemma", "jemma"),
        ] {
            assert_eq!(spoken(one), spoken(other), "{one} {other}");
        }
        for (one, other) in [
            ("hasan", "husain"),
            ("jack", "zack"),
            ("simon", "simone"),
            ("christine", "christina"),
            ("jan", "jane"),
            ("karen", "karin"),
        ] {
            assert_ne!(spoken(one), spoken(other), "{one} {other}");
        }
    }

    #[test]
    fn a_name_that_says_too_little_has_no_key() {
        let sounds = Sounds::new();
        for form in ["", "li", "o", "মিনা", "7"] {
            assert_eq!(sounds.key(form), None, "{form}");
        }
    }
}
