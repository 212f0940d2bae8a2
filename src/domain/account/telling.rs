//! What an account may tell of an entry, and to whom: the rule by which a line stands in it, stands in it in part, or does not.

use std::sync::Arc;

use crate::directory::Directory;
use crate::id::AgencyId;
use crate::store::account::AccountEntry;
use crate::vocabulary::{EntryKind, Purpose, Segment, SegmentSet};

/// Where a whole account is told, and to whom.
pub(super) struct Hearer {
    /// The agency at which the person asked.
    pub(super) agency: AgencyId,
    /// Whether nobody but the person herself hears it. Else it tells of nothing silent.
    pub(super) is_alone: bool,
    /// The agencies, with what their types tell by themselves.
    pub(super) directory: Arc<Directory>,
}

/// An agency that reads what it was a party to.
pub(super) struct Party {
    /// The agency.
    pub(super) agency: AgencyId,
    /// The agencies, with what their types tell by themselves.
    pub(super) directory: Arc<Directory>,
}

/// What an agency that was a party is told: all but what a deferral holds back, who answered another agency's caseload check or
/// that anybody did, who the other side of a conflict of scripts is or that it looked, and what another agency asked whose name
/// would tell something. A line without its name would tell it too.
pub(super) fn told_to_party(entry: AccountEntry, _known: SegmentSet, reader: &Party) -> Option<AccountEntry> {
    let is_own = entry.asker == reader.agency;
    let asker = reader.directory.agency(&entry.asker);
    let is_plain = asker.is_some_and(|asker| asker.agency_type.tells().is_none());
    let may_be_told = is_own || (is_plain && !is_between_services(entry.kind));
    (entry.is_visible && may_be_told).then_some(entry)
}

/// What the person is told at one agency. `known` are the silent segments of which that agency holds or received something:
/// of the others neither a line nor a part of one may speak, and nothing may show that it does not.
pub(super) fn told_to_person(
    entry: AccountEntry,
    known: SegmentSet,
    hearer: &Hearer,
) -> Option<AccountEntry> {
    let type_of = |id: &AgencyId| hearer.directory.agency(id).map(|agency| agency.agency_type);
    // Of an agency that the directory does not know nobody can say what its name would tell.
    let asker = type_of(&entry.asker)?;
    if !entry.is_visible || answers_another(&entry, &hearer.agency) {
        return None;
    }
    let may_hear = if hearer.is_alone {
        let of_itself = type_of(&hearer.agency).and_then(|agency_type| agency_type.tells());
        of_itself.map_or(known, |segment| known.with(segment))
    } else {
        SegmentSet::EMPTY
    };
    let by_itself: SegmentSet =
        asker.tells().into_iter().chain(entry.purpose.and_then(told_by_purpose)).collect();
    if !by_itself.without(may_hear).is_empty() {
        return None;
    }
    let silenced = entry.released.intersection(SegmentSet::silent()).without(may_hear);
    let released = entry.released.without(silenced);
    // A line that released nothing but what is silent would be left with nothing, and show it.
    let says_nothing = released.is_empty() && !silenced.is_empty();
    (!says_nothing).then_some(AccountEntry { released, ..entry })
}

/// Who answered another agency's caseload check, or acted on a conflict that another brought about, is told to the one who did, and
/// to nobody else: beside the outcome, the lines that stand there would tell of those that do not.
fn answers_another(entry: &AccountEntry, hearer: &AgencyId) -> bool {
    is_between_services(entry.kind)
        && entry.asker != *hearer
        && entry.custodian.as_ref() != Some(&entry.asker)
}

/// Whether such an entry is about what two services have to settle, of which neither needs to know who the other is.
const fn is_between_services(kind: EntryKind) -> bool {
    matches!(kind, EntryKind::CaseloadCheck | EntryKind::ScriptChange)
}

/// The silent segment of which it tells something by itself that somebody asked for this.
const fn told_by_purpose(purpose: Purpose) -> Option<Segment> {
    match purpose {
        Purpose::Safeguarding => Some(Segment::Safeguarding),
        Purpose::Treatment
        | Purpose::ContinuityOfCare
        | Purpose::Referral
        | Purpose::PrescribingSafety
        | Purpose::DuplicateCheck
        | Purpose::VitalInterests
        | Purpose::OffenderManagement
        | Purpose::CourtOrStatutory
        | Purpose::HousingSupport
        | Purpose::SubjectAccess
        | Purpose::AuditReview
        | Purpose::ServiceMonitoring => None,
    }
}

#[cfg(test)]
#[path = "telling_tests.rs"]
mod tests;
