//! Commitments against a second computation by hand, the manual's vector, storage and erasure.

use super::*;

fn vector_fields() -> Fields {
    let mut fields = Fields::new();
    fields
        .set(Field::Agency, "northmoor-cjit")
        .set(Field::Worker, "testa-alder")
        .set(Field::Purpose, "continuity-of-care")
        .set_list(Field::SegmentsReleased, ["identity", "contact"])
        .set_time(Field::OccurredAt, "2026-11-22T06:30:00Z".parse().unwrap());
    fields
}

fn seeds() -> Seeds {
    Seeds::from_bytes([1; 32], [2; 32])
}

fn hkdf_by_hand(seed: &[u8; 32], n: u8) -> Vec<u8> {
    use ring::hmac;
    let extract = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, b"throughgate-audit/v1"), seed);
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, extract.as_ref()), &[n, 1]).as_ref().to_vec()
}

#[test]
fn the_root_is_what_the_manual_says() {
    let fields = vector_fields();
    let mut leaves: Vec<Hash> = Field::ALL
        .into_iter()
        .map(|field| {
            let seed = if field.part() == Part::Person { [1; 32] } else { [2; 32] };
            let mut bytes = b"throughgate-audit/v1/".to_vec();
            bytes.push(field.number());
            bytes.extend(hkdf_by_hand(&seed, field.number()));
            bytes.extend(fields.get(field).as_bytes());
            Hash::sha256(&[b"\0".as_slice(), Hash::sha256(&bytes).as_bytes()].concat())
        })
        .collect();
    while leaves.len() > 1 {
        leaves = leaves.chunks(2).map(|p| node_hash(&p[0], &p[1])).collect();
    }
    assert_eq!(Commitments::new(fields, &seeds()).root(), leaves[0]);
}

#[test]
fn the_vector_of_the_manual_is_what_we_make() {
    let made = Commitments::new(vector_fields(), &seeds());
    let leaf = crate::ledger::entry::Leaf {
        id: "019abcde-f012-7345-8678-9abcdef01234".parse().unwrap(),
        ts: "2026-11-22T06:30:00.250Z".parse().unwrap(),
        kind: crate::vocabulary::EntryKind::Disclosure,
        outcome: crate::vocabulary::Outcome::Permitted,
        origin: "northmoor.example/log".to_owned(),
        replica: "a".to_owned(),
        policy_sha256: Hash::sha256(b""),
        details: made.root(),
    };
    let bytes = leaf.to_bytes();
    let worker = made.open(Field::Worker).unwrap();
    let manual: String =
        include_str!("mod.rs").lines().filter_map(|line| line.strip_prefix("//! ")).collect();
    for (what, value) in [
        ("details", made.root().to_string()),
        ("salt of `worker`", Hash::from_bytes(worker.salt).to_string()),
        ("leaf", String::from_utf8(bytes.clone()).unwrap()),
        ("leaf hash", leaf_hash(&bytes).to_string()),
    ] {
        assert!(manual.contains(&value), "{what} is {value}");
    }
}

#[test]
fn a_field_left_out_is_committed_like_one_that_is_there() {
    let with = Commitments::new(vector_fields(), &seeds());
    let without = Commitments::new(Fields::new(), &seeds());
    assert_ne!(with.root(), without.root());
    assert_eq!(with.open(Field::Device).unwrap().salt, without.open(Field::Device).unwrap().salt);
}

#[test]
fn random_seeds_differ_and_do_not_show() {
    let (one, two) = (Seeds::random().unwrap(), Seeds::random().unwrap());
    assert_ne!(one.person, one.rest);
    assert_ne!(one.person, two.person);
    assert_eq!(format!("{one:?}"), "Seeds(…)");
}

#[test]
fn both_parts_survive_storage_and_open_everything() {
    let made = Commitments::new(vector_fields(), &seeds());
    let read = |part| DecodedPart::decode(part, &made.encode_part(part, &seeds())).unwrap();
    let again = Commitments::restore(&read(Part::Rest), Some(&read(Part::Person))).unwrap();
    assert_eq!((again.root(), again.fields()), (made.root(), made.fields()));
    for field in Field::ALL {
        assert_eq!(again.open(field), made.open(field));
    }
    assert_eq!(read(Part::Person).fields().get(Field::Worker), "");
}

#[test]
fn the_rest_still_opens_when_the_person_is_erased() {
    let made = Commitments::new(vector_fields(), &seeds());
    let rest = DecodedPart::decode(Part::Rest, &made.encode_part(Part::Rest, &seeds())).unwrap();
    let left = Commitments::restore(&rest, None).unwrap();
    assert_eq!(left.root(), made.root());
    assert!(left.open(Field::Worker).unwrap().verify(&made.root()));
    assert_eq!(left.open(Field::SegmentsReleased), None);
    assert!(Commitments::restore(&rest, Some(&rest)).is_err());
}

#[test]
fn a_damaged_part_is_refused_or_gives_another_root() {
    let made = Commitments::new(vector_fields(), &seeds());
    let bytes = made.encode_part(Part::Rest, &seeds());
    let person = DecodedPart::decode(Part::Person, &made.encode_part(Part::Person, &seeds())).unwrap();
    for length in 0..bytes.len() {
        let cut = DecodedPart::decode(Part::Rest, &bytes[..length]);
        let same =
            cut.is_ok_and(|cut| Commitments::restore(&cut, Some(&person)).unwrap().root() == made.root());
        assert!(!same, "cut at {length}");
    }
    for at in 0..bytes.len() {
        let mut changed = bytes.to_vec();
        changed[at] ^= 1;
        if let Ok(changed) = DecodedPart::decode(Part::Rest, &changed) {
            assert_ne!(Commitments::restore(&changed, None).unwrap().root(), made.root(), "byte {at}");
        }
    }
    assert!(DecodedPart::decode(Part::Person, &bytes).is_err());
}
