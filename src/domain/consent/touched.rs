//! All of a person's that a withdrawal could touch, and what it becomes: only next versions and verdicts come out.

use super::effects::{Closing, Untouched};
use super::model::ConsentRecord;
use crate::domain::attendance::model::AttendanceRecord;
use crate::domain::court::model::DestinationRecord;
use crate::domain::dir::DirHead;
use crate::domain::hospital::model::HospitalRecord;
use crate::domain::housing::hold::HoldRecord;
use crate::domain::housing::joint::JointRecord;
use crate::domain::housing::referral::HousingRecord;
use crate::domain::inbound::model::InboundRecord;
use crate::domain::referral::model::ReferralRecord;
use crate::domain::referral::resting::Carried;
use crate::domain::release::pick_up::PickUpRecord;
use crate::domain::result::model::ResultRecord;
use crate::domain::visit::model::VisitRecord;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::problem::Problem;
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

type Of<T> = Vec<Document<T>>;

/// What a withdrawal could touch.
#[derive(Default)]
pub(super) struct Touchable {
    consents: Of<ConsentRecord>,
    referrals: Of<ReferralRecord>,
    /// What the records say that referrals carry.
    dirs: Of<DirHead>,
    pick_ups: Of<PickUpRecord>,
    homes: Of<HousingRecord>,
    held_back: Of<HoldRecord>,
    joints: Of<JointRecord>,
    results: Of<ResultRecord>,
    inbound: Of<InboundRecord>,
    attendances: Of<AttendanceRecord>,
    destinations: Of<DestinationRecord>,
    hospital: Of<HospitalRecord>,
    visits: Of<VisitRecord>,
}

/// A withdrawal, and the record that it may touch.
pub(super) type Touching<'w> = (&'w Closing<'w>, RecordId);

impl Touchable {
    /// Reads it.
    pub(super) fn gather<A: Action>(
        tx: &mut Snapshot<'_>,
        permit: &Permit<A>,
        person: PersonId,
    ) -> Result<Sealed<Self>, Error> {
        let touchable = Sealed::new(permit, Self::default())
            .with(tx.documents_of_person(permit, person, Kind::Consent)?)
            .map(|(touchable, consents)| Self { consents, ..touchable })
            .with(tx.documents_of_person(permit, person, Kind::Referral)?)
            .map(|(touchable, referrals)| Self { referrals, ..touchable })
            .with(tx.documents_of_person(permit, person, Kind::Dir)?)
            .map(|(touchable, dirs)| Self { dirs, ..touchable })
            .with(tx.documents_of_person(permit, person, Kind::PickUp)?)
            .map(|(touchable, pick_ups)| Self { pick_ups, ..touchable })
            .with(tx.documents_of_person(permit, person, Kind::HousingReferral)?)
            .map(|(touchable, homes)| Self { homes, ..touchable })
            .with(tx.documents_of_person(permit, person, Kind::EvictionHold)?)
            .map(|(touchable, held_back)| Self { held_back, ..touchable })
            .with(tx.documents_of_person(permit, person, Kind::JointAssessment)?)
            .map(|(touchable, joints)| Self { joints, ..touchable })
            .with(tx.documents_of_person(permit, person, Kind::TestResult)?)
            .map(|(touchable, results)| Self { results, ..touchable })
            .with(tx.documents_of_person(permit, person, Kind::InboundReferral)?)
            .map(|(touchable, inbound)| Self { inbound, ..touchable })
            .with(tx.documents_of_person(permit, person, Kind::Attendance)?)
            .map(|(touchable, attendances)| Self { attendances, ..touchable })
            .with(tx.documents_of_person(permit, person, Kind::Destination)?)
            .map(|(touchable, destinations)| Self { destinations, ..touchable })
            .with(tx.documents_of_person(permit, person, Kind::HospitalNotice)?)
            .map(|(touchable, hospital)| Self { hospital, ..touchable })
            .with(tx.documents_of_person(permit, person, Kind::JointVisit)?)
            .map(|(touchable, visits)| Self { visits, ..touchable });
        Ok(touchable)
    }

    fn given(&self) -> Vec<ConsentRecord> {
        values(&self.consents)
    }
}

/// Whether nothing urgent ends by it of which the person was not told.
pub(super) fn confirmed(touchable: &Touchable, closing: &Closing<'_>) -> Result<(), Problem> {
    let consents = touchable.given();
    let referrals: Vec<Carried<'_>> =
        touchable.referrals.iter().map(|referral| Carried::of(&referral.value, &touchable.dirs)).collect();
    closing.confirmed(&consents, &referrals, &values(&touchable.pick_ups))?;
    let holds: Vec<(AgencyId, HoldRecord)> =
        touchable.held_back.iter().map(|hold| (hold.custodian.clone(), hold.value.clone())).collect();
    closing.confirmed_housing(&consents, &values(&touchable.homes), &holds)
}

