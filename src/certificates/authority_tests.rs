//! What the CA promises on disk: secrets private and never overwritten, a register, lists that follow it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use rustls::pki_types::CertificateRevocationListDer;
use rustls::pki_types::pem::PemObject as _;
use x509_parser::prelude::{CertificateRevocationList, FromDer as _};

use super::*;

fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().unwrap()
}

fn agency() -> Subject {
    Subject::Agency("northmoor-cjit".parse().unwrap())
}

/// The number of the list and of the certificates in it.
fn list(dir: &Path) -> (String, usize) {
    let der = CertificateRevocationListDer::from_pem_file(dir.join("crl.pem")).unwrap();
    let (_, list) = CertificateRevocationList::from_der(&der).unwrap();
    (list.crl_number().unwrap().to_string(), list.iter_revoked_certificates().count())
}

#[test]
fn a_ca_is_never_overwritten_and_its_key_is_private() {
    let dir = tempfile::tempdir().unwrap();
    drop(Authority::create(dir.path(), "Fixture CA", now()).unwrap());
    let key = fs::read(dir.path().join("ca.key")).unwrap();
    let mode = fs::metadata(dir.path().join("ca.key")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(matches!(Authority::create(dir.path(), "Fixture CA", now()), Err(CertificatesError::Io { .. })));
    assert_eq!(fs::read(dir.path().join("ca.key")).unwrap(), key);
    assert!(Authority::load(dir.path()).is_ok());

    fs::set_permissions(dir.path().join("ca.key"), fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(Authority::load(dir.path()), Err(CertificatesError::Key(_))));
}

#[test]
fn two_processes_cannot_hold_one_ca() {
    let dir = tempfile::tempdir().unwrap();
    let _held = Authority::create(dir.path(), "Fixture CA", now()).unwrap();
    assert!(matches!(Authority::load(dir.path()), Err(CertificatesError::Busy { .. })));
}

#[test]
fn what_is_issued_can_be_revoked_once_and_each_list_has_a_higher_number() {
    let dir = tempfile::tempdir().unwrap();
    let mut ca = Authority::create(dir.path(), "Fixture CA", now()).unwrap();
    assert_eq!(list(dir.path()), ("1".to_owned(), 0));
    let (first, second) = (ca.issue(&agency(), now()).unwrap(), ca.issue(&agency(), now()).unwrap());
    drop(ca);

    let mut ca = Authority::load(dir.path()).unwrap();
    assert_eq!(ca.issued().len(), 2);
    assert_ne!(ca.issued()[0].serial, ca.issued()[1].serial);
    ca.revoke(&first.sha256, Reason::KeyCompromise, now()).unwrap();
    assert_eq!(list(dir.path()), ("2".to_owned(), 1));
    assert!(matches!(
        ca.revoke(&first.sha256, Reason::Superseded, now()),
        Err(CertificatesError::AlreadyRevoked)
    ));
    assert!(matches!(
        ca.revoke(&CertificateSha256::from_bytes([0; 32]), Reason::Superseded, now()),
        Err(CertificatesError::NotIssued)
    ));
    ca.revoke(&second.sha256, Reason::Superseded, now()).unwrap();
    assert_eq!(list(dir.path()), ("3".to_owned(), 2));
}

#[test]
fn a_written_key_is_private_and_is_not_written_over() {
    let dir = tempfile::tempdir().unwrap();
    let mut ca = Authority::create(&dir.path().join("ca"), "Fixture CA", now()).unwrap();
    let issued = ca.issue(&agency(), now()).unwrap();
    let (pem, key) = (dir.path().join("a/client.pem"), dir.path().join("a/client.key"));
    issued.write(&pem, &key).unwrap();
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(issued.write(&pem, &key).is_err());
    let der = rustls::pki_types::CertificateDer::from_pem_file(&pem).unwrap();
    assert_eq!(CertificateIdentity::from_der(&der).unwrap().uri(), "urn:throughgate:agency:northmoor-cjit");
    assert_eq!(CertificateSha256::of(&der), issued.sha256);
}
