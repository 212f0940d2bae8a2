//! What an agency knew is not lost by whoever says less, and what a worker may not see is not lost by that worker.

use proptest::prelude::*;

use super::carry::Anew;
use crate::domain::client::ClientChanged;
use crate::domain::dir::Person;
use crate::domain::dir::filing::Filed as _;
use crate::domain::person::{Address, AddressKind, Name, NameKind, Phone, SafeContact};
use crate::domain::validation::parse_json;
use crate::vocabulary::{Segment, SegmentSet};

fn person(json: &str) -> Person {
    parse_json(json.as_bytes()).unwrap()
}

/// Everything that a record can say.
const WHOLE: &str = r#"{
    "names": [
        {"kind": "legal", "forename": "Fixture", "middle_names": "Sample", "surname": "Cedar"},
        {"kind": "preferred", "forename": "Fix"},
        {"kind": "working", "forename": "Demoline"},
        {"kind": "alias", "forename": "Testa", "surname": "Holm"}],
    "date_of_birth": "1988-02-29", "sex": "female", "nhs_number": "9990001006", "pnc_id": "2009/0001234A",
    "prison_number": "A0001ZZ", "crn": "X000123",
    "addresses": [
        {"kind": "current", "lines": ["1 Test Row"], "postcode": "ZZ1 1ZZ", "confidential": true},
        {"kind": "previous", "lines": ["2 Test Row"]}],
    "phones": [{"number": "01632 960001", "note": "mornings", "confidential": true}, {"number": "01632 960002"}],
    "safe_contact": {"channels": ["call"], "never": ["letter"], "instructions": "Say it is the library."},
    "partnership_of_residence": "Northmoor"
}"#;

#[test]
fn who_is_presented_by_name_and_birth_alone_keeps_all_that_was_known() {
    let said = person(
        r#"{"names": [{"kind": "legal", "forename": "FIXTURE", "surname": "Cedar"}], "date_of_birth": "1988-02-29"}"#,
    );
    let now = Anew::Presented(&said).over(person(WHOLE));
    let mut known = person(WHOLE);
    known.names[0].forename = "FIXTURE".to_owned();
    assert!(now == known);
}

#[test]
fn what_is_said_anew_comes_first_and_what_it_replaces_is_former() {
    let said = person(
        r#"{
        "names": [{"kind": "legal", "forename": "Fixture", "surname": "Rowan"}, {"kind": "preferred", "forename": "Fixie"}],
        "sex": "not-known", "crn": "X000124",
        "addresses": [{"kind": "no-fixed-abode"}],
        "phones": [{"number": "01632960001"}],
        "safe_contact": {"channels": ["text"], "may_name_service": false}
    }"#,
    );
    let now = Anew::Presented(&said).over(person(WHOLE));
    let names: Vec<_> = now.names.iter().map(|name| (name.kind, name.surname.as_deref())).collect();
    assert_eq!(
        names,
        [
            (NameKind::Legal, Some("Rowan")),
            (NameKind::Preferred, None),
            (NameKind::Former, Some("Cedar")),
            (NameKind::Former, None),
            (NameKind::Working, None),
            (NameKind::Alias, Some("Holm")),
        ]
    );
    assert_eq!(now.names[1].forename, "Fixie");
    assert!(now.sex == person(WHOLE).sex && now.crn.as_deref() == Some("X000124"));
    let kinds: Vec<_> = now.addresses.iter().map(|address| address.kind).collect();
    assert_eq!(kinds, [AddressKind::NoFixedAbode, AddressKind::Current, AddressKind::Previous]);
    assert!(now.addresses[1].confidential, "it is a refuge, of which who presents her may not know");
    assert_eq!(now.phones.len(), 2);
    assert!(now.phones[0].confidential && now.phones[0].note.as_deref() == Some("mornings"));
    let rule = now.safe_contact.unwrap();
    assert_eq!((rule.channels.len(), rule.never.len()), (1, 1));
    assert_eq!(rule.instructions.as_deref(), Some("Say it is the library."));
}

#[test]
fn a_way_that_is_named_as_safe_now_is_forbidden_no_more() {
    let said = person(r#"{"safe_contact": {"channels": ["letter"]}}"#);
    let rule = Anew::Presented(&said).over(person(WHOLE)).safe_contact.unwrap();
    assert!(rule.never.is_empty() && rule.channels.len() == 1);
}

#[test]
fn a_refuge_stays_one_if_its_address_is_given_again_without_saying_so() {
    let said =
        person(r#"{"addresses": [{"kind": "current", "lines": ["1  TEST Row"], "postcode": "zz11zz"}]}"#);
    let now = Anew::Presented(&said).over(person(WHOLE));
    assert!(now.addresses.len() == 2 && now.addresses[0].confidential);
}

#[test]
fn no_record_grows_without_end() {
    let mut known = person(WHOLE);
    for nth in 0..40 {
        let said = person(&format!(
            r#"{{"names": [{{"kind": "alias", "forename": "Testa{nth}"}}],
            "addresses": [{{"kind": "current", "lines": ["{nth} Test Row"]}}], "phones": [{{"number": "01632 96{nth:04}"}}]}}"#
        ));
        known = Anew::Presented(&said).over(known);
    }
    assert_eq!((known.names.len(), known.addresses.len(), known.phones.len()), (20, 10, 10));
    assert_eq!(known.addresses[0].lines, ["39 Test Row"]);
    // What is past goes first.
    for kind in [NameKind::Legal, NameKind::Preferred, NameKind::Working] {
        assert!(known.names.iter().any(|name| name.kind == kind), "{kind}");
    }
    assert!(known.addresses.iter().any(|address| address.confidential));
    assert!(known.phones.iter().any(|phone| phone.confidential));
}

