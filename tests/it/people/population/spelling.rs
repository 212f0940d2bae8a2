//! How a name comes out when it is typed, scanned, heard or written by others' rules.

use super::dice::Dice;
use super::names::Name;

const KEYBOARD: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
/// What a scanner, or a reader of handwriting, takes one for.
const LOOKS_LIKE: &[(&str, &str)] = &[
    ("rn", "m"),
    ("m", "rn"),
    ("cl", "d"),
    ("d", "cl"),
    ("l", "i"),
    ("i", "l"),
    ("u", "v"),
    ("v", "u"),
    ("nn", "m"),
    ("h", "b"),
    ("e", "c"),
    ("c", "e"),
    ("o", "a"),
    ("a", "o"),
    ("n", "u"),
    ("u", "n"),
    ("g", "q"),
    ("w", "vv"),
    ("f", "t"),
    ("t", "f"),
];
/// What sounds alike to somebody who writes what she hears.
const SOUNDS_LIKE: &[(&str, &str)] = &[
    ("ph", "f"),
    ("f", "ph"),
    ("ck", "k"),
    ("c", "k"),
    ("k", "c"),
    ("ee", "ea"),
    ("ea", "ee"),
    ("ie", "y"),
    ("y", "ie"),
    ("ey", "y"),
    ("y", "ey"),
    ("ai", "ay"),
    ("ay", "ai"),
    ("s", "z"),
    ("z", "s"),
    ("ou", "ow"),
    ("ow", "ou"),
    ("oo", "u"),
    ("sh", "sch"),
    ("gh", "g"),
    ("er", "ar"),
    ("ar", "er"),
    ("or", "er"),
    ("on", "en"),
    ("en", "an"),
    ("an", "en"),
    ("in", "en"),
    ("el", "al"),
    ("al", "el"),
    ("i", "y"),
    ("j", "g"),
    ("kn", "n"),
    ("wr", "r"),
    ("wh", "w"),
    ("tt", "t"),
    ("ll", "l"),
    ("l", "ll"),
    ("nn", "n"),
    ("n", "nn"),
    ("rr", "r"),
    ("ss", "s"),
    ("e", ""),
    ("h", ""),
    ("u", "oo"),
    ("qu", "kw"),
    ("x", "ks"),
    ("w", "v"),
    ("o", "oh"),
    ("a", "ah"),
];
const DIACRITICS: &[(char, &str)] = &[
    ('á', "a"),
    ('à', "a"),
    ('ã', "a"),
    ('â', "a"),
    ('ă', "a"),
    ('ạ', "a"),
    ('ả', "a"),
    ('ầ', "a"),
    ('ắ', "a"),
    ('ặ', "a"),
    ('ä', "a"),
    ('ą', "a"),
    ('é', "e"),
    ('ê', "e"),
    ('ế', "e"),
    ('ễ', "e"),
    ('ę', "e"),
    ('í', "i"),
    ('ị', "i"),
    ('ó', "o"),
    ('õ', "o"),
    ('ô', "o"),
    ('ơ', "o"),
    ('ọ', "o"),
    ('ỗ', "o"),
    ('ú', "u"),
    ('ũ', "u"),
    ('ư', "u"),
    ('ù', "u"),
    ('ấ', "a"),
    ('ỳ', "y"),
    ('ý', "y"),
    ('ç', "c"),
    ('ć', "c"),
    ('ń', "n"),
    ('ł', "l"),
    ('ś', "s"),
    ('ș', "s"),
    ('ț', "t"),
    ('ź', "z"),
    ('ż', "z"),
    ('đ', "d"),
    ('ằ', "a"),
];

/// A slip of a typist, in any name.
pub fn typed(name: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    if letters.len() < 3 {
        return doubled(name, dice);
    }
    // The first letter is seldom wrong.
    let at = if dice.chance(0.08) { 0 } else { 1 + dice.below(letters.len() - 1) };
    match dice.below(10) {
        0..3 => letters[at] = neighbour(letters[at], dice),
        3..5 => {
            letters.remove(at);
        }
        5..7 => {
            let other = if at + 1 < letters.len() { at + 1 } else { at - 1 };
            letters.swap(at, other);
        }
        7..8 => letters.insert(at, neighbour(letters[at], dice)),
        _ => return doubled(name, dice),
    }
    changed(name, capitalised(&letters.into_iter().collect::<String>()), dice)
}

