//! The cursor of a page, as a request brings it back.

use serde::Deserialize;
use zeroize::Zeroizing;

use super::request::Request;
use crate::crypto::CursorFor;
use crate::problem::{Problem, ProblemType};

/// The query of a collection that has nothing to choose but the page.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Where the page begins, as `Link` of the page before said.
    pub cursor: Option<String>,
}

/// The place in this list that a cursor stands for.
///
/// # Errors
/// A problem with the parameter, unless the gateway made the cursor for this reader and this list.
pub fn place(request: &Request, of: &CursorFor<'_>, cursor: &str) -> Result<Zeroizing<Vec<u8>>, Problem> {
    request.context().journal.store().keys().cursor_open(of, cursor).map_err(|_| malformed())
}

/// The position in the log that a cursor stands for; the beginning for the first page.
///
/// # Errors
/// As [`place`].
pub fn position(request: &Request, of: &CursorFor<'_>, cursor: Option<&str>) -> Result<u64, Problem> {
    let Some(cursor) = cursor else {
        return Ok(0);
    };
    let place: Result<[u8; 8], _> = place(request, of, cursor)?.as_slice().try_into();
    place.map(u64::from_be_bytes).map_err(|_| malformed())
}

/// The problem of a cursor that is none of this list's.
pub fn malformed() -> Problem {
    Problem::field(ProblemType::MalformedRequest, "cursor", "malformed", "is not a cursor of this list")
}
