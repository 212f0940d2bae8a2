//! The record as a whole, how it falls into segments, and how a view is built from the segments that a reader may see.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, DeserializeSeed, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::filing::{FieldFiling, Section, redacted};
use super::{
    CarePlan, ConsentPointer, Continuity, Equality, Family, FirstContact, Health, Monitoring, Offending,
    Person, PrescribingFacts, Release, Risk, Social, SubstanceUse, Treatment,
};
use crate::domain::validation::problem_of;
use crate::id::{AgencyId, Handle};
use crate::vocabulary::{Segment, SegmentSet};

/// Declares the record: its sections in the order of the form, and what is done to each of them.
macro_rules! document {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$section_meta:meta])* $field:ident: $section:ident,)+ }) => {
        $(#[$meta])*
        pub struct $name {
            $(
                $(#[$section_meta])*
                #[validate(nested)]
                #[serde(skip_serializing_if = "Section::is_blank")]
                pub $field: $section,
            )+
        }

        impl $name {
            /// Every section in the order of the form, with its fields and their segments.
            pub const FILING: &'static [(&'static str, &'static [FieldFiling])] =
                &[$((stringify!($field), <$section as Section>::FILING)),+];

            /// What of the record is kept under this segment; everything else is absent.
            fn only(&self, segment: Segment) -> Self {
                Self { $($field: self.$field.only(segment)),+ }
            }

            /// Whether no section says anything.
            pub fn is_blank(&self) -> bool {
                $(self.$field.is_blank())&&+
            }
        }

        impl<'de> Visitor<'de> for Absorb<'_> {
            type Value = bool;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the sections of one segment")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut sections: M) -> Result<bool, M::Error> {
                let mut is_filed_right = true;
                while let Some(name) = sections.next_key::<String>()? {
                    match name.as_str() {
                        $(stringify!($field) => {
                            let section: $section = sections.next_value()?;
                            is_filed_right &= section.is_only(self.segment);
                            self.view.$field.absorb(section, self.permitted);
                        })+
                        _ => return Err(de::Error::custom("no section of a record")),
                    }
                }
                Ok(is_filed_right)
            }
        }
    };
}

document! {
    /// A Drug Interventions Record by section, as a worker writes and reads it. Every field may be absent: a draft grows, and
    /// what must be there to sign it is for [`super::may_sign`] to say.
    #[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
    #[serde(default, deny_unknown_fields)]
    #[validate(schema(function = "life_is_in_order"))]
    pub struct DirDocument {
        /// Section 1: who the person is and how to reach them.
        person: Person,
        /// Section 2: how and where contact began.
        first_contact: FirstContact,
        /// Section 3: what services must know to treat the person fairly.
        equality: Equality,
        /// Section 4: what the person uses.
        substance_use: SubstanceUse,
        /// Section 5: who treats the person, and communicated tests.
        treatment: Treatment,
        /// Section 6: substitute prescribing.
        prescribing: PrescribingFacts,
        /// Section 7: health.
        health: Health,
        /// Section 8: where the person stands with the justice system.
        offending: Offending,
        /// Section 9: housing, work, money, relationships.
        social: Social,
        /// Section 10: children and caring.
        family: Family,
        /// Section 11: risk.
        risk: Risk,
        /// Section 12: needs and the care plan.
        care_plan: CarePlan,
        /// Section 13: free text from one worker to the next.
        continuity: Continuity,
        /// Section 14: release from prison.
        release: Release,
        /// Section 15: the consent it rests on.
        consent: ConsentPointer,
        /// Section 16: what leaves only as part of counts.
        monitoring: Monitoring,
    }
}

redacted!(DirDocument);

/// A segment that could not be written down. Holds nothing of what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the segment {segment} cannot be written")]
pub struct SplitError {
    /// The segment.
    pub segment: Segment,
}

/// Kept segments that do not make a record. Holds nothing of what they say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssembleError {
    /// What is kept under the segment is not a part of a record.
    #[error("what is kept under {segment} cannot be read")]
    Unreadable {
        /// The segment.
        segment: Segment,
    },
    /// Something is kept under a segment to which it does not belong, and would be shown to the wrong readers.
    #[error("something is misfiled under {segment}")]
    Misfiled {
        /// The segment.
        segment: Segment,
    },
}

