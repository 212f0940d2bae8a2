//! Identification from outside: every claim wrong in turn, confused algorithms, and what ends with a suspension.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use rcgen::KeyPair;
use serde_json::{Value, json};

use super::cache::TokenCache;
use super::token::{self, Claims, TokenSigningKey};
use super::*;
use crate::clock::ManualClock;
use crate::directory::{Agency, AgencyStatus, CertificateSha256, Directory, TokenAlgorithm};
use crate::problem::ProblemType;
use crate::vocabulary::{Purpose, Role};

mod holders;

const AUDIENCE: &str = "https://gateway.example";
const NOW: &str = "2026-03-02T09:00:00Z";
const AGENCY_CERTIFICATE: CertificateSha256 = CertificateSha256::from_bytes([1; 32]);
const WORKER_CERTIFICATE: CertificateSha256 = CertificateSha256::from_bytes([2; 32]);

struct Fixture {
    identifier: Identifier,
    clock: Arc<ManualClock>,
    agency: Agency,
    key: TokenSigningKey,
}

impl Fixture {
    fn new(alg: TokenAlgorithm) -> Self {
        let pair = match alg {
            TokenAlgorithm::EdDsa => KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap(),
            _ => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap(),
        };
        let clock = Arc::new(ManualClock::at(NOW.parse().unwrap()));
        let agency = serde_json::from_value(json!({
            "id": "northmoor-cjit", "name": "Northmoor Team", "agency_type": "cjit", "area": "Northmoor",
            "status": "active", "issuer": "https://tokens.northmoor.example", "roles": ["case-manager"],
            "certificates": [AGENCY_CERTIFICATE],
            "token_keys": [{"kid": "k1", "alg": alg, "public_key": pair.public_key_pem()}],
            "workers": [
                {"id": "fixture-cedar", "name": "Fixture Cedar", "role": "case-manager", "active": true,
                 "certificates": [WORKER_CERTIFICATE]},
            ],
            "contact": {"telephone_office": "01632 960001", "spoc": "duty", "spoc_deputy": "manager", "hours": []},
        }))
        .unwrap();
        Self {
            identifier: Identifier::new(AUDIENCE.to_owned(), clock.clone()),
            clock,
            agency,
            key: TokenSigningKey::from_pem("k1", alg, &pair.serialize_pem()).unwrap(),
        }
    }

    fn token(&self, claims: &Value) -> String {
        token::sign(&serde_json::from_value::<Claims>(claims.clone()).unwrap(), &self.key).unwrap()
    }

    fn ask(&self, token: &str) -> Result<principal::Principal, NotIdentified> {
        self.ask_at(token, 1)
    }

    fn ask_at(&self, token: &str, epoch: i64) -> Result<principal::Principal, NotIdentified> {
        let directory = Directory::new(epoch, [self.agency.clone()]).unwrap();
        let authorization = format!("Bearer {token}");
        self.identifier.identify(&agency_peer(), Some(&authorization), None, None, &directory)
    }

    fn refused(&self, claims: &Value) -> Cause {
        self.ask(&self.token(claims)).unwrap_err().cause
    }

    fn browse(
        &self,
        authorization: Option<&str>,
        purpose: Option<&str>,
        site: Option<&str>,
    ) -> Result<principal::Principal, Cause> {
        let directory = Directory::new(1, [self.agency.clone()]).unwrap();
        self.identifier
            .identify(&worker_peer(), authorization, purpose, site, &directory)
            .map_err(|refused| refused.cause)
    }
}

fn peer(worker: Option<&str>, certificate: CertificateSha256) -> Peer {
    let identity = CertificateIdentity {
        agency: "northmoor-cjit".parse().unwrap(),
        worker: worker.map(|id| id.parse().unwrap()),
    };
    Peer { identity, certificate, chain: Vec::new(), address: None }
}

fn agency_peer() -> Peer {
    peer(None, AGENCY_CERTIFICATE)
}

fn worker_peer() -> Peer {
    peer(Some("fixture-cedar"), WORKER_CERTIFICATE)
}

fn claims() -> Value {
    let now = NOW.parse::<Timestamp>().unwrap().as_second();
    json!({
        "iss": "https://tokens.northmoor.example", "client_id": "northmoor-cjit", "sub": "testa-alder",
        "aud": AUDIENCE, "iat": now, "nbf": now, "exp": now + 300, "jti": "j-1",
        "cnf": {"x5t#S256": URL_SAFE_NO_PAD.encode(AGENCY_CERTIFICATE.as_bytes())},
        "scope": "client.read referral.write", "reason_for_request": "continuity-of-care",
        "requesting_organization": {"id": "northmoor-cjit", "type": "cjit"},
        "requesting_practitioner": {"id": "testa-alder", "name": "Testa Alder", "role": "case-manager"},
        "requesting_device": {"system": "fixture", "version": "1"},
    })
}