pub(super) fn consent_after(
    touchable: &Touchable,
    (closing, record): &Touching<'_>,
) -> Result<ConsentRecord, Untouched> {
    closing.consent_after(&one(&touchable.consents, *record)?.value)
}

/// Whether an agency gave or received under a consent before, and does so no more.
pub(super) fn is_touched(
    touchable: &Touchable,
    ((closing, record), agency): &(Touching<'_>, &AgencyId),
) -> Result<(), Untouched> {
    let before = &one(&touchable.consents, *record)?.value;
    let after = closing.consent_after(before)?;
    let receives = |consent: &ConsentRecord| consent.is_active() && consent.terms.recipients.contains(agency);
    let gives =
        |consent: &ConsentRecord| consent.is_active() && consent.terms.disclosing_agencies.contains(agency);
    let ends = (receives(before) && !receives(&after)) || (gives(before) && !gives(&after));
    if ends { Ok(()) } else { Err(Untouched) }
}

pub(super) fn referral_after(
    touchable: &Touchable,
    (closing, record): &Touching<'_>,
) -> Result<ReferralRecord, Untouched> {
    let referral = &one(&touchable.referrals, *record)?.value;
    closing.referral_after(Carried::of(referral, &touchable.dirs), &touchable.given())
}

pub(super) fn pick_up_after(
    touchable: &Touchable,
    (closing, record): &Touching<'_>,
) -> Result<PickUpRecord, Untouched> {
    closing.pick_up_after(&one(&touchable.pick_ups, *record)?.value, &touchable.given())
}

pub(super) fn housing_after(
    touchable: &Touchable,
    (closing, record): &Touching<'_>,
) -> Result<HousingRecord, Untouched> {
    closing.housing_after(&one(&touchable.homes, *record)?.value, &touchable.given())
}

pub(super) fn hold_after(
    touchable: &Touchable,
    (closing, record): &Touching<'_>,
) -> Result<HoldRecord, Untouched> {
    let hold = one(&touchable.held_back, *record)?;
    closing.hold_after((&hold.custodian, &hold.value), &touchable.given())
}

pub(super) fn joint_after(
    touchable: &Touchable,
    (closing, record): &Touching<'_>,
) -> Result<JointRecord, Untouched> {
    closing.joint_after(&one(&touchable.joints, *record)?.value, &touchable.given())
}

pub(super) fn inbound_after(
    touchable: &Touchable,
    (closing, record): &Touching<'_>,
) -> Result<InboundRecord, Untouched> {
    let inbound = one(&touchable.inbound, *record)?;
    closing.inbound_after((&inbound.custodian, &inbound.value), &touchable.given())
}

pub(super) fn attendance_ends(
    touchable: &Touchable,
    (closing, record): &Touching<'_>,
) -> Result<(), Untouched> {
    closing.attendance_ends(&one(&touchable.attendances, *record)?.value, &touchable.given())
}

pub(super) fn destination_ends(
    touchable: &Touchable,
    (closing, record): &Touching<'_>,
) -> Result<(), Untouched> {
    closing.destination_ends(&one(&touchable.destinations, *record)?.value, &touchable.given())
}

pub(super) fn hospital_ends(
    touchable: &Touchable,
    ((closing, record), holder): &(Touching<'_>, &AgencyId),
) -> Result<(), Untouched> {
    let notice = &one(&touchable.hospital, *record)?.value;
    closing.hospital_ends((notice, holder), &touchable.given())
}

pub(super) fn visit_after(
    touchable: &Touchable,
    (closing, record): &Touching<'_>,
) -> Result<VisitRecord, Untouched> {
    closing.visit_after(&one(&touchable.visits, *record)?.value, &touchable.given())
}

pub(super) fn result_ends(touchable: &Touchable, (closing, record): &Touching<'_>) -> Result<(), Untouched> {
    closing.result_ends(&one(&touchable.results, *record)?.value, &touchable.given())
}

fn one<T>(documents: &[Document<T>], record: RecordId) -> Result<&Document<T>, Untouched> {
    documents.iter().find(|document| document.record == record).ok_or(Untouched)
}

fn values<T: Clone>(documents: &[Document<T>]) -> Vec<T> {
    documents.iter().map(|document| document.value.clone()).collect()
}
