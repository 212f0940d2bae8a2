//! Whatever the record and whichever segments a reader may see, the view holds what they permit and nothing else.

use proptest::prelude::*;
use serde_json::Value;
use validator::Validate;

use super::{AssembleError, CarePlanItem, DirDocument, DirView, assemble, may_sign};
use crate::domain::dir::filing::Filed;
use crate::id::Handle;
use crate::vocabulary::{Segment, SegmentSet};

const CEDAR: &str = include_str!("../../../tests/fixtures/dir-fixture-cedar.json");
const ALDER: &str = include_str!("../../../tests/fixtures/dir-testa-alder.json");
const HAZEL: &str = include_str!("../../../tests/fixtures/dir-specimen-hazel.json");
const FILING: &str = include_str!("../../../tests/fixtures/dir-filing.txt");

/// A place in a JSON document.
type Path = Vec<String>;

fn document(json: &Value) -> Option<DirDocument> {
    serde_json::from_value(json.clone()).ok()
}

fn view(document: &DirDocument, permitted: SegmentSet) -> DirView {
    assemble(permitted, &document.split().unwrap()).unwrap()
}

/// Every place whose value the test accepts.
fn places(json: &Value, wanted: &dyn Fn(&str, &Value) -> bool) -> Vec<Path> {
    fn walk(at: &mut Path, json: &Value, wanted: &dyn Fn(&str, &Value) -> bool, found: &mut Vec<Path>) {
        if wanted(at.last().map_or("", String::as_str), json) {
            found.push(at.clone());
        }
        let children: Vec<(String, &Value)> = match json {
            Value::Object(members) => members.iter().map(|(name, child)| (name.clone(), child)).collect(),
            Value::Array(items) => {
                items.iter().enumerate().map(|(i, child)| (i.to_string(), child)).collect()
            }
            _ => Vec::new(),
        };
        for (name, child) in children {
            at.push(name);
            walk(at, child, wanted, found);
            at.pop();
        }
    }
    let mut found = Vec::new();
    walk(&mut Vec::new(), json, wanted, &mut found);
    found
}

fn pointer(path: &[String]) -> String {
    path.iter().map(|step| format!("/{step}")).collect()
}

/// Plants a mark of its own in every string that takes one, and tells where each went.
fn plant(json: &Value) -> (Value, Vec<(String, Path)>) {
    let mut planted = json.clone();
    let mut marks = Vec::new();
    for (number, path) in places(json, &|_, value| value.is_string()).into_iter().enumerate() {
        let mark = format!("mark-{number:04}");
        let before =
            planted.pointer_mut(&pointer(&path)).map(|leaf| std::mem::replace(leaf, mark.clone().into()));
        if document(&planted).is_some() {
            marks.push((mark, path));
        } else if let (Some(leaf), Some(before)) = (planted.pointer_mut(&pointer(&path)), before) {
            *leaf = before;
        }
    }
    (planted, marks)
}

/// To which segments the field at this place belongs, told from the table and the item's own words, not from the code.
fn belongs_to(json: &Value, path: &[String]) -> SegmentSet {
    let [section, field, rest @ ..] = path else { panic!("not a field: {path:?}") };
    let line = FILING
        .lines()
        .find_map(|line| line.strip_prefix(&format!("{section}.{field} ")))
        .expect("in the table");
    if line != "each" {
        return SegmentSet::EMPTY.with(line.parse().expect("a segment"));
    }
    let item = &json[section][field][rest[0].parse::<usize>().unwrap()];
    let flag = |name: &str| item[name] == Value::Bool(true);
    let text = |name: &str| item[name].as_str().unwrap_or_default().to_owned();
    let own = match field.as_str() {
        "names" if text("kind") == "working" => Some(Segment::SexWork),
        "names" => Some(Segment::Identity),
        "addresses" | "phones" if flag("confidential") => Some(Segment::Safeguarding),
        "addresses" | "phones" => Some(Segment::Contact),
        "substances" if text("drug") == "alcohol" => Some(Segment::AlcoholUse),
        "substances" => Some(Segment::DrugUse),
        "providers" | "past_episodes" | "appointments" if flag("specialist_project") => {
            Some(Segment::SexWork)
        }
        "providers" | "past_episodes" => Some(Segment::CarePlan),
        "appointments" => Some(Segment::ReleasePlan),
        "medication" if text("treats") == "drug-dependence" => Some(Segment::Prescribing),
        "medication" => Some(text("treats").parse().unwrap()),
        "items" => Some(match (text("domain").as_str(), text("wraparound").as_str()) {
            ("offending", _) => Segment::Offending,
            ("social-functioning", "housing") => Segment::Housing,
            ("social-functioning", "finance" | "education-training-employment") => Segment::EmploymentFinance,
            ("social-functioning", "relationships") => Segment::ChildrenFamily,
            _ => Segment::CarePlan,
        }),
        "blocks" => None,
        other => panic!("a list that the test does not know: {other}"),
    };
    let tags =
        item["tags"].as_array().into_iter().flatten().map(|tag| tag.as_str().unwrap().parse().unwrap());
    let tags: SegmentSet = tags.chain(own).collect();
    if tags.is_empty() { SegmentSet::EMPTY.with(Segment::Safeguarding) } else { tags }
}

