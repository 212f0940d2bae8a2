//! Access tokens: what they claim, how an agency signs them, and how their signature is verified.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};
use serde::{Deserialize, Serialize};
use x509_parser::prelude::FromDer;
use x509_parser::x509::SubjectPublicKeyInfo;

use super::jose;
use super::refusal::TokenFault;
use crate::directory::{Agency, TokenAlgorithm, TokenKey};
use crate::id::{AgencyId, Handle, WorkerId};
use crate::vocabulary::{AgencyType, Purpose, Role};

/// The `typ` of an access token (RFC 9068).
const TYPE: &str = "at+jwt";
/// A token of the claims below is about 1 kB; what is far beyond is not read.
const MAX_BYTES: usize = 8 * 1024;

/// What a token claims (`vocabulary` of the project, section 1). Claims that are not listed are ignored (RFC 7519, 4).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Claims {
    /// The agency's issuer URI.
    pub iss: String,
    /// The agency's id.
    pub client_id: AgencyId,
    /// The worker; the same as `requesting_practitioner.id`.
    pub sub: WorkerId,
    /// The gateway's base URI, one exact string.
    pub aud: String,
    /// Issued at, in seconds of the Unix epoch.
    pub iat: i64,
    /// Not valid before.
    pub nbf: i64,
    /// Not valid from then on.
    pub exp: i64,
    /// The token's own id.
    pub jti: String,
    /// The certificate that the token is bound to (RFC 8705).
    pub cnf: Confirmation,
    /// Scopes, separated by single spaces.
    pub scope: String,
    /// Exactly one purpose of use.
    pub reason_for_request: Purpose,
    /// The agency, as its own system describes it.
    pub requesting_organization: RequestingOrganization,
    /// The worker, as at the time of the event.
    pub requesting_practitioner: RequestingPractitioner,
    /// What the worker sits at.
    pub requesting_device: RequestingDevice,
    /// The agency's own reference of the client; absent for collections.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requested_record: Option<Handle>,
    /// Who authorised the act, where it was not the worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorised_by: Option<WorkerId>,
    /// A proxy that acts for the worker (RFC 8693).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Actor>,
    /// How strongly the worker was authenticated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// When the worker was authenticated, in seconds of the Unix epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_time: Option<i64>,
}

impl Claims {
    /// Says that the worker showed more than one factor at this moment.
    pub fn step_up(&mut self, at: jiff::Timestamp) {
        self.acr = Some("aal2".to_owned());
        self.auth_time = Some(at.as_second());
    }
}

/// The `cnf` claim.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Confirmation {
    /// base64url of the SHA-256 of the client certificate (DER).
    #[serde(rename = "x5t#S256")]
    pub x5t_s256: String,
}

/// The `requesting_organization` claim.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestingOrganization {
    /// The agency's id.
    pub id: AgencyId,
    /// Its type, as enrolled.
    #[serde(rename = "type")]
    pub agency_type: AgencyType,
    /// Its ODS code, for health bodies.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ods: Option<String>,
}

/// The `requesting_practitioner` claim.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestingPractitioner {
    /// The worker's id.
    pub id: WorkerId,
    /// The worker's name.
    pub name: String,
    /// The role in which the worker acts.
    pub role: Role,
    /// A professional registration, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registration: Option<String>,
}

/// The `requesting_device` claim.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestingDevice {
    /// The system.
    pub system: String,
    /// Its version.
    pub version: String,
}

/// The `act` claim (RFC 8693, 4.1): the newest actor outermost.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Actor {
    /// Who acts.
    pub sub: String,
    /// For whom that one acts in turn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<Box<Self>>,
}

/// The claims of a token whose signature is that of a key registered for this agency. Nothing else is checked here.
pub(super) fn verify(token: &str, agency: &Agency) -> Result<Claims, TokenFault> {
    if token.len() > MAX_BYTES {
        return Err(TokenFault::Malformed);
    }
    jose::install();
    // An unknown `alg`, "none" included, already fails to parse.
    let header = jsonwebtoken::decode_header(token).map_err(|_| TokenFault::Malformed)?;
    if !is_plain_access_token(&header) {
        return Err(TokenFault::Header);
    }
    let kid = header.kid.as_deref().ok_or(TokenFault::UnknownKey)?;
    let key = agency.token_key(kid).ok_or(TokenFault::UnknownKey)?;
    if header.alg != algorithm(key.alg) {
        return Err(TokenFault::Algorithm);
    }
    let decoding = decoding_key(key)?;
    jsonwebtoken::decode::<Claims>(token, &decoding, &signature_only(header.alg))
        .map(|verified| verified.claims)
        .map_err(|error| match error.kind() {
            jsonwebtoken::errors::ErrorKind::InvalidSignature => TokenFault::Signature,
            jsonwebtoken::errors::ErrorKind::InvalidAlgorithm => TokenFault::Algorithm,
            _ => TokenFault::Claims,
        })
}

