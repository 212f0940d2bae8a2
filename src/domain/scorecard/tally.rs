//! How each kind of record is counted, quarter by quarter: one record after the other, and nothing of it kept but that it counts. Pure.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::codes::{Agreed, Count, Division, Ending, Pursuit, Sender, Unsaid};
use super::counts::Counts;
use super::quarter::Quarter;
use crate::calendar::Calendar;
use crate::domain::assessment::codes::AppointmentKind;
use crate::domain::assessment::model::AssessmentRecord;
use crate::domain::breach::codes::BreachState;
use crate::domain::breach::model::BreachRecord;
use crate::domain::caseload::model::{CloseCode, EpisodeRecord};
use crate::domain::caseload::plan::CarePlanRecord;
use crate::domain::dir::{DirHead, DirOccasion, assemble};
use crate::domain::inbound::model::InboundRecord;
use crate::domain::outreach::model::ContactRecord;
use crate::domain::prescribing::script::ScriptRecord;
use crate::domain::referral::model::{ReferralRecord, ReferralState};
use crate::id::AgencyId;
use crate::store::record::{Document, Segments};
use crate::vocabulary::{AgencyType, Segment, SegmentSet};

/// What of a signed record is looked at: who sent the person, and what she uses.
pub const OF_A_RECORD: [Segment; 3] = [Segment::Offending, Segment::DrugUse, Segment::AlcoholUse];

/// The counts of an agency in the making.
pub struct Tally {
    agency: AgencyId,
    senders: BTreeMap<AgencyId, Sender>,
    calendar: Calendar,
    quarters: Vec<(Quarter, Counts)>,
}

impl Tally {
    /// Nothing, of these quarters.
    pub fn new(
        (agency, agency_type): (&AgencyId, AgencyType),
        senders: BTreeMap<AgencyId, Sender>,
        calendar: Calendar,
        quarters: impl IntoIterator<Item = Quarter>,
    ) -> Self {
        let mut nothing = Counts::default();
        for count in Count::ALL.iter().filter(|count| count.is_held_by(agency_type)) {
            nothing.begin(*count);
        }
        let quarters = quarters.into_iter().map(|quarter| (quarter, nothing.clone())).collect();
        Self { agency: agency.clone(), senders, calendar, quarters }
    }

    /// The counts of each quarter.
    pub fn quarters(&self) -> &[(Quarter, Counts)] {
        &self.quarters
    }

    fn on(&mut self, day: Date, count: Count, cells: &[(Division, &str)]) {
        let of_day = Quarter::of(day);
        for (quarter, counts) in &mut self.quarters {
            if *quarter == of_day && counts.get(count).is_some() {
                counts.add(count, cells);
            }
        }
    }

    fn at(&mut self, moment: Timestamp, count: Count, cells: &[(Division, &str)]) {
        self.on(self.calendar.date_of(moment), count, cells);
    }

    /// A case: its admission, its reviews, its end, and the days at whose end it was there.
    pub fn episode(&mut self, episode: &EpisodeRecord) {
        self.on(episode.admitted_on, Count::Admissions, &[]);
        for review in &episode.reviews {
            self.on(review.on, Count::Reviews, &[(Division::ReviewOutcome, review.outcome.code())]);
        }
        if let (Some(closed), Some(code)) = (episode.closed_on(), episode.close_code) {
            let retained =
                episode.retained(closed).map_or(Unsaid::NotBegun.code(), |retained| retained.code());
            let cells = [(Division::Ending, ending(code).code()), (Division::Retention, retained)];
            self.on(closed, Count::Closures, &cells);
        }
        for (quarter, counts) in &mut self.quarters {
            if episode.was_on_caseload(quarter.last()) && counts.get(Count::Caseload).is_some() {
                counts.add(Count::Caseload, &[]);
            }
        }
    }

    /// A care plan, if it is the first of its case.
    pub fn care_plan(&mut self, plan: &CarePlanRecord) {
        if plan.number == 1 {
            let agreed = if plan.written.agreement.agreed { Agreed::Agreed } else { Agreed::NotAgreed };
            self.on(plan.written.dated_on, Count::CarePlans, &[(Division::Agreement, agreed.code())]);
        }
    }

    /// A referral, if it was sent to the agency.
    pub fn referral(&mut self, referral: &ReferralRecord) {
        let is_sent = |state: ReferralState| state == ReferralState::Requested;
        let sent = referral.history.iter().find(|step| is_sent(step.to)).map(|step| step.at);
        if let (true, Some(at)) = (referral.recipient == self.agency, sent) {
            let sender = self.senders.get(&referral.sender).copied().unwrap_or(Sender::OtherService);
            self.at(at, Count::Referrals, &[(Division::Sender, sender.code())]);
        }
    }

