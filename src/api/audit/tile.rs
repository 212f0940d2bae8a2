//! `GET /v1/audit/tile/{path}`

use crate::api::request::Request;
use crate::domain::audit::ReadTiles;
use crate::journal::log_file::LogFile;
use crate::journal::outcome::Stop;
use crate::ledger::tiles::TileFile;
use crate::problem::{Problem, ProblemType};

/// A tile or entry bundle of the static log, by its path in C2SP tlog-tiles. One entry of the log covers what an auditor reads
/// so in an hour; `Audit-Receipt` is that entry's.
///
/// Action `audit.read`; scope `audit.read`; purpose `audit-review`.
#[utoipa::path(
    get, path = "/v1/audit/tile/{path}", operation_id = "read_audit_tile", tag = "audit",
    params(("path" = String, Path, description = "`<level>/<index>[.p/<width>]` or `entries/<index>[.p/<width>]`.")),
    responses(
        (status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_audit_tile(request: Request) -> Result<LogFile, Stop> {
    match format!("tile/{}", request.segment("path")).parse::<TileFile>() {
        Ok(file) => request.log_file(ReadTiles, file).await,
        Err(_) => {
            let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "no-such-tile");
            Err(request.refuse(problem).await)
        }
    }
}
