//! An attacker with a real certificate and key of one agency, who bends whatever a token can be bent.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use throughgate::cli::token::AgencyFile;
use throughgate::demo::actor::{Actor, Answer, Ask};
use throughgate::directory::CertificateSha256;
use throughgate::id::Handle;
use throughgate::identity::token::{Claims, TokenSigningKey, sign};
use throughgate::vocabulary::Purpose;

use super::operations::Operation;
use crate::support::World;

pub struct Attacker<'w> {
    world: &'w World,
    pub actor: Actor,
    file: AgencyFile,
    key: TokenSigningKey,
    certificate: CertificateSha256,
}

impl<'w> Attacker<'w> {
    /// Whoever is listed first at the agency.
    pub fn at(world: &'w World, agency: &str) -> Self {
        let home = world.dir().join("agencies").join(agency);
        let file = AgencyFile::read(&home).unwrap();
        let pem = std::fs::read_to_string(home.join("token.key")).unwrap();
        Self {
            world,
            actor: world.worker(agency, file.workers[0].id.as_str()),
            key: TokenSigningKey::from_pem(&file.kid, file.alg, &pem).unwrap(),
            certificate: certificate(&home),
            file,
        }
    }

    /// A token that would count, but for what is bent.
    pub fn token(&self, purpose: Purpose, about: Option<Handle>, bend: impl FnOnce(&mut Claims)) -> String {
        let worker = self.actor.worker().parse().unwrap();
        let clock = self.world.clock.as_ref();
        let mut claims = self.file.claims(&worker, purpose, &self.certificate, clock, 300).unwrap();
        claims.requested_record = about;
        bend(&mut claims);
        sign(&claims, &self.key).unwrap()
    }

    /// The operation, as its description says that it is asked.
    pub fn ask(&self, operation: &Operation, handle: Handle) -> Ask<'_> {
        let mut ask = self.actor.ask(operation.method.clone(), operation.path_of(handle));
        if let Some(body) = &operation.body {
            ask = ask.json(body.clone());
        }
        if operation.takes_version {
            ask = ask.if_match("\"1\"");
        }
        if operation.takes_key {
            ask = ask.idempotency_key(Handle::random().to_string());
        }
        ask
    }
}

/// The certificate of an agency's own system.
fn certificate(home: &Path) -> CertificateSha256 {
    CertificateSha256::of(&CertificateDer::from_pem_file(home.join("client.pem")).unwrap())
}

/// What a problem document says, but for the trace, which is random.
pub fn said(answer: &Answer) -> serde_json::Value {
    let mut document = answer.json.clone();
    if let Some(members) = document.as_object_mut() {
        members.remove("trace_id");
    }
    document
}
