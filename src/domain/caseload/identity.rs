//! Whom a check is about, for who answers live: the least by which its duty role can tell whether it works with the person.
//!
//! It is the asker's own client whom this shows, and no more than the names and the date of birth (A-min, rows 16 and 17). A
//! project that answers live is shown everybody about whom a check is asked in its area, women and men alike, so that its being
//! asked tells nothing of anybody; each look is an entry of its own. A holder that was found is not shown anything: it has its own
//! words for the person.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::check::CheckRecord;
use crate::domain::client::{ClientHead, person_in};
use crate::domain::person::{Name, NameKind};
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::CaseloadIdentify;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::SegmentSet;

/// `GET /caseload-checks/{id}/person`.
pub struct ReadAskedAbout(pub Handle);

/// Whom a check is about.
#[derive(Serialize, ToSchema)]
pub struct AskedAbout {
    /// What who is asked calls the check.
    pub id: Handle,
    /// The name to use and the legal names; another name only where there is none of these.
    pub names: Vec<Name>,
    /// The date of birth, as far as the asker knows it.
    #[schema(value_type = Option<String>, format = Date)]
    pub date_of_birth: Option<Date>,
}

impl Disclosure for ReadAskedAbout {
    type Action = CaseloadIdentify;
    type View = AskedAbout;
    const TICKS: bool = true;
    const READ_FIRST: usize = 1;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Check, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CaseloadIdentify>,
    ) -> Result<Sealed<AskedAbout>, Rejection> {
        let agency = call.caller.agency();
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a check without a record"))?;
        tx.document_read::<_, CheckRecord>(permit, agency, record)?.judge(agency, is_asked_live)?;
        let client = tx
            .client_known(&target.custodian, target.person)?
            .ok_or(Problem::because(ProblemType::NotFoundOrNotPermitted, "asker-erased"))?;
        let client = tx.segments_read::<_, ClientHead>(permit, agency, client, permit.released())?;
        // Made anew, without the version: it would change with each that the asker writes.
        let asked_about = client.revise(&(self.0, permit.released()), least)?;
        Ok(asked_about)
    }
}

fn is_asked_live(check: &Document<CheckRecord>, agency: &AgencyId) -> Result<(), Problem> {
    if check.value.live.contains(agency) {
        return Ok(());
    }
    Err(Problem::because(ProblemType::NotFoundOrNotPermitted, "not-asked-live"))
}

fn least(client: &Segments<ClientHead>, (id, permitted): &(Handle, SegmentSet)) -> Result<AskedAbout, Error> {
    let person = person_in(*permitted, &client.segments)?;
    let of = |kinds: &[NameKind]| -> Vec<Name> {
        person.names.iter().filter(|name| kinds.contains(&name.kind)).cloned().collect()
    };
    let mut names = of(&[NameKind::NameToUse, NameKind::Legal]);
    if names.is_empty() {
        names = of(&[NameKind::Preferred, NameKind::Former, NameKind::Alias]);
    }
    Ok(AskedAbout { id: *id, names, date_of_birth: person.date_of_birth })
}