/// Whether a key that an agency wants to register can be used with its algorithm.
///
/// # Errors
/// [`TokenFault::UnknownKey`] when the PEM does not hold such a public key.
pub fn check_key(key: &TokenKey) -> Result<(), TokenFault> {
    decoding_key(key).map(drop)
}

/// Makes a token.
///
/// # Errors
/// [`TokenFault::Signature`] when the key cannot sign.
pub fn sign(claims: &Claims, key: &TokenSigningKey) -> Result<String, TokenFault> {
    jose::install();
    let mut header = Header::new(algorithm(key.alg));
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(key.kid.clone());
    jsonwebtoken::encode(&header, claims, &key.key).map_err(|_| TokenFault::Signature)
}

/// A private key that an agency signs tokens with. Its `Debug` shows nothing of the key.
#[derive(Debug, Clone)]
pub struct TokenSigningKey {
    kid: String,
    alg: TokenAlgorithm,
    key: EncodingKey,
}

impl TokenSigningKey {
    /// The key in this PEM (PKCS#8), under the `kid` and for the algorithm that it is registered with.
    ///
    /// # Errors
    /// [`TokenFault::UnknownKey`] when the PEM holds no private key in PKCS#8.
    pub fn from_pem(kid: &str, alg: TokenAlgorithm, pem: &str) -> Result<Self, TokenFault> {
        let pkcs8 = PrivatePkcs8KeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| TokenFault::UnknownKey)?;
        let der = pkcs8.secret_pkcs8_der();
        let key = match alg {
            TokenAlgorithm::EdDsa => EncodingKey::from_ed_der(der),
            TokenAlgorithm::Es256 => EncodingKey::from_ec_der(der),
            TokenAlgorithm::Ps256 => EncodingKey::from_rsa_der(der),
        };
        Ok(Self { kid: kid.to_owned(), alg, key })
    }

    #[cfg(test)]
    pub(super) fn encoding(&self) -> &EncodingKey {
        &self.key
    }
}

/// Parts of a header that ask to be read differently, or bring a key along, have no place in these tokens.
fn is_plain_access_token(header: &Header) -> bool {
    let typed = header.typ.as_deref().is_some_and(|typ| typ.eq_ignore_ascii_case(TYPE));
    let plain = header.crit.is_none()
        && header.jku.is_none()
        && header.jwk.is_none()
        && header.x5u.is_none()
        && header.enc.is_none()
        && header.zip.is_none()
        && !header.extras.inner().contains_key("b64");
    typed && plain
}

/// Times, audience and issuer are checked by ourselves, against our clock and in our order.
fn signature_only(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

const fn algorithm(alg: TokenAlgorithm) -> Algorithm {
    match alg {
        TokenAlgorithm::EdDsa => Algorithm::EdDSA,
        TokenAlgorithm::Es256 => Algorithm::ES256,
        TokenAlgorithm::Ps256 => Algorithm::PS256,
    }
}

const OID_ED25519: &str = "1.3.101.112";
const OID_EC: &str = "1.2.840.10045.2.1";
const OID_RSA: &str = "1.2.840.113549.1.1.1";

fn decoding_key(key: &TokenKey) -> Result<DecodingKey, TokenFault> {
    let der = SubjectPublicKeyInfoDer::from_pem_slice(key.public_key.as_bytes())
        .map_err(|_| TokenFault::UnknownKey)?;
    let (_, info) = SubjectPublicKeyInfo::from_der(&der).map_err(|_| TokenFault::UnknownKey)?;
    let bits: &[u8] = &info.subject_public_key.data;
    match (key.alg, info.algorithm.algorithm.to_id_string().as_str()) {
        (TokenAlgorithm::EdDsa, OID_ED25519) if bits.len() == 32 => Ok(DecodingKey::from_ed_der(bits)),
        // An uncompressed point of P-256: 0x04 and two coordinates of 32 bytes.
        (TokenAlgorithm::Es256, OID_EC) if bits.len() == 65 => Ok(DecodingKey::from_ec_der(bits)),
        (TokenAlgorithm::Ps256, OID_RSA) => Ok(DecodingKey::from_rsa_der(bits)),
        _ => Err(TokenFault::UnknownKey),
    }
}