pub fn scanned(name: &str, dice: &mut Dice) -> String {
    replaced(name, LOOKS_LIKE, dice).unwrap_or_else(|| typed(name, dice))
}

/// By ear: as others spell the name, or as it sounds.
pub fn heard(name: &Name, dice: &mut Dice) -> String {
    if dice.chance(0.55)
        && let Some(spelling) = spelt_otherwise(name, dice)
    {
        return spelling;
    }
    let once = replaced(&name.written, SOUNDS_LIKE, dice).unwrap_or_else(|| doubled(&name.written, dice));
    if dice.chance(0.3) { replaced(&once, SOUNDS_LIKE, dice).unwrap_or(once) } else { once }
}

/// By others' rules: one of the name's other spellings.
pub fn spelt_otherwise(name: &Name, dice: &mut Dice) -> Option<String> {
    let others: Vec<&str> =
        name.spellings.iter().filter(|spelling| **spelling != name.written).map(String::as_str).collect();
    if others.is_empty() { None } else { Some((*dice.pick(&others)).to_owned()) }
}

/// Without the signs that a form or a keyboard lacks.
pub fn without_diacritics(name: &str) -> String {
    name.chars()
        .map(|letter| {
            let lower: char = letter.to_lowercase().next().unwrap();
            let Some((_, plain)) = DIACRITICS.iter().find(|(marked, _)| *marked == lower) else {
                return letter.to_string();
            };
            if letter.is_uppercase() { plain.to_uppercase() } else { (*plain).to_owned() }
        })
        .collect()
}

/// Hyphens, apostrophes, spaces and particles, in one of the ways that they are got wrong.
pub fn joined_otherwise(name: &str, dice: &mut Dice) -> Option<String> {
    let parts: Vec<&str> = name.split(['-', ' ', '\'']).filter(|part| !part.is_empty()).collect();
    if parts.len() < 2 {
        return None;
    }
    let particle = parts[0].chars().count() < 4;
    let changed = match dice.below(4) {
        0 => parts.join(" "),
        1 => capitalised(&parts.concat().to_lowercase()),
        2 if particle => parts[1..].join(" "),
        2 => (*dice.pick(&parts)).to_owned(),
        _ => parts.join("-"),
    };
    (changed != name).then_some(changed)
}

/// A letter twice, or one of two alike once.
fn doubled(name: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    match (1..letters.len()).find(|at| letters[*at] == letters[at - 1]) {
        Some(at) => {
            letters.remove(at);
        }
        None => {
            let at = dice.below(letters.len());
            let letter = letters[at].to_lowercase().next().unwrap();
            letters.insert(at + 1, letter);
        }
    }
    letters.into_iter().collect()
}

fn neighbour(letter: char, dice: &mut Dice) -> char {
    let lower = letter.to_ascii_lowercase();
    let Some(row) = KEYBOARD.iter().find(|row| row.contains(lower)) else {
        return dice.letter("aeiou");
    };
    let at = row.find(lower).unwrap();
    let sides = [at.checked_sub(1), Some(at + 1).filter(|next| *next < row.len())];
    let sides: Vec<&u8> = sides.into_iter().flatten().map(|side| &row.as_bytes()[side]).collect();
    char::from(*dice.pick(&sides))
}

/// One place of the name, by one of the rules that fit it.
fn replaced(name: &str, rules: &[(&str, &str)], dice: &mut Dice) -> Option<String> {
    let lower = name.to_lowercase();
    if lower.len() != name.len() {
        return None;
    }
    let fitting: Vec<(usize, &str, &str)> = rules
        .iter()
        .flat_map(|(from, to)| lower.match_indices(from).map(move |(at, _)| (at, *from, *to)))
        // A first letter is heard and read rightly, mostly (of two names in three), and no name shrinks to nothing.
        .filter(|(at, from, to)| {
            (*at > 0 || !to.is_empty()) && (*from != *to) && (lower.len() > 3 || !to.is_empty())
        })
        .filter(|(at, ..)| *at > 0 || lower.len().is_multiple_of(3))
        .collect();
    if fitting.is_empty() {
        return None;
    }
    let (at, from, to) = fitting[dice.below(fitting.len())];
    let changed = capitalised(&format!("{}{to}{}", &name[..at], &name[at + from.len()..]));
    (changed != name).then_some(changed)
}

fn changed(before: &str, after: String, dice: &mut Dice) -> String {
    if after == before { doubled(before, dice) } else { after }
}

pub fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
