//! The description of the interface: committed as `openapi.yaml`, and the same as what the gateway serves and does.

use std::collections::{BTreeMap, BTreeSet};

use throughgate::policy::action::ActionName;

use crate::support::sources::{Source, repository, sources};

const REGENERATE: &str = "cargo run -q -- openapi > openapi.yaml";

/// The one route that the description does not describe: the description.
const ITSELF: (&str, &str) = ("get", "/openapi.yaml");

/// A method and a path, and what answers there.
type Operations = BTreeMap<(String, String), String>;

#[test]
fn the_committed_description_is_the_generated_one() {
    let committed = std::fs::read_to_string(repository("openapi.yaml")).unwrap_or_default();
    let generated = throughgate::api::openapi::yaml().unwrap();
    let difference =
        committed.lines().zip(generated.lines()).position(|(committed, generated)| committed != generated);
    assert!(
        committed == generated,
        "openapi.yaml is stale (first difference after line {}); regenerate it, and read the difference as a client would:\n    \
         {REGENERATE}",
        difference.unwrap_or_else(|| committed.lines().count())
    );
}

#[test]
fn every_route_is_described_and_every_description_has_its_route() {
    let mut routed = routed();
    let itself = routed.remove(&(ITSELF.0.to_owned(), ITSELF.1.to_owned()));
    assert_eq!(itself.as_deref(), Some("read_openapi"));
    // A handler is named as its operation, so this compares the three.
    let described: Operations = described()
        .into_iter()
        .map(|operation| ((operation.method.clone(), operation.path.clone()), operation.id()))
        .collect();
    assert_eq!(routed, described, "left: what the router does; right: what the description says");
}

#[test]
fn every_reference_leads_somewhere() {
    let description = serde_json::to_value(throughgate::api::openapi::description()).unwrap();
    let text = description.to_string();
    let references = text.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap());
    let lost: BTreeSet<&str> = references.filter(|at| description.pointer(at).is_none()).collect();
    assert!(lost.is_empty(), "a generated client could not read {lost:?}");
}

#[test]
fn operation_ids_are_unique() {
    let mut seen = BTreeSet::new();
    for operation in described() {
        assert!(seen.insert(operation.id()), "two operations are called {}", operation.id());
    }
}

#[test]
fn every_write_that_takes_a_document_shows_an_example() {
    let yaml = throughgate::api::openapi::yaml().unwrap();
    for operation in described() {
        if operation.method == "get" {
            continue;
        }
        let Some(body) = block(&operation.text, "      requestBody:") else {
            continue;
        };
        let has_example = |text: &str| text.lines().any(|line| line.trim_start().starts_with("example"));
        let schema_has = body
            .split("#/components/schemas/")
            .skip(1)
            .filter_map(|rest| rest.split('\'').next())
            .filter_map(|name| block(&yaml, &format!("    {name}:")))
            .any(|schema| has_example(&schema));
        assert!(has_example(&body) || schema_has, "{} shows no example of what it takes", operation.id());
    }
}

#[test]
fn what_may_be_chosen_is_described_by_the_codes_that_the_gateway_takes() {
    let lists = code_lists();
    let yaml = throughgate::api::openapi::yaml().unwrap();
    let mut described = BTreeSet::new();
    for (schema, codes) in choices(&yaml) {
        if let Some(known) = lists.get(&schema) {
            assert!(known.contains(&codes), "{schema}: {codes:?} is not what is taken: {known:?}");
            described.insert(schema);
            continue;
        }
        // What is no list of codes, a tag of a view or a parameter, is written as one all the same.
        for code in &codes {
            let is_code = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
            let is_known = lists.values().flatten().any(|list| list.contains(code));
            assert!(is_known || code.chars().all(is_code), "{schema}: {code} is no code");
        }
    }
    assert!(described.len() > 60, "the description was not understood: {described:?}");
}

