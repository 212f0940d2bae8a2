//! `POST /v1/policy/explain`

use std::sync::Arc;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::explain::{ExplainPolicy, PolicyAsked, PolicyExplained};

/// What the policies would decide for such a worker, such an action and purpose, and a person with whom things stand so: the decision, the
/// policies with their rules and bases, and what would by itself change it. It is about nobody, and needs nobody's data.
///
/// Action `policy.explain`; scope `policy.read`; purpose `audit-review`.
#[utoipa::path(
    post, path = "/v1/policy/explain", operation_id = "explain_policy", tag = "policy",
    params(("Idempotency-Key" = String, Header, description = "New for each new request.")),
    request_body(content = PolicyAsked, example = json!({"agency_type": "cjit", "role": "case-manager", "purpose": "continuity-of-care",
        "action": "dir.read", "custodian": "carat", "relation": "addressed", "consented": ["identity", "prescribing"],
        "facts": ["signed", "referral_live"]})),
    responses(
        (status = 200, description = "What would be decided", body = PolicyExplained),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn explain_policy(request: Request) -> Answer<PolicyExplained> {
    let (request, asked) = request.document::<PolicyAsked>().await?;
    let journal = request.context().journal.clone();
    request.disclose(ExplainPolicy { asked: Arc::new(asked), journal }).await
}
