//! What stands against an erasure: the agency's own holds and open matters, and what the person asked it to see to.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::hold::HoldRecord;
use crate::calendar::Calendar;
use crate::domain::assessment::model::AssessmentRecord;
use crate::domain::break_glass::model::BreakGlassRecord;
use crate::domain::caseload::check::{Allocation, CheckRecord};
use crate::domain::caseload::model::EpisodeRecord;
use crate::domain::consent::codes::ConsentStatus;
use crate::domain::consent::model::ConsentRecord;
use crate::domain::court::model::DestinationRecord;
use crate::domain::decision::model::DecisionRecord;
use crate::domain::hospital::model::HospitalRecord;
use crate::domain::housing::hold::HoldRecord as EvictionHoldRecord;
use crate::domain::housing::joint::JointRecord;
use crate::domain::housing::referral::HousingRecord;
use crate::domain::inbound::model::InboundRecord;
use crate::domain::prescribing::script::ScriptRecord;
use crate::domain::referral::model::ReferralRecord;
use crate::domain::release::pick_up::PickUpRecord;
use crate::domain::release::plan::{ReleasePlanRecord, ReleaseState};
use crate::domain::safeguarding::model::ConcernRecord;
use crate::domain::subject_access::model::SubjectAccessRecord;
use crate::domain::visit::model::VisitRecord;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// For how long somebody who was told of something has not had the time to see it.
const A_DAY: SignedDuration = SignedDuration::from_hours(24);

crate::code_list! {
    /// A matter of the agency's own that must end before it erases the person.
    pub enum OpenMatter {
        /// It asked who else holds the person, and holders may still answer.
        CheckPending = "caseload-check-pending",
        /// It was asked, and may still answer.
        AnswerAwaited = "caseload-answer-awaited",
        /// A referral that it sent is under way.
        ReferralSent = "referral-sent",
        /// A referral to it is under way.
        ReferralReceived = "referral-received",
        /// The person is on its caseload.
        EpisodeOpen = "caseload-episode-open",
        /// It prescribes for the person, or is about to; so a conflict of its own is open only as long as this is.
        ScriptOpen = "script-open",
        /// An assessment of the person that it holds, or is to hold, is not over.
        AssessmentOpen = "assessment-open",
        /// The person's release is ahead, and it plans it.
        ReleasePlanned = "release-planned",
        /// Others are to meet the person at the gate for it, or it for others.
        PickUpOpen = "pick-up-open",
        /// Others are asked whether they agree to a caution, and it is not closed.
        JointDecisionOpen = "joint-decision-open",
        /// A landlord was told of the person by it, and has not answered, or the move is ahead.
        HousingReferralOpen = "housing-referral-open",
        /// It says that the person attends, and an eviction is held back by that.
        EvictionHeldBack = "eviction-held-back",
        /// It told children's services of a concern, and that was not reviewed, or nobody said that it came in.
        ConcernOpen = "safeguarding-concern-open",
        /// Police sent the person in to it, and nobody has said what became of it.
        InboundUnanswered = "inbound-referral-unanswered",
        /// An assessment in two parts that it began, or is to write a part of, has no plan yet.
        JointAssessmentOpen = "joint-assessment-open",
        /// It told within the last day where the person goes from court, and that may not have come in.
        DestinationTold = "destination-told",
        /// A hospital told it within the last day that the person is there, and it has not answered.
        HospitalUnanswered = "hospital-notice-unanswered",
        /// A visit together with police is ahead.
        VisitAhead = "joint-visit-ahead",
        /// Records of the person were opened in an emergency, by it or its own, and that is not reviewed.
        BreakGlassUnreviewed = "break-glass-unreviewed",
        /// The person asked it for her own account, and it has not answered.
        SubjectAccessOpen = "subject-access-open",
    }
}

impl OpenMatter {
    const fn words(self) -> &'static str {
        match self {
            Self::CheckPending => "a caseload check awaits its answers",
            Self::AnswerAwaited => "a caseload check awaits this agency's answer",
            Self::ReferralSent => "a referral that this agency sent is under way",
            Self::ReferralReceived => "a referral to this agency is under way",
            Self::EpisodeOpen => "the person is on this agency's caseload",
            Self::ScriptOpen => "a script of this agency has not ended",
            Self::AssessmentOpen => "an assessment that this agency holds is not over",
            Self::ReleasePlanned => "this agency plans the person's release",
            Self::PickUpOpen => "the person is to be met at the gate",
            Self::JointDecisionOpen => "a joint decision about the person is not closed",
            Self::HousingReferralOpen => "a housing referral of this agency is under way",
            Self::EvictionHeldBack => "an eviction is held back by what this agency says",
            Self::ConcernOpen => "a concern that this agency told is not reviewed, or has not come in",
            Self::InboundUnanswered => "nobody has said what became of the person whom police sent in",
            Self::JointAssessmentOpen => "an assessment in two parts has no plan yet",
            Self::DestinationTold => "where the person goes from court was told within the last day",
            Self::HospitalUnanswered => "a hospital awaits this agency's answer",
            Self::VisitAhead => "a visit together with police is ahead",
            Self::BreakGlassUnreviewed => "an emergency access to the person's records is not reviewed",
            Self::SubjectAccessOpen => {
                "the person asked this agency for her own account and has no answer yet"
            }
        }
    }
}

