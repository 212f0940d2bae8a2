//! `POST /v1/clients/{ref}/consents`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::consent::model::ConsentGiven;
use crate::domain::consent::record::{ConsentRecorded, RecordConsent};

/// Records a consent, or its refusal. Each agency and each segment is named; there is no wildcard.
///
/// Action `consent.record`; scope `consent.write`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/consents", operation_id = "record_consent", tag = "consents",
    request_body(content = ConsentGiven, example = json!({
        "decision": "given", "given_by": "client", "capacity_confirmed": true,
        "obtained_at": "2026-05-01T10:00:00Z", "method": "written",
        "evidence_hash": "0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f",
        "form_version_uri": "urn:northmoor:consent-form:3", "language": "en", "interpreter_used": false,
        "disclosing_agencies": ["fallowgate-carat"], "recipients": ["northmoor-cjit", "testhomes"],
        "purposes": ["continuity-of-care"], "segments": ["identity", "contact", "drug-use"],
        "not_before": "2026-05-01T10:00:00Z", "expires_at": "2027-05-01T10:00:00Z",
        "seen_alone": true, "refusal_explained": true, "redisclosure": "prohibited"
    })),
    params(
        ("ref" = String, Path, description = "The agency's own reference for the person."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 201, description = "The consent is recorded", body = ConsentRecorded),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn record_consent(request: Request) -> Answer<ConsentRecorded> {
    let client_ref = request.handle("ref");
    let (request, given) = request.document::<ConsentGiven>().await?;
    if let Err(faults) = given.check(request.context().journal.now()) {
        return Err(request.refuse_fields(faults.into_iter().map(Into::into).collect()).await);
    }
    let directory = request.directory_knowing(given.named_agencies().map(|(_, _, agency)| agency)).await?;
    let worker = request.principal()?.worker.clone();
    match given.check_names(|agency| directory.agency(agency).is_some(), &worker) {
        Ok(()) => {
            let request = request.having_occurred_at(Some(given.obtained_at));
            request.record(RecordConsent { client_ref, given }).await
        }
        Err(problems) => Err(request.refuse_fields(problems).await),
    }
}