fn with(pointer: &str, value: Value) -> Value {
    let mut claims = claims();
    *claims.pointer_mut(pointer).unwrap() = value;
    claims
}

#[test]
fn a_token_in_order_leads_to_its_worker_under_either_curve() {
    for alg in [TokenAlgorithm::EdDsa, TokenAlgorithm::Es256] {
        let fixture = Fixture::new(alg);
        let principal = fixture.ask(&fixture.token(&claims())).unwrap();
        assert_eq!(principal.worker.as_str(), "testa-alder");
        assert_eq!(principal.role, Role::CaseManager);
        assert_eq!(principal.purpose, Purpose::ContinuityOfCare);
        assert!(principal.scopes.allow(principal::Scope::ClientRead));
        assert!(!principal.scopes.allow(principal::Scope::ClientWrite));
        assert!(principal.subject_bound);
    }
}

#[test]
fn each_claim_that_is_wrong_has_its_own_refusal() {
    let fixture = Fixture::new(TokenAlgorithm::EdDsa);
    let now = NOW.parse::<Timestamp>().unwrap().as_second();
    let other = URL_SAFE_NO_PAD.encode([9; 32]);
    for (pointer, value, fault) in [
        ("/iss", json!("https://tokens.eastvale.example"), TokenFault::Issuer),
        ("/client_id", json!("eastvale-cjit"), TokenFault::Issuer),
        ("/requesting_organization/id", json!("eastvale-cjit"), TokenFault::Issuer),
        ("/requesting_organization/type", json!("police"), TokenFault::Issuer),
        ("/cnf/x5t#S256", json!(other), TokenFault::Binding),
        ("/cnf/x5t#S256", json!(""), TokenFault::Binding),
        ("/aud", json!("https://gateway.example/"), TokenFault::Audience),
        ("/exp", json!(now), TokenFault::Expired),
        ("/exp", json!(now + 301), TokenFault::Expired),
        ("/nbf", json!(now + 11), TokenFault::NotYetValid),
        ("/iat", json!(now + 11), TokenFault::NotYetValid),
        ("/iat", json!(i64::MIN), TokenFault::Claims),
        ("/sub", json!("fixture-cedar"), TokenFault::Subject),
        ("/requesting_practitioner/name", json!(""), TokenFault::Claims),
        ("/requesting_practitioner/name", json!("a\nb"), TokenFault::Claims),
        ("/jti", json!("x".repeat(201)), TokenFault::Claims),
        ("/scope", json!("client.read everything"), TokenFault::Claims),
        ("/scope", json!(""), TokenFault::Claims),
    ] {
        assert_eq!(fixture.refused(&with(pointer, value)), Cause::Token(fault), "{pointer}");
    }
    let foreign_role = with("/requesting_practitioner/role", json!("custody-officer"));
    assert_eq!(fixture.refused(&foreign_role), Cause::RoleNotRegistered);
    assert!(fixture.ask(&fixture.token(&with("/nbf", json!(now + 10)))).is_ok());
}

#[test]
fn a_claim_of_the_wrong_type_or_a_missing_one_is_refused() {
    let fixture = Fixture::new(TokenAlgorithm::EdDsa);
    for (name, value) in [
        ("aud", json!([AUDIENCE])),
        ("exp", json!("soon")),
        ("reason_for_request", json!(["treatment"])),
        ("reason_for_request", json!("curiosity")),
        ("requested_record", json!("1")),
        ("cnf", Value::Null),
        ("jti", Value::Null),
        ("nbf", Value::Null),
    ] {
        let mut claims = claims();
        claims[name] = value;
        let token = sign_raw(&fixture, &json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "k1"}), &claims);
        assert_eq!(fixture.ask(&token).unwrap_err().cause, Cause::Token(TokenFault::Claims), "{name}");
    }
}

#[test]
fn the_algorithm_is_that_of_the_registered_key_whatever_the_header_says() {
    let fixture = Fixture::new(TokenAlgorithm::EdDsa);
    for (header, fault) in [
        (json!({"alg": "none", "typ": "at+jwt", "kid": "k1"}), TokenFault::Malformed),
        (json!({"alg": "HS256", "typ": "at+jwt", "kid": "k1"}), TokenFault::Algorithm),
        (json!({"alg": "ES256", "typ": "at+jwt", "kid": "k1"}), TokenFault::Algorithm),
        (json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "k2"}), TokenFault::UnknownKey),
        (json!({"alg": "EdDSA", "typ": "at+jwt"}), TokenFault::UnknownKey),
        (json!({"alg": "EdDSA", "typ": "JWT", "kid": "k1"}), TokenFault::Header),
        (json!({"alg": "EdDSA", "kid": "k1"}), TokenFault::Header),
        (json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "k1", "crit": ["x"]}), TokenFault::Header),
        (
            json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "k1", "jku": "https://x.example"}),
            TokenFault::Header,
        ),
        (json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "k1", "b64": false}), TokenFault::Header),
    ] {
        let token = sign_raw(&fixture, &header, &claims());
        assert_eq!(fixture.ask(&token).unwrap_err().cause, Cause::Token(fault), "{header}");
    }
    // HMAC keyed with the public key itself.
    let head = sign_input(&json!({"alg": "HS256", "typ": "at+jwt", "kid": "k1"}), &claims());
    let public = fixture.agency.token_keys[0].public_key.as_bytes();
    let mac = ring::hmac::sign(&ring::hmac::Key::new(ring::hmac::HMAC_SHA256, public), head.as_bytes());
    let forged = format!("{head}.{}", URL_SAFE_NO_PAD.encode(mac.as_ref()));
    assert_eq!(fixture.ask(&forged).unwrap_err().cause, Cause::Token(TokenFault::Algorithm));
}

