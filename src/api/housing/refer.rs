//! `POST /v1/clients/{ref}/housing-referrals`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::housing::{HousingMoved, HousingReferred, ReferToHousing};

/// Refers somebody to one landlord or council with the six items, by a consent that names this provider. There is no place for anything
/// else: whatever else is sent is refused by its name, and not repeated. Prisons and probation refer who is homeless, or will be within 56
/// days, to the council that the person chose: with `homelessness` in place of `items`.
///
/// Action `housing.write`; scope `housing.write`; purpose `housing-support`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/housing-referrals", operation_id = "refer_to_housing", tag = "housing",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = HousingReferred, example = json!({"provider": "testhomes", "items": {
        "housing_history": "Two years in a shared house; left it in debt.", "independent_living_skills": "Cooks and budgets.",
        "vacancy_suitability": "Near the clinic.", "support_needs": {"needs": "A weekly visit.", "from_day_one": true},
        "team_support": "A case manager, seen weekly.", "risks": {"risks": "None known to others.", "agreed_on": "2026-06-01"}}})),
    responses(
        (status = 201, description = "It is sent", body = HousingMoved),
        (status = 400, description = "malformed-request: the member that is not one of the six items"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the person's consent is missing"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn refer_to_housing(request: Request) -> Answer<HousingMoved> {
    let client_ref = request.handle("ref");
    let (request, referred) = request.document::<HousingReferred>().await?;
    let setting = super::setting(request.context());
    request.record(ReferToHousing { client_ref, referred, setting }).await
}
