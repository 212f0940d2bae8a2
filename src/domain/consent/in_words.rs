//! What a consent lets others see, in words that a worker can read out to the person before she signs, or at any time after.

use jiff::Timestamp;
use jiff::civil::Date;

use super::codes::{EndingEvent, Redisclosure};
use super::model::{ConsentGiven, ConsentRecord};
use super::preview::{PreviewLine, RecipientInWords};
use crate::calendar::Calendar;
use crate::directory::{Agency, Directory};
use crate::domain::account::words;
use crate::domain::labels::LabelPack;
use crate::id::AgencyId;
use crate::vocabulary::{Purpose, Segment, SegmentSet};

/// The words of the place over those that come with the program.
pub(super) struct Words<'w> {
    pub(super) labels: &'w LabelPack,
    pub(super) calendar: &'w Calendar,
}

/// Where the words stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Named {
    /// Before a worker, who reads them out.
    Everybody,
    /// On a page that may be left lying about: nobody whose name tells something by itself.
    OnPaper,
}

/// What stands for a service that is not named.
pub const A_SERVICE: &str = "a service that you named";

impl Named {
    pub(super) fn name_of(self, agency: &Agency) -> Option<&str> {
        let may = self == Self::Everybody || agency.agency_type.tells().is_none();
        may.then_some(agency.name.as_str())
    }
}

impl Words<'_> {
    fn segment(&self, segment: Segment) -> &str {
        self.labels.label("segment", segment.code()).unwrap_or(words::segment(segment))
    }

    fn purpose(&self, purpose: Purpose) -> &str {
        self.labels.label("purpose", purpose.code()).unwrap_or(words::purpose(purpose))
    }

    fn list(&self, segments: SegmentSet) -> String {
        listed(segments.iter().map(|segment| self.segment(segment)))
    }

    fn day(&self, moment: Timestamp) -> String {
        written(self.calendar.date_of(moment))
    }

    /// What each recipient could see for each purpose, and what of all that was agreed to it could not: the lines of one recipient stand
    /// together.
    pub(super) fn recipients(&self, lines: &[PreviewLine], terms: &ConsentGiven) -> Vec<RecipientInWords> {
        let of_one = lines.chunk_by(|one, next| one.recipient == next.recipient);
        of_one.filter_map(|lines| self.recipient(lines, terms)).collect()
    }

    fn recipient(&self, lines: &[PreviewLine], terms: &ConsentGiven) -> Option<RecipientInWords> {
        let first = lines.first()?;
        Some(RecipientInWords {
            recipient: first.recipient.clone(),
            recipient_name: first.recipient_name.clone(),
            says: self.says(lines, terms, SegmentSet::EMPTY),
            name_on_paper: first.name_on_paper.clone(),
            says_on_paper: self.says(lines, terms, SegmentSet::silent()),
        })
    }

    /// What is said of one recipient, without a word of some segments.
    fn says(&self, lines: &[PreviewLine], terms: &ConsentGiven, unsaid: SegmentSet) -> Vec<String> {
        let seen = |line: &PreviewLine| line.segments.iter().copied().collect::<SegmentSet>();
        let all = lines.iter().map(seen).fold(SegmentSet::EMPTY, SegmentSet::union);
        let mut says = Vec::new();
        for line in lines {
            let told = seen(line).without(unsaid);
            if !told.is_empty() {
                says.push(format!("For {}, it could see: {}.", self.purpose(line.purpose), self.list(told)));
            }
        }
        let unseen = lines.iter().filter(|line| line.segments.is_empty());
        let unseen = listed(unseen.map(|line| self.purpose(line.purpose)));
        if !unseen.is_empty() {
            says.push(format!("For {unseen}, it could see nothing."));
        }
        // Of what is silent it is not said that it was asked for and not given.
        let agreed: SegmentSet = terms.segments.iter().copied().collect();
        let kept = agreed.without(all).without(SegmentSet::silent());
        if !kept.is_empty() {
            says.push(format!("It could not see this, although it stands in the form: {}.", self.list(kept)));
        }
        says.push("It could see nothing else that is held about you.".to_owned());
        says
    }

    /// From whom, from when, until when, and what holds besides. Other agencies than the reader are named to the one that took it alone.
    pub(super) fn conditions(
        &self,
        consent: &ConsentRecord,
        reader: &AgencyId,
        (directory, named): (&Directory, Named),
        now: Timestamp,
    ) -> Vec<String> {
        let terms = &consent.terms;
        let is_taker = consent.agency == *reader;
        let names = |ids: &[AgencyId]| {
            let known = ids.iter().filter_map(|id| directory.agency(id));
            listed(known.map(|agency| named.name_of(agency).unwrap_or(A_SERVICE)))
        };
        let mut says = Vec::new();
        if is_taker {
            says.push(format!("It would come from: {}.", names(&terms.disclosing_agencies)));
        }
        if terms.not_before > now {
            says.push(format!("It counts from {}.", self.day(terms.not_before)));
        }
        let until = self.day(terms.expires_at);
        says.push(if consent.knows_its_end(reader) {
            format!("It counts until {until}, or {}.", ends_with(terms.expires_on_event))
        } else {
            format!("It counts until {until} at the latest.")
        });
        match (terms.data_from, terms.data_to) {
            (Some(from), Some(to)) => {
                says.push(format!(
                    "It is only about what happened from {} to {}.",
                    written(from),
                    written(to)
                ));
            }
            (Some(from), None) => {
                says.push(format!("It is only about what happened on or after {}.", written(from)));
            }
            (None, Some(to)) => {
                says.push(format!("It is only about what happened on or before {}.", written(to)));
            }
            (None, None) => {}
        }
        says.push(passes_on(terms.redisclosure).to_owned());
        if is_taker && !terms.exclusions.is_empty() {
            let excluded = names(&terms.exclusions);
            says.push(format!("Whatever else you agree to, these are shown nothing: {excluded}."));
        }
        says
    }
}

