//! What an agency wrote of its client before and does not say anew: it is kept. A leaf of rules.
//!
//! Whoever presents a client again rarely has all of the record at hand, and whoever changes it may not see all of it. Neither may lose
//! what the agency knows: a name she is looked for by, a refuge's address, the telephone that must not ring.

use crate::domain::dir::Person;
use crate::domain::dir::filing::{Filed, Section as _};
use crate::domain::members::Sent;
use crate::domain::person::{Address, AddressKind, Name, NameKind, Phone, SafeContact, Sex};
use crate::people::normalise::comparison_form;
use crate::vocabulary::SegmentSet;

/// At most so many names, addresses and telephone numbers are kept, as many as can be sent; the record's history has the others. What goes
/// first is what is past and no secret, the oldest of it.
const MOST_NAMES: usize = 20;
const MOST_ADDRESSES: usize = 10;
const MOST_PHONES: usize = 10;

/// What is said anew of a client.
pub(super) enum Anew<'a> {
    /// She is presented, perhaps again: what is said comes first, and nothing that is not said is gone.
    Presented(&'a Person),
    /// Members of the record are replaced, as far as the writer may see them.
    Members {
        /// The members.
        sent: &'a Sent<Person>,
        /// What the writer may see.
        seen: SegmentSet,
    },
}

impl Anew<'_> {
    /// The record as it is from now on.
    pub(super) fn over(&self, before: Person) -> Person {
        match self {
            Self::Presented(said) => presented((*said).clone(), before),
            Self::Members { sent, seen } => replaced(sent, *seen, before),
        }
    }
}

fn presented(said: Person, before: Person) -> Person {
    let knows_sex = matches!(said.sex, Some(Sex::Female | Sex::Male));
    Person {
        names: names(said.names, before.names),
        date_of_birth: said.date_of_birth.or(before.date_of_birth),
        sex: if knows_sex { said.sex } else { before.sex.or(said.sex) },
        nhs_number: said.nhs_number.or(before.nhs_number),
        pnc_id: said.pnc_id.or(before.pnc_id),
        prison_number: said.prison_number.or(before.prison_number),
        crn: said.crn.or(before.crn),
        addresses: addresses(said.addresses, before.addresses),
        phones: phones(said.phones, before.phones),
        safe_contact: safe_contact(said.safe_contact, before.safe_contact),
        partnership_of_residence: said.partnership_of_residence.or(before.partnership_of_residence),
    }
}

fn same(one: &str, other: &str) -> bool {
    comparison_form(one) == comparison_form(other)
}

fn same_if_any(one: Option<&String>, other: Option<&String>) -> bool {
    same(one.map_or("", String::as_str), other.map_or("", String::as_str))
}

/// The same name of the same kind. One that lacks the middle names may be the same as one that has them.
fn is_name(one: &Name, other: &Name) -> bool {
    one.kind == other.kind
        && same(&one.forename, &other.forename)
        && same_if_any(one.surname.as_ref(), other.surname.as_ref())
        && (one.middle_names.is_none()
            || other.middle_names.is_none()
            || same_if_any(one.middle_names.as_ref(), other.middle_names.as_ref()))
}

/// There is one legal name and one of each that is asked to be used; one that another replaces is a former one.
fn names(said: Vec<Name>, before: Vec<Name>) -> Vec<Name> {
    let is_replaced = |old: &Name| {
        said.iter().any(|name| name.kind == old.kind) && !said.iter().any(|name| is_name(name, old))
    };
    let one_of_each = [NameKind::Legal, NameKind::NameToUse, NameKind::Preferred];
    let kept = before.into_iter().map(|old| {
        let is_past = one_of_each.contains(&old.kind) && is_replaced(&old);
        Name { kind: if is_past { NameKind::Former } else { old.kind }, ..old }
    });
    let kept: Vec<Name> = kept.collect();
    let mut names: Vec<Name> = Vec::new();
    for name in said.into_iter().chain(kept) {
        match names.iter_mut().find(|known| is_name(known, &name)) {
            Some(known) => known.middle_names = known.middle_names.take().or(name.middle_names),
            None => names.push(name),
        }
    }
    at_most(MOST_NAMES, names, |name| matches!(name.kind, NameKind::Former | NameKind::Alias))
}

fn is_address(one: &Address, other: &Address) -> bool {
    same(&one.lines.join(" "), &other.lines.join(" "))
        && same_if_any(one.postcode.as_ref(), other.postcode.as_ref())
}

