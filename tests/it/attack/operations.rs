//! Every operation of the interface's description, as an attacker reads it: where it is, what it takes, and what it is guarded by.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use throughgate::demo::cast::Member;
use throughgate::id::Handle;
use throughgate::identity::principal::Scope;
use throughgate::vocabulary::Purpose;

use crate::support::sources::repository;

/// One operation of the description.
#[derive(Clone)]
pub struct Operation {
    pub id: String,
    pub method: reqwest::Method,
    /// With its parameters in braces.
    pub path: String,
    /// The purposes for which somebody may ask it, as the agreed matrix lists them.
    purposes: BTreeSet<String>,
    /// The same with who they are: what each block of the matrix permits.
    blocks: Vec<Block>,
    /// What a token must allow.
    pub scope: Option<Scope>,
    /// The example of what it takes.
    pub body: Option<Value>,
    /// What stands for its parameters in the path, and after it.
    codes: BTreeMap<String, String>,
    /// What else could stand there, where that is one of a list.
    choices: BTreeMap<String, Vec<String>>,
    query: String,
    pub takes_version: bool,
    pub takes_key: bool,
}

/// What a block of the matrix permits: types of agency, roles, purposes; each may be `any`.
#[derive(Clone, Default)]
struct Block {
    who: BTreeSet<String>,
    roles: BTreeSet<String>,
    purposes: BTreeSet<String>,
}

/// All of them.
pub fn operations() -> Vec<Operation> {
    let description = serde_json::to_value(throughgate::api::openapi::description()).unwrap();
    let matrix = std::fs::read_to_string(repository("policies/matrix.golden")).unwrap();
    let mut found = Vec::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            found.push(Operation::read(&description, &matrix, path, method, operation));
        }
    }
    assert!(found.len() > 100, "the description was not understood");
    found
}

impl Operation {
    fn read(description: &Value, matrix: &str, path: &str, method: &str, operation: &Value) -> Self {
        let said = operation["description"].as_str().unwrap_or_default();
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let takes = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
        let shown = |parameter: &Value| -> Option<String> {
            let choices = followed(description, &parameter["schema"])["enum"].as_array();
            let first = || choices.and_then(|choices| choices.first());
            parameter.get("example").or_else(first).and_then(Value::as_str).map(str::to_owned)
        };
        let name = |parameter: &Value| parameter["name"].as_str().unwrap().to_owned();
        let choices = parameters.iter().filter_map(|parameter| {
            let listed = followed(description, &parameter["schema"])["enum"].as_array()?;
            let texts = listed.iter().filter_map(Value::as_str).map(str::to_owned);
            Some((name(parameter), texts.collect()))
        });
        let codes = parameters.iter().filter_map(|parameter| Some((name(parameter), shown(parameter)?)));
        let needed = parameters.iter().filter(|parameter| {
            parameter["in"] == "query"
                && (parameter["required"] == true || parameter.get("example").is_some())
        });
        let query = needed.map(|parameter| {
            let value = shown(parameter).expect("a parameter that must be given shows what it may be");
            format!("{}={value}", name(parameter))
        });
        let action = quoted(said, "Action `");
        Self {
            id: operation["operationId"].as_str().unwrap().to_owned(),
            method: method.to_uppercase().parse().unwrap(),
            path: path.to_owned(),
            purposes: action.as_deref().map(|action| purposes_of(matrix, action)).unwrap_or_default(),
            blocks: action.as_deref().map(|action| blocks_of(matrix, action)).unwrap_or_default(),
            scope: quoted(said, "scope `").map(|code| code.parse().unwrap()),
            body: example(description, &operation["requestBody"]["content"]["application/json"]),
            codes: codes.collect(),
            choices: choices.collect(),
            query: query.collect::<Vec<_>>().join("&"),
            takes_version: takes("If-Match"),
            takes_key: takes("Idempotency-Key"),
        }
    }

    pub fn writes(&self) -> bool {
        self.method != reqwest::Method::GET
    }

    /// Whether its path names something that only one agency may know by that name.
    pub fn names_something(&self) -> bool {
        self.path.contains("{id}") || self.path.contains("{ref}")
    }

    /// What stands first in its path: `/v1/{collection}`.
    pub fn collection(&self) -> &str {
        self.path.split('/').nth(2).unwrap()
    }

