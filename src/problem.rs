//! What a caller is told when something cannot be done (RFC 9457): the problem's type, and never a person's data. A leaf.

use serde::Serialize;

crate::code_list! {
    /// The type of a problem; in documents `/problems/<code>`.
    pub enum ProblemType {
        MalformedRequest = "malformed-request",
        InvalidToken = "invalid-token",
        TokenBindingMismatch = "token-binding-mismatch",
        InsufficientUserAuthentication = "insufficient-user-authentication",
        InsufficientScope = "insufficient-scope",
        PurposeNotPermitted = "purpose-not-permitted",
        NotFoundOrNotPermitted = "not-found-or-not-permitted",
        MethodNotAllowed = "method-not-allowed",
        InvalidTransition = "invalid-transition",
        DuplicateCaseload = "duplicate-caseload",
        PrescribingConflict = "prescribing-conflict",
        ConsentNotEffective = "consent-not-effective",
        WithdrawalNeedsConfirmation = "withdrawal-needs-confirmation",
        DirAlreadyReceived = "dir-already-received",
        ErasureHeld = "erasure-held",
        VersionConflict = "version-conflict",
        TooLarge = "too-large",
        UnsupportedMediaType = "unsupported-media-type",
        UnprocessableDocument = "unprocessable-document",
        IdempotencyConflict = "idempotency-conflict",
        PreconditionRequired = "precondition-required",
        TooManyRequests = "too-many-requests",
        AuditUnavailable = "audit-unavailable",
    }
}

impl ProblemType {
    /// The HTTP status that goes with it.
    pub const fn status(self) -> u16 {
        match self {
            Self::MalformedRequest => 400,
            Self::InvalidToken | Self::TokenBindingMismatch | Self::InsufficientUserAuthentication => 401,
            Self::InsufficientScope | Self::PurposeNotPermitted => 403,
            Self::NotFoundOrNotPermitted => 404,
            Self::MethodNotAllowed => 405,
            Self::InvalidTransition
            | Self::DuplicateCaseload
            | Self::PrescribingConflict
            | Self::ConsentNotEffective
            | Self::WithdrawalNeedsConfirmation
            | Self::DirAlreadyReceived
            | Self::ErasureHeld => 409,
            Self::VersionConflict => 412,
            Self::TooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::UnprocessableDocument | Self::IdempotencyConflict => 422,
            Self::PreconditionRequired => 428,
            Self::TooManyRequests => 429,
            Self::AuditUnavailable => 503,
        }
    }

    /// What is wrong, for a person.
    pub const fn title(self) -> &'static str {
        match self {
            Self::MalformedRequest => "The request cannot be read",
            Self::InvalidToken => "The access token was not accepted",
            Self::TokenBindingMismatch => "The access token belongs to another certificate",
            Self::InsufficientUserAuthentication => {
                "The worker must authenticate again, with a second factor"
            }
            Self::InsufficientScope => "The access token lacks the scope for this",
            Self::PurposeNotPermitted => "This role may not do this for this purpose",
            Self::NotFoundOrNotPermitted => "There is no such record, or it may not be shown to you",
            Self::MethodNotAllowed => "This cannot be done here",
            Self::InvalidTransition => "That step is not possible from the present state",
            Self::DuplicateCaseload => "There is an open one already",
            Self::PrescribingConflict => "Another script runs for this person",
            Self::ConsentNotEffective => "No effective consent covers this",
            Self::WithdrawalNeedsConfirmation => "The withdrawal may cancel something urgent",
            Self::DirAlreadyReceived => "A record was received; it must not be taken again",
            Self::ErasureHeld => "A hold or an open matter of your own agency stands against the erasure",
            Self::VersionConflict => "The record has changed since you read it",
            Self::TooLarge => "The request is too large",
            Self::UnsupportedMediaType => "The body must be application/json",
            Self::UnprocessableDocument => "The document breaks a rule",
            Self::IdempotencyConflict => "This Idempotency-Key was used for another request",
            Self::PreconditionRequired => "If-Match is required",
            Self::TooManyRequests => "Too many requests",
            Self::AuditUnavailable => "The gateway cannot record what it does, so it does nothing",
        }
    }

    /// What to do about it.
    pub const fn advice(self) -> &'static str {
        match self {
            Self::MalformedRequest => "Correct the fields that `errors` names and send it again.",
            Self::InvalidToken => "Get a fresh token for this worker, purpose and record.",
            Self::TokenBindingMismatch => "Use the token with the certificate that it was issued for.",
            Self::InsufficientUserAuthentication => {
                "Let the worker show a second factor now, and get a token that says so in `acr` and `auth_time`. If care cannot wait, ring the help line."
            }
            Self::InsufficientScope => "Get a token whose scope covers this operation.",
            Self::PurposeNotPermitted => {
                "Check the purpose; if it is right, another role or agency must ask."
            }
            Self::NotFoundOrNotPermitted => "If care cannot wait, ring the help line.",
            Self::MethodNotAllowed => "See openapi.yaml for what each resource offers.",
            Self::InvalidTransition => "Read the record again to see its state.",
            Self::DuplicateCaseload => "Go on with the open one, or close it first.",
            Self::PrescribingConflict => {
                "Ring the contact that the script's conflict names. If dosing cannot wait, send it again with a clinical reason."
            }
            Self::ConsentNotEffective => {
                "Record a consent that names the recipient, the purpose and the segments."
            }
            Self::WithdrawalNeedsConfirmation => {
                "Tell the person what `errors` names; if the person holds to it, send it again with `urgent_effects_confirmed`."
            }
            Self::DirAlreadyReceived => {
                "Add an activity entry to the record that was received, or say why to start afresh."
            }
            Self::ErasureHeld => "Settle what `errors` names, then send it again.",
            Self::VersionConflict => "Read the record again and repeat the change on its new ETag.",
            Self::TooLarge => "Send less in one request.",
            Self::UnsupportedMediaType => "Set Content-Type to application/json.",
            Self::UnprocessableDocument => "Correct what `errors` names and send it again.",
            Self::IdempotencyConflict => "Use a new Idempotency-Key for a new request.",
            Self::PreconditionRequired => "Send the ETag that you last read as If-Match.",
            Self::TooManyRequests => "Wait as long as Retry-After says.",
            Self::AuditUnavailable => "Try again shortly; if care cannot wait, ring the help line.",
        }
    }
}

