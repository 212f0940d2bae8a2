//! `GET /v1/joint-visits/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::visit::{ReadVisit, VisitView};

/// Who, when and where: for the team, and for the liaison officer as long as the person agrees.
///
/// Action `visit.read`; scope `referral.read`; purpose `continuity-of-care`, for police `court-or-statutory`.
#[utoipa::path(
    get, path = "/v1/joint-visits/{id}", operation_id = "read_joint_visit", tag = "visits",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The visit", body = VisitView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_joint_visit(request: Request) -> Answer<VisitView> {
    let id = request.handle("id");
    request.disclose(ReadVisit(id)).await
}
