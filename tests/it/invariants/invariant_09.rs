//! Invariant 9: No plaintext identifier in leaves, tiles, exports or logs: unmistakable values are planted wherever anything can be sent, and
//! looked for in everything that is kept, exported or said.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use serde_json::{Value, json};
use throughgate::clock::Clock as _;
use throughgate::demo::actor::Answer;
use throughgate::ledger::entry::Opening;

use crate::api::audit_remote::command;
use crate::api::matching::Desk;
use crate::api::release::{Team, consent, contact, document};
use crate::support::{Backend, Heard, World};

/// What a person's record says; each value occurs nowhere else in the world.
const FIELDS: [(&str, &str); 14] = [
    ("/person/names/0/forename", "Zzyzxforename"),
    ("/person/names/0/surname", "Zzyzxsurname"),
    ("/person/names/1/forename", "Zzyzxalias"),
    ("/person/names/1/surname", "Zzyzxother"),
    ("/person/names/2/forename", "Zzyzxworking"),
    ("/person/date_of_birth", "1911-11-11"),
    ("/person/nhs_number", "9990001014"),
    ("/person/pnc_id", "15/76543B"),
    ("/person/addresses/0/lines/0", "Zzyzxflat"),
    ("/person/addresses/0/lines/1", "Zzyzxstreet"),
    ("/person/addresses/0/postcode", "QQ9 9ZZ"),
    ("/person/addresses/1/lines/0", "Zzyzxrefuge"),
    ("/person/phones/0/number", "+44 7700 900987"),
    ("/person/partnership_of_residence", "Zzyzxdistrict"),
];

/// What else is sent, in places that no record has.
const ELSEWHERE: [&str; 15] = [
    "1911-04-23",
    "Zzyzxtext",
    "Zzyzxactivity",
    "Zzyzxform",
    "Zzyzxworker",
    "Zzyzxquery",
    "Zzyzxpath",
    "Zzyzxmember",
    "Zzyzxvalue",
    "Zzyzxheader",
    "Zzyzxkey-0001",
    "Zzyzxetag",
    "Zzyzxtoken",
    "Zzyzxbroken",
    "Zzyzxunsaid",
];

fn person() -> Value {
    json!({"person": {
        "names": [
            {"kind": "legal", "forename": "Zzyzxforename", "surname": "Zzyzxsurname"},
            {"kind": "alias", "forename": "Zzyzxalias", "surname": "Zzyzxother"},
            {"kind": "working", "forename": "Zzyzxworking"},
        ],
        "date_of_birth": "1911-11-11", "sex": "female", "nhs_number": "9990001014", "pnc_id": "15/76543B",
        "addresses": [
            {"kind": "current", "lines": ["Zzyzxflat", "Zzyzxstreet"], "postcode": "QQ9 9ZZ", "confidential": false},
            {"kind": "current", "lines": ["Zzyzxrefuge"], "confidential": true},
        ],
        "phones": [{"number": "+44 7700 900987", "confidential": false}],
        "partnership_of_residence": "Zzyzxdistrict",
    }})
}

/// The document with every sentence planted.
fn planted(document: Value) -> Value {
    match document {
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, planted(value))).collect(),
        Value::Array(items) => items.into_iter().map(planted).collect(),
        Value::String(text) if text.contains(' ') && text.len() > 20 => json!(format!("Zzyzxtext {text}")),
        other => other,
    }
}

/// Everything that the process says about itself, at the finest level, for as long as it runs.
static TRACED: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Traces;

impl std::io::Write for Traces {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        TRACED.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn trace() {
    let subscriber =
        tracing_subscriber::fmt().json().with_max_level(tracing::Level::TRACE).with_writer(|| Traces);
    // The other store's test may have begun it in the same process.
    let _ = tracing_subscriber::fmt::SubscriberBuilder::try_init(subscriber);
}

/// A folder of things said, which `grep` looks through together with the database's own files.
struct Evidence {
    folder: tempfile::TempDir,
    places: Vec<PathBuf>,
}

impl Evidence {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { places: vec![folder.path().to_owned()], folder }
    }

    fn keep(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let mut file = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.path().join(name))
            .unwrap();
        file.write_all(bytes.as_ref()).unwrap();
        file.write_all(b"\n").unwrap();
    }

    fn answer(&self, answer: &Answer) {
        self.keep("answers", format!("{:?}", answer.headers));
        self.keep("answers", &answer.bytes);
        if let Some(receipt) = &answer.receipt {
            self.keep("receipts", receipt.print());
            self.keep("receipts", &receipt.leaf);
        }
    }

    fn heard(&self, heard: &Heard) {
        self.keep("answers", &heard.head);
        self.keep("answers", &heard.body);
    }

    /// Where any of the values stands: plain in any case, in hexadecimal or in base64.
    fn finds(&self, values: &[&str]) -> Vec<String> {
        let (mut plain, mut encoded) = (Vec::new(), Vec::new());
        for value in values {
            plain.push((*value).to_owned());
            for spelling in [(*value).to_owned(), value.to_lowercase(), value.to_uppercase()] {
                plain.push(hex(spelling.as_bytes()));
                encoded.extend(base64_forms(spelling.as_bytes()));
            }
        }
        let mut found = grep(&["-i"], &self.places, &plain);
        found.extend(grep(&[], &self.places, &encoded));
        found
    }
}

