//! Reading conflicts as one of their two sides: those that are open, and one with whom to ask about it.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::board::Board;
use super::codes::{
    ClinicalReason, ConflictOutcome, ConflictState, ConflictTransition, Drug, Keeps, ResolutionReason,
};
use super::conflict::ConflictRecord;
use super::open::Setting;
use super::overlap::Papers;
use crate::directory::Directory;
use crate::domain::consent::coverage::{Question, covers};
use crate::domain::consent::model::ConsentRecord;
use crate::domain::fault::to_the_minute;
use crate::domain::relay::Relay;
use crate::id::{AgencyId, Handle, RecordId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::ConflictRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{ByHandle, Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Purpose, Segment};

/// How many conflicts are looked through for one page.
const PAGE: i64 = 100;

/// `GET /conflicts`.
pub struct ListConflicts {
    /// After this one of the agency's own handles; the beginning for the first page.
    pub after: Option<Handle>,
    /// What day it is.
    pub today: Date,
}

/// `GET /conflicts/{id}`.
pub struct ReadConflict {
    /// What the agency calls the conflict.
    pub id: Handle,
    /// What there is besides.
    pub setting: Setting,
}

/// The agency's conflicts that are open, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictList {
    /// One line each. A page may have none and yet not be the last.
    pub conflicts: Vec<ConflictListed>,
    #[serde(skip)]
    next: Option<String>,
}

/// A conflict in a list: nothing of the person but the reader's own reference.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictListed {
    /// What the reader calls the conflict.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What the reader calls the person.
    #[schema(value_type = String)]
    pub client_ref: Handle,
    /// When it was found, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub found_at: Timestamp,
    /// Whether the other side awaits an answer to what it proposed.
    pub answer_awaited: bool,
}

/// A conflict as one side sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` with the next step.
    pub etag: String,
    /// What the reader calls the person.
    #[schema(value_type = String)]
    pub client_ref: Handle,
    /// Where it stands.
    pub state: ConflictState,
    /// The steps that are possible for the reader.
    pub possible: Vec<ConflictTransition>,
    /// When it was found, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub found_at: Timestamp,
    /// Until when both agreed that the two run beside each other.
    #[schema(value_type = Option<String>, format = Date)]
    pub bridged_until: Option<Date>,
    /// The reader's own script.
    #[schema(value_type = Option<String>)]
    pub script: Option<Handle>,
    /// The other script.
    pub other: OtherScript,
    /// Whom to ask about it.
    pub contact: ConflictContact,
    /// Who started a script all the same, and why.
    pub started_despite: Vec<DespiteView>,
    /// What stands proposed.
    pub proposal: Option<SettlementView>,
    /// How it was resolved.
    pub resolution: Option<SettlementView>,
}

/// The script at the other agency, as far as a clinician needs it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OtherScript {
    /// Whether it runs.
    pub hold: bool,
    /// What is prescribed.
    pub drug: Option<Drug>,
    /// When it was last collected; where nothing was entered yet, none.
    #[schema(value_type = Option<String>, format = Date)]
    pub last_collected_on: Option<Date>,
}

/// Whom to ask about a conflict.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConflictContact {
    /// The way that is always given.
    pub relay: Relay,
    /// The other agency, where the person agreed that this reader learns who it is.
    pub named: Option<NamedContact>,
}

/// An agency, and how to reach it.
#[derive(Debug, Serialize, ToSchema)]
pub struct NamedContact {
    /// Its name.
    pub agency: String,
    /// Its office telephone.
    pub telephone: String,
    /// Its telephone out of hours.
    pub telephone_out_of_hours: Option<String>,
}

/// A start all the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct DespiteView {
    /// Whose script it was.
    pub by: Keeps,
    /// Why.
    pub reason: ClinicalReason,
}

