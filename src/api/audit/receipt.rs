//! `GET /v1/audit/receipts/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::audit::{MakeReceipt, ReceiptView};
use crate::journal::outcome::Unavailable;

/// A fresh receipt for an entry: its proof in the tree of the first checkpoint over it that witnesses cosigned, with their
/// lines; until there is one, in that of the latest checkpoint.
///
/// Action `audit.read`; scope `audit.read`; purpose `audit-review`.
#[utoipa::path(
    get, path = "/v1/audit/receipts/{id}", operation_id = "read_audit_receipt", tag = "audit",
    params(("id" = String, Path, description = "The entry's id.")),
    responses(
        (status = 200, description = "The receipt", body = ReceiptView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_audit_receipt(request: Request) -> Answer<ReceiptView> {
    let entry = request.entry_id("id");
    let Some(checkpoint) = request.context().journal.checkpoint() else {
        return Err(Unavailable.into());
    };
    let quorum = request.context().journal.quorum();
    request.disclose(MakeReceipt { entry, checkpoint, quorum }).await
}
