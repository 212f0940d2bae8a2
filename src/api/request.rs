//! One request of an identified worker, read whole and checked for form, before a handler sees it.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT;
use actix_web::web::{Bytes, Data};
use serde::de::DeserializeOwned;
use validator::Validate;

use super::context::Context;
use super::page;
use crate::directory::Directory;
use crate::domain::days::{Days, Longest};
use crate::domain::validation::{field_problems, parse_json};
use crate::id::{AgencyId, EntryId, Handle};
use crate::identity::principal::Principal;
use crate::journal::call::{Call, Caller};
use crate::journal::command::Command;
use crate::journal::disclosure::Disclosure;
use crate::journal::exchange::Exchange;
use crate::journal::log_file::LogFile;
use crate::journal::outcome::{Disclosed, Stop, Unavailable};
use crate::ledger::tiles::TileFile;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::vocabulary::EntryKind;

/// A request, and the way to answer it.
pub struct Request {
    pub(super) context: Data<Context>,
    pub(super) call: Call,
    pub(super) kind: EntryKind,
    pub(super) http: HttpRequest,
    pub(super) body: Bytes,
}

impl Request {
    /// The gateway.
    pub fn context(&self) -> &Context {
        &self.context
    }

    /// Who asks.
    ///
    /// # Errors
    /// Never in practice: handlers are called for workers only.
    pub fn principal(&self) -> Result<&Arc<Principal>, Stop> {
        match &self.call.caller {
            Caller::Worker(principal) => Ok(principal),
            Caller::Agency { .. } => Err(Unavailable.into()),
        }
    }

    /// The asking agency.
    pub fn agency(&self) -> &AgencyId {
        self.call.caller.agency()
    }

    /// The handle in the path. One that has not the form of a handle is one that nobody has: the same 404.
    pub fn handle(&self, name: &str) -> Handle {
        self.segment(name).parse().unwrap_or_else(|_| Handle::random())
    }

    /// An entry's id in the path.
    pub fn entry_id(&self, name: &str) -> EntryId {
        self.segment(name).parse().unwrap_or_else(|_| EntryId::from_bytes([0; 16]))
    }

    /// A part of the path as text.
    pub fn segment(&self, name: &str) -> &str {
        self.http.match_info().get(name).unwrap_or_default()
    }

    /// What day it is, in Europe/London.
    pub fn today(&self) -> jiff::civil::Date {
        self.context.calendar.date_of(self.context.journal.now())
    }

    /// Whether a page to print is asked for rather than JSON.
    pub fn prefers_page(&self) -> bool {
        let accept = self.http.headers().get_all(ACCEPT);
        page::is_preferred(accept.filter_map(|value| value.to_str().ok()))
    }

    /// The parameters of the query, unknown ones refused.
    ///
    /// # Errors
    /// A recorded refusal that says what is wrong.
    pub async fn query<Q: DeserializeOwned>(self) -> Result<(Self, Q), Stop> {
        match actix_web::web::Query::<Q>::from_query(self.http.query_string()) {
            Ok(query) => Ok((self, query.into_inner())),
            Err(_) => {
                let problem = Problem::field(
                    ProblemType::MalformedRequest,
                    "query",
                    "malformed",
                    "has a parameter that is unknown, missing or malformed",
                );
                Err(self.refuse(problem).await)
            }
        }
    }

    /// The days of the query of which a report is asked.
    ///
    /// # Errors
    /// A recorded refusal that says what is wrong.
    pub async fn days(self, longest: Longest) -> Result<(Self, Days), Stop> {
        let (request, days) = self.query::<Days>().await?;
        match days.check(longest) {
            Ok(()) => Ok((request, days)),
            Err(faults) => Err(request.refuse_fields(faults.into_iter().map(Into::into).collect()).await),
        }
    }

    /// The body as a document whose form and bounds are right.
    ///
    /// # Errors
    /// A recorded refusal that names each field, never its value.
    pub async fn document<T: DeserializeOwned + Validate>(self) -> Result<(Self, T), Stop> {
        let problems = match parse_json::<T>(&self.body) {
            Ok(document) => match document.validate() {
                Ok(()) => return Ok((self, document)),
                Err(errors) => field_problems(&errors),
            },
            Err(problem) => vec![problem],
        };
        Err(self.refuse(Problem::fields(ProblemType::MalformedRequest, problems)).await)
    }

    /// Refuses the request for something that it says itself.
    pub async fn refuse_fields(self, problems: Vec<FieldProblem>) -> Stop {
        self.refuse(Problem::fields(ProblemType::MalformedRequest, problems)).await
    }

    /// Refuses the request, on record.
    pub async fn refuse(self, problem: Problem) -> Stop {
        self.context.journal.refuse(self.call, self.kind, problem).await
    }

    /// Puts the worker's own words beside the entry.
    #[must_use]
    pub fn for_reason(mut self, reason: Option<String>) -> Self {
        self.call.reason_text = reason;
        self
    }

    /// Says on which provision the request relies.
    #[must_use]
    pub fn relying_on(mut self, statute_ref: &'static str) -> Self {
        self.call.statute_ref = Some(statute_ref);
        self
    }

    /// Says when what is reported happened, where that is earlier than now: late is not tampered.
    #[must_use]
    pub fn having_occurred_at(mut self, moment: Option<jiff::Timestamp>) -> Self {
        self.call.occurred_at = moment;
        self
    }

    /// A directory that knows these agencies, if there is one: read again where the one at hand does not know them all.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub async fn directory_knowing<'a>(
        &self,
        agencies: impl IntoIterator<Item = &'a AgencyId>,
    ) -> Result<Arc<Directory>, Stop> {
        let known = self.context.journal.directory();
        if agencies.into_iter().all(|id| known.agency(id).is_some()) {
            return Ok(known);
        }
        let journal = self.context.journal.clone();
        let fresh = tokio::task::spawn_blocking(move || journal.directory_refresh()).await;
        fresh.ok().and_then(Result::ok).ok_or_else(|| Unavailable.into())
    }

    /// Answers with data, once that is recorded.
    ///
    /// # Errors
    /// A recorded refusal, or that nothing can be recorded.
    pub async fn disclose<D: Disclosure>(self, question: D) -> Result<Disclosed<D::View>, Stop> {
        self.context.journal.disclose(self.call, question).await
    }

    /// Answers with a file of the static log, under the entry of this hour.
    ///
    /// # Errors
    /// A recorded refusal, or that nothing can be recorded or read.
    pub async fn log_file<D: Disclosure + Copy>(self, question: D, file: TileFile) -> Result<LogFile, Stop> {
        let directory = self.context.log_directory.clone();
        self.context.journal.log_file(self.call, self.kind, question, directory, file).await
    }

    /// Does something, together with its entry.
    ///
    /// # Errors
    /// A recorded refusal, or that nothing can be recorded.
    pub async fn record<C: Command>(self, command: C) -> Result<Disclosed<C::Acknowledgement>, Stop> {
        self.context.journal.record(self.call, command).await
    }

    /// Does something and answers with data, both under one entry.
    ///
    /// # Errors
    /// A recorded refusal, or that nothing can be recorded.
    pub async fn exchange<E: Exchange>(self, exchange: E) -> Result<Disclosed<E::View>, Stop> {
        self.context.journal.exchange(self.call, exchange).await
    }
}
