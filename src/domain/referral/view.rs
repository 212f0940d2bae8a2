//! A referral as each side is shown it: where it stands, who must act by when, and whom to ring.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{
    Due, Need, ReferralOutcome, ReferralRecord, ReferralState, RejectionReason, Release, ReturnReason, Route,
    Slot, Summary, Supervision, Urgency,
};
use super::stepping::Referral;
use super::transition::{Side, Transition};
use crate::calendar::Calendar;
use crate::directory::{Agency, Directory};
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle, WorkerId};

/// A referral as one side is shown it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReferralView {
    /// What the reader calls the referral.
    #[schema(value_type = String)]
    pub referral: Handle,
    /// Which side the reader is on.
    pub side: Side,
    /// What the reader calls the person; absent for the recipient of an anonymous slot.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// The agency that sends it.
    pub sender: AgencyId,
    /// The agency that it goes to.
    pub recipient: AgencyId,
    /// Where it stands.
    pub state: ReferralState,
    /// From which kind of service to which.
    pub route: Route,
    /// How soon.
    pub urgency: Urgency,
    /// The need in one word.
    pub need: Need,
    /// Whether it is a slot for somebody who is not named.
    pub anonymous: bool,
    /// The agreed slot.
    pub slot: Option<Slot>,
    /// The release; for a recipient that is a treatment team only while a consent covers `release-plan`, for others with the summary.
    pub release: Option<Release>,
    /// Whether the person wishes to be met at the gate; as `release`.
    pub pick_up_wanted: Option<bool>,
    /// For the sender: the summary that goes with it. The recipient reads it by itself.
    pub summary: Option<Summary>,
    /// For the sender: the order or licence on which the route rests.
    pub supervision: Option<Supervision>,
    /// The records that it carries, by the reader's own handles; for the recipient only while a consent covers any of it.
    #[schema(value_type = Vec<String>)]
    pub dirs: Vec<Handle>,
    /// For the sender: the referral as which it went on to the agency where it belongs.
    #[schema(value_type = Option<String>)]
    pub continued_as: Option<Handle>,
    /// By when the steps are due, to the minute; once it is sent.
    pub due: Option<Due>,
    /// By when the next step is due, where one is.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub next_due: Option<Timestamp>,
    /// Whether that step is late.
    pub is_overdue: bool,
    /// Who answers for the person's care: it moves with the first contact, not with the paper.
    pub responsible: Side,
    /// Whether the sender must chase the recipient.
    pub sender_must_chase: bool,
    /// For the sender: who receives it there, and whether anybody is there now.
    pub receiver: Option<Receiver>,
    /// What the steps left behind.
    pub findings: FindingsShown,
    /// When its latest step was recorded, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
}

/// The receiving end, from the directory.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receiver {
    /// Whether the office is open at this moment.
    pub open_now: bool,
    /// The duty role that receives referrals.
    pub duty_role: String,
    /// The duty role that stands in.
    pub deputy: String,
    /// When somebody there last confirmed these posts and numbers, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub verified_at: Option<Timestamp>,
    /// A warning: that is more than 35 days ago, or never was.
    pub verification_stale: bool,
    /// Whom to ring: if nobody acknowledged in time, or while the warning stands, since nobody may be at the post.
    pub ring: Option<Ring>,
}

/// A number to ring.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ring {
    /// The office's telephone.
    pub office: String,
    /// The telephone for nights and weekends.
    pub out_of_hours: Option<String>,
}

/// What the steps left behind, as far as a side is shown it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingsShown {
    /// The recipient's worker who took it on.
    pub named_worker: Option<WorkerId>,
    /// Why it was rejected.
    pub rejection_reason: Option<RejectionReason>,
    /// Why it did not stay where it was sent.
    pub return_reason: Option<ReturnReason>,
    /// What the recipient asked for when returning it.
    pub information_requested: Option<String>,
    /// The agency where it belongs, as the recipient said; where it went, if it was sent on.
    pub belongs_with: Option<AgencyId>,
    /// Why it was put on hold or cancelled, in words: for the side that wrote them.
    pub reason: Option<String>,
    /// When a hold is looked at again.
    #[schema(value_type = Option<String>, format = Date)]
    pub review_due: Option<Date>,
    /// When the first contact took place, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub first_contact_at: Option<Timestamp>,
    /// How it ended for the person.
    pub outcome: Option<ReferralOutcome>,
}