fn grep(how: &[&str], places: &[PathBuf], needles: &[String]) -> Vec<String> {
    let mut command = Command::new("grep");
    command.env("LC_ALL", "C").args(["-r", "-a", "-o", "-F"]).args(how);
    for needle in needles {
        command.args(["-e", needle]);
    }
    // The status is 1 for "nothing found", and 2 for a file that vanished meanwhile, as a database's temporary ones do.
    let output = command.args(places).output().unwrap();
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The base64 of a value wherever it may begin in what was encoded, without the characters that it shares with others.
fn base64_forms(value: &[u8]) -> Vec<String> {
    (0..3)
        .map(|before| {
            let bytes = [vec![0; before], value.to_vec()].concat();
            let text = STANDARD_NO_PAD.encode(&bytes);
            let end = text.len() - usize::from(bytes.len() % 3 != 0);
            text[[0, 2, 3][before]..end].to_owned()
        })
        .collect()
}

#[test]
fn the_search_finds_a_value_in_every_form() {
    for form in [
        "..Zzyzxsurname..".to_owned(),
        "..ZZYZXSURNAME..".to_owned(),
        hex(b"Zzyzxsurname"),
        hex(b"ZZYZXSURNAME").to_uppercase(),
        STANDARD_NO_PAD.encode("Zzyzxsurname"),
        STANDARD_NO_PAD.encode("aZzyzxsurnamea"),
        STANDARD_NO_PAD.encode("aazzyzxsurname, and more"),
    ] {
        let evidence = Evidence::new();
        evidence.keep("form", &form);
        assert!(!evidence.finds(&["Zzyzxsurname"]).is_empty(), "{form}");
    }
}

/// What the owner reads back holds every value but those that are withheld from this role; the search sees them there.
fn assert_owner_sees(read: &Answer) {
    let evidence = Evidence::new();
    evidence.keep("answer", &read.bytes);
    let mut seen = 0;
    for (pointer, value) in FIELDS {
        let shown = read.json.pointer(pointer).and_then(Value::as_str);
        if shown == Some(value) {
            assert!(!evidence.finds(&[value]).is_empty(), "{value}");
            seen += 1;
        }
    }
    assert!(seen >= 10, "the owner sees {seen} of the planted values: {}", read.json);
}

/// Sends every planted value in every place there is, and keeps all that comes back but the owner's own view.
async fn plant(world: &mut World, evidence: &Evidence) {
    let home = world.dir.join("agencies/fallowgate-carat/agency.toml");
    let file = std::fs::read_to_string(&home).unwrap();
    std::fs::write(&home, file.replace("Fixture Oak", "Zzyzxworker")).unwrap();
    let carat = world.worker("fallowgate-carat", "fixture-oak");
    let cjit = world.worker("northmoor-cjit", "testa-rowan");

    let presented =
        carat.post("/v1/clients", person()).idempotency_key("Zzyzxkey-0001").send().await.unwrap();
    assert_eq!(presented.status, 201, "{}", presented.json);
    evidence.answer(&presented);
    let client_ref = presented.handle("client_ref").unwrap();
    let path = format!("/v1/clients/{client_ref}");
    let replayed = carat.post("/v1/clients", person()).idempotency_key("Zzyzxkey-0001").send().await.unwrap();
    assert_eq!(replayed.status, 201);
    evidence.answer(&replayed);
    let read = carat.get(&path).about(client_ref).send().await.unwrap();
    assert_eq!(read.status, 200, "{}", read.json);
    assert_owner_sees(&read);
    evidence.keep("answers", format!("{:?}", read.headers));
    evidence.keep("receipts", read.receipt.as_ref().unwrap().print());
    let changed = carat.patch(&path, person()).about(client_ref).if_match(read.etag()).send().await.unwrap();
    assert_eq!(changed.status, 200, "{}", changed.json);
    evidence.answer(&changed);

    // A whole record, every sentence of it planted; it is signed and grows by an entry.
    let team = Team { actor: carat.clone(), client_ref };
    let drafted = team.post(format!("{path}/dirs"), json!({"document": planted(document())})).await;
    assert_eq!(drafted.status, 201, "{}", drafted.json);
    evidence.answer(&drafted);
    let dir = format!("/v1/dirs/{}", drafted.handle("dir").unwrap());
    let whole = team.get(dir.clone()).await;
    assert!(String::from_utf8_lossy(&whole.bytes).matches("Zzyzxtext").count() > 20, "{}", whole.json);
    evidence.answer(&team.act(&dir, "signature", json!({})).await);
    let entry = team.post(format!("{dir}/activities"), contact("care-plan", "Zzyzxactivity")).await;
    assert_eq!(entry.status, 201, "{}", entry.json);
    evidence.answer(&entry);
    let mut consented = consent(world.clock.now());
    consented["form_version_uri"] = json!("urn:example:Zzyzxform");
    let consented = team.post(format!("{path}/consents"), consented).await;
    assert_eq!(consented.status, 201, "{}", consented.json);
    let told = json!({"channel": "Zzyzxvalue", "urgent_effects_confirmed": true});
    evidence.answer(&team.post(format!("{path}/withdrawal"), told).await);

    // Another agency presents the same person and learns nothing; and asks for what it may not have.
    let linked = cjit.post("/v1/clients", person()).send().await.unwrap();
    assert_eq!(linked.status, 201);
    evidence.answer(&linked);
    evidence.answer(&cjit.get(&path).about(client_ref).send().await.unwrap());

    // A third presents somebody who may be the same; the desk says so, and takes it back.
    let mut like = person();
    let members = like["person"].as_object_mut().unwrap();
    members.retain(|name, _| !["nhs_number", "pnc_id", "addresses"].contains(&name.as_str()));
    members.insert("date_of_birth".to_owned(), json!("1911-04-23"));
    let lantern = world.worker("lantern", "ms-placeholder");
    let possible = lantern.post("/v1/clients", like).send().await.unwrap();
    assert_eq!(possible.status, 201, "{}", possible.json);
    evidence.answer(&possible);
    let desk = Desk::of(world);
    let cases = desk.open().await;
    assert_eq!(cases.len(), 1, "{cases:?}");
    for decision in ["same", "different"] {
        let decided = desk.decides(&cases[0], decision).await;
        assert_eq!(decided.status, 200, "{}", decided.json);
        evidence.answer(&decided);
    }
    for table in ["match_token", "match_frequency", "match_pair", "person_identity"] {
        assert!(
            world.number(&format!("SELECT count(*) AS number FROM {table}")) > 1,
            "nothing was planted in {table}"
        );
    }

    let mut wrong = person();
    wrong["person"]["names"][0]["kind"] = json!("Zzyzxvalue");
    let mut unknown = person();
    unknown["Zzyzxmember"] = json!("Zzyzxvalue");
    let mut bad = person();
    bad["person"]["names"][0]["surname"] = json!("Zzyzxbroken\u{7}");
    for body in [wrong, unknown, bad, json!("Zzyzxvalue"), json!({"person": "Zzyzxvalue"})] {
        let refused = carat.post("/v1/clients", body).send().await.unwrap();
        assert_eq!(refused.status, 400, "{}", refused.json);
        evidence.answer(&refused);
    }
    evidence
        .answer(&carat.post("/v1/clients", json!({})).idempotency_key("Zzyzxkey-0001").send().await.unwrap());
    evidence.answer(
        &carat.patch(&path, person()).about(client_ref).if_match("\"Zzyzxetag\"").send().await.unwrap(),
    );
    evidence.answer(&carat.get("/Zzyzxpath?Zzyzxquery=Zzyzxquery").send().await.unwrap());
    evidence.answer(
        &carat
            .get(format!("{path}?Zzyzxquery=Zzyzxvalue"))
            .about(client_ref)
            .token("Zzyzxtoken")
            .send()
            .await
            .unwrap(),
    );
    evidence.answer(&carat.get("/v1/clients/Zzyzxpath").send().await.unwrap());

    let token = carat.token(throughgate::vocabulary::Purpose::ContinuityOfCare, None, None).unwrap();
    let heard = world.wire().on_its_own_thread(move |wire| {
        let headers = format!(
            "Host: Zzyzxheader\r\nAuthorization: Bearer {token}\r\nX-Request-ID: Zzyzxheader\r\nTraceparent: Zzyzxheader\r\n\
             User-Agent: Zzyzxheader\r\nCookie: Zzyzxheader=Zzyzxheader\r\nForwarded: for=Zzyzxheader\r\n"
        );
        let requests = [
            format!("GET /nowhere HTTP/1.1\r\n{headers}\r\n"),
            format!("POST /v1/clients HTTP/1.1\r\n{headers}Content-Type: application/Zzyzxheader\r\nContent-Length: 11\r\n\r\nZzyzxbroken"),
            format!("GET /nowhere HTTP/1.1\r\n{headers}Authorization: Zzyzxtoken\r\n\r\n"),
            format!("GET /nowhere HTTP/1.1\r\n{headers}Zzyzx broken: Zzyzxbroken\r\n\r\n"),
        ];
        requests.map(|request| {
            let mut connection = wire.of_agency("fallowgate-carat");
            connection.send(request).unwrap();
            connection.hear().ok()
        })
    }).await;
    for heard in heard.iter().flatten() {
        evidence.heard(heard);
    }

    // The database refuses the entry: what was to be written stands in no error, here or in the database's own log.
    {
        use diesel::connection::SimpleConnection as _;
        let mut other = world.connection();
        let lock = match world.backend {
            Backend::Sqlite => "BEGIN IMMEDIATE",
            Backend::Postgres => {
                "SET idle_in_transaction_session_timeout = 0; BEGIN; LOCK TABLE audit_head IN ACCESS EXCLUSIVE MODE"
            }
        };
        other.batch_execute(lock).unwrap();
        let mut unsaid = person();
        unsaid["person"]["names"][0]["surname"] = json!("Zzyzxunsaid");
        let unavailable = carat.post("/v1/clients", unsaid).send().await.unwrap();
        assert_eq!(unavailable.status, 503, "{}", unavailable.json);
        evidence.answer(&unavailable);
        other.batch_execute("ROLLBACK").unwrap();
    }
    world.ready().await;
    for path in ["/metrics", "/readyz", "/healthz", "/Zzyzxpath"] {
        evidence.keep("admin", world.admin(path).await.1);
    }
    export(world, evidence).await;
    world.restart().await;
    world.stop().await;
}

/// Every entry in every form of export, and as auditors look through them: what names workers and reasons names no person.
async fn export(world: &World, evidence: &Evidence) {
    let auditor = world.worker("audit-office", "checker-willow");
    for format in ["jsonl", "fhir", "cef"] {
        let out = world.dir.join(format!("export.{format}"));
        let line = format!("export {} --format {format} --out {}", world.base(), out.display());
        assert_eq!(command(world, &auditor, &line).await, ExitCode::SUCCESS);
        let exported = std::fs::read(out).unwrap();
        assert!(exported.iter().filter(|byte| **byte == b'\n').count() > 20, "{format}");
        evidence.keep("exports", &exported);
        // The leaves and openings within it, which base64 could hide from a search for parts of them.
        for line in String::from_utf8(exported).unwrap().lines().filter(|_| format == "jsonl") {
            let line: Value = serde_json::from_str(line).unwrap();
            evidence.keep("exports", STANDARD.decode(line["leaf"].as_str().unwrap()).unwrap());
            for opening in Opening::parse_header(line["openings"].as_str().unwrap()).unwrap() {
                evidence.keep("exports", &opening.plaintext);
            }
        }
    }
    // What the search would find in an export, were it there.
    let agency = evidence.finds(&["northmoor-cjit"]);
    assert!(agency.iter().any(|place| place.contains("exports")), "{agency:?}");
}

fn assert_nowhere(evidence: &Evidence) {
    let said = TRACED.lock().unwrap().clone();
    assert!(said.len() > 1_000, "nothing was traced");
    evidence.keep("traces", said);
    let values: Vec<&str> = FIELDS.iter().map(|(_, value)| *value).chain(ELSEWHERE).collect();
    let found = evidence.finds(&values);
    assert!(found.is_empty(), "{found:#?}");
}

fn places_of(dir: &Path, names: &[&str]) -> Vec<PathBuf> {
    names.iter().map(|name| dir.join(name)).filter(|path| path.exists()).collect()
}

#[test]
fn invariant_09_no_plaintext_identifier_in_sqlite_leaves_tiles_exports_or_logs() {
    trace();
    World::tell(Backend::Sqlite, async |mut world| {
        let mut evidence = Evidence::new();
        plant(&mut world, &evidence).await;
        let files = ["gateway.db", "gateway.db-wal", "gateway.db-shm", "log", "head", "head-cli", "receipts"];
        evidence.places.extend(places_of(&world.dir, &files));
        assert_nowhere(&evidence);
    });
}

#[test]
fn invariant_09_no_plaintext_identifier_in_postgresql_leaves_tiles_exports_or_logs() {
    trace();
    World::tell_on_own_cluster(async |mut world| {
        let mut evidence = Evidence::new();
        plant(&mut world, &evidence).await;
        let cluster = world.cluster.clone().unwrap();
        let name = world.database.trim_start_matches("postgresql:///").split('?').next().unwrap().to_owned();
        evidence.keep("dump", cluster.dump(&name));
        cluster.sql(&name, "CHECKPOINT");
        evidence.places.push(cluster.data());
        evidence.places.push(cluster.data().with_file_name("log"));
        evidence.places.extend(places_of(&world.dir, &["log", "head", "head-cli", "receipts"]));
        assert_nowhere(&evidence);
    });
}
