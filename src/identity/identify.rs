//! The checks that lead from a connection and its headers to a principal, in the order that the project fixes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq as _;

use super::cache::{CacheKey, TokenCache};
use super::certificate::Peer;
use super::principal::{Principal, Scope, Scopes};
use super::refusal::{Cause, NotIdentified, TokenFault};
use super::token::{self, Actor, Claims};
use crate::clock::SharedClock;
use crate::directory::{Agency, AgencyStatus, CertificateSha256, Directory};
use crate::id::WorkerId;
use crate::vocabulary::Purpose;

/// The longest time between a token's issue and its end.
const MAX_LIFETIME_SECONDS: i64 = 300;
/// How far ahead of our clock an agency's clock may be.
const MAX_AHEAD_SECONDS: i64 = 10;
/// The longest text that a token's descriptive claims may hold, in bytes.
const MAX_TEXT: usize = 200;
/// What an `acr` says when more than one factor was shown: NIST SP 800-63's levels, and those of NHS CIS2.
pub const MULTI_FACTOR: [&str; 4] = ["aal2", "aal3", "AAL2_OR_AAL3_ANY", "AAL3_ANY"];

/// Identifies senders, and remembers verified tokens for as long as they and the directory last.
pub struct Identifier {
    audience: String,
    clock: SharedClock,
    cache: TokenCache,
}

impl Identifier {
    /// For a gateway whose base URI is `audience`: a token's `aud` must be exactly that.
    pub fn new(audience: String, clock: SharedClock) -> Self {
        Self { audience, clock, cache: TokenCache::new() }
    }

    /// Who is asking. The arguments after `peer` are the headers `Authorization`, `Throughgate-Purpose` and
    /// `Sec-Fetch-Site`; a request that has one of them twice must have been refused before.
    ///
    /// Replay (`jti`), scope and the token's subject are not checked here: they depend on the request.
    ///
    /// # Errors
    /// The first check that fails, and the agency if it was recognised by then.
    pub fn identify(
        &self,
        peer: &Peer,
        authorization: Option<&str>,
        purpose_header: Option<&str>,
        sec_fetch_site: Option<&str>,
        directory: &Directory,
    ) -> Result<Principal, NotIdentified> {
        let (agency, worker) =
            registered(peer, directory).map_err(|cause| NotIdentified { cause, agency: None })?;
        let recognised = if agency.status == AgencyStatus::Suspended {
            Err(Cause::AgencySuspended)
        } else {
            match worker {
                Some(worker) if authorization.is_none() => {
                    at_browser(peer, agency, worker, purpose_header, sec_fetch_site, directory.epoch())
                }
                Some(_) => Err(Cause::TwoCredentials),
                None => self.by_token(peer, agency, authorization, directory.epoch()),
            }
        };
        recognised.map_err(|cause| NotIdentified { cause, agency: Some(agency.id.clone()) })
    }

    fn by_token(
        &self,
        peer: &Peer,
        agency: &Agency,
        authorization: Option<&str>,
        epoch: i64,
    ) -> Result<Principal, Cause> {
        let token = authorization.and_then(bearer).ok_or(Cause::CredentialMissing)?;
        let now = self.clock.now();
        let key = CacheKey::new(token, &peer.certificate);
        if let Some(principal) = self.cache.get(&key, epoch, now) {
            return Ok(principal);
        }
        let claims = token::verify(token, agency).map_err(Cause::Token)?;
        check_party(&claims, agency, &peer.certificate).map_err(Cause::Token)?;
        if claims.aud != self.audience {
            return Err(Cause::Token(TokenFault::Audience));
        }
        let expires_at = check_times(&claims, now).map_err(Cause::Token)?;
        let principal = acting(claims, agency, peer, expires_at, epoch)?;
        self.cache.put(key, principal.clone());
        Ok(principal)
    }

    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.cache.len()
    }
}

/// The agency that this very certificate is registered for, and the worker if it is a worker's. The name in the
/// certificate and the holder in the directory must agree.
fn registered<'d>(
    peer: &Peer,
    directory: &'d Directory,
) -> Result<(&'d Agency, Option<&'d WorkerId>), Cause> {
    if directory.agency(&peer.identity.agency).is_none() {
        return Err(Cause::UnknownAgency);
    }
    let holder = directory.holder(&peer.certificate).ok_or(Cause::CertificateNotRegistered)?;
    if holder.agency.id != peer.identity.agency || holder.worker != peer.identity.worker {
        return Err(Cause::CertificateNotRegistered);
    }
    Ok((&holder.agency, holder.worker.as_ref()))
}

/// The token of `Authorization: Bearer <token>`; the scheme in any case (RFC 9110, 11.1).
pub fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn check_party(claims: &Claims, agency: &Agency, certificate: &CertificateSha256) -> Result<(), TokenFault> {
    let organization = &claims.requesting_organization;
    let issued_by_it = claims.iss == agency.issuer
        && claims.client_id == agency.id
        && organization.id == agency.id
        && organization.agency_type == agency.agency_type;
    if !issued_by_it {
        return Err(TokenFault::Issuer);
    }
    let thumbprint = URL_SAFE_NO_PAD.encode(certificate.as_bytes());
    let bound = claims.cnf.x5t_s256.as_bytes().ct_eq(thumbprint.as_bytes());
    if bool::from(bound) { Ok(()) } else { Err(TokenFault::Binding) }
}

