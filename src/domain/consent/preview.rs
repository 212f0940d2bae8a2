//! The preview of a consent: who could see which segment, for which purpose; as lines, and in words to read out.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::ConsentMethod;
use super::going_on::GOES_ON;
pub use super::in_words::A_SERVICE;
use super::in_words::{Named, Words, taking_back};
use super::model::ConsentRecord;
use super::read::{consent_target, no_party};
use crate::calendar::Calendar;
use crate::directory::Directory;
use crate::domain::labels::LabelPack;
use crate::id::{AgencyId, Handle};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::{Form, Sealed};
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
    /// Civil time.
    pub calendar: Arc<Calendar>,
    /// What the codes are called at this place.
    pub labels: Arc<LabelPack>,
    /// How it is printed, where a page to print is asked for.
    pub print: Option<fn(&ConsentPreview) -> String>,
}

/// Who could see what under a consent, all else being in order. Policy decides beside consent, and can only narrow it. An ended consent
/// shows nobody anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConsentPreview {
    /// A line for each recipient and purpose: all recipients for the agency that took the consent, otherwise the reader alone.
    pub lines: Vec<PreviewLine>,
    /// The same in plain words, to read out: one for each recipient.
    pub recipients: Vec<RecipientInWords>,
    /// From whom, until when, and what else holds, in plain words.
    pub conditions: Vec<String>,
    /// The same for a page that may be left lying about.
    #[serde(skip)]
    pub conditions_on_paper: Vec<String>,
    /// What taking it back would call off, in plain words; alike for all consents that are for the same purposes.
    pub taking_back: Vec<&'static str>,
    /// What goes on without it, in plain words; alike in every answer.
    pub goes_on: Vec<&'static str>,
}

/// What one recipient could see for one purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PreviewLine {
    /// The recipient.
    pub recipient: AgencyId,
    /// The name that people know it by.
    pub recipient_name: String,
    /// The purpose.
    pub purpose: Purpose,
    /// What it could see; nothing, where policy permits nothing for this purpose.
    pub segments: Vec<Segment>,
    /// As [`RecipientInWords::name_on_paper`].
    #[serde(skip)]
    pub(super) name_on_paper: Option<String>,
}

/// What one recipient could see, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecipientInWords {
    /// The recipient.
    pub recipient: AgencyId,
    /// The name that people know it by.
    pub recipient_name: String,
    /// Sentences, to read out after the name.
    pub says: Vec<String>,
    /// Its name as it may stand on a page that is left lying about: none where it tells something by itself.
    #[serde(skip)]
    pub name_on_paper: Option<String>,
    /// The sentences for such a page: nothing of a silent segment.
    #[serde(skip)]
    pub says_on_paper: Vec<String>,
}

struct Circumstances {
    reader: AgencyId,
    journal: Journal,
    directory: Arc<Directory>,
    calendar: Arc<Calendar>,
    labels: Arc<LabelPack>,
    now: Timestamp,
}

impl Disclosure for PreviewConsent {
    type Action = ConsentRead;
    type View = ConsentPreview;
    const READ_FIRST: usize = 1;

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
            calendar: self.calendar.clone(),
            labels: self.labels.clone(),
            now: self.journal.now(),
        };
        Ok(consent.beside(circumstances).try_view(view)?)
    }

    fn form(&self) -> Form<ConsentPreview> {
        self.print.map_or(Form::Json, Form::Page)
    }
}

fn view((consent, at): &(Document<ConsentRecord>, Circumstances)) -> Result<ConsentPreview, Problem> {
    let consent = &consent.value;
    if !consent.is_party(&at.reader) {
        return Err(no_party());
    }
    let words = Words { labels: &at.labels, calendar: &at.calendar };
    Ok(preview(consent, &at.reader, at.journal.policies(), (&at.directory, &words), at.now))
}

/// The preview as the reader may see it.
fn preview(
    consent: &ConsentRecord,
    reader: &AgencyId,
    policies: &Engine,
    (directory, words): (&Directory, &Words<'_>),
    now: Timestamp,
) -> ConsentPreview {
    let lines = lines(consent, reader, policies, directory, now);
    let is_over = lines.is_empty();
    let conditions = |named| match is_over {
        true => Vec::new(),
        false => words.conditions(consent, reader, (directory, named), now),
    };
    ConsentPreview {
        recipients: words.recipients(&lines, &consent.terms),
        conditions: conditions(Named::Everybody),
        conditions_on_paper: conditions(Named::OnPaper),
        taking_back: if is_over { Vec::new() } else { taking_back(&consent.terms.purposes) },
        goes_on: GOES_ON.to_vec(),
        lines,
    }
}

/// The lines that the reader may see. An ended consent has none.
fn lines(
    consent: &ConsentRecord,
    reader: &AgencyId,
    policies: &Engine,
    directory: &Directory,
    now: Timestamp,
) -> Vec<PreviewLine> {
    if consent.terms.expires_at <= now {
        return Vec::new();
    }
    let in_writing = consent.terms.method == ConsentMethod::Written;
    let givers = || {
        let known = consent.terms.disclosing_agencies.iter().filter_map(|id| directory.agency(id));
        known.map(|agency| agency.agency_type)
    };
    let rows = consent.preview_for(reader).into_iter();
    let known = rows.filter_map(|row| directory.agency(&row.recipient).map(|agency| (row, agency)));
    let lines = known.flat_map(|(row, agency)| {
        let consented: SegmentSet = row.segments.iter().copied().collect();
        let line = move |purpose: Purpose| {
            let seen = givers().fold(SegmentSet::EMPTY, |seen, giver| {
                let agreed = (consented, in_writing);
                seen.union(policies.consent_opens(agency.agency_type, giver, purpose, agreed))
            });
            PreviewLine {
                recipient: agency.id.clone(),
                recipient_name: agency.name.clone(),
                purpose,
                segments: seen.iter().collect(),
                name_on_paper: Named::OnPaper.name_of(agency).map(str::to_owned),
            }
        };
        row.purposes.into_iter().map(line)
    });
    lines.collect()
}

#[cfg(test)]
#[path = "preview_tests.rs"]
mod tests;
