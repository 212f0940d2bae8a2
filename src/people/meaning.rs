//! What the tables of forenames know about a spelling: whether it is a name, and for which it may have been meant. A leaf.

use super::forenames::{self, MOST_READINGS};
use super::nicknames::{self, MAX_ROOTS};
use super::sound::spoken;
use super::spelling::hash;

/// What the tables of forenames know about a spelling.
#[derive(Clone, Copy, Default)]
pub(super) struct Meaning {
    /// Whether this is a forename.
    is_forename: bool,
    /// As it is spoken.
    spoken: u32,
    /// The number of the name that it is; 0: none.
    name: u16,
    /// Whether it is a name and a pet's ending: Craigy, Marky.
    is_pet_form: bool,
    /// If it is none: the numbers of the names for which it may have been meant, and of their groups.
    names: [u16; MOST_READINGS],
    groups: [u16; MOST_READINGS],
}

impl Meaning {
    /// Of a forename.
    pub(super) fn of(form: &str) -> Self {
        let (mut names, mut groups) = ([0; MOST_READINGS], [0; MOST_READINGS]);
        let readings = forenames::readings(form);
        for (place, (number, _)) in names.iter_mut().zip(&readings) {
            *place = *number;
        }
        let of_readings = readings.iter().flat_map(|(_, name)| nicknames::groups(name));
        for (place, group) in groups.iter_mut().zip(of_readings) {
            *place = *group;
        }
        let pet_of = form.strip_suffix(['y', 'i', 's']);
        Self {
            is_forename: true,
            is_pet_form: readings.iter().any(|(_, name)| Some(*name) == pet_of),
            spoken: spoken(form).map_or(0, |text| short_hash(&text)),
            name: forenames::number(form),
            names,
            groups,
        }
    }

    /// Of a family name: whether it is somebody's forename, which matters where the two have changed places.
    pub(super) fn of_family(form: &str) -> Self {
        Self { name: forenames::number(form), ..Self::default() }
    }

    const fn is_misspelt(&self) -> bool {
        self.names[0] != 0
    }

    /// Whether it is no name of its own, however many bear it.
    pub(super) const fn is_pet_form(&self) -> bool {
        self.is_pet_form
    }

    /// Whether it is a forename, and in the tables.
    pub(super) const fn is_forename_in_its_own_right(&self) -> bool {
        self.is_forename && self.name != 0
    }

    /// Whether both are forenames, and not one.
    pub(super) const fn is_another_name_than(&self, other: &Self) -> bool {
        self.name != 0 && other.name != 0 && self.name != other.name
    }

    /// Whether both are spoken alike.
    pub(super) const fn is_spoken_as(&self, other: &Self) -> bool {
        self.spoken != 0 && self.spoken == other.spoken
    }

    /// Whether this one is no name and was meant for one, but for no form of the other, a name of these groups.
    pub(super) fn is_another_than(&self, name: &Self, groups: &[u16; MAX_ROOTS]) -> bool {
        self.is_misspelt()
            && name.name != 0
            && !self.names.contains(&name.name)
            && !self.groups.iter().any(|group| *group != 0 && groups.contains(group))
    }
}

/// A number for a text in half the size of [`hash`], for what is looked at only where more agrees.
pub(super) fn short_hash(text: &str) -> u32 {
    let [.., a, b, c, d] = hash(text).to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}