#[test]
fn a_changed_token_and_another_key_do_not_verify() {
    let fixture = Fixture::new(TokenAlgorithm::EdDsa);
    let stranger = Fixture::new(TokenAlgorithm::EdDsa);
    let token = stranger.token(&claims());
    assert_eq!(fixture.ask(&token).unwrap_err().cause, Cause::Token(TokenFault::Signature));
    let token = fixture.token(&claims());
    let (_, signature) = token.rsplit_once('.').unwrap();
    let head = sign_input(&json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "k1"}), &with("/sub", json!("x")));
    let spliced = format!("{head}.{signature}");
    assert_eq!(fixture.ask(&spliced).unwrap_err().cause, Cause::Token(TokenFault::Signature));
    for junk in ["", "a", "a.b", "a.b.c", "a.b.c.d", &"x".repeat(9000)] {
        assert!(fixture.ask(junk).is_err(), "{junk:.10} was taken");
    }
}

#[test]
fn a_remembered_token_ends_with_its_time_and_with_any_change_of_the_directory() {
    let mut fixture = Fixture::new(TokenAlgorithm::EdDsa);
    let token = fixture.token(&claims());
    assert!(fixture.ask(&token).is_ok());
    assert_eq!(fixture.identifier.remembered(), 1);
    assert!(fixture.ask(&token).is_ok());

    // The key is withdrawn: at the old epoch the memory still serves, at the new one it does not.
    let keys = std::mem::take(&mut fixture.agency.token_keys);
    assert!(fixture.ask_at(&token, 1).is_ok());
    assert_eq!(fixture.ask_at(&token, 2).unwrap_err().cause, Cause::Token(TokenFault::UnknownKey));
    fixture.agency.token_keys = keys;

    // Suspension holds even before the epoch is noticed.
    assert!(fixture.ask(&token).is_ok());
    fixture.agency.status = AgencyStatus::Suspended;
    let refused = fixture.ask(&token).unwrap_err();
    assert_eq!(refused.cause, Cause::AgencySuspended);
    assert_eq!(refused.agency, Some(fixture.agency.id.clone()));
    fixture.agency.status = AgencyStatus::Active;

    fixture.clock.advance(299);
    assert!(fixture.ask(&token).is_ok());
    fixture.clock.advance(1);
    assert_eq!(fixture.ask(&token).unwrap_err().cause, Cause::Token(TokenFault::Expired));
}

#[test]
fn a_remembered_token_does_not_serve_over_another_certificate() {
    let mut fixture = Fixture::new(TokenAlgorithm::EdDsa);
    let second = CertificateSha256::from_bytes([3; 32]);
    fixture.agency.certificates.push(second);
    let token = fixture.token(&claims());
    assert!(fixture.ask(&token).is_ok());
    let directory = Directory::new(1, [fixture.agency.clone()]).unwrap();
    let authorization = format!("bearer {token}");
    let refused =
        fixture.identifier.identify(&peer(None, second), Some(&authorization), None, None, &directory);
    let refused = refused.unwrap_err();
    assert_eq!(refused.cause, Cause::Token(TokenFault::Binding));
    assert_eq!(refused.problem(), ProblemType::TokenBindingMismatch);
}

#[test]
fn the_memory_is_bounded() {
    let fixture = Fixture::new(TokenAlgorithm::EdDsa);
    let principal = fixture.ask(&fixture.token(&claims())).unwrap();
    let cache = TokenCache::new();
    for number in 0..TokenCache::BOUND * 2 {
        let key = cache::CacheKey::new(&number.to_string(), &AGENCY_CERTIFICATE);
        cache.put(key, principal.clone());
        assert!(cache.get(&key, 1, NOW.parse().unwrap()).is_some());
    }
    assert!(cache.len() <= TokenCache::BOUND);
}

fn sign_input(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

/// A token with any header and claims, under a valid Ed25519 signature.
fn sign_raw(fixture: &Fixture, header: &Value, claims: &Value) -> String {
    super::jose::install();
    let head = sign_input(header, claims);
    let signature =
        jsonwebtoken::crypto::sign(head.as_bytes(), fixture.key.encoding(), jsonwebtoken::Algorithm::EdDSA)
            .unwrap();
    format!("{head}.{signature}")
}