    /// Somebody whom police sent in.
    pub fn inbound(&mut self, inbound: &InboundRecord) {
        self.at(inbound.at, Count::Referrals, &[(Division::Sender, Sender::Police.code())]);
    }

    /// An assessment, if the law required it and this is the team that assesses.
    pub fn assessment(&mut self, assessment: &AssessmentRecord) {
        if assessment.assessor != self.agency || !assessment.is_required() {
            return;
        }
        let initial = assessment.latest(AppointmentKind::Initial);
        let kept = initial.and_then(|initial| initial.kept());
        let kept = kept.map_or(Unsaid::Awaited.code(), |kept| kept.outcome.code());
        let day = assessment.identified_at.date();
        self.on(day, Count::RequiredAssessments, &[(Division::Attendance, kept)]);
    }

    /// A script, once something was dispensed on it.
    pub fn script(&mut self, script: &ScriptRecord) {
        if let Some(began) = script.started_on {
            self.on(began, Count::Prescriptions, &[]);
        }
    }

    /// A contact of outreach.
    pub fn contact(&mut self, contact: &ContactRecord) {
        self.on(contact.contact.at.date(), Count::OutreachContacts, &[]);
    }

    /// A breach.
    pub fn breach(&mut self, breach: &BreachRecord) {
        let pursuit = match breach.state {
            BreachState::Withdrawn => Pursuit::Withdrawn,
            state if state.is_arrest() => Pursuit::Arrested,
            _ => Pursuit::Outstanding,
        };
        self.at(breach.opened_at, Count::Breaches, &[(Division::Pursuit, pursuit.code())]);
    }

    /// A record that was signed when somebody came in, not at a review, and that takes no other's place. One that does not assemble is another's fault, and counts as one that says nothing.
    pub fn record(&mut self, record: &Segments<DirHead>) {
        let is_first = matches!(record.head.occasion, DirOccasion::Fresh | DirOccasion::InitialAssessment);
        let is_entry = is_first && record.head.supersedes.is_none();
        let signed = record.head.signed.as_ref().filter(|_| is_entry);
        let Some(at) = signed.map(|signed| signed.at) else { return };
        let looked_at: SegmentSet = OF_A_RECORD.into_iter().collect();
        let view = assemble(looked_at, &record.segments).ok();
        let document = view.as_ref().map(|view| view.document());
        let source = document.and_then(|document| document.first_contact.source);
        let source = source.map_or(Unsaid::NotSaid.code(), |source| source.code());
        self.at(at, Count::Entries, &[(Division::Source, source)]);
        for row in document.map(|document| document.substance_use.substances.as_slice()).unwrap_or_default() {
            self.at(at, Count::Substances, &[(Division::Substance, row.drug.code())]);
        }
    }
}

const fn ending(code: CloseCode) -> Ending {
    match code {
        CloseCode::C1 => Ending::Completed,
        CloseCode::C2 => Ending::Custody,
        CloseCode::C3 | CloseCode::C4 => Ending::NotReEngaged,
        CloseCode::C5 | CloseCode::C7 | CloseCode::C8 => Ending::MovedOn,
        CloseCode::C6 => Ending::Died,
        CloseCode::C9 => Ending::Disengaged,
    }
}

/// Counts a page of documents with one of the functions above.
macro_rules! counts_each {
    ($($name:ident: $record:ty => $with:ident;)+) => {
        $(
            pub(super) fn $name((mut tally, page): (Tally, Vec<Document<$record>>)) -> Tally {
                page.iter().for_each(|document| tally.$with(&document.value));
                tally
            }
        )+
    };
}

counts_each! {
    episodes: EpisodeRecord => episode;
    care_plans: CarePlanRecord => care_plan;
    referrals: ReferralRecord => referral;
    inbounds: InboundRecord => inbound;
    assessments: AssessmentRecord => assessment;
    scripts: ScriptRecord => script;
    contacts: ContactRecord => contact;
    breaches: BreachRecord => breach;
}

pub(super) fn records((mut tally, page): (Tally, Vec<Segments<DirHead>>)) -> Tally {
    page.iter().for_each(|record| tally.record(record));
    tally
}

#[cfg(test)]
#[path = "tally_tests.rs"]
mod tests;
