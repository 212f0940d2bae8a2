//! What is told of scripts at other agencies: to a clinician enough to dose safely, to others one word, to nobody by whom.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::board::Board;
use super::codes::Drug;
use super::overlap::{Papers, elsewhere, open_conflict};
use super::script::ScriptRecord;
use crate::id::{AgencyId, Handle, PersonId, RecordId};
use crate::identity::principal::Principal;
use crate::journal::Journal;
use crate::journal::sealed::Sealed;
use crate::policy::action::{Action, ConflictRead};
use crate::policy::permit::Permit;
use crate::store::facts::Subject;
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// Scripts at other agencies. The form follows from the reader's role and purpose, never from what there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Elsewhere {
    /// For clinicians, for `prescribing-safety` or `vital-interests`.
    Clinical(ClinicalHold),
    /// For all others.
    Plain {
        /// Whether a clinician must be asked before anything is given.
        clinical_hold: bool,
    },
}

/// What a clinician is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClinicalHold {
    /// Whether another agency's script runs.
    pub hold: bool,
    /// What it is; where there are several, that of the one that was collected last.
    pub drug: Option<Drug>,
    /// When it was last collected; where nothing was entered yet, none.
    #[schema(value_type = Option<String>, format = Date)]
    pub last_collected_on: Option<Date>,
    /// Whom to ask. The same for everybody, whoever prescribes.
    pub contact: Relay,
}

/// A way to the other prescriber that does not tell who that is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Relay {
    /// The operator's help line.
    pub telephone: String,
    /// What to quote: the reader's own handle of the conflict, or its reference for the person where there is none.
    #[schema(value_type = String)]
    pub reference: Handle,
}

/// Who is told, and how.
#[derive(Debug, Clone)]
pub(super) struct Reader {
    agency: AgencyId,
    client_ref: Handle,
    help_line: String,
    today: Date,
    /// Whether the reader may be told what a clinician is.
    is_clinical: bool,
    /// What the reader calls the conflicts.
    conflicts: BTreeMap<RecordId, Handle>,
    /// What it calls one that has just begun.
    pub(super) new_conflict: Option<Handle>,
}

impl Reader {
    /// The worker as a reader: which form it is told is for policy to say.
    pub(super) fn of(
        tx: &mut Snapshot<'_>,
        journal: &Journal,
        principal: &Principal,
        (person, client_ref): (PersonId, Handle),
        (today, help_line): (Date, &str),
    ) -> Result<Self, Error> {
        let subject = Subject::Client(client_ref);
        let conflicts = tx.handles_of_person(&principal.agency, Kind::Conflict, person)?;
        Ok(Self {
            agency: principal.agency.clone(),
            client_ref,
            help_line: help_line.to_owned(),
            today,
            is_clinical: journal.also_permits::<ConflictRead>(tx, principal, subject)?.is_some(),
            conflicts: conflicts
                .into_iter()
                .map(|listed| (RecordId::from_bytes(listed.target), listed.handle))
                .collect(),
            new_conflict: None,
        })
    }

    /// The reader's conflict that is open now, where `moved` is its own script as it is after what it did just now.
    pub(super) fn conflict(&self, papers: &Papers, moved: Option<&ScriptRecord>) -> Option<Handle> {
        let known = open_conflict(papers, &self.agency, moved, self.today);
        self.new_conflict.or_else(|| self.conflicts.get(&known?.record).copied())
    }

    /// What the reader is told, where `moved` is its own script as it is after what it did just now.
    pub(super) fn told(&self, papers: &Papers, moved: Option<&ScriptRecord>) -> Elsewhere {
        if !self.is_clinical {
            let script = elsewhere(papers, &self.agency, moved, self.today);
            return Elsewhere::Plain { clinical_hold: script.is_some() };
        }
        Elsewhere::Clinical(self.hold(papers, moved))
    }

    fn hold(&self, papers: &Papers, moved: Option<&ScriptRecord>) -> ClinicalHold {
        let script = elsewhere(papers, &self.agency, moved, self.today);
        ClinicalHold {
            hold: script.is_some(),
            drug: script.map(|script| script.drug),
            last_collected_on: script.and_then(|script| script.last_collected_on),
            contact: Relay {
                telephone: self.help_line.clone(),
                reference: self.conflict(papers, moved).unwrap_or(self.client_ref),
            },
        }
    }
}

/// Through whom the reader asks, and when, where breaking the glass tells of a script.
pub(in crate::domain) struct Relayed<'r> {
    /// What day it is.
    pub(in crate::domain) today: Date,
    /// The operator's help line.
    pub(in crate::domain) help_line: &'r str,
    /// What to quote.
    pub(in crate::domain) reference: Handle,
}

/// What a clinician is told who broke the glass.
pub(in crate::domain) fn clinical_hold<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    (agency, person): (&AgencyId, PersonId),
    relayed: &Relayed<'_>,
) -> Result<Sealed<ClinicalHold>, Error> {
    let reader = Reader {
        agency: agency.clone(),
        client_ref: relayed.reference,
        help_line: relayed.help_line.to_owned(),
        today: relayed.today,
        is_clinical: true,
        conflicts: BTreeMap::new(),
        new_conflict: None,
    };
    let papers = Board::read(tx, permit, person)?.papers;
    Ok(papers.beside(reader).view(|(papers, reader)| reader.hold(papers, None)))
}

/// Whether anybody but this agency prescribes for a person now: one question, the same statements whatever there is. The answer
/// stays closed; a rule of the field judges it.
///
/// # Errors
/// When the database fails.
pub fn is_prescribed_elsewhere<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    agency: &AgencyId,
    person: PersonId,
) -> Result<Sealed<bool>, Error> {
    let scripts = tx.documents_of_person::<_, ScriptRecord>(permit, person, Kind::Script)?;
    Ok(scripts.beside(agency.clone()).view(|(scripts, agency): &(Vec<Document<ScriptRecord>>, AgencyId)| {
        scripts.iter().any(|script| script.value.is_running() && script.value.agency != *agency)
    }))
}