/// What is wrong with one field of what was sent. Holds nothing of what was sent but the names of known fields.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// Where: member names joined by dots, places in a list in brackets, as `substance_use.substances[1].route`.
    pub path: String,
    /// Which rule it breaks, as a code that programs may compare.
    pub code: &'static str,
    /// The rule in plain words.
    pub message: String,
}

impl FieldProblem {
    /// A problem of this field.
    pub fn new(path: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self { path: path.into(), code, message: message.into() }
    }
}

/// A problem, before it is recorded and gets its receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its type.
    pub problem: ProblemType,
    /// The fields that are wrong, where fields are.
    pub errors: Vec<FieldProblem>,
    /// The reason code in the log; more exact than what the caller is told.
    pub reason_code: &'static str,
    /// After how many seconds it is worth while to try again, where that is known.
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem whose reason in the log is its type.
    pub fn new(problem: ProblemType) -> Self {
        Self { problem, errors: Vec::new(), reason_code: problem.code(), retry_after: None }
    }

    /// A problem with a more exact reason for the log.
    pub fn because(problem: ProblemType, reason_code: &'static str) -> Self {
        Self { problem, errors: Vec::new(), reason_code, retry_after: None }
    }

    /// A document that breaks rules, field by field.
    pub fn fields(problem: ProblemType, errors: Vec<FieldProblem>) -> Self {
        Self { problem, errors, reason_code: problem.code(), retry_after: None }
    }

    /// A problem with one field.
    pub fn field(problem: ProblemType, path: &str, code: &'static str, message: &str) -> Self {
        Self::fields(problem, vec![FieldProblem::new(path, code, message)])
    }
}

/// A problem document as it is sent.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemDocument<'a> {
    /// `/problems/<code>`.
    #[serde(rename = "type")]
    pub problem_type: String,
    /// What is wrong.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What to do.
    pub detail: &'static str,
    /// Quote this when you ask for help: it finds the entry in the log.
    pub trace_id: &'a str,
    /// The operator's telephone number, so that care can go on by voice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help_line: Option<&'a str>,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "<[FieldProblem]>::is_empty")]
    pub errors: &'a [FieldProblem],
}

impl<'a> ProblemDocument<'a> {
    /// The document for a problem. Every 404 and 503 carries the help line, and nothing else may tell them apart.
    pub fn of(problem: &'a Problem, trace_id: &'a str, help_line: &'a str) -> Self {
        let status = problem.problem.status();
        Self {
            problem_type: format!("/problems/{}", problem.problem.code()),
            title: problem.problem.title(),
            status,
            detail: problem.problem.advice(),
            trace_id,
            help_line: matches!(status, 404 | 503).then_some(help_line),
            errors: if status == 404 { &[] } else { &problem.errors },
        }
    }
}
