//! Why somebody was not identified, what that tells the caller, and whether the refusal has an agency to be recorded under.

use crate::id::AgencyId;
use crate::problem::ProblemType;

/// A request whose sender was not identified.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not identified: {}", cause.code())]
pub struct NotIdentified {
    /// Why not.
    pub cause: Cause,
    /// The agency, where its registered certificate was recognised: the refusal is then an entry of its own in the log.
    /// Without one the refusal is only counted.
    pub agency: Option<AgencyId>,
}

impl NotIdentified {
    /// The problem type that the caller gets. All are 401.
    pub const fn problem(&self) -> ProblemType {
        match self.cause {
            Cause::Token(TokenFault::Binding) => ProblemType::TokenBindingMismatch,
            Cause::UnknownAgency
            | Cause::CertificateNotRegistered
            | Cause::AgencySuspended
            | Cause::WorkerNotActive
            | Cause::CredentialMissing
            | Cause::TwoCredentials
            | Cause::CrossSite
            | Cause::PurposeMissing
            | Cause::PurposeUnknown
            | Cause::RoleNotRegistered
            | Cause::Token(_) => ProblemType::InvalidToken,
        }
    }

    /// What the caller may be told: never a value, neither a sent one nor a stored one.
    pub const fn message(&self) -> &'static str {
        self.cause.message()
    }

    /// The code for the log and for counting.
    pub const fn code(&self) -> &'static str {
        self.cause.code()
    }
}

/// Why a sender was not identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// The certificate names an agency that is not in the directory.
    UnknownAgency,
    /// The agency is known, this certificate of it is not, or it is registered for somebody else.
    CertificateNotRegistered,
    /// The agency is suspended.
    AgencySuspended,
    /// The worker has left, or was never listed.
    WorkerNotActive,
    /// An agency's system without a token, or an `Authorization` header that holds none.
    CredentialMissing,
    /// A worker's certificate together with a token.
    TwoCredentials,
    /// A browser's request that did not come from the gateway's own pages.
    CrossSite,
    /// A browser's request that does not say its purpose.
    PurposeMissing,
    /// A browser's request for a purpose that is not in the list.
    PurposeUnknown,
    /// The role is not one of those that the agency may assert.
    RoleNotRegistered,
    /// The token is not valid.
    Token(TokenFault),
}

impl Cause {
    /// The code for the log and for counting.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnknownAgency => "unknown-agency",
            Self::CertificateNotRegistered => "certificate-not-registered",
            Self::AgencySuspended => "agency-suspended",
            Self::WorkerNotActive => "worker-not-active",
            Self::CredentialMissing => "credential-missing",
            Self::TwoCredentials => "two-credentials",
            Self::CrossSite => "cross-site",
            Self::PurposeMissing => "purpose-missing",
            Self::PurposeUnknown => "purpose-unknown",
            Self::RoleNotRegistered => "role-not-registered",
            Self::Token(fault) => fault.code(),
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::UnknownAgency | Self::CertificateNotRegistered => "The certificate is not registered.",
            Self::AgencySuspended => "The agency is suspended.",
            Self::WorkerNotActive => "The worker is not registered as active.",
            Self::CredentialMissing => "A bearer token is required with an agency's certificate.",
            Self::TwoCredentials => "A worker's certificate and a token exclude each other.",
            Self::CrossSite => "The request must come from the gateway's own pages (Sec-Fetch-Site).",
            Self::PurposeMissing => "The header Throughgate-Purpose is required.",
            Self::PurposeUnknown => "The header Throughgate-Purpose is not one of the purposes of use.",
            Self::RoleNotRegistered => "The role is not registered for the agency.",
            Self::Token(fault) => fault.message(),
        }
    }
}

/// What is wrong with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.code())]
pub enum TokenFault {
    /// Not a compact JWS of a bearable size.
    Malformed,
    /// The header's `typ` is not `at+jwt`, or it has parts that change how the token is to be read.
    Header,
    /// No key of the agency has this `kid`.
    UnknownKey,
    /// The algorithm is not the one that the key is registered for.
    Algorithm,
    /// The signature does not verify.
    Signature,
    /// A claim is missing or has a wrong form or an unknown code.
    Claims,
    /// `iss`, `client_id` or `requesting_organization` is not the agency of the certificate.
    Issuer,
    /// `cnf` does not name the certificate of this connection.
    Binding,
    /// `aud` is not exactly this gateway.
    Audience,
    /// The token is over, or lasts longer than is allowed.
    Expired,
    /// The token's time has not come.
    NotYetValid,
    /// `sub` is not `requesting_practitioner.id`.
    Subject,
}

impl TokenFault {
    /// The code for the log and for counting.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "token-malformed",
            Self::Header => "token-header",
            Self::UnknownKey => "token-unknown-key",
            Self::Algorithm => "token-algorithm",
            Self::Signature => "token-signature",
            Self::Claims => "token-claims",
            Self::Issuer => "token-issuer",
            Self::Binding => "token-binding",
            Self::Audience => "token-audience",
            Self::Expired => "token-expired",
            Self::NotYetValid => "token-not-yet-valid",
            Self::Subject => "token-subject",
        }
    }

    const fn message(self) -> &'static str {
        match self {
            Self::Malformed => "The token is not a compact JWS.",
            Self::Header => "The token's header is not that of an access token (at+jwt).",
            Self::UnknownKey => "The token's key is not registered.",
            Self::Algorithm => "The token's algorithm is not the one registered for its key.",
            Self::Signature => "The token's signature does not verify.",
            Self::Claims => "A claim of the token is missing or not well-formed.",
            Self::Issuer => "The token was not issued by the agency of the certificate.",
            Self::Binding => "The token is bound to another certificate.",
            Self::Audience => "The token is for another audience.",
            Self::Expired => "The token has expired or lasts too long.",
            Self::NotYetValid => "The token is not valid yet.",
            Self::Subject => "The token's subject is not the practitioner that it names.",
        }
    }
}