/// Where she lives now is said last; where she lived is where she lived before. A refuge stays confidential, whoever forgets to say so, and
/// current: whoever says where else she lives may not know of it.
fn addresses(said: Vec<Address>, before: Vec<Address>) -> Vec<Address> {
    let is_abode = |kind| matches!(kind, AddressKind::Current | AddressKind::NoFixedAbode);
    let has_moved = said.iter().any(|address| is_abode(address.kind));
    let kept = before.into_iter().filter_map(|old| match old.kind {
        AddressKind::NoFixedAbode if has_moved => None,
        AddressKind::Current if has_moved && !old.confidential => {
            Some(Address { kind: AddressKind::Previous, ..old })
        }
        _ => Some(old),
    });
    let mut addresses: Vec<Address> = Vec::new();
    for address in said.into_iter().chain(kept) {
        match addresses.iter_mut().find(|known| is_address(known, &address)) {
            Some(known) => known.confidential |= address.confidential,
            None => addresses.push(address),
        }
    }
    at_most(MOST_ADDRESSES, addresses, |old| old.kind == AddressKind::Previous && !old.confidential)
}

fn phones(said: Vec<Phone>, before: Vec<Phone>) -> Vec<Phone> {
    let mut phones: Vec<Phone> = Vec::new();
    for phone in said.into_iter().chain(before) {
        match phones.iter_mut().find(|known| same(&known.number, &phone.number)) {
            Some(known) => {
                known.confidential |= phone.confidential;
                known.note = known.note.take().or(phone.note);
            }
            None => phones.push(phone),
        }
    }
    at_most(MOST_PHONES, phones, |phone| !phone.confidential)
}

fn at_most<T>(most: usize, mut items: Vec<T>, goes_first: fn(&T) -> bool) -> Vec<T> {
    while items.len() > most {
        let last = items.iter().rposition(goes_first).unwrap_or(items.len() - 1);
        items.remove(last);
    }
    items
}

/// A new rule replaces the old one. What was forbidden stays so unless it is named as safe now, and words that nobody took back stay.
fn safe_contact(said: Option<SafeContact>, before: Option<SafeContact>) -> Option<SafeContact> {
    let (Some(mut said), Some(old)) = (said.clone(), before.clone()) else { return said.or(before) };
    for never in old.never {
        if !said.channels.contains(&never) && !said.never.contains(&never) {
            said.never.push(never);
        }
    }
    said.instructions = said.instructions.or(old.instructions);
    Some(said)
}

/// Of a list, what the writer may not see stays; and nothing is emptied that the writer may not see.
fn replaced(sent: &Sent<Person>, seen: SegmentSet, before: Person) -> Person {
    let Sent { value: said, .. } = sent.clone();
    let is_seen = |member| {
        let mut fields = Person::FILING.iter().filter(|(field, _)| *field == member);
        fields.any(|(_, segment)| segment.is_some_and(|segment| seen.contains(segment)))
    };
    let one = |member| One { is_sent: sent.has(member), is_seen: is_seen(member) };
    Person {
        names: list(sent.has("names"), seen, said.names, before.names),
        date_of_birth: one("date_of_birth").of(said.date_of_birth, before.date_of_birth),
        sex: one("sex").of(said.sex, before.sex),
        nhs_number: one("nhs_number").of(said.nhs_number, before.nhs_number),
        pnc_id: one("pnc_id").of(said.pnc_id, before.pnc_id),
        prison_number: one("prison_number").of(said.prison_number, before.prison_number),
        crn: one("crn").of(said.crn, before.crn),
        addresses: list(sent.has("addresses"), seen, said.addresses, before.addresses),
        phones: list(sent.has("phones"), seen, said.phones, before.phones),
        safe_contact: one("safe_contact").of(said.safe_contact, before.safe_contact),
        partnership_of_residence: one("partnership_of_residence")
            .of(said.partnership_of_residence, before.partnership_of_residence),
    }
}

fn list<T: Filed + PartialEq>(is_sent: bool, seen: SegmentSet, mut said: Vec<T>, before: Vec<T>) -> Vec<T> {
    if !is_sent {
        return before;
    }
    let unseen: Vec<T> =
        before.into_iter().filter(|item| !item.visible_to(seen) && !said.contains(item)).collect();
    said.extend(unseen);
    said
}

/// How a member that has one value is replaced.
struct One {
    is_sent: bool,
    is_seen: bool,
}

impl One {
    fn of<T>(&self, said: Option<T>, before: Option<T>) -> Option<T> {
        match (self.is_sent, self.is_seen) {
            (true, true) => said,
            (true, false) => said.or(before),
            (false, _) => before,
        }
    }
}