/// Who is shown the referral, and what of it.
pub(super) struct Reader<'a> {
    pub(super) agency: &'a AgencyId,
    pub(super) side: Side,
    pub(super) referral: Handle,
    pub(super) client_ref: Option<Handle>,
    /// Whether the reader may see the release.
    pub(super) informed: bool,
    pub(super) dirs: Vec<Handle>,
    pub(super) continued_as: Option<Handle>,
    pub(super) now: Timestamp,
    pub(super) calendar: &'a Calendar,
    pub(super) directory: &'a Directory,
}

/// The view of one side.
pub(super) fn view(referral: &Referral, reader: &Reader<'_>) -> ReferralView {
    let record = &referral.value;
    ReferralView {
        referral: reader.referral,
        side: reader.side,
        client_ref: reader.client_ref,
        sender: record.sender.clone(),
        recipient: record.recipient.clone(),
        state: record.state,
        route: record.route,
        urgency: record.urgency,
        need: record.need,
        anonymous: record.anonymous,
        slot: record.slot.clone(),
        release: record.release.clone().filter(|_| reader.informed),
        pick_up_wanted: reader.informed.then_some(record.pick_up_wanted),
        summary: record.summary.clone().filter(|_| reader.side == Side::Sender),
        supervision: record.supervision.filter(|_| reader.side == Side::Sender),
        dirs: reader.dirs.clone(),
        continued_as: reader.continued_as,
        due: record.due.map(due_to_the_minute),
        next_due: record.next_due().map(to_the_minute),
        is_overdue: record.is_overdue(reader.now),
        responsible: record.responsible(),
        sender_must_chase: record.sender_must_chase(),
        receiver: (reader.side == Side::Sender)
            .then(|| reader.directory.agency(&record.recipient))
            .flatten()
            .map(|agency| receiver(agency, record, reader)),
        findings: findings(record, reader.agency),
        recorded_at: Timestamp::from_microsecond(referral.recorded_us).map_or(Timestamp::MIN, to_the_minute),
    }
}

fn due_to_the_minute(due: Due) -> Due {
    Due {
        ack_due: to_the_minute(due.ack_due),
        decision_due: to_the_minute(due.decision_due),
        contact_due: to_the_minute(due.contact_due),
        expires_after: due.expires_after.map(to_the_minute),
    }
}

fn receiver(agency: &Agency, record: &ReferralRecord, reader: &Reader<'_>) -> Receiver {
    let unacknowledged = record.state == ReferralState::Requested && record.is_overdue(reader.now);
    let stale = agency.spoc_verification_is_stale(reader.now);
    Receiver {
        open_now: agency.is_open_at(reader.now, reader.calendar),
        duty_role: agency.contact.spoc.clone(),
        deputy: agency.contact.spoc_deputy.clone(),
        verified_at: agency.contact.verified_at.map(to_the_minute),
        verification_stale: stale,
        ring: (unacknowledged || stale).then(|| Ring {
            office: agency.contact.telephone_office.clone(),
            out_of_hours: agency.contact.telephone_out_of_hours.clone(),
        }),
    }
}

fn findings(record: &ReferralRecord, reader: &AgencyId) -> FindingsShown {
    let findings = &record.findings;
    // Words about a person carry no segment here, so they stay on the side that wrote them.
    let explained = record
        .history
        .iter()
        .rev()
        .find(|step| matches!(step.transition, Transition::Hold | Transition::Cancel));
    let own_words = explained.and_then(|step| step.by.as_ref()).is_some_and(|(agency, _)| agency == reader);
    FindingsShown {
        named_worker: findings.named_worker.clone(),
        rejection_reason: findings.rejection_reason,
        return_reason: findings.return_reason,
        information_requested: findings.information_requested.clone(),
        belongs_with: findings.belongs_with.clone(),
        reason: findings.reason.clone().filter(|_| own_words),
        review_due: findings.review_due,
        first_contact_at: findings.first_contact_at.map(to_the_minute),
        outcome: findings.outcome,
    }
}
