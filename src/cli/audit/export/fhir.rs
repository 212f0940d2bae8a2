//! FHIR R4B `AuditEvent`; disclosures after IHE BALP, `PrivacyDisclosure.Source`.
//!
//! <https://profiles.ihe.net/ITI/BALP/content.html> · <https://hl7.org/fhir/R4B/auditevent.html>

use serde_json::{Map, Value, json};

use super::entry::{Entry, NoLeaf};
use crate::ledger::entry::{Field, Leaf};
use crate::vocabulary::{EntryKind, Outcome};

const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const LIFECYCLE: &str = "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const ENTITY_TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const ENTITY_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
const BALP_ENTITY_TYPE: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";
const SOURCE_TYPE: &str = "http://terminology.hl7.org/CodeSystem/security-source-type";
const DISCLOSURE_SOURCE: &str =
    "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PrivacyDisclosure.Source";
const SEGMENTS: &str = "urn:throughgate:segment";
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// The event of an entry.
pub(super) fn event(entry: &Entry) -> Result<Value, NoLeaf> {
    let leaf = entry.leaf()?;
    let is_disclosure = leaf.kind == EntryKind::Disclosure && leaf.outcome == Outcome::Permitted;
    let (code, display, action) = kind_of(leaf.kind);
    let mut event = json!({
        "resourceType": "AuditEvent",
        "id": leaf.id.to_string(),
        "type": coding(DICOM, code, display),
        "action": action,
        "recorded": leaf.ts.to_string(),
        "outcome": match leaf.outcome {
            Outcome::Permitted => "0",
            Outcome::Refused => "4",
            Outcome::Error => "8",
        },
        "agent": agents(entry),
        "source": {
            "site": leaf.replica,
            "observer": named("log", &leaf.origin),
            "type": [coding(SOURCE_TYPE, "4", "Application Server")],
        },
        "entity": entities(entry, &leaf, is_disclosure),
    });
    if let Some(members) = event.as_object_mut() {
        if is_disclosure {
            members.insert("meta".to_owned(), json!({ "profile": [DISCLOSURE_SOURCE] }));
            let disclose = coding(LIFECYCLE, "disclose", "Disclose Record Lifecycle Event");
            members.insert("subtype".to_owned(), json!([disclose]));
        }
        put(members, "outcomeDesc", entry.get(Field::ReasonCode));
        let purpose = entry.get(Field::Purpose);
        if !purpose.is_empty() {
            members.insert("purposeOfEvent".to_owned(), json!([concept("purpose", purpose)]));
        }
    }
    Ok(event)
}

/// DICOM's event id, its name, and FHIR's action.
const fn kind_of(kind: EntryKind) -> (&'static str, &'static str, &'static str) {
    match kind {
        EntryKind::Disclosure => ("110106", "Export", "R"),
        EntryKind::Import => ("110107", "Import", "C"),
        EntryKind::LogAccess => ("110101", "Audit Log Used", "R"),
        EntryKind::CaseloadCheck => ("110112", "Query", "E"),
        EntryKind::ConsentChange
        | EntryKind::ClientChange
        | EntryKind::DirChange
        | EntryKind::EpisodeChange
        | EntryKind::ScriptChange
        | EntryKind::ReferralTransition
        | EntryKind::Appointment
        | EntryKind::Notice
        | EntryKind::Breach
        | EntryKind::Review
        | EntryKind::JointDecision
        | EntryKind::Flag => ("110110", "Patient Record", "U"),
        EntryKind::Erased => ("110110", "Patient Record", "D"),
        EntryKind::SubjectAccess => ("110110", "Patient Record", "R"),
        EntryKind::BreakGlassStart => ("110127", "Emergency Override Started", "E"),
        EntryKind::BreakGlassEnd | EntryKind::BreakGlassReview => {
            ("110128", "Emergency Override Stopped", "E")
        }
        EntryKind::DirectoryChange | EntryKind::PolicyChange | EntryKind::KeyChange => {
            ("110129", "Security Configuration", "U")
        }
        EntryKind::Recovered | EntryKind::Summary | EntryKind::System => {
            ("110100", "Application Activity", "E")
        }
    }
}

/// Who held what was asked for, who got it, and the worker who asked.
fn agents(entry: &Entry) -> Vec<Value> {
    let mut agents = Vec::new();
    let custodian = entry.get(Field::Custodian);
    if !custodian.is_empty() {
        agents.push(json!({
            "type": typed(DICOM, "110153", "Source Role ID"),
            "who": named("agency", custodian),
            "requestor": false,
        }));
    }
    let worker = entry.get(Field::Worker);
    let mut asking = Map::new();
    asking.insert("type".to_owned(), typed(DICOM, "110152", "Destination Role ID"));
    asking.insert("who".to_owned(), named("agency", entry.get(Field::Agency)));
    asking.insert("requestor".to_owned(), json!(worker.is_empty()));
    let policies: Vec<String> =
        entry.list(Field::PolicyIds).map(|id| format!("urn:throughgate:policy:{id}")).collect();
    if !policies.is_empty() {
        asking.insert("policy".to_owned(), json!(policies));
    }
    let address = entry.get(Field::SourceIp);
    if !address.is_empty() {
        asking.insert("network".to_owned(), json!({ "address": address, "type": "2" }));
    }
    agents.push(Value::Object(asking));
    if !worker.is_empty() {
        let mut person = Map::new();
        person.insert("type".to_owned(), typed(PARTICIPATION, "IRCP", "information recipient"));
        person.insert("who".to_owned(), named("worker", &format!("{}/{worker}", entry.get(Field::Agency))));
        person.insert("requestor".to_owned(), json!(true));
        let role = entry.get(Field::Role);
        if !role.is_empty() {
            person.insert("role".to_owned(), json!([concept("role", role)]));
        }
        agents.push(Value::Object(person));
    }
    agents
}