type Of<T> = Vec<Document<T>>;

/// What an erasure is judged by; all of it the person's, others' included, of which only verdicts come out.
#[derive(Default)]
pub(super) struct Matters {
    pub(super) holds: Of<HoldRecord>,
    checks: Of<CheckRecord>,
    referrals: Of<ReferralRecord>,
    episodes: Of<EpisodeRecord>,
    consents: Of<ConsentRecord>,
    requests: Of<SubjectAccessRecord>,
    scripts: Of<ScriptRecord>,
    assessments: Of<AssessmentRecord>,
    plans: Of<ReleasePlanRecord>,
    pick_ups: Of<PickUpRecord>,
    decisions: Of<DecisionRecord>,
    homes: Of<HousingRecord>,
    held_back: Of<EvictionHoldRecord>,
    concerns: Of<ConcernRecord>,
    broken: Of<BreakGlassRecord>,
    inbound: Of<InboundRecord>,
    joints: Of<JointRecord>,
    destinations: Of<DestinationRecord>,
    notices: Of<HospitalRecord>,
    visits: Of<VisitRecord>,
}

/// Who would erase, and when.
pub(super) struct Standing {
    pub(super) agency: AgencyId,
    pub(super) now: Timestamp,
    pub(super) today: Date,
    /// The person was told that what she forbade elsewhere through this agency will no longer be forbidden.
    pub(super) lapse_confirmed: bool,
}

impl Standing {
    pub(super) fn new(agency: &AgencyId, now: Timestamp, calendar: &Calendar) -> Self {
        Self { agency: agency.clone(), now, today: calendar.date_of(now), lapse_confirmed: false }
    }
}

/// Reads it: each kind of record takes its place among the others, closed as it was read.
pub(super) fn gather<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    person: PersonId,
) -> Result<Sealed<Matters>, Error> {
    let mut matters = Sealed::new(permit, Matters::default());
    macro_rules! read {
        ($($kind:ident => $place:ident),+ $(,)?) => {
            $(
                let read = tx.documents_of_person(permit, person, Kind::$kind)?;
                matters = matters.with(read).map(|(matters, $place)| Matters { $place, ..matters });
            )+
        };
    }
    read! {
        Hold => holds,
        Check => checks,
        Referral => referrals,
        Episode => episodes,
        Consent => consents,
        SubjectAccess => requests,
        Script => scripts,
        Assessment => assessments,
        ReleasePlan => plans,
        PickUp => pick_ups,
        JointDecision => decisions,
        HousingReferral => homes,
        EvictionHold => held_back,
        Concern => concerns,
        BreakGlass => broken,
        InboundReferral => inbound,
        JointAssessment => joints,
        Destination => destinations,
        HospitalNotice => notices,
        JointVisit => visits,
    }
    Ok(matters)
}