/// What was proposed or agreed.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettlementView {
    /// Which side proposed it; none where the matching desk found that these are two people.
    pub by: Option<Keeps>,
    /// How it is resolved.
    pub outcome: ConflictOutcome,
    /// Whose script goes on.
    pub keeps: Option<Keeps>,
    /// The last day of a guest dose.
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// On what it rests.
    pub reason: ResolutionReason,
}

impl Disclosure for ListConflicts {
    type Action = ConflictRead;
    type View = ConflictList;

    fn subject(&self) -> Subject {
        Subject::Collection
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConflictRead>,
    ) -> Result<Sealed<ConflictList>, Rejection> {
        let agency = call.caller.agency();
        let after = match self.after {
            // A cursor that is not the agency's own leads nowhere: the list ends.
            Some(after) => (tx.handle_place(agency, Kind::Conflict, after)?.unwrap_or(i64::MAX), after),
            None => (i64::MIN, Handle::from_bytes([0; 16])),
        };
        let page = tx.handles_page(agency, Kind::Conflict, after, PAGE)?;
        let is_full = i64::try_from(page.len()) == Ok(PAGE);
        let next = page.last().filter(|_| is_full).map(|last| last.handle.to_string());
        let mut clients = BTreeMap::new();
        for listed in &page {
            if let Some(found) = tx.handle_find(agency, Kind::Conflict, listed.handle)?
                && let Some(client) = tx.client_ref_of(agency, found.person)?
            {
                clients.insert(listed.handle, client);
            }
        }
        let conflicts = tx.documents_of_handles::<_, ConflictRecord>(permit, &page)?;
        Ok(conflicts.beside(Page { agency: agency.clone(), clients, today: self.today, next }).view(list))
    }

    fn next_page(view: &ConflictList) -> Option<String> {
        view.next.clone()
    }
}

/// What goes with the conflicts of a page.
struct Page {
    agency: AgencyId,
    clients: BTreeMap<Handle, Handle>,
    today: Date,
    next: Option<String>,
}

fn list((conflicts, page): &(ByHandle<ConflictRecord>, Page)) -> ConflictList {
    let is_open = |conflict: &ConflictRecord| conflict.state_on(page.today) == ConflictState::Open;
    let conflicts = conflicts
        .iter()
        .filter(|(_, conflict)| is_open(&conflict.value))
        .filter_map(|(id, Document { value, .. })| {
            Some(ConflictListed {
                id: *id,
                client_ref: page.clients.get(id).copied()?,
                found_at: to_the_minute(value.found_at),
                answer_awaited: value.allows(ConflictTransition::Agree, &page.agency, page.today),
            })
        })
        .collect();
    ConflictList { conflicts, next: page.next.clone() }
}

impl Disclosure for ReadConflict {
    type Action = ConflictRead;
    type View = ConflictView;
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Conflict, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConflictRead>,
    ) -> Result<Sealed<ConflictView>, Rejection> {
        let principal = worker(call)?;
        let (agency, target) = (&principal.agency, target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a conflict without a record"))?;
        let now = self.setting.journal.now();
        let conflict = tx.document_read::<_, ConflictRecord>(permit, agency, record)?;
        let etag = conflict.etag().unwrap_or_default().to_owned();
        let papers = Board::read(tx, permit, target.person)?.papers;
        let consents = tx.documents_of_person(permit, target.person, Kind::Consent)?;
        let scripts = tx.handles_of_person(agency, Kind::Script, target.person)?;
        let reader = ConflictReader {
            agency: agency.clone(),
            purpose: principal.purpose,
            id: self.id,
            etag,
            client_ref: target.client_ref.ok_or(Error::Corrupt("a conflict about nobody's client"))?,
            scripts: scripts
                .into_iter()
                .map(|listed| (RecordId::from_bytes(listed.target), listed.handle))
                .collect(),
            now,
            today: self.setting.calendar.date_of(now),
            directory: self.setting.journal.directory(),
            help_line: self.setting.help_line.clone(),
        };
        Ok(conflict.with(papers.with(consents)).beside(reader).view(view))
    }
}