/// Whom it was about, as far as that was opened; what was released, on what basis; and the request.
fn entities(entry: &Entry, leaf: &Leaf, is_disclosure: bool) -> Vec<Value> {
    let mut entities = Vec::new();
    let person = entry.get(Field::Person);
    let masked = || json!({ "extension": [{ "url": ABSENT, "valueCode": "masked" }] });
    let patient = |what: Value| {
        json!({
            "type": coding(ENTITY_TYPE, "1", "Person"),
            "role": coding(ENTITY_ROLE, "1", "Patient"),
            "what": what,
        })
    };
    // An entry that is about two people names one a line.
    entities.extend(person.lines().map(|person| patient(named("person", person))));
    if is_disclosure && person.is_empty() {
        entities.push(patient(masked()));
    }
    let mut details = vec![json!({ "type": "leaf", "valueBase64Binary": entry.leaf })];
    let said = [
        Field::Confidentiality,
        Field::Art6,
        Field::Art9,
        Field::Sch1Condition,
        Field::StatuteRef,
        Field::Obligations,
        Field::ConsentVersion,
        Field::ResponseSha256,
    ];
    for field in said {
        let text = entry.get(field);
        if !text.is_empty() {
            details.push(json!({ "type": field.name(), "valueString": text }));
        }
    }
    let mut released = Map::new();
    released.insert("type".to_owned(), coding(ENTITY_TYPE, "2", "System Object"));
    released.insert("role".to_owned(), coding(ENTITY_ROLE, "4", "Domain Resource"));
    released.insert("what".to_owned(), named("entry", &leaf.id.to_string()));
    let labels: Vec<Value> = entry
        .list(Field::SegmentsReleased)
        .map(|segment| json!({ "system": SEGMENTS, "code": segment }))
        .collect();
    if !labels.is_empty() {
        released.insert("securityLabel".to_owned(), json!(labels));
    }
    released.insert("detail".to_owned(), json!(details));
    entities.push(Value::Object(released));
    let trace = entry.get(Field::TraceId);
    if !trace.is_empty() {
        entities.push(json!({
            "type": coding(BALP_ENTITY_TYPE, "XrequestId", "X-Request-Id"),
            "what": { "identifier": { "value": trace } },
        }));
    }
    entities
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({ "system": system, "code": code, "display": display })
}

fn typed(system: &str, code: &str, display: &str) -> Value {
    json!({ "coding": [coding(system, code, display)] })
}

/// A code of the vocabulary.
fn concept(list: &str, code: &str) -> Value {
    json!({ "coding": [{ "system": format!("urn:throughgate:{list}"), "code": code }] })
}

/// A reference by an identifier of the gateway's.
fn named(what: &str, value: &str) -> Value {
    json!({ "identifier": { "system": format!("urn:throughgate:{what}"), "value": value } })
}

fn put(members: &mut Map<String, Value>, name: &str, text: &str) {
    if !text.is_empty() {
        members.insert(name.to_owned(), json!(text));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::entry;
    use super::*;

    #[test]
    fn a_disclosure_says_who_released_what_to_whom_and_why() {
        let event = event(&entry()).unwrap();
        assert_eq!(event["meta"]["profile"][0], DISCLOSURE_SOURCE);
        assert_eq!(
            (&event["type"]["code"], &event["subtype"][0]["code"]),
            (&json!("110106"), &json!("disclose"))
        );
        assert_eq!((&event["action"], &event["outcome"]), (&json!("R"), &json!("0")));
        assert_eq!(event["recorded"], "2026-06-03T11:00:00Z");
        let who = |at: usize| event["agent"][at]["who"]["identifier"]["value"].clone();
        assert_eq!(
            [who(0), who(1), who(2)],
            ["fallowgate-carat", "northmoor-cjit", "northmoor-cjit/testa-rowan"]
        );
        let requestors: Vec<&Value> =
            event["agent"].as_array().unwrap().iter().map(|agent| &agent["requestor"]).collect();
        assert_eq!(requestors, [false, false, true]);
        assert_eq!(event["purposeOfEvent"][0]["coding"][0]["code"], "continuity-of-care");
        assert_eq!(event["entity"][1]["securityLabel"][1]["code"], "identity");
        assert_eq!(event["entity"][2]["what"]["identifier"]["value"], "4bf92f3577b34da6a3ce929d0e0e4736");
    }

    #[test]
    fn a_person_who_was_not_opened_is_masked_and_not_left_out() {
        let mut entry = entry();
        assert_eq!(event(&entry).unwrap()["entity"][0]["what"]["identifier"]["value"], "6f1a2b3c");
        entry.fields.remove("person");
        assert_eq!(event(&entry).unwrap()["entity"][0]["what"]["extension"][0]["valueCode"], "masked");
    }
}