#[test]
fn no_two_types_share_the_name_under_which_they_are_described() {
    let yaml = throughgate::api::openapi::yaml().unwrap();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources() {
        for name in described_types(&source.production()) {
            if yaml.contains(&format!("\n    {name}:\n")) {
                found.entry(name).or_default().push(source.path.clone());
            }
        }
    }
    assert!(found.len() > 200, "the sources were not understood");
    found.retain(|_, places| places.len() > 1);
    assert!(found.is_empty(), "give all but one of each another name (`#[schema(as = …)]`): {found:#?}");
}

/// The names under which the types of a source that are described stand in the description.
fn described_types(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim_start_matches("pub(super) ").trim_start_matches("pub ");
        let Some(rest) = line.strip_prefix("struct ").or_else(|| line.strip_prefix("enum ")) else {
            continue;
        };
        let name = rest.split(|c: char| !c.is_alphanumeric()).next().unwrap();
        let head: Vec<&str> = lines[..at]
            .iter()
            .rev()
            .take_while(|line| {
                line.starts_with("#[") || line.starts_with("//") || line.ends_with("code_list! {")
            })
            .copied()
            .collect();
        let is_described = |line: &&&str| {
            line.ends_with("code_list! {") || line.starts_with("#[derive") && line.contains("ToSchema")
        };
        if head.iter().any(|line| is_described(&line)) {
            let other = head.iter().find_map(|line| line.strip_prefix("#[schema(as = "));
            found.push(other.map_or(name, |other| other.trim_end_matches(")]")).to_owned());
        }
    }
    found
}

/// Every list of codes in the sources, by its name: what is written there is what is read and written on the wire.
fn code_lists() -> BTreeMap<String, Vec<BTreeSet<String>>> {
    let mut lists: BTreeMap<String, Vec<BTreeSet<String>>> = BTreeMap::new();
    for source in sources() {
        for list in source.production().split("code_list! {").skip(1) {
            let (head, rest) = list.split_once(" {").unwrap();
            let own = head.split_whitespace().last().unwrap();
            let other = head.lines().find_map(|line| line.trim().strip_prefix("#[schema(as = "));
            let name = other.map_or(own, |other| other.trim_end_matches(")]")).to_owned();
            let codes = rest.split('}').next().unwrap().lines().filter_map(|line| line.split_once(" = \""));
            let codes = codes.map(|(_, code)| code.split('"').next().unwrap().to_owned()).collect();
            lists.entry(name).or_default().push(codes);
        }
    }
    // The macro that makes this one writes its codes elsewhere.
    let actions = ActionName::ALL.iter().map(|action| action.code().to_owned()).collect();
    lists.insert("ActionName".to_owned(), vec![actions]);
    lists
}

/// What the description lets a client choose from, each with the name of the schema that it stands in.
fn choices(yaml: &str) -> Vec<(String, BTreeSet<String>)> {
    let (mut schema, mut found, mut is_choice) =
        (String::new(), Vec::<(String, BTreeSet<String>)>::new(), false);
    for line in yaml.lines() {
        let text = line.trim_start();
        if line.starts_with("    ") && !line.starts_with("     ") && text.ends_with(':') {
            schema = text.trim_end_matches(':').to_owned();
        }
        match (text == "enum:", text.strip_prefix("- ")) {
            (true, _) => found.push((schema.clone(), BTreeSet::new())),
            (false, Some(code)) if is_choice => {
                found.last_mut().unwrap().1.insert(code.trim_matches('\'').to_owned());
            }
            _ => {}
        }
        is_choice = text == "enum:" || (is_choice && text.starts_with("- "));
    }
    found
}

/// One operation of the description.
struct Described {
    method: String,
    path: String,
    text: String,
}

impl Described {
    fn id(&self) -> String {
        self.text
            .lines()
            .find_map(|line| line.strip_prefix("      operationId: "))
            .unwrap_or_else(|| panic!("{} {} has no operation id", self.method, self.path))
            .to_owned()
    }
}

