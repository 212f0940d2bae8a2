//! Addresses, compared by the pairs of letters that they share. A leaf.

use super::normalise::comparison_form;

/// What stands for "no fixed abode".
const NO_ABODE: [&str; 4] = ["nfa", "nofixedabode", "nofixedaddress", "homeless"];
/// A shorter text says too little.
const SHORTEST: usize = 6;

/// An address, prepared: its pairs of neighbouring letters, sorted.
#[derive(Clone)]
pub(super) struct Address(Vec<u32>);

impl Address {
    /// From however it was written; `None` for no fixed abode and for a text that says too little.
    pub(super) fn parse(written: &str) -> Option<Self> {
        let form = comparison_form(written);
        if form.len() < SHORTEST || NO_ABODE.contains(&form.as_str()) {
            return None;
        }
        // Words may change places; so pairs do not cross from one into the next.
        let mut pairs: Vec<u32> = written
            .split(|c: char| !c.is_alphanumeric())
            .map(comparison_form)
            .flat_map(|word| {
                let letters: Vec<u32> = std::iter::once(' ').chain(word.chars()).map(u32::from).collect();
                letters.windows(2).map(pair).collect::<Vec<_>>()
            })
            .collect();
        pairs.sort_unstable();
        Some(Self(pairs))
    }

    /// The share of pairs that two addresses have in common, from 0 to 1 (Dice's coefficient). Symmetric.
    pub(super) fn likeness(&self, other: &Self) -> f64 {
        let (mut one, mut two) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut shared = 0_u32;
        while let (Some(a), Some(b)) = (one.peek(), two.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => drop(one.next()),
                std::cmp::Ordering::Greater => drop(two.next()),
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    one.next();
                    two.next();
                }
            }
        }
        let all = u32::try_from(self.0.len() + other.0.len()).unwrap_or(u32::MAX);
        if all == 0 { 0.0 } else { 2.0 * f64::from(shared) / f64::from(all) }
    }
}

fn pair(letters: &[u32]) -> u32 {
    letters.iter().fold(0, |pair, letter| pair << 16 | letter & 0xFFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn likeness(one: &str, other: &str) -> f64 {
        Address::parse(one).unwrap().likeness(&Address::parse(other).unwrap())
    }

    #[test]
    fn an_address_agrees_though_its_words_change_places() {
        assert!(likeness("12 Alder Street, Northmoor", "Northmoor 12 Alder Street") > 0.999);
        assert!(likeness("12 Alder Street, Northmoor", "12 Aldr Street Northmoor") > 0.8);
        assert!(likeness("12 Alder Street, Northmoor", "7 Cedar Close, Eastvale") < 0.4);
    }

    #[test]
    fn no_fixed_abode_is_no_address() {
        for written in ["", "NFA", "No fixed abode", "no fixed address", "12"] {
            assert!(Address::parse(written).is_none(), "{written}");
        }
    }
}
