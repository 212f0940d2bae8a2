//! A written name taken apart: words, particles that may be left out, prefixes that belong to what follows. A leaf.

use super::normalise::comparison_form;

/// Prefixes that are one word with what follows, however they are spaced: `O Brien`, `Mc Donald`, `St Louis`, `Abu Bakr`.
const PREFIXES: [&str; 9] = ["o", "mc", "mac", "st", "saint", "fitz", "abu", "abd", "ni"];
/// Particles that one service writes and the next leaves out: `van`, `bin`, `al-`.
const PARTICLES: [&str; 30] = [
    "de", "da", "di", "du", "do", "del", "della", "dela", "der", "den", "des", "dos", "das", "van", "von",
    "vande", "ter", "ten", "la", "le", "el", "al", "ul", "bin", "ibn", "bint", "binti", "y", "e", "zu",
];

/// The words of a name in comparison form. Apostrophes do not part words, spaces, hyphens and other marks do.
pub(super) fn words(written: &str) -> Vec<String> {
    written
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '/' | ',' | '.' | ';'))
        .map(comparison_form)
        .filter(|word| !word.is_empty())
        .collect()
}

/// The words of a family name: prefixes joined to what follows, `Mac` as `Mc`, Slavic endings of daughters as those of sons.
pub(super) fn family_words(written: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut prefix = String::new();
    for word in words(written) {
        if PREFIXES.contains(&word.as_str()) {
            prefix.push_str(&word);
            continue;
        }
        found.push(one_form(format!("{prefix}{word}")));
        prefix.clear();
    }
    if !prefix.is_empty() {
        found.push(prefix);
    }
    found
}

/// The words without particles, unless nothing else would be left.
pub(super) fn without_particles(words: &[String]) -> Vec<&str> {
    let core: Vec<&str> = words.iter().map(String::as_str).filter(|word| !PARTICLES.contains(word)).collect();
    if core.is_empty() { words.iter().map(String::as_str).collect() } else { core }
}

/// Where the family name begins in the words of a whole name: the last word, with the particles and prefixes before it.
pub(super) fn family_begins(words: &[String]) -> usize {
    let mut at = words.len().saturating_sub(1);
    while let Some(before) = at.checked_sub(1).and_then(|before| words.get(before)) {
        let belongs = PARTICLES.contains(&before.as_str()) || PREFIXES.contains(&before.as_str());
        if !belongs || at <= 1 {
            break;
        }
        at -= 1;
    }
    at
}

/// One spelling for those that differ by custom only: `Mac` and `Mc`, `-ska` and `-ski`, `-ova` and `-ov`.
fn one_form(word: String) -> String {
    let word = match word.strip_prefix("mac") {
        Some(rest) if rest.len() >= 3 => format!("mc{rest}"),
        _ => word,
    };
    if word.len() < 6 {
        return word;
    }
    for (hers, his) in [("ska", "ski"), ("cka", "cki"), ("dzka", "dzki"), ("ova", "ov"), ("eva", "ev")] {
        if let Some(stem) = word.strip_suffix(hers) {
            return format!("{stem}{his}");
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_one_word_with_what_follows() {
        for written in ["O'Alder", "O Alder", "o-alder", "O’ALDER"] {
            assert_eq!(family_words(written), ["oalder"], "{written}");
        }
        assert_eq!(family_words("MacCedar"), family_words("Mc Cedar"));
        assert_eq!(family_words("O"), ["o"]);
    }

    #[test]
    fn particles_are_left_out_unless_they_are_the_name() {
        assert_eq!(without_particles(&family_words("van der Alder")), ["alder"]);
        assert_eq!(without_particles(&family_words("Al-Cedar")), ["cedar"]);
        assert_eq!(without_particles(&family_words("Le")), ["le"]);
    }

    #[test]
    fn a_daughter_has_her_fathers_name() {
        assert_eq!(family_words("Jarzębska"), family_words("Jarzebski"));
        assert_eq!(family_words("Alderova"), family_words("Alderov"));
        assert_eq!(family_words("Nova"), ["nova"]);
    }

    #[test]
    fn the_family_name_begins_at_its_particles() {
        for (written, begins) in [
            ("Testa Alder", 1),
            ("Testa Mary Alder", 2),
            ("Testa van der Alder", 1),
            ("Alder", 0),
            ("Van Alder", 1),
            ("", 0),
        ] {
            assert_eq!(family_begins(&words(written)), begins, "{written}");
        }
    }
}
