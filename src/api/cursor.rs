//! The cursor of a page, as a request brings it back and as an answer leads on by it.

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

/// Where the next page is: what was asked for, path and query, with this cursor instead of its own.
pub(super) fn next_page(target: &str, cursor: &str) -> String {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let rest = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "cursor");
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(rest).append_pair("cursor", cursor);
    format!("{path}?{}", query.finish())
}

/// The problem of a cursor that is none of this list's.
pub fn malformed() -> Problem {
    Problem::field(ProblemType::MalformedRequest, "cursor", "malformed", "is not a cursor of this list")
}

#[cfg(test)]
mod tests {
    use super::next_page;

    #[test]
    fn the_next_page_is_asked_for_as_the_one_before() {
        for (target, next) in [
            ("/v1/matches", "/v1/matches?cursor=7"),
            ("/v1/matches?", "/v1/matches?cursor=7"),
            ("/v1/matches?cursor=3", "/v1/matches?cursor=7"),
            ("/v1/tasks?view=mine&cursor=3&of=testa-rowan", "/v1/tasks?view=mine&of=testa-rowan&cursor=7"),
            ("/v1/tasks?c%75rsor=3&view=mine", "/v1/tasks?view=mine&cursor=7"),
            ("/v1/agencies?area=A%26B+%C3%A9%3E", "/v1/agencies?area=A%26B+%C3%A9%3E&cursor=7"),
            ("/v1/agencies?area=a\"b", "/v1/agencies?area=a%22b&cursor=7"),
        ] {
            assert_eq!(next_page(target, "7"), next);
        }
    }
}