/// The matters that are open. An anonymous slot is none: its recipient must not learn whom it is about.
pub(super) fn open_matters(matters: &Matters, standing: &Standing) -> BTreeSet<OpenMatter> {
    let agency = &standing.agency;
    let mut open = BTreeSet::new();
    for check in &matters.checks {
        if check.custodian == *agency && check.value.allocation(standing.now) == Allocation::Wait {
            open.insert(OpenMatter::CheckPending);
        }
        if check.value.awaits(agency) && standing.now <= check.value.due_of(agency) {
            open.insert(OpenMatter::AnswerAwaited);
        }
    }
    for referral in matters.referrals.iter().map(|referral| &referral.value).filter(|it| it.state.is_open()) {
        if referral.sender == *agency {
            open.insert(OpenMatter::ReferralSent);
        }
        if referral.recipient == *agency && !referral.anonymous {
            open.insert(OpenMatter::ReferralReceived);
        }
    }
    if matters.episodes.iter().any(|episode| episode.custodian == *agency && episode.value.is_open()) {
        open.insert(OpenMatter::EpisodeOpen);
    }
    if matters.scripts.iter().any(|script| script.custodian == *agency && script.value.is_open()) {
        open.insert(OpenMatter::ScriptOpen);
    }
    if matters.assessments.iter().any(|it| it.value.is_party(agency) && it.value.is_open()) {
        open.insert(OpenMatter::AssessmentOpen);
    }
    let is_ahead = |plan: &ReleasePlanRecord| plan.state == ReleaseState::Planned;
    if matters.plans.iter().any(|plan| plan.custodian == *agency && is_ahead(&plan.value)) {
        open.insert(OpenMatter::ReleasePlanned);
    }
    let takes_part = |pick_up: &PickUpRecord| pick_up.is_open() && pick_up.side_of(agency).is_some();
    if matters.pick_ups.iter().any(|pick_up| takes_part(&pick_up.value)) {
        open.insert(OpenMatter::PickUpOpen);
    }
    if matters
        .decisions
        .iter()
        .any(|decision| decision.custodian == *agency && decision.value.closed.is_none())
    {
        open.insert(OpenMatter::JointDecisionOpen);
    }
    if matters.homes.iter().any(|home| home.custodian == *agency && home.value.is_ahead(standing.today)) {
        open.insert(OpenMatter::HousingReferralOpen);
    }
    if matters.held_back.iter().any(|hold| hold.custodian == *agency && hold.value.ended_at.is_none()) {
        open.insert(OpenMatter::EvictionHeldBack);
    }
    if matters.requests.iter().any(|request| request.custodian == *agency && request.value.is_open()) {
        open.insert(OpenMatter::SubjectAccessOpen);
    }
    if matters.concerns.iter().any(|concern| concern.custodian == *agency && concern.value.is_open()) {
        open.insert(OpenMatter::ConcernOpen);
    }
    if matters.inbound.iter().any(|inbound| inbound.custodian == *agency && inbound.value.is_open()) {
        open.insert(OpenMatter::InboundUnanswered);
    }
    let is_ours = |joint: &JointRecord| joint.service == *agency || joint.landlord == *agency;
    if matters.joints.iter().any(|joint| is_ours(&joint.value) && joint.value.is_awaited()) {
        open.insert(OpenMatter::JointAssessmentOpen);
    }
    let is_recent = |at: Timestamp| standing.now.duration_since(at) < A_DAY;
    let is_just_told =
        |told: &Document<DestinationRecord>| told.custodian == *agency && is_recent(told.value.at);
    if matters.destinations.iter().any(is_just_told) {
        open.insert(OpenMatter::DestinationTold);
    }
    if matters.notices.iter().any(|notice| notice.value.awaits(agency) && is_recent(notice.value.at)) {
        open.insert(OpenMatter::HospitalUnanswered);
    }
    let is_to_be = |visit: &VisitRecord| visit.is_open() && standing.today <= visit.on.date();
    if matters.visits.iter().any(|visit| visit.custodian == *agency && is_to_be(&visit.value)) {
        open.insert(OpenMatter::VisitAhead);
    }
    // Who opened it keeps it until all have reviewed it: else it would be out of reach of those who have to.
    let is_unreviewed = |broken: &Document<BreakGlassRecord>| {
        broken.value.awaits(agency) || (broken.custodian == *agency && broken.value.is_open())
    };
    if matters.broken.iter().any(is_unreviewed) {
        open.insert(OpenMatter::BreakGlassUnreviewed);
    }
    open
}

/// Whether a consent or refusal that the agency took forbids somebody everything, elsewhere too, until it ends.
pub(super) fn forbids_somebody(matters: &Matters, standing: &Standing) -> bool {
    matters.consents.iter().any(|consent| {
        let terms = &consent.value.terms;
        consent.custodian == standing.agency
            && matches!(consent.value.status, ConsentStatus::Active | ConsentStatus::Refused)
            && !terms.exclusions.is_empty()
            && standing.now < terms.expires_at
    })
}

/// Makes sure that nothing stands against the erasure.
pub(super) fn nothing_stands_against(matters: &Matters, standing: &Standing) -> Result<(), Problem> {
    let mut errors = Vec::new();
    let mut reason = "erasure-held";
    if forbids_somebody(matters, standing) && !standing.lapse_confirmed {
        reason = "lifts-exclusion";
        errors.push(FieldProblem::new(
            "exclusions_lapse_confirmed",
            reason,
            "must be true: what the person forbade through this agency will no longer be forbidden",
        ));
    }
    let open = open_matters(matters, standing);
    if !open.is_empty() {
        reason = "open-matter";
        errors.extend(
            open.into_iter().map(|matter| FieldProblem::new("open_matters", matter.code(), matter.words())),
        );
    }
    let own_holds = matters.holds.iter().filter(|hold| hold.custodian == standing.agency);
    if own_holds.into_iter().any(|hold| hold.value.is_in_force(standing.today)) {
        reason = "legal-hold";
        errors.push(FieldProblem::new("holds", reason, "a legal hold of this agency is in force"));
    }
    if errors.is_empty() {
        return Ok(());
    }
    Err(Problem { errors, ..Problem::because(ProblemType::ErasureHeld, reason) })
}

/// The place of this referral if it is an anonymous slot that another agency sent.
pub(super) fn is_others_anonymous_slot(
    matters: &Matters,
    (record, agency): &(RecordId, AgencyId),
) -> Option<usize> {
    matters.referrals.iter().position(|referral| {
        referral.record == *record && referral.value.anonymous && referral.custodian != *agency
    })
}
