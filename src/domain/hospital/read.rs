//! A hospital's notice, as a holder's clinician reads it, and as the hospital does with the answers: never by whom, unless she agreed.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::Setting;
use super::codes::{Ground, HospitalEvent};
use super::model::{Answered, HospitalRecord};
use crate::directory::Directory;
use crate::domain::agreed::{Consents, Passing, may_pass};
use crate::domain::fault::to_the_minute;
use crate::domain::minute::Minute;
use crate::domain::prescribing::codes::Drug;
use crate::domain::relay::Relay;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::HospitalRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Purpose, Segment, SegmentSet};

/// `GET /hospital-notices/{id}`.
pub struct ReadHospitalNotice {
    /// What the reader calls it.
    pub id: Handle,
    /// What there is besides.
    pub setting: Setting,
}

/// A hospital's notice.
#[derive(Debug, Serialize, ToSchema)]
pub struct HospitalNoticeView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// The hospital.
    #[schema(value_type = String)]
    pub from: AgencyId,
    /// What has happened.
    pub event: Option<HospitalEvent>,
    /// When it did, civil time.
    pub happened_at: Option<Minute>,
    /// The ward's telephone.
    pub ring: Option<String>,
    /// When it was told, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub told_at: Timestamp,
    /// Whether the reader has answered.
    pub answered: bool,
    /// What holders answered so far, for the hospital alone, oldest first. None is what it is where nobody holds the person, too.
    pub answers: Vec<HospitalAnswerView>,
    /// A way to the other side that is the same for everybody.
    pub relay: Relay,
}

/// What a holder answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct HospitalAnswerView {
    /// Whether it prescribes.
    pub prescribes: bool,
    /// What.
    pub drug: Option<Drug>,
    /// The day of the last dose that somebody saw taken.
    #[schema(value_type = Option<String>, format = Date)]
    pub last_dose_on: Option<Date>,
    /// The day on which it was last collected.
    #[schema(value_type = Option<String>, format = Date)]
    pub last_collected_on: Option<Date>,
    /// When it answered, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// Who, where the person's consent lets the hospital know.
    #[schema(value_type = Option<String>)]
    pub by: Option<AgencyId>,
}

/// What stands beside it that is no secret.
struct Reader {
    id: Handle,
    client_ref: Option<Handle>,
    agency: AgencyId,
    purpose: Purpose,
    released: SegmentSet,
    help_line: String,
    directory: Arc<Directory>,
    today: Date,
    now: Timestamp,
}

impl Disclosure for ReadHospitalNotice {
    type Action = HospitalRead;
    type View = HospitalNoticeView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::HospitalNotice, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<HospitalRead>,
    ) -> Result<Sealed<HospitalNoticeView>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a hospital's notice without a record"))?;
        let notice = tx.document_read::<_, HospitalRecord>(permit, &principal.agency, record)?;
        notice.judge(&(principal.agency.clone(), principal.purpose), may_be_read)?;
        let consents: Sealed<Consents> = tx.documents_of_person(permit, target.person, Kind::Consent)?;
        let now = self.setting.journal.now();
        let reader = Reader {
            id: self.id,
            client_ref: target.client_ref,
            agency: principal.agency.clone(),
            purpose: principal.purpose,
            released: permit.released(),
            help_line: self.setting.help_line.clone(),
            directory: self.setting.journal.directory(),
            today: self.setting.calendar.date_of(now),
            now,
        };
        // The consents first, so that no version of the notice comes along: it would change when another holder answers.
        Ok(consents.with(notice).beside(reader).view(shown))
    }
}

/// What was told with the person's consent is read under it, and not under the plea that a life is at risk.
pub(super) fn may_be_read(
    notice: &Document<HospitalRecord>,
    (reader, purpose): &(AgencyId, Purpose),
) -> Result<(), Problem> {
    let is_own = notice.value.by.0 == *reader;
    if !is_own && notice.value.ground == Ground::Consent && *purpose == Purpose::VitalInterests {
        return Err(Problem::because(ProblemType::NotFoundOrNotPermitted, "told-by-consent"));
    }
    Ok(())
}

fn shown(
    ((consents, notice), reader): &((Consents, Document<HospitalRecord>), Reader),
) -> HospitalNoticeView {
    let notice = &notice.value;
    let is_own = notice.by.0 == reader.agency;
    let shows = reader.released.contains(Segment::PhysicalHealth);
    let shows_answers = is_own && reader.released.contains(Segment::Prescribing);
    let answers = notice.answers.iter().filter(|_| shows_answers);
    HospitalNoticeView {
        id: reader.id,
        client_ref: reader.client_ref,
        from: notice.by.0.clone(),
        event: shows.then_some(notice.event),
        happened_at: shows.then_some(notice.happened_at),
        ring: shows.then(|| notice.ring.clone()),
        told_at: to_the_minute(notice.at),
        answered: notice.is_answered_by(&reader.agency),
        answers: answers.filter_map(|answered| answer(answered, notice, (consents, reader))).collect(),
        relay: Relay { telephone: reader.help_line.clone(), reference: reader.id },
    }
}

/// An answer as the hospital may read it now; none where it rested on a consent that is no more, or is read under one that there is not.
fn answer(
    answered: &Answered,
    notice: &HospitalRecord,
    (consents, reader): (&Consents, &Reader),
) -> Option<HospitalAnswerView> {
    let holder = &answered.by.0;
    let lets_pass = |what: SegmentSet| {
        let passing = Passing {
            from: holder.clone(),
            to: reader.agency.clone(),
            purpose: Purpose::PrescribingSafety,
            what,
            now: reader.now,
            today: reader.today,
        };
        may_pass(consents, &passing).is_ok()
    };
    let prescribing = SegmentSet::EMPTY.with(Segment::Prescribing);
    let by_consent = notice.ground == Ground::Consent || reader.purpose == Purpose::PrescribingSafety;
    if by_consent && !lets_pass(prescribing) {
        return None;
    }
    // Of an agency that the directory does not know nobody can say what its name tells.
    let may_be_named = reader.directory.agency(holder).is_some_and(|holder| {
        lets_pass(holder.agency_type.tells().map_or(prescribing, |told| prescribing.with(told)))
    });
    Some(HospitalAnswerView {
        prescribes: answered.given.prescribes,
        drug: answered.given.drug,
        last_dose_on: answered.given.last_dose_on,
        last_collected_on: answered.given.last_collected_on,
        at: to_the_minute(answered.at),
        by: may_be_named.then(|| holder.clone()),
    })
}