const fn ends_with(event: EndingEvent) -> &'static str {
    match event {
        EndingEvent::TransferComplete => {
            "with a service that you are sent to until you have arrived there, if that comes first"
        }
        EndingEvent::TreatmentExit => "when your treatment ends, if that comes first",
        EndingEvent::SentenceEnd => "when your sentence ends, if that comes first",
    }
}

const fn passes_on(redisclosure: Redisclosure) -> &'static str {
    match redisclosure {
        Redisclosure::Prohibited => "Who is shown something must not pass it on.",
        Redisclosure::NamedRecipients => {
            "Who is shown something may pass it on to the others that the form names, and to nobody else."
        }
    }
}

/// What taking the consent back would call off. It follows from what the consent is for, and never from what there is.
pub(super) fn taking_back(purposes: &[Purpose]) -> Vec<&'static str> {
    let mut says = vec![
        "You can take it back at any of these services, at any time, also by telephone. From then on nobody is shown anything more by it.",
    ];
    let by_purpose = [
        (
            &[Purpose::Referral, Purpose::ContinuityOfCare][..],
            "A referral that has not begun is called off, also one before a release.",
        ),
        (&[Purpose::ContinuityOfCare], "If somebody was to meet you at the gate, nobody comes."),
        (
            &[Purpose::ContinuityOfCare],
            "Your team is not told any more when you miss an appointment elsewhere.",
        ),
        (
            &[Purpose::OffenderManagement, Purpose::CourtOrStatutory],
            "Probation can read no more how your assessment went, and no page about you at a meeting.",
        ),
        (
            &[Purpose::HousingSupport],
            "A referral to housing that is not settled is taken back, and a landlord who holds back an eviction because you go to \
             treatment is told nothing any more.",
        ),
        (
            &[Purpose::CourtOrStatutory],
            "A visit together with a police officer, or a meeting with one, is called off, and a team elsewhere can read no more where you \
             went from court.",
        ),
        (
            &[Purpose::Referral],
            "If police sent you to a service that has not reached you yet, it no longer has your name.",
        ),
        (
            &[Purpose::PrescribingSafety],
            "A service that was told by it that you are in hospital can read that no more, nor can the hospital what it answered.",
        ),
        (
            &[Purpose::Treatment],
            "A test result that was told to a worker elsewhere can be read there no more.",
        ),
    ];
    let is_meant = |of: &[Purpose]| of.iter().any(|purpose| purposes.contains(purpose));
    says.extend(by_purpose.into_iter().filter(|(of, _)| is_meant(of)).map(|(_, words)| words));
    says
}

fn listed<'w>(words: impl Iterator<Item = &'w str>) -> String {
    words.collect::<Vec<_>>().join("; ")
}

fn written(day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}