    /// Who at an agency may ask it if all else is in order, and for what.
    pub fn askers(&self, member: &'static Member) -> Vec<(&'static str, Purpose)> {
        let mut found = Vec::new();
        let fits = |codes: &BTreeSet<String>, code: &str| codes.contains("any") || codes.contains(code);
        for block in self.blocks.iter().filter(|block| fits(&block.who, member.agency_type.code())) {
            for worker in member.workers.iter().filter(|worker| fits(&block.roles, worker.role.code())) {
                let purposes = Purpose::ALL.iter().filter(|purpose| fits(&block.purposes, purpose.code()));
                found.extend(purposes.map(|purpose| (worker.id, *purpose)));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The path with this in the place of what it names, and the parameters that it must have.
    pub fn path_of(&self, handle: Handle) -> String {
        let handle = handle.to_string();
        let mut path = self.path.replace("{id}", &handle).replace("{ref}", &handle);
        for (name, code) in &self.codes {
            path = path.replace(&format!("{{{name}}}"), code);
        }
        path = path.replace("{path}", "0/000");
        if self.query.is_empty() { path } else { format!("{path}?{}", self.query) }
    }

    /// The same with other steps, notices and so on: of each list the one at `turn`, round and round.
    pub fn path_by_turns(&self, handle: Handle, turn: usize) -> String {
        let mut path = self.path.clone();
        for (name, listed) in &self.choices {
            path = path.replace(&format!("{{{name}}}"), &listed[turn % listed.len()]);
        }
        let other = Self { path, choices: BTreeMap::new(), ..self.clone() };
        other.path_of(handle)
    }

    /// The steps, notices and so on that its path may name, one after the other; one that is empty where it names none.
    pub fn steps(&self) -> Vec<String> {
        let named = |(name, _): &(&String, &Vec<String>)| self.path.contains(&format!("{{{name}}}"));
        let named = self.choices.iter().find(named).map(|(_, listed)| listed.clone());
        named.unwrap_or_else(|| vec![String::new()])
    }

    /// A purpose for which the policies permit somebody this.
    pub fn right_purpose(&self) -> Purpose {
        let permits = |purpose: &Purpose| self.purposes.contains(purpose.code());
        Purpose::ALL.iter().copied().find(permits).unwrap_or(Purpose::ContinuityOfCare)
    }

    /// A purpose for which the policies permit nobody this, if there is one.
    pub fn wrong_purpose(&self) -> Option<Purpose> {
        if self.purposes.is_empty() || self.purposes.contains("any") {
            return None;
        }
        let permits = |purpose: &Purpose| self.purposes.contains(purpose.code());
        Purpose::ALL.iter().copied().find(|purpose| !permits(purpose))
    }
}

/// The lines of an action's section.
fn section<'m>(matrix: &'m str, action: &str) -> std::str::Lines<'m> {
    let section = matrix.split("\n## ").find(|section| section.lines().next() == Some(action));
    section.unwrap_or_else(|| panic!("the matrix does not know {action}")).lines()
}

/// What each block of an action's section permits. A line without a label goes on with the one before.
fn blocks_of(matrix: &str, action: &str) -> Vec<Block> {
    let (mut blocks, mut label) = (Vec::<Block>::new(), "");
    for line in section(matrix, action).filter(|line| line.starts_with("  ")) {
        let (start, words) = line.split_at(14.min(line.len()));
        if !start.trim().is_empty() {
            label = start.trim();
        }
        if start.trim() == "who" {
            blocks.push(Block::default());
        }
        let Some(block) = blocks.last_mut() else { continue };
        let place = match label {
            "who" => &mut block.who,
            "as" => &mut block.roles,
            "for" => &mut block.purposes,
            _ => continue,
        };
        place.extend(words.split_whitespace().map(str::to_owned));
    }
    blocks
}

/// The purposes of an action's section.
fn purposes_of(matrix: &str, action: &str) -> BTreeSet<String> {
    section(matrix, action)
        .filter_map(|line| line.strip_prefix("  for         "))
        .flat_map(|line| line.split_whitespace().map(str::to_owned))
        .collect()
}

fn quoted(text: &str, before: &str) -> Option<String> {
    Some(text.split_once(before)?.1.split_once('`')?.0.to_owned())
}

/// What a reference leads to.
fn followed<'d>(description: &'d Value, schema: &'d Value) -> &'d Value {
    match schema["$ref"].as_str() {
        Some(reference) => description.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

fn example(description: &Value, content: &Value) -> Option<Value> {
    let schema = content.get("schema")?;
    let shown = content.get("example").or_else(|| followed(description, schema).get("example"));
    Some(shown.expect("every write shows an example of what it takes").clone())
}
