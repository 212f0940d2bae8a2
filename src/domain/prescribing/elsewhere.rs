//! What is told of scripts at other agencies: to a clinician enough to dose safely, to others one word, to nobody by whom.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::board::Board;
use super::codes::{Drug, ScriptState};
use super::overlap::{Papers, concerning, elsewhere, last_collected, open_conflict};
use super::script::ScriptRecord;
use crate::domain::relay::Relay;
use crate::id::{AgencyId, Handle, PersonId, RecordId};
use crate::identity::principal::Principal;
use crate::journal::Journal;
use crate::journal::sealed::Sealed;
use crate::policy::action::{Action, ConflictRead};
use crate::policy::permit::Permit;
use crate::store::facts::Subject;
use crate::store::record::{Document, Kind};
use crate::store::version::HeldVersion;
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
    /// What it calls one that has just begun, or is open again.
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

    /// Whether it is a clinician, who looks for a clinician's reason.
    pub(super) const fn is_clinical(&self) -> bool {
        self.is_clinical
    }

    /// The reader's conflict that is open now, where `moved` is its own script as it is after what it did just now.
    pub(super) fn conflict(&self, papers: &Papers, moved: Option<&ScriptRecord>) -> Option<Handle> {
        let known = open_conflict(papers, &self.agency, moved, self.today);
        self.new_conflict.or_else(|| self.conflicts.get(&known?.record).copied())
    }

    /// What the reader is told, where `moved` is its own script as it is after what it did just now.
    pub(super) fn told(&self, papers: &Papers, moved: Option<&ScriptRecord>) -> Elsewhere {
        let script = elsewhere(papers, &self.agency, moved, self.today);
        if !self.is_clinical {
            return Elsewhere::Plain { clinical_hold: script.is_some() };
        }
        let reference = self.conflict(papers, moved).unwrap_or(self.client_ref);
        Elsewhere::Clinical(ClinicalHold::of(script, self.help_line.clone(), reference))
    }
}

impl ClinicalHold {
    fn of(script: Option<&ScriptRecord>, telephone: String, reference: Handle) -> Self {
        Self {
            hold: script.is_some(),
            drug: script.map(|script| script.drug),
            last_collected_on: script.and_then(|script| script.last_collected_on),
            contact: Relay { telephone, reference },
        }
    }
}

/// What is prescribed to a person at a moment, for a clinician who broke the glass.
pub(in crate::domain) struct Prescribed {
    papers: Papers,
    agency: AgencyId,
    today: Date,
}

impl Prescribed {
    /// Reads it: as many statements, whatever there is.
    pub(in crate::domain) fn read<A: Action>(
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        (agency, person): (&AgencyId, PersonId),
        today: Date,
    ) -> Result<Sealed<Self>, Error> {
        let papers = Board::read(tx, permit, person)?.papers;
        Ok(papers.beside((agency.clone(), today)).map(|(papers, (agency, today))| Self {
            papers,
            agency,
            today,
        }))
    }

    /// The agencies of which a clinician at this one would be told that they prescribe.
    pub(in crate::domain) fn prescribers<A: Action>(
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        (agency, person): (&AgencyId, PersonId),
        today: Date,
    ) -> Result<BTreeSet<AgencyId>, Error> {
        let Board { scripts, papers, .. } = Board::read(tx, permit, person)?;
        let is_told = |script: &HeldVersion| papers.judge(&(agency, today, script.record), concerns).is_ok();
        Ok(scripts.iter().filter(|script| is_told(script)).map(|script| script.custodian.clone()).collect())
    }

    /// What the clinician is told of it: no more than that these agencies prescribe, who were told of the opening.
    pub(in crate::domain) fn by(
        &self,
        told: &[&AgencyId],
        telephone: &str,
        reference: Handle,
    ) -> ClinicalHold {
        let of_told = concerning(&self.papers, &self.agency, None, self.today)
            .filter(|script| told.contains(&&script.agency));
        ClinicalHold::of(last_collected(of_told), telephone.to_owned(), reference)
    }
}

/// Whether a script is one of those that concern an agency.
fn concerns(papers: &Papers, (agency, today, script): &(&AgencyId, Date, RecordId)) -> Result<(), ()> {
    let is_meant = |found: &ScriptRecord| found.id == *script;
    if concerning(papers, agency, None, *today).any(is_meant) { Ok(()) } else { Err(()) }
}

/// Whether a script of the agency's own runs or is held: of either somebody else who prescribes was told. One that is only planned tells
/// nobody.
pub(super) fn is_at_work((scripts, _): &Papers, agency: &AgencyId) -> Result<(), ()> {
    let is_one = |script: &ScriptRecord| script.is_running() || script.state == ScriptState::Held;
    let mut own = scripts.iter().filter(|script| script.custodian == *agency);
    if own.any(|script| is_one(&script.value)) { Ok(()) } else { Err(()) }
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
