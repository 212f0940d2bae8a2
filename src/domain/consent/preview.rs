//! The preview of a consent: who could see which segment, for which purpose.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::ConsentRecord;
use super::read::{consent_target, no_party};
use crate::directory::Directory;
use crate::id::{AgencyId, Handle};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::ConsentRead;
use crate::policy::engine::Engine;
use crate::policy::permit::Permit;
use crate::problem::Problem;
use crate::store::Snapshot;
use crate::store::facts::Subject;
use crate::store::record::{Document, Kind};
use crate::vocabulary::{Purpose, Segment, SegmentSet};

/// `GET /consents/{id}/preview`.
pub struct PreviewConsent {
    /// The reader's handle.
    pub consent: Handle,
    /// Where the policies are.
    pub journal: Journal,
}

/// Who could see what under a consent, all else being in order. Policy decides beside consent, and can only narrow it.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsentPreview {
    /// A line for each recipient and purpose: all recipients for the agency that took the consent, otherwise the reader alone.
    pub lines: Vec<PreviewLine>,
}

/// What one recipient could see for one purpose.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PreviewLine {
    /// The recipient.
    pub recipient: AgencyId,
    /// The name that people know it by.
    pub recipient_name: String,
    /// The purpose.
    pub purpose: Purpose,
    /// What it could see; nothing, where policy permits nothing for this purpose.
    pub segments: Vec<Segment>,
}

struct Circumstances {
    reader: AgencyId,
    journal: Journal,
    directory: Arc<Directory>,
    now: Timestamp,
}

impl Disclosure for PreviewConsent {
    type Action = ConsentRead;
    type View = ConsentPreview;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Consent, self.consent)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConsentRead>,
    ) -> Result<Sealed<ConsentPreview>, Rejection> {
        let reader = call.caller.agency();
        let (_, record) = consent_target(permit)?;
        let consent = tx.document_read::<_, ConsentRecord>(permit, reader, record)?;
        let circumstances = Circumstances {
            reader: reader.clone(),
            journal: self.journal.clone(),
            directory: self.journal.directory(),
            now: self.journal.now(),
        };
        Ok(consent.beside(circumstances).try_view(view)?)
    }
}

fn view((consent, at): &(Document<ConsentRecord>, Circumstances)) -> Result<ConsentPreview, Problem> {
    let consent = &consent.value;
    consent.slice_for(&at.reader).ok_or_else(no_party)?;
    Ok(preview(consent, &at.reader, at.journal.policies(), &at.directory, at.now))
}

/// The lines that the reader may see. An ended consent has none.
fn preview(
    consent: &ConsentRecord,
    reader: &AgencyId,
    policies: &Engine,
    directory: &Directory,
    now: Timestamp,
) -> ConsentPreview {
    if consent.terms.expires_at <= now {
        return ConsentPreview { lines: Vec::new() };
    }
    let givers = || {
        consent
            .terms
            .disclosing_agencies
            .iter()
            .filter_map(|id| directory.agency(id))
            .map(|agency| agency.agency_type)
    };
    let rows = consent.preview_for(reader).into_iter();
    let known = rows.filter_map(|row| directory.agency(&row.recipient).map(|agency| (row, agency)));
    let lines = known.flat_map(|(row, agency)| {
        let consented: SegmentSet = row.segments.iter().copied().collect();
        let line = move |purpose: Purpose| {
            let seen = givers().fold(SegmentSet::EMPTY, |seen, giver| {
                seen.union(policies.consent_would_show(agency.agency_type, giver, purpose, consented))
            });
            PreviewLine {
                recipient: agency.id.clone(),
                recipient_name: agency.name.clone(),
                purpose,
                segments: seen.iter().collect(),
            }
        };
        row.purposes.into_iter().map(line)
    });
    ConsentPreview { lines: lines.collect() }
}

#[cfg(test)]
#[path = "preview_tests.rs"]
mod tests;