/// Which side reads a conflict, and what stands beside it that is no secret.
struct ConflictReader {
    agency: AgencyId,
    purpose: Purpose,
    id: Handle,
    etag: String,
    client_ref: Handle,
    scripts: BTreeMap<RecordId, Handle>,
    now: Timestamp,
    today: Date,
    directory: Arc<Directory>,
    help_line: String,
}

type Conflict = (Document<ConflictRecord>, (Papers, Vec<Document<ConsentRecord>>));

fn view(((conflict, (papers, consents)), reader): &(Conflict, ConflictReader)) -> ConflictView {
    let conflict = &conflict.value;
    let other = conflict.side_beside(&reader.agency);
    let own = conflict.side_beside(&other.agency);
    let (scripts, _) = papers;
    let script = scripts.iter().find(|script| script.record == other.script).map(|script| &script.value);
    // Of somebody whom both call another person nothing is told.
    let script = script.filter(|_| !conflict.is_false_match());
    let settlement = |by: &AgencyId, outcome, keeps: Option<&AgencyId>, until, reason| SettlementView {
        by: [&conflict.opener.agency, &conflict.other.agency].contains(&by).then(|| reader.side(by)),
        outcome,
        keeps: keeps.map(|keeps| reader.side(keeps)),
        until,
        reason,
    };
    ConflictView {
        id: reader.id,
        etag: reader.etag.clone(),
        client_ref: reader.client_ref,
        state: conflict.state_on(reader.today),
        possible: conflict.possible(&reader.agency, reader.today),
        found_at: to_the_minute(conflict.found_at),
        bridged_until: conflict.bridged_until,
        script: reader.scripts.get(&own.script).copied(),
        other: OtherScript {
            hold: script.is_some_and(|script| script.is_running()),
            drug: script.map(|script| script.drug),
            last_collected_on: script.and_then(|script| script.last_collected_on),
        },
        contact: ConflictContact {
            relay: Relay { telephone: reader.help_line.clone(), reference: reader.id },
            named: reader.named(&other.agency, consents),
        },
        started_despite: conflict
            .started_despite
            .iter()
            .map(|despite| DespiteView { by: reader.side(&despite.by.0), reason: despite.reason })
            .collect(),
        proposal: conflict.proposal.as_ref().map(|proposal| {
            settlement(
                &proposal.by.0,
                proposal.outcome,
                proposal.keeps.as_ref(),
                proposal.until,
                proposal.reason,
            )
        }),
        resolution: conflict.resolution.as_ref().map(|resolution| {
            settlement(
                &resolution.proposed_by.0,
                resolution.outcome,
                resolution.keeps.as_ref(),
                resolution.until,
                resolution.reason,
            )
        }),
    }
}

impl ConflictReader {
    fn side(&self, agency: &AgencyId) -> Keeps {
        if *agency == self.agency { Keeps::Ours } else { Keeps::Theirs }
    }

    /// The other agency, where the person agreed that it gives what it prescribes to this reader, and, where its type tells
    /// something by itself, also that.
    fn named(&self, other: &AgencyId, consents: &[Document<ConsentRecord>]) -> Option<NamedContact> {
        let agency = self.directory.agency(other)?;
        let consents: Vec<ConsentRecord> = consents.iter().map(|consent| consent.value.clone()).collect();
        let question = Question {
            disclosing: other,
            recipient: &self.agency,
            purpose: self.purpose,
            data_date: self.today,
        };
        let agreed = covers(&consents, &question, self.now).segments;
        let is_agreed = agreed.contains(Segment::Prescribing)
            && agency.agency_type.tells().is_none_or(|segment| agreed.contains(segment));
        is_agreed.then(|| NamedContact {
            agency: agency.name.clone(),
            telephone: agency.contact.telephone_office.clone(),
            telephone_out_of_hours: agency.contact.telephone_out_of_hours.clone(),
        })
    }
}
