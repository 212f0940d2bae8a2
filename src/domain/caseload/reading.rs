//! Reading what came of a check, by its asker.

use jiff::Timestamp;
use jiff::civil::Date;

use super::check::CheckRecord;
use super::elsewhere::is_undecided;
use super::model::EpisodeRecord;
use super::naming::{Moment, Naming, is_consented};
use super::result::CheckView;
use crate::domain::consent::model::ConsentRecord;
use crate::domain::prescribing::elsewhere::is_prescribed_elsewhere;
use crate::id::{AgencyId, Handle, RecordId};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::CaseloadCheck;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /caseload-checks/{id}`.
pub struct ReadCheck {
    /// What the asker calls the check.
    pub id: Handle,
    /// The present moment: after the answer was due, allocation goes on provisionally.
    pub now: Timestamp,
    /// What day it is.
    pub today: Date,
    /// Whose directory says what a name tells.
    pub journal: Journal,
}

/// What stands beside the check that is no secret: who reads it, when, and under which handle.
struct Reader {
    agency: AgencyId,
    reference: Handle,
    /// The other agencies' episodes of the person.
    held: Vec<(RecordId, AgencyId)>,
    /// Whether it is open whether somebody else has her.
    undecided: bool,
    at: Moment,
}

/// The consents first, so that no version of the check comes along: it would change when somebody answers, who may be one of
/// whom the asker is not to know. Then whether another agency prescribes now, and the episodes.
type Read = (((Vec<Document<ConsentRecord>>, Document<CheckRecord>), bool), Vec<Document<EpisodeRecord>>);

impl Disclosure for ReadCheck {
    type Action = CaseloadCheck;
    type View = CheckView;
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Check, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CaseloadCheck>,
    ) -> Result<Sealed<CheckView>, Rejection> {
        let agency = call.caller.agency();
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a check without a record"))?;
        let check = tx.document_read::<_, CheckRecord>(permit, agency, record)?;
        let held = tx.custodians_of_person(permit, target.person, Kind::Episode)?;
        let episodes = tx.documents_of_person(permit, target.person, Kind::Episode)?;
        let undecided = is_undecided(tx, permit, agency, target.person)?;
        let consents = tx.documents_of_person(permit, target.person, Kind::Consent)?;
        let prescribed = is_prescribed_elsewhere(tx, permit, agency, target.person)?;
        let reader = Reader {
            agency: agency.clone(),
            reference: self.id,
            held: held.into_iter().filter(|(_, holder)| holder != agency).collect(),
            undecided,
            at: Moment { directory: self.journal.directory(), today: self.today, now: self.now },
        };
        Ok(consents.with(check).with(prescribed).with(episodes).beside(reader).try_view(view)?)
    }
}

fn view(
    ((((consents, check), clinical_hold), episodes), reader): &(Read, Reader),
) -> Result<CheckView, Error> {
    let Reader { agency, reference, held, undecided, at } = reader;
    // Who took her on since is for another check to find, with a reason and a budget of its own.
    let asked_at = check.value.asked_at;
    let has_since_then = |of: &RecordId| {
        let mut open = episodes.iter().filter(|episode| episode.record == *of && episode.value.is_open());
        open.any(|episode| episode.value.recorded_at <= asked_at)
    };
    let holders =
        held.iter().filter(|(of, _)| has_since_then(of)).map(|(_, holder)| holder.clone()).collect();
    let check = check.value.as_decided(*undecided, &holders);
    check.view(*reference, at.now, *clinical_hold, |holder| {
        let naming = Naming { named: holder.clone(), to: agency.clone(), at: at.clone() };
        is_consented(consents, &naming).is_ok()
    })
}
