//! Whether the person agrees to a joint decision being made this way: that the team tells the police, and each project that it brings in.

use jiff::Timestamp;
use jiff::civil::Date;

use super::model::DecisionRecord;
use crate::domain::agreed::{Consents, Passing, may_pass};
use crate::id::{AgencyId, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Purpose, Segment, SegmentSet};

/// When it is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub(super) now: Timestamp,
    pub(super) today: Date,
}

/// Whether the team may tell this agency what it needs: a project, what is proposed; the police, whether all agree.
pub(super) fn lets_pass(
    consents: &Consents,
    (from, to): (&AgencyId, &AgencyId),
    what: Segment,
    at: Moment,
) -> bool {
    let passing = Passing {
        from: from.clone(),
        to: to.clone(),
        purpose: Purpose::CourtOrStatutory,
        what: SegmentSet::EMPTY.with(what),
        now: at.now,
        today: at.today,
    };
    may_pass(consents, &passing).is_ok()
}

/// A decision, with what the person agreed to.
pub(super) type Papers = (Document<DecisionRecord>, Consents);

/// Reads them.
pub(super) fn papers_read<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    reader: &AgencyId,
    (record, person): (RecordId, PersonId),
) -> Result<Sealed<Papers>, Error> {
    let consents = tx.documents_of_person(permit, person, Kind::Consent)?;
    Ok(tx.document_read::<_, DecisionRecord>(permit, reader, record)?.with(consents))
}

/// Whether she agrees to all of it.
pub(super) fn holds((document, consents): &Papers, at: Moment) -> bool {
    let decision = &document.value;
    let lead = &decision.lead.agency;
    lets_pass(consents, (lead, &decision.police.0), Segment::Attendance, at)
        && decision
            .joined
            .iter()
            .all(|party| lets_pass(consents, (lead, &party.agency), Segment::Offending, at))
}

/// The same as a verdict.
pub(super) fn is_agreed_to(papers: &Papers, at: &Moment) -> Result<(), ()> {
    if holds(papers, *at) { Ok(()) } else { Err(()) }
}
