//! Reading a referral: each side by its own handles, the recipient with what the person agreed to.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::grounds::consents_in;
use super::model::ReferralRecord;
use super::resting::covered;
use super::stepping::{Referral, find};
use super::transition::Side;
use super::view::{Reader, ReferralView, view};
use crate::calendar::Calendar;
use crate::directory::Directory;
use crate::domain::consent::model::ConsentRecord;
use crate::id::{AgencyId, Handle, RecordId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::ReferralRead;
use crate::policy::permit::Permit;
use crate::store::facts::Subject;
use crate::store::handle::Listed;
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Purpose, Segment, SegmentSet};

/// `GET /referrals/{id}`.
pub struct ReadReferral {
    /// The agency's own handle.
    pub referral: Handle,
    /// Civil time.
    pub calendar: Arc<Calendar>,
    /// Knows the directory and the time.
    pub journal: Journal,
}

/// Who reads, when, and by which handles.
struct Reading {
    agency: AgencyId,
    referral: Handle,
    client_ref: Option<Handle>,
    dirs: BTreeMap<RecordId, Handle>,
    /// The other referrals of a sender whose referral was sent on.
    onward: BTreeMap<RecordId, Handle>,
    purpose: Purpose,
    now: Timestamp,
    calendar: Arc<Calendar>,
    directory: Arc<Directory>,
}

impl Disclosure for ReadReferral {
    type Action = ReferralRead;
    type View = ReferralView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Referral, self.referral)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReferralRead>,
    ) -> Result<Sealed<ReferralView>, Rejection> {
        let principal = worker(call)?;
        let agency = &principal.agency;
        let (found, record, sender) = find(tx, agency, self.referral)?;
        // Without a target the reader must not learn whom it is about, though it may know the person by itself.
        let target = permit.target();
        let dirs = match target {
            Some(target) => tx.handles_of_person(agency, Kind::Dir, target.person)?,
            None => Vec::new(),
        };
        let referral = tx.document_read::<_, ReferralRecord>(permit, agency, record)?;
        let onward = match target {
            Some(target) if sender == *agency && referral.judge(&(), went_on).is_ok() => {
                tx.handles_of_person(agency, Kind::Referral, target.person)?
            }
            _ => Vec::new(),
        };
        let reading = Reading {
            agency: agency.clone(),
            referral: self.referral,
            client_ref: target.and_then(|target| target.client_ref),
            dirs: by_record(dirs),
            onward: by_record(onward),
            purpose: principal.purpose,
            now: self.journal.now(),
            calendar: self.calendar.clone(),
            directory: self.journal.directory(),
        };
        let consents = tx.documents_of_person(permit, found.person, Kind::Consent)?;
        Ok(referral.with(consents).beside(reading).try_view(shown)?)
    }
}

fn by_record(listed: Vec<Listed>) -> BTreeMap<RecordId, Handle> {
    listed.into_iter().map(|listed| (RecordId::from_bytes(listed.target), listed.handle)).collect()
}

fn went_on(referral: &Referral, (): &()) -> Result<(), ()> {
    referral.value.continued_as.map(|_| ()).ok_or(())
}

type Read = ((Referral, Vec<Document<ConsentRecord>>), Reading);

fn shown(((referral, consents), reading): &Read) -> Result<ReferralView, Error> {
    let record = &referral.value;
    let side = record.side_of(&reading.agency).ok_or(Error::Corrupt("a referral shown to no party of it"))?;
    let released = match side {
        // Who sent it on, or does not keep it, has no use for what it carried.
        Side::Recipient if !record.state.carries() => SegmentSet::EMPTY,
        Side::Recipient => {
            covered(&consents_in(consents), record, reading.purpose, reading.now, &reading.calendar)
        }
        Side::Sender | Side::System => SegmentSet::all(),
    };
    // To others than treatment teams the dates go with the summary, by a decision of their own.
    let dates =
        record.route.release_segment() == Segment::ReleasePlan && released.contains(Segment::ReleasePlan);
    let reader = Reader {
        agency: &reading.agency,
        side,
        referral: reading.referral,
        client_ref: reading.client_ref,
        informed: side == Side::Sender || !record.anonymous && dates,
        dirs: if released.is_empty() || record.anonymous && side == Side::Recipient {
            Vec::new()
        } else {
            record.dirs.iter().filter_map(|dir| reading.dirs.get(dir).copied()).collect()
        },
        continued_as: record.continued_as.and_then(|onward| reading.onward.get(&onward).copied()),
        now: reading.now,
        calendar: &reading.calendar,
        directory: &reading.directory,
    };
    Ok(view(referral, &reader))
}
