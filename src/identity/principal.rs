//! Who is asking: the one result of identification, whichever of the two credentials led to it. A leaf.

use jiff::Timestamp;

use crate::id::{AgencyId, Handle, WorkerId};
use crate::vocabulary::{AgencyType, Purpose, Role};

/// A worker of an agency, identified, acting in one role for one purpose.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The agency whose certificate opened the connection.
    pub agency: AgencyId,
    /// Its type, as enrolled.
    pub agency_type: AgencyType,
    /// The worker.
    pub worker: WorkerId,
    /// The worker's name as at this event (a snapshot for the log, never for a decision).
    pub worker_name: String,
    /// The role in which the worker acts; one that is registered for the agency.
    pub role: Role,
    /// The one purpose of this request.
    pub purpose: Purpose,
    /// The system and version that the worker sits at.
    pub device: String,
    /// What the credential may be used for.
    pub scopes: Scopes,
    /// The client reference that the token was issued for.
    pub requested_record: Option<Handle>,
    /// Whether the credential names its subject (a token does; a worker's certificate cannot).
    pub subject_bound: bool,
    /// The token's id, where there is a token.
    pub jti: Option<String>,
    /// SHA-256 of the client certificate (DER).
    pub cert_sha256: [u8; 32],
    /// A proxy that acts for the worker (RFC 8693), as text for the log.
    pub act: Option<String>,
    /// Who authorised the act, where it was not the worker.
    pub authorised_by: Option<WorkerId>,
    /// When the worker last showed more than one factor, where the credential says so.
    pub stepped_up_at: Option<Timestamp>,
    /// When the credential ends.
    pub expires_at: Option<Timestamp>,
    /// The epoch of the directory that this identification rests on; see `store::epoch`.
    pub directory_epoch: i64,
    /// The gateway itself, which no certificate identifies.
    pub is_system: bool,
}

impl Principal {
    /// The gateway itself: what it and its operator do without a request, and never to read about a person.
    ///
    /// # Errors
    /// Never in practice: the ids are well-formed.
    pub fn system(directory_epoch: i64) -> Result<Self, crate::id::Malformed> {
        Ok(Self {
            agency: "operator".parse()?,
            agency_type: AgencyType::Operator,
            worker: "gateway".parse()?,
            worker_name: String::new(),
            role: Role::Operator,
            purpose: Purpose::ServiceMonitoring,
            device: format!("throughgate {}", env!("CARGO_PKG_VERSION")),
            scopes: Scopes::Unrestricted,
            requested_record: None,
            subject_bound: false,
            jti: None,
            cert_sha256: [0; 32],
            act: None,
            authorised_by: None,
            stepped_up_at: None,
            expires_at: None,
            directory_epoch,
            is_system: true,
        })
    }
}

/// The OAuth scopes of a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scopes {
    /// A worker at a browser: the role and the policies alone decide.
    Unrestricted,
    /// What the token lists.
    Listed(Vec<Scope>),
}

impl Scopes {
    /// Whether the credential may be used for this.
    pub fn allow(&self, scope: Scope) -> bool {
        match self {
            Self::Unrestricted => true,
            Self::Listed(listed) => listed.contains(&scope),
        }
    }
}

crate::code_list! {
    /// A scope of an access token (`vocabulary` of the project, section 1).
    pub enum Scope {
        ClientRead = "client.read",
        ClientWrite = "client.write",
        ConsentRead = "consent.read",
        ConsentWrite = "consent.write",
        DirRead = "dir.read",
        DirWrite = "dir.write",
        CaseloadCheck = "caseload.check",
        CaseloadWrite = "caseload.write",
        ScriptRead = "script.read",
        ScriptWrite = "script.write",
        ReferralRead = "referral.read",
        ReferralWrite = "referral.write",
        DecisionRead = "decision.read",
        DecisionWrite = "decision.write",
        HousingRead = "housing.read",
        HousingWrite = "housing.write",
        ResultRead = "result.read",
        ResultWrite = "result.write",
        SafeguardingRead = "safeguarding.read",
        SafeguardingWrite = "safeguarding.write",
        BreakGlass = "break-glass",
        CustodyRead = "custody.read",
        CustodyWrite = "custody.write",
        TaskRead = "task.read",
        EventRead = "event.read",
        DirectoryRead = "directory.read",
        DirectoryWrite = "directory.write",
        PolicyRead = "policy.read",
        MatchRead = "match.read",
        MatchDecide = "match.decide",
        AuditRead = "audit.read",
        ScorecardRead = "scorecard.read",
        ScorecardWrite = "scorecard.write",
        ReturnRead = "return.read",
        ReturnWrite = "return.write",
        SubjectAccess = "subject-access",
    }
}
