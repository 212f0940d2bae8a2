//! Reading what a referral tells by itself: its recipient reads no clinical record, and is told the dates and a few words.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{AssessmentResult, ReferralRecord, Release};
use super::stepping::{Referral, find};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::ReferralSummary;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;
use crate::store::record::Kind;
use crate::vocabulary::{Drug, Segment, SegmentSet};

/// `GET /referrals/{id}/summary`.
pub struct ReadSummary {
    /// The recipient's own handle.
    pub referral: Handle,
}

/// What a referral tells by itself, as far as rule and consent allow. A part that was not written down and one that may not pass look
/// the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct SummaryView {
    /// What the reader calls the referral.
    #[schema(value_type = String)]
    pub referral: Handle,
    /// The main drug (`drug-use`).
    pub main_drug: Option<Drug>,
    /// The care plan in a few words (`care-plan`).
    pub care_plan: Option<String>,
    /// How the initial assessment went (`attendance`).
    pub assessment: Option<AssessmentResult>,
    /// When and whence the person is released (`attendance`).
    pub release: Option<Release>,
    /// Whether the person wishes to be met at the gate (`attendance`).
    pub pick_up_wanted: Option<bool>,
}

impl Disclosure for ReadSummary {
    type Action = ReferralSummary;
    type View = SummaryView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Referral, self.referral)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReferralSummary>,
    ) -> Result<Sealed<SummaryView>, Rejection> {
        let agency = &worker(call)?.agency;
        let (_, record, _) = find(tx, agency, self.referral)?;
        let referral = tx.document_read::<_, ReferralRecord>(permit, agency, record)?;
        Ok(referral.beside((self.referral, permit.released())).view(shown))
    }
}

fn shown(
    (Referral { value: record, .. }, (referral, released)): &(Referral, (Handle, SegmentSet)),
) -> SummaryView {
    let summary = record.summary.as_ref().and_then(|summary| summary.within(*released)).unwrap_or_default();
    let dated = released.contains(Segment::Attendance);
    SummaryView {
        referral: *referral,
        main_drug: summary.main_drug,
        care_plan: summary.care_plan,
        assessment: summary.assessment,
        release: record.release.clone().filter(|_| dated),
        pick_up_wanted: (dated && record.route.carries().pick_up).then_some(record.pick_up_wanted),
    }
}