/// What is the same record however its lists are ordered.
fn unordered(json: &Value) -> Value {
    match json {
        Value::Array(items) => {
            let mut items: Vec<Value> = items.iter().map(unordered).collect();
            items.sort_by_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(members) => {
            members.iter().map(|(name, child)| (name.clone(), unordered(child))).collect()
        }
        other => other.clone(),
    }
}

fn segment_sets() -> impl Strategy<Value = SegmentSet> {
    prop::collection::vec(any::<bool>(), Segment::ALL.len()).prop_map(|picks| {
        Segment::ALL.iter().copied().zip(picks).filter_map(|(s, pick)| pick.then_some(s)).collect()
    })
}

/// Records as workers might write them: a fixture with marks toggled, tags exchanged and fields left out.
fn records() -> impl Strategy<Value = Value> {
    let change = (any::<prop::sample::Index>(), segment_sets());
    (prop::sample::select(vec![CEDAR, CEDAR, ALDER, HAZEL]), prop::collection::vec(change, 0..12)).prop_map(
        |(fixture, changes)| {
            let mut json: Value = serde_json::from_str(fixture).unwrap();
            for (index, segments) in changes {
                let targets = places(&json, &|name, value| {
                    value.is_boolean()
                        || matches!(name, "tags" | "kind" | "treats" | "drug" | "domain" | "text" | "goal")
                });
                let at = pointer(&targets[index.index(targets.len())]);
                let before = json.clone();
                let leaf = json.pointer_mut(&at).unwrap();
                *leaf = match (&*leaf, at.rsplit('/').next().unwrap()) {
                    (Value::Bool(flag), _) => Value::Bool(!flag),
                    (_, "tags") => segments.iter().map(Segment::code).collect(),
                    (_, "kind") => "working".into(),
                    (_, "treats") => "blood-borne-virus".into(),
                    (_, "drug") => "alcohol".into(),
                    (_, "domain") => "offending".into(),
                    _ => "said otherwise".into(),
                };
                if document(&json).is_none() {
                    json = before;
                }
            }
            json
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_view_shows_a_field_if_and_only_if_all_its_segments_are_permitted(json in records(), permitted in segment_sets()) {
        let (planted, marks) = plant(&json);
        let shown = serde_json::to_string(&view(&document(&planted).unwrap(), permitted)).unwrap();
        for (mark, path) in marks {
            let belongs = belongs_to(&planted, &path);
            prop_assert_eq!(shown.contains(&mark), belongs.without(permitted).is_empty(), "{}", pointer(&path));
        }
    }

    #[test]
    fn every_string_is_kept_under_exactly_one_segment(json in records()) {
        let (planted, marks) = plant(&json);
        let parts = document(&planted).unwrap().split().unwrap();
        for (mark, path) in marks {
            let holders = parts.values().filter(|part| String::from_utf8_lossy(part).contains(&mark)).count();
            prop_assert_eq!(holders, 1, "{}", pointer(&path));
        }
    }

    #[test]
    fn with_every_segment_the_view_is_the_record(json in records()) {
        let written = document(&json).unwrap();
        let shown = serde_json::to_value(view(&written, SegmentSet::all())).unwrap();
        prop_assert_eq!(unordered(&shown), unordered(&serde_json::to_value(&written).unwrap()));
    }

    #[test]
    fn what_is_given_but_not_permitted_changes_nothing(json in records(), permitted in segment_sets()) {
        let mut parts = document(&json).unwrap().split().unwrap();
        let with_all = assemble(permitted, &parts).unwrap();
        parts.retain(|segment, _| permitted.contains(*segment));
        prop_assert!(with_all == assemble(permitted, &parts).unwrap());
    }
}

#[test]
fn the_fixtures_are_valid_signable_and_survive_being_taken_apart() {
    for fixture in [CEDAR, ALDER, HAZEL] {
        let json: Value = serde_json::from_str(fixture).unwrap();
        let record = document(&json).unwrap();
        assert_eq!(record.validate().map_err(|e| crate::domain::validation::field_problems(&e)), Ok(()));
        assert_eq!(may_sign(&record, jiff::civil::date(2026, 6, 4)), Ok(()));
        let shown = serde_json::to_value(view(&record, SegmentSet::all())).unwrap();
        assert_eq!(unordered(&shown), unordered(&serde_json::to_value(&record).unwrap()));
    }
}

#[test]
fn a_full_record_speaks_in_every_segment_and_fills_every_section() {
    let json: Value = serde_json::from_str(CEDAR).unwrap();
    let record = document(&json).unwrap();
    assert_eq!(record.segments(), SegmentSet::all());
    assert!(DirDocument::FILING.iter().all(|(section, _)| json.get(section).is_some()));
    assert_eq!(DirDocument::FILING.len(), 16);
}

#[test]
fn the_filing_of_every_field_is_the_one_that_was_agreed() {
    let filed: Vec<String> = DirDocument::FILING
        .iter()
        .flat_map(|(section, fields)| {
            fields.iter().map(move |(field, segment)| {
                format!("{section}.{field} {}", segment.map_or("each", Segment::code))
            })
        })
        .collect();
    assert_eq!(filed, FILING.lines().collect::<Vec<_>>());
}

#[test]
fn without_any_segment_nothing_at_all_is_shown() {
    let record = document(&serde_json::from_str(CEDAR).unwrap()).unwrap();
    assert_eq!(serde_json::to_string(&view(&record, SegmentSet::EMPTY)).unwrap(), "{}");
}

#[test]
fn a_mixed_block_is_shown_to_who_may_see_all_of_it_even_if_nothing_else_is_said() {
    let json = r#"{"continuity":{"blocks":[{"tags":["housing","risk"],"text":"Testa"}]}}"#;
    let record = document(&serde_json::from_str(json).unwrap()).unwrap();
    assert_eq!(record.segments().iter().collect::<Vec<_>>(), [Segment::Risk]);
    let both = SegmentSet::EMPTY.with(Segment::Housing).with(Segment::Risk);
    assert!(!view(&record, both).document().is_blank());
    assert!(view(&record, SegmentSet::EMPTY.with(Segment::Risk)).document().is_blank());
}

#[test]
fn a_part_under_the_wrong_segment_is_refused_and_never_shown() {
    let mut parts = document(&serde_json::from_str(CEDAR).unwrap()).unwrap().split().unwrap();
    let secret = parts.remove(&Segment::SexWork).unwrap();
    parts.insert(Segment::Identity, secret);
    let refused = assemble(SegmentSet::all(), &parts).err();
    assert_eq!(refused, Some(AssembleError::Misfiled { segment: Segment::Identity }));
    parts.insert(Segment::Identity, b"{\"person\":7}".to_vec());
    let refused = assemble(SegmentSet::all(), &parts).err();
    assert_eq!(refused, Some(AssembleError::Unreadable { segment: Segment::Identity }));
}

#[test]
fn a_specialist_project_of_the_directory_is_marked_though_the_worker_forgot() {
    let json = r#"{"treatment":{"providers":[{"name":"Lantern","agency":"lantern"},{"name":"Northmoor","agency":"northmoor-cjit"}]},
        "continuity":{"blocks":[{"tags":["care-plan"],"text":"Testa","addressed_to":"lantern"}]}}"#;
    let mut record = document(&serde_json::from_str(json).unwrap()).unwrap();
    record.mark_specialist_projects(|agency| agency.as_str() == "lantern");
    let shown = view(&record, SegmentSet::all().without(SegmentSet::EMPTY.with(Segment::SexWork)));
    assert!(!serde_json::to_string(&shown).unwrap().to_lowercase().contains("lantern"));
    assert_eq!(shown.document().treatment.providers.len(), 1);
}

#[test]
fn a_reader_is_shown_handles_of_its_own_or_none() {
    let record = document(&serde_json::from_str(CEDAR).unwrap()).unwrap();
    let own = Handle::random();
    let authors: Handle = "AAAAAAAAAAAAAAAAAAAAAw".parse().unwrap();
    let shown =
        view(&record, SegmentSet::all()).with_readers_handles(|handle| (handle == authors).then_some(own));
    assert_eq!(shown.document().prescribing.scripts, [own]);
    assert_eq!(shown.document().consent.consent, None);
}

#[test]
fn a_tag_can_make_a_plan_item_stricter_and_never_more_open() {
    let item = |tags: &str| -> CarePlanItem {
        serde_json::from_str(&format!(r#"{{"domain":"offending","tags":{tags},"need":"Testa"}}"#)).unwrap()
    };
    assert_eq!(item(r#"["identity"]"#).filed_under(), Segment::Offending);
    assert_eq!(item(r#"["safeguarding"]"#).filed_under(), Segment::Safeguarding);
    assert!(!item(r#"["identity"]"#).visible_to(SegmentSet::EMPTY.with(Segment::Identity)));
}