fn changed(json: &str, seen: SegmentSet) -> Person {
    let change: ClientChanged = parse_json(format!(r#"{{"person": {json}}}"#).as_bytes()).unwrap();
    Anew::Members { sent: &change.person, seen }.over(person(WHOLE))
}

#[test]
fn a_member_that_is_sent_is_replaced_and_no_other() {
    let now = changed(
        r#"{"crn": "X000124", "phones": [{"number": "01632 960003"}], "nhs_number": null}"#,
        SegmentSet::all(),
    );
    let mut known = person(WHOLE);
    known.crn = Some("X000124".to_owned());
    known.nhs_number = None;
    known.phones = person(r#"{"phones": [{"number": "01632 960003"}]}"#).phones;
    assert!(now == known);
    assert!(changed("{}", SegmentSet::all()) == person(WHOLE));
    assert!(changed("{}", SegmentSet::EMPTY) == person(WHOLE));
}

#[test]
fn every_member_can_be_replaced_and_emptied_by_who_sees_it_and_by_nobody_else() {
    let whole: serde_json::Value = serde_json::from_str(WHOLE).unwrap();
    for (member, value) in whole.as_object().unwrap() {
        let empty = if value.is_array() { "[]" } else { "null" };
        let emptied = format!(r#"{{"{member}": {empty}}}"#);
        let mut expected = whole.clone();
        expected.as_object_mut().unwrap().remove(member);
        assert!(changed(&emptied, SegmentSet::all()) == person(&expected.to_string()), "{member}");
        assert!(changed(&emptied, SegmentSet::EMPTY) == person(WHOLE), "{member}");
        let again = changed(&format!(r#"{{"{member}": {value}}}"#), SegmentSet::EMPTY);
        assert!(again == person(WHOLE), "{member}");
        assert!(
            changed(&format!(r#"{{"{member}": {value}}}"#), SegmentSet::all()) == person(WHOLE),
            "{member}"
        );
    }
}

fn any_name() -> impl Strategy<Value = Name> {
    (prop::sample::select(NameKind::ALL.to_vec()), "[A-D][a-b]", prop::option::of("[A-B][a-b]"))
        .prop_map(|(kind, forename, surname)| Name { kind, forename, middle_names: None, surname })
}

fn any_address() -> impl Strategy<Value = Address> {
    let kinds = [AddressKind::Current, AddressKind::Correspondence, AddressKind::Previous];
    (prop::sample::select(kinds.to_vec()), "[1-9] Test Row", any::<bool>()).prop_map(
        |(kind, line, confidential)| Address { kind, lines: vec![line], postcode: None, confidential },
    )
}

fn any_phone() -> impl Strategy<Value = Phone> {
    ("01632 96000[0-9]", any::<bool>()).prop_map(|(number, confidential)| Phone {
        number,
        note: None,
        confidential,
    })
}

prop_compose! {
    fn any_person()(
        names in prop::collection::vec(any_name(), 0..6),
        addresses in prop::collection::vec(any_address(), 0..5),
        phones in prop::collection::vec(any_phone(), 0..5),
        crn in prop::option::of("X00000[0-9]"),
        instructions in prop::option::of("[a-c]{3}"),
    ) -> Person {
        let safe_contact = instructions.map(|said| SafeContact { instructions: Some(said), ..SafeContact::default() });
        Person { names, addresses, phones, crn, safe_contact, ..Person::default() }
    }
}

proptest! {
    #[test]
    fn nobody_who_was_looked_for_by_a_name_or_an_address_is_lost(before in any_person(), said in any_person()) {
        let now = Anew::Presented(&said).over(before.clone());
        for old in &before.names {
            prop_assert!(now.names.iter().any(|name| name.forename == old.forename && name.surname == old.surname));
        }
        for old in &before.addresses {
            let same: Vec<_> = now.addresses.iter().filter(|address| address.lines == old.lines).collect();
            prop_assert!(!same.is_empty());
            prop_assert!(!old.confidential || same.iter().any(|address| address.confidential));
        }
        for old in &before.phones {
            let same: Vec<_> = now.phones.iter().filter(|phone| phone.number == old.number).collect();
            prop_assert!(!same.is_empty());
            prop_assert!(!old.confidential || same.iter().any(|phone| phone.confidential));
        }
        prop_assert!(now.crn == said.crn.clone().or(before.crn));
        // Said twice is said once.
        prop_assert!(Anew::Presented(&said).over(now.clone()) == now);
    }

    #[test]
    fn what_a_worker_may_not_see_is_there_when_the_worker_is_done(said in any_person(), before in any_person()) {
        let seen = SegmentSet::EMPTY.with(Segment::Identity).with(Segment::Contact);
        let json = serde_json::to_string(&said).unwrap();
        let change: ClientChanged = parse_json(format!(r#"{{"person": {json}}}"#).as_bytes()).unwrap();
        let now = Anew::Members { sent: &change.person, seen }.over(before.clone());
        for hidden in before.names.iter().filter(|name| !name.visible_to(seen)) {
            prop_assert!(now.names.contains(hidden));
        }
        for hidden in before.addresses.iter().filter(|address| !address.visible_to(seen)) {
            prop_assert!(now.addresses.contains(hidden));
        }
        for hidden in before.phones.iter().filter(|phone| !phone.visible_to(seen)) {
            prop_assert!(now.phones.contains(hidden));
        }
    }
}
