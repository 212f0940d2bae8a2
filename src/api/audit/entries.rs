//! `GET /v1/audit/entries`

use jiff::Timestamp;
use serde::Deserialize;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::audit::{EntryList, ListEntries, ListEntriesOfPerson};
use crate::id::{AgencyId, PersonId};
use crate::problem::FieldProblem;
use crate::store::entry::EntryFilter;
use crate::vocabulary::{EntryKind, Outcome, Purpose};

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    kind: Option<EntryKind>,
    outcome: Option<Outcome>,
    agency: Option<AgencyId>,
    purpose: Option<Purpose>,
    person: Option<PersonId>,
    cursor: Option<u64>,
    limit: Option<usize>,
    openings: Option<bool>,
}

/// Entries of the log in their order, with the fields behind them but for those that tie an entry to one person.
///
/// Action `audit.read`; scope `audit.read`; purpose `audit-review`.
#[utoipa::path(
    get, path = "/v1/audit/entries", operation_id = "list_audit_entries", tag = "audit",
    params(
        ("from" = Option<String>, Query, description = "Recorded at this moment or later, RFC 3339."),
        ("to" = Option<String>, Query, description = "Recorded before this moment, RFC 3339."),
        ("kind" = Option<EntryKind>, Query, description = "Of this kind."),
        ("outcome" = Option<Outcome>, Query, description = "That ended so."),
        ("agency" = Option<String>, Query, description = "Of requests that this agency made."),
        ("purpose" = Option<Purpose>, Query, description = "Of requests for this purpose."),
        ("person" = Option<String>, Query, description = "About this person, as an opened entry names it, and whoever is one with that person. An opening: action `audit.open`."),
        ("cursor" = Option<u64>, Query, description = "The place in the log to begin at; from the `Link` of the page before."),
        ("limit" = Option<u64>, Query, description = "At most so many, 1 to 200; 50 if left out."),
        ("openings" = Option<bool>, Query, description = "Whether each entry comes with what proves its fields."),
    ),
    responses(
        (status = 200, description = "A page of entries", body = EntryList),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_audit_entries(request: Request) -> Answer<EntryList> {
    let (request, wanted) = request.query::<Wanted>().await?;
    let limit = wanted.limit.unwrap_or(DEFAULT_LIMIT);
    if !(1..=MAX_LIMIT).contains(&limit) {
        let problem = FieldProblem::new("limit", "range", "must be 1 to 200");
        return Err(request.refuse_fields(vec![problem]).await);
    }
    let list = ListEntries {
        filter: EntryFilter {
            from: wanted.from,
            to: wanted.to,
            kind: wanted.kind,
            outcome: wanted.outcome,
            agency: wanted.agency,
            purpose: wanted.purpose,
            person: wanted.person,
        },
        from: wanted.cursor.unwrap_or(0),
        limit,
        with_openings: wanted.openings.unwrap_or(false),
    };
    match wanted.person {
        Some(_) => request.disclose(ListEntriesOfPerson(list)).await,
        None => request.disclose(list).await,
    }
}