/// The operations of the description, read from its YAML: paths stand two spaces in, methods four.
fn described() -> Vec<Described> {
    let yaml = throughgate::api::openapi::yaml().unwrap();
    let paths = block(&yaml, "paths:").unwrap();
    let mut operations: Vec<Described> = Vec::new();
    let mut path = String::new();
    for line in paths.lines() {
        let indent = line.len() - line.trim_start().len();
        let key = line.trim().trim_end_matches(':').trim_matches('\'');
        match indent {
            2 => path = key.to_owned(),
            4 if ["get", "put", "post", "patch", "delete"].contains(&key) => {
                operations.push(Described { method: key.to_owned(), path: path.clone(), text: String::new() })
            }
            _ => {
                if let Some(operation) = operations.last_mut() {
                    operation.text.push_str(line);
                    operation.text.push('\n');
                }
            }
        }
    }
    assert!(operations.len() >= 3, "the description was not understood");
    operations
}

/// The lines below this one that stand further in.
fn block(text: &str, head: &str) -> Option<String> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut lines = text.lines().skip_while(|line| *line != head);
    let depth = indent(lines.next()?);
    Some(
        lines
            // A list stands as far in as its key.
            .take_while(|line| line.is_empty() || indent(line) > depth || line.trim_start().starts_with("- "))
            .fold(String::new(), |block, line| block + line + "\n"),
    )
}

/// The operations that the router knows, read from the `routes` functions.
fn routed() -> Operations {
    let mut routed = Operations::new();
    for source in sources().iter().filter(|source| source.path.starts_with("api/")) {
        let text = source.production();
        assert!(!text.contains("web::scope("), "{}: paths are written whole", source.path);
        for resource in text.split("web::resource(").skip(1) {
            let resource = resource.trim_start();
            let path = resource
                .strip_prefix('"')
                .and_then(|rest| rest.split('"').next())
                .unwrap_or_else(|| panic!("{}: a path is written where it is routed", source.path));
            for route in resource.split("guarded(").skip(1) {
                let (method, id, handler) = route_of(source, &text, route);
                assert_eq!(id, handler, "{}: a handler is named as its operation", source.path);
                // A parameter that takes the rest of the path has no form of its own in the description.
                let twice = routed.insert((method, path.replace(":.*}", "}")), id);
                assert!(twice.is_none(), "{path} is routed twice");
            }
        }
    }
    routed
}

/// The method, the operation's id and the handler's name of `Method::GET, READ, read::read_client)`.
fn route_of(source: &Source, text: &str, route: &str) -> (String, String, String) {
    let unclear = || -> ! { panic!("{}: this route was not understood: {route}", source.path) };
    let mut depth = 0_usize;
    let end = route
        .char_indices()
        .find(|(_, c)| {
            match c {
                '(' | '{' => depth += 1,
                ')' | '}' if depth == 0 => return true,
                ')' | '}' => depth -= 1,
                _ => {}
            }
            false
        })
        .map_or_else(|| unclear(), |(at, _)| at);
    let arguments = route[..end].trim().trim_end_matches(',');
    let (method, rest) = arguments.split_once(',').unwrap_or_else(|| unclear());
    let (operation, handler) = rest.rsplit_once(',').unwrap_or_else(|| unclear());
    let method = method.trim().trim_start_matches("Method::").to_lowercase();
    let handler = handler.trim().rsplit("::").next().unwrap_or_default().to_owned();
    // The operation stands here, or is a constant of the file, or a name of the function.
    let operation = operation.trim();
    let stated = if operation.contains('"') {
        operation
    } else {
        [format!("const {operation}: Operation = "), format!("let {operation} = ")]
            .iter()
            .find_map(|definition| text.split(definition.as_str()).nth(1))
            .and_then(|rest| rest.split(';').next())
            .unwrap_or_else(|| unclear())
    };
    let id = match stated.split('"').nth(1) {
        Some(id) => id.to_owned(),
        // The id is a constant of another file, which states it for its own use too.
        None => {
            let name = stated.split_once("id:").and_then(|(_, rest)| rest.split(',').next());
            let constant =
                format!("const {}: &str = \"{handler}\";", name.unwrap_or_else(|| unclear()).trim());
            let is_stated = sources().iter().any(|source| source.text.contains(&constant));
            if is_stated { handler.clone() } else { unclear() }
        }
    };
    (method, id, handler)
}
