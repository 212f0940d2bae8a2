//! Whose a certificate is, what a browser must send, and which keys can be registered.

use super::*;
use crate::directory::TokenKey;

#[test]
fn a_certificate_leads_only_to_the_holder_that_it_names() {
    let fixture = Fixture::new(TokenAlgorithm::EdDsa);
    let directory = Directory::new(1, [fixture.agency.clone()]).unwrap();
    let unregistered = peer(None, CertificateSha256::from_bytes([7; 32]));
    let posing = peer(Some("testa-alder"), WORKER_CERTIFICATE);
    let mut stranger = agency_peer();
    stranger.identity.agency = "eastvale-cjit".parse().unwrap();
    for (peer, cause) in [
        (unregistered, Cause::CertificateNotRegistered),
        (posing, Cause::CertificateNotRegistered),
        (stranger, Cause::UnknownAgency),
    ] {
        let refused = fixture.identifier.identify(&peer, None, None, None, &directory).unwrap_err();
        assert_eq!((refused.cause, refused.agency), (cause, None));
    }
    for authorization in [None, Some("Bearer "), Some("Basic eA=="), Some("Bearer")] {
        let refused = fixture.identifier.identify(&agency_peer(), authorization, None, None, &directory);
        assert_eq!(refused.unwrap_err().cause, Cause::CredentialMissing);
    }
}

#[test]
fn a_worker_at_a_browser_needs_a_purpose_the_right_pages_and_no_token() {
    let mut fixture = Fixture::new(TokenAlgorithm::EdDsa);
    let purpose = Some("treatment");
    for site in ["same-origin", "none"] {
        let principal = fixture.browse(None, purpose, Some(site)).unwrap();
        assert_eq!(principal.purpose, Purpose::Treatment);
        assert!(!principal.subject_bound);
    }
    assert_eq!(fixture.browse(None, purpose, None).unwrap_err(), Cause::CrossSite);
    assert_eq!(fixture.browse(None, purpose, Some("cross-site")).unwrap_err(), Cause::CrossSite);
    assert_eq!(fixture.browse(None, purpose, Some("same-site")).unwrap_err(), Cause::CrossSite);
    assert_eq!(fixture.browse(None, None, Some("none")).unwrap_err(), Cause::PurposeMissing);
    assert_eq!(fixture.browse(None, Some("curiosity"), Some("none")).unwrap_err(), Cause::PurposeUnknown);
    let token = format!("Bearer {}", fixture.token(&claims()));
    assert_eq!(fixture.browse(Some(&token), purpose, Some("none")).unwrap_err(), Cause::TwoCredentials);
    fixture.agency.workers[0].active = false;
    assert_eq!(fixture.browse(None, purpose, Some("none")).unwrap_err(), Cause::WorkerNotActive);
}

#[test]
fn only_a_key_of_the_registered_kind_can_be_registered() {
    let ed = KeyPair::generate_for(&rcgen::PKCS_ED25519).unwrap().public_key_pem();
    for (alg, fits) in
        [(TokenAlgorithm::EdDsa, true), (TokenAlgorithm::Es256, false), (TokenAlgorithm::Ps256, false)]
    {
        let key = TokenKey { kid: "k".into(), alg, public_key: ed.clone() };
        assert_eq!(token::check_key(&key).is_ok(), fits, "{alg}");
    }
}
