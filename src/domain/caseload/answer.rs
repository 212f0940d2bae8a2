//! The holder's answer: given once, and with it, in one transaction, the parts of all who have the person on their caseload.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::check::{AnswerGiven, CheckAnswer, CheckRecord};
use super::lead::Answering;
use super::model::{EpisodeRecord, Part};
use super::question::is_about_ours;
use crate::domain::matching::doubt::doubt;
use crate::id::{AgencyId, Handle, PersonId, RecordId, WorkerId};
use crate::journal::Journal;
use crate::journal::call::{Call, Caller};
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::policy::action::CaseloadAnswer;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{EventType, TaskKind};

/// `POST /caseload-checks/{id}/answer`.
pub struct AnswerCheck {
    /// What the holder calls the check.
    pub id: Handle,
    /// The answer.
    pub given: AnswerGiven,
    /// Knows the directory.
    pub journal: Journal,
}

/// The answer is on record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Acknowledged {
    /// What the holder calls the check.
    pub id: Handle,
    /// What it answered.
    pub answer: CheckAnswer,
}

impl Command for AnswerCheck {
    type Action = CaseloadAnswer;
    type Acknowledgement = Acknowledged;
    /// What the answer moves at other agencies must not show in its time.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Check, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CaseloadAnswer>,
        changes: &mut Changes,
    ) -> Result<Accepted<Acknowledged>, Rejection> {
        let Caller::Worker(principal) = &call.caller else {
            return Err(Error::Corrupt("only a worker can answer").into());
        };
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a check without a record"))?;
        let current = tx.document_read::<_, CheckRecord>(permit, &principal.agency, record)?;
        current.judge(&(principal.agency.clone(), target.client_ref.is_some()), is_about_ours)?;
        let answer = Answer {
            by: (principal.agency.clone(), principal.worker.clone()),
            given: self.given.clone(),
            at: changes.now(),
        };
        let next = current.revise(&answer, with_answer)?;
        let version = tx.next_version(record, Kind::Check, target.person, &target.custodian)?;
        changes.document_put(tx, &version, &next)?;
        let (asker, holder) = (&target.custodian, &principal.agency);
        changes.task_done(holder, TaskKind::AnswerCaseloadCheck, record);
        if next.judge(&(), shows_the_asker_something).is_ok()
            && let Some(theirs) = tx.handle_of(asker, Kind::Check, record.as_bytes())?
        {
            let subject = format!("/v1/caseload-checks/{theirs}");
            changes.notify(asker, EventType::CaseloadCheckAnswered, subject);
        }
        let is_last = next.judge(&(), nobody_is_awaited).is_ok();
        let episodes = Episodes::of(tx, permit, holder, target.person)?;
        if !self.given.answer.holds() {
            // Somebody is on the holder's caseload whom the asker's client was taken for.
            let held = tx.versions_of_person(target.person, Kind::Episode)?;
            let theirs =
                held.iter().filter(|held| held.custodian == *holder && episodes.is_open(held.record));
            let theirs: BTreeSet<PersonId> = theirs.map(|held| held.person).collect();
            doubt(tx, permit, changes, (target.person, &theirs), &self.journal.directory())?;
        }
        let answering = episodes.answering(asker, holder, self.given.answer, is_last);
        episodes.settle(tx, changes, &answering)?;
        Ok(Accepted {
            status: 200,
            location: Some(format!("/v1/caseload-checks/{}/answer", self.id)),
            etag: None,
            acknowledgement: Acknowledged { id: self.id, answer: self.given.answer },
        })
    }
}

struct Answer {
    by: (AgencyId, WorkerId),
    given: AnswerGiven,
    at: jiff::Timestamp,
}

fn with_answer(check: &Document<CheckRecord>, answer: &Answer) -> Result<CheckRecord, Problem> {
    check
        .value
        .answered(answer.by.clone(), answer.given.clone(), answer.at)
        .map_err(|_| Problem::because(ProblemType::InvalidTransition, "no-answer-awaited"))
}

/// Whether what the asker is shown changes with the latest answer. One that does not show must not be heard of either.
fn shows_the_asker_something(check: &CheckRecord, (): &()) -> Result<(), ()> {
    if check.shows_latest() { Ok(()) } else { Err(()) }
}

fn nobody_is_awaited(check: &CheckRecord, (): &()) -> Result<(), ()> {
    if check.awaits_anybody() { Err(()) } else { Ok(()) }
}

/// The episodes of a person at all agencies.
struct Episodes {
    person: PersonId,
    found: Vec<(RecordId, AgencyId, Sealed<Document<EpisodeRecord>>)>,
}

impl Episodes {
    fn of(
        tx: &mut Snapshot<'_>,
        permit: &Permit<CaseloadAnswer>,
        reader: &AgencyId,
        person: PersonId,
    ) -> Result<Self, Error> {
        let mut found = Vec::new();
        for (record, custodian) in tx.custodians_of_person(permit, person, Kind::Episode)? {
            found.push((record, custodian, tx.document_read(permit, reader, record)?));
        }
        Ok(Self { person, found })
    }

    fn is_open(&self, record: RecordId) -> bool {
        self.found.iter().any(|(of, _, episode)| *of == record && episode.judge(&(), is_open).is_ok())
    }

    fn answering<'a>(
        &self,
        asker: &'a AgencyId,
        holder: &'a AgencyId,
        answer: CheckAnswer,
        is_last: bool,
    ) -> Answering<'a> {
        let third_leads = self.found.iter().any(|(_, custodian, episode)| {
            custodian != asker && custodian != holder && episode.judge(&(), leads_by_agreement).is_ok()
        });
        let new_lead = if answer.holder_leads() == Some(true) { holder } else { asker };
        let new_lead_is_open = !third_leads
            && self
                .found
                .iter()
                .any(|(_, custodian, episode)| custodian == new_lead && episode.judge(&(), is_open).is_ok());
        Answering { asker, holder, answer, third_leads, new_lead_is_open, is_last }
    }

    /// Writes the episodes that the answer moves, each in its own agency's record.
    fn settle(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        answering: &Answering<'_>,
    ) -> Result<(), Error> {
        for (record, custodian, episode) in &self.found {
            if let Ok(next) = episode.revise(answering, moved) {
                let version = tx.next_version(*record, Kind::Episode, self.person, custodian)?;
                changes.document_put(tx, &version, &next)?;
            }
        }
        Ok(())
    }
}

fn moved(episode: &Document<EpisodeRecord>, answering: &Answering<'_>) -> Result<EpisodeRecord, ()> {
    answering.after(&episode.value).ok_or(())
}

fn leads_by_agreement(episode: &Document<EpisodeRecord>, (): &()) -> Result<(), ()> {
    if episode.value.is_open() && episode.value.part == Part::Lead { Ok(()) } else { Err(()) }
}

fn is_open(episode: &Document<EpisodeRecord>, (): &()) -> Result<(), ()> {
    if episode.value.is_open() { Ok(()) } else { Err(()) }
}