impl DirDocument {
    /// The record taken apart: for each segment that says anything, the JSON of its fields alone, by section.
    ///
    /// # Errors
    /// A segment that cannot be written as JSON (no type of the record is such).
    pub fn split(&self) -> Result<BTreeMap<Segment, Vec<u8>>, SplitError> {
        let mut parts = BTreeMap::new();
        for segment in Segment::ALL.iter().copied() {
            let part = self.only(segment);
            if !part.is_blank() {
                let json = serde_json::to_vec(&part).map_err(|_| SplitError { segment })?;
                parts.insert(segment, json);
            }
        }
        Ok(parts)
    }

    /// The segments in which the record says anything.
    pub fn segments(&self) -> SegmentSet {
        Segment::ALL.iter().copied().filter(|segment| !self.only(*segment).is_blank()).collect()
    }

    /// Marks what names a specialist project by its entry in the directory, so that a worker who forgot does not disclose it.
    pub fn mark_specialist_projects(&mut self, is_project: impl Fn(&AgencyId) -> bool) {
        for provider in &mut self.treatment.providers {
            provider.specialist_project |= provider.agency.as_ref().is_some_and(&is_project);
        }
        for block in &mut self.continuity.blocks {
            let to_project = block.addressed_to.as_ref().is_some_and(&is_project);
            if to_project && !block.tags.contains(&Segment::SexWork) {
                block.tags.push(Segment::SexWork);
            }
        }
    }
}

/// The record as one reader is shown it. Made only by [`assemble`], from the segments that the reader may see.
#[derive(Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(transparent)]
pub struct DirView(DirDocument);

redacted!(DirView);

impl DirView {
    /// What is shown.
    pub const fn document(&self) -> &DirDocument {
        &self.0
    }

    /// Puts the reader's own handles in place of the author's, and drops those for which the reader has none.
    #[must_use]
    pub fn with_readers_handles(mut self, own: impl Fn(Handle) -> Option<Handle>) -> Self {
        let document = &mut self.0;
        document.prescribing.scripts =
            document.prescribing.scripts.iter().copied().filter_map(&own).collect();
        document.consent.consent = document.consent.consent.and_then(&own);
        self
    }

    /// Leaves out who prescribes, for a reader to whom no prescriber agreed to be named.
    #[must_use]
    pub fn without_prescriber(mut self) -> Self {
        self.0.prescribing.prescriber = None;
        self
    }
}

/// Builds the view from the permitted segments that say anything, and from nothing else. An item that speaks of several
/// segments is in it only if all of them are permitted, whether or not the others say anything else: that is why the
/// permitted ones are told apart from those that are there. What is given and not permitted is not even read. Lists come
/// in the order of the segments, within one as they were written, so that no gap tells of what is missing.
///
/// # Errors
/// A segment that cannot be read, or holds what belongs to another.
pub fn assemble(
    permitted: SegmentSet,
    segments: &BTreeMap<Segment, impl AsRef<[u8]>>,
) -> Result<DirView, AssembleError> {
    let mut view = DirDocument::default();
    for (&segment, json) in segments.iter().filter(|(segment, _)| permitted.contains(**segment)) {
        let unreadable = |_| AssembleError::Unreadable { segment };
        let mut json = serde_json::Deserializer::from_slice(json.as_ref());
        let absorb = Absorb { view: &mut view, segment, permitted };
        let is_filed_right = absorb.deserialize(&mut json).map_err(unreadable)?;
        json.end().map_err(unreadable)?;
        if !is_filed_right {
            return Err(AssembleError::Misfiled { segment });
        }
    }
    Ok(DirView(view))
}

/// Takes a segment into a view section by section, as it is read: most segments speak in one of the sixteen.
struct Absorb<'a> {
    view: &'a mut DirDocument,
    segment: Segment,
    permitted: SegmentSet,
}

/// Answers whether all of it belongs to the segment.
impl<'de> DeserializeSeed<'de> for Absorb<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<bool, D::Error> {
        json.deserialize_map(self)
    }
}

/// Nothing in a life comes before its birth.
fn life_is_in_order(document: &DirDocument) -> Result<(), ValidationError> {
    let Some(birth) = document.person.date_of_birth else {
        return Ok(());
    };
    let early = |date: Option<jiff::civil::Date>| date.is_some_and(|date| date < birth);
    let misplaced = [
        ("first_contact.contact_at", early(document.first_contact.contact_at.map(|at| at.date()))),
        ("first_contact.test_on", early(document.first_contact.test_on)),
        ("offending.court_on", early(document.offending.court_on)),
        ("release.release_on", early(document.release.release_on)),
        ("care_plan.agreed_on", early(document.care_plan.agreed_on)),
    ];
    match misplaced.into_iter().find(|(_, early)| *early) {
        Some((field, _)) => Err(problem_of(field, "order", "must not be before the date of birth")),
        None => Ok(()),
    }
}