/// The moment at which the token ends, if its times are in order at `now`. Leeway on the end is 0.
fn check_times(claims: &Claims, now: Timestamp) -> Result<Timestamp, TokenFault> {
    let moment = |seconds| Timestamp::from_second(seconds).map_err(|_| TokenFault::Claims);
    let (issued, begins, ends) = (moment(claims.iat)?, moment(claims.nbf)?, moment(claims.exp)?);
    let lifetime = claims.exp.saturating_sub(claims.iat);
    if now >= ends || !(1..=MAX_LIFETIME_SECONDS).contains(&lifetime) {
        return Err(TokenFault::Expired);
    }
    let latest = SignedDuration::from_secs(MAX_AHEAD_SECONDS);
    let ahead = |moment: Timestamp| moment.duration_since(now) > latest;
    if ahead(issued) || ahead(begins) {
        return Err(TokenFault::NotYetValid);
    }
    Ok(ends)
}

/// The principal of a token whose signature, parties and times are in order.
fn acting(
    claims: Claims,
    agency: &Agency,
    peer: &Peer,
    expires_at: Timestamp,
    epoch: i64,
) -> Result<Principal, Cause> {
    let practitioner = &claims.requesting_practitioner;
    if claims.sub != practitioner.id {
        return Err(Cause::Token(TokenFault::Subject));
    }
    if agency.worker(&claims.sub).is_some_and(|listed| !listed.active) {
        return Err(Cause::WorkerNotActive);
    }
    if !agency.may_assert(practitioner.role) {
        return Err(Cause::RoleNotRegistered);
    }
    let device = format!("{} {}", claims.requesting_device.system, claims.requesting_device.version);
    let act = claims.act.as_ref().map(actors);
    let texts = [Some(claims.jti.as_str()), Some(&practitioner.name), Some(&device), act.as_deref()];
    if !texts.into_iter().flatten().all(is_short_line) {
        return Err(Cause::Token(TokenFault::Claims));
    }
    let stepped_up_at = stepped_up_at(&claims)?;
    Ok(Principal {
        agency: agency.id.clone(),
        agency_type: agency.agency_type,
        worker_name: practitioner.name.clone(),
        role: practitioner.role,
        purpose: claims.reason_for_request,
        device,
        scopes: scopes(&claims.scope).map_err(Cause::Token)?,
        requested_record: claims.requested_record,
        subject_bound: true,
        jti: Some(claims.jti),
        cert_sha256: *peer.certificate.as_bytes(),
        act,
        authorised_by: claims.authorised_by,
        stepped_up_at,
        worker: claims.sub,
        expires_at: Some(expires_at),
        directory_epoch: epoch,
        is_system: false,
    })
}

/// When the worker showed more than one factor, if the token says that it was so.
fn stepped_up_at(claims: &Claims) -> Result<Option<Timestamp>, Cause> {
    let is_strong = claims.acr.as_deref().is_some_and(|acr| MULTI_FACTOR.contains(&acr));
    let moment = |seconds| Timestamp::from_second(seconds).map_err(|_| Cause::Token(TokenFault::Claims));
    claims.auth_time.filter(|_| is_strong).map(moment).transpose()
}

/// Scopes of the list only: one that is not known would be one whose meaning nobody checked.
fn scopes(scope: &str) -> Result<Scopes, TokenFault> {
    scope
        .split(' ')
        .map(|one| one.parse::<Scope>().map_err(|_| TokenFault::Claims))
        .collect::<Result<Vec<_>, _>>()
        .map(Scopes::Listed)
}

/// The chain of actors, the newest first.
fn actors(newest: &Actor) -> String {
    let mut names = vec![newest.sub.as_str()];
    let mut next = newest.act.as_deref();
    while let Some(actor) = next {
        names.push(&actor.sub);
        next = actor.act.as_deref();
    }
    names.join(" for ")
}

fn is_short_line(text: &str) -> bool {
    (1..=MAX_TEXT).contains(&text.len()) && !text.chars().any(char::is_control)
}

/// A worker at a browser: role from the directory, purpose from the header, and only from the gateway's own pages.
fn at_browser(
    peer: &Peer,
    agency: &Agency,
    worker: &WorkerId,
    purpose_header: Option<&str>,
    sec_fetch_site: Option<&str>,
    epoch: i64,
) -> Result<Principal, Cause> {
    let worker = agency.worker(worker).filter(|listed| listed.active).ok_or(Cause::WorkerNotActive)?;
    if !agency.may_assert(worker.role) {
        return Err(Cause::RoleNotRegistered);
    }
    if !matches!(sec_fetch_site, Some("same-origin" | "none")) {
        return Err(Cause::CrossSite);
    }
    let purpose: Purpose =
        purpose_header.ok_or(Cause::PurposeMissing)?.parse().map_err(|_| Cause::PurposeUnknown)?;
    Ok(Principal {
        agency: agency.id.clone(),
        agency_type: agency.agency_type,
        worker: worker.id.clone(),
        worker_name: worker.name.clone(),
        role: worker.role,
        purpose,
        device: "browser".to_owned(),
        scopes: Scopes::Unrestricted,
        requested_record: None,
        subject_bound: false,
        jti: None,
        cert_sha256: *peer.certificate.as_bytes(),
        act: None,
        authorised_by: None,
        stepped_up_at: None,
        expires_at: None,
        directory_epoch: epoch,
        is_system: false,
    })
}
