//! How a record is filed: every field belongs to exactly one segment, and a field without one does not compile.

use crate::vocabulary::{Segment, SegmentSet};

/// The segments from the strictest to the most open: silent ones, then HL7 `R`, then `N`; within a class what would
/// harm most if it spread comes first. A mixed item is filed under the first of its tags in this order.
pub const STRICTEST_FIRST: [Segment; 20] = [
    Segment::Safeguarding,
    Segment::SexWork,
    Segment::BloodBorneVirus,
    Segment::ChildrenFamily,
    Segment::MentalHealth,
    Segment::PhysicalHealth,
    Segment::Prescribing,
    Segment::DrugTest,
    Segment::DrugUse,
    Segment::AlcoholUse,
    Segment::Offending,
    Segment::Risk,
    Segment::CarePlan,
    Segment::ReleasePlan,
    Segment::Demographics,
    Segment::EmploymentFinance,
    Segment::Contact,
    Segment::Housing,
    Segment::Attendance,
    Segment::Identity,
];

/// The strictest of the tags; without any tag the strictest of all, so that what nobody tagged is shown to nobody by chance.
pub fn strictest(tags: SegmentSet) -> Segment {
    STRICTEST_FIRST.into_iter().find(|segment| tags.contains(*segment)).unwrap_or(Segment::Safeguarding)
}

/// An item of a list that says by itself to which segments it belongs.
///
/// It is kept under the strictest of them and shown only to a reader who is permitted *all* of them: one order of
/// segments cannot say whether a reader of one silent segment may read another.
pub trait Filed {
    /// What the item speaks of.
    fn tags(&self) -> SegmentSet;

    /// Under which segment it is kept.
    fn filed_under(&self) -> Segment {
        strictest(self.tags())
    }

    /// Whether a reader of these segments may see it.
    fn visible_to(&self, permitted: SegmentSet) -> bool {
        permitted.contains(self.filed_under()) && self.tags().without(permitted).is_empty()
    }
}

/// A field that may be absent: `Option` or `Vec`.
pub trait Field: Default {
    /// Whether nothing is said.
    fn is_absent(&self) -> bool;

    /// Takes in what another part says.
    fn absorb(&mut self, other: Self);
}

impl<T> Field for Option<T> {
    fn is_absent(&self) -> bool {
        self.is_none()
    }

    fn absorb(&mut self, other: Self) {
        if other.is_some() {
            *self = other;
        }
    }
}

impl<T> Field for Vec<T> {
    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    fn absorb(&mut self, other: Self) {
        self.extend(other);
    }
}

/// Where a field is kept: `None` if each item of it says so itself.
pub type FieldFiling = (&'static str, Option<Segment>);

/// One section of the record, made of fields that may each be absent.
pub trait Section: Default {
    /// The fields in the order of the form, with their segments.
    const FILING: &'static [FieldFiling];

    /// What of this section is kept under the segment; everything else is absent.
    fn only(&self, segment: Segment) -> Self;

    /// Takes in, from a part that is kept by itself, what a reader of these segments may see.
    fn absorb(&mut self, part: Self, permitted: SegmentSet);

    /// Whether nothing in the section is kept under another segment.
    fn is_only(&self, segment: Segment) -> bool;

    /// Whether the section says nothing.
    fn is_blank(&self) -> bool;
}

/// Files every field of a section under its segment, or under `each` item's own. A field left out does not compile.
macro_rules! filing {
    (@segment each) => { None };
    (@segment $segment:ident) => { Some($crate::vocabulary::Segment::$segment) };
    (@only each, $field:expr, $wanted:ident) => {
        $field.iter().filter(|item| $crate::domain::dir::filing::Filed::filed_under(*item) == $wanted).cloned().collect()
    };
    (@only $segment:ident, $field:expr, $wanted:ident) => {
        if $wanted == $crate::vocabulary::Segment::$segment { $field.clone() } else { Default::default() }
    };
    (@is_only each, $field:expr, $wanted:ident) => {
        $field.iter().all(|item| $crate::domain::dir::filing::Filed::filed_under(item) == $wanted)
    };
    (@is_only $segment:ident, $field:expr, $wanted:ident) => {
        $wanted == $crate::vocabulary::Segment::$segment || $crate::domain::dir::filing::Field::is_absent(&$field)
    };
    (@absorb each, $field:expr, $part:expr, $permitted:ident) => {
        $field.extend($part.into_iter().filter(|item| $crate::domain::dir::filing::Filed::visible_to(item, $permitted)))
    };
    (@absorb $segment:ident, $field:expr, $part:expr, $permitted:ident) => {
        if $permitted.contains($crate::vocabulary::Segment::$segment) {
            $crate::domain::dir::filing::Field::absorb(&mut $field, $part);
        }
    };
    ($section:ident { $($field:ident => $filed:ident),+ $(,)? }) => {
        impl $crate::domain::dir::filing::Section for $section {
            const FILING: &'static [$crate::domain::dir::filing::FieldFiling] =
                &[$((stringify!($field), $crate::domain::dir::filing::filing!(@segment $filed))),+];

            fn only(&self, segment: $crate::vocabulary::Segment) -> Self {
                Self { $($field: $crate::domain::dir::filing::filing!(@only $filed, self.$field, segment)),+ }
            }

            fn absorb(&mut self, part: Self, permitted: $crate::vocabulary::SegmentSet) {
                $($crate::domain::dir::filing::filing!(@absorb $filed, self.$field, part.$field, permitted);)+
            }

            fn is_only(&self, segment: $crate::vocabulary::Segment) -> bool {
                $($crate::domain::dir::filing::filing!(@is_only $filed, self.$field, segment))&&+
            }

            fn is_blank(&self) -> bool {
                $($crate::domain::dir::filing::Field::is_absent(&self.$field))&&+
            }
        }

        $crate::domain::dir::filing::redacted!($section);
    };
}

/// Gives types a `Debug` that shows their name and nothing of a person.
macro_rules! redacted {
    ($($name:ident),+ $(,)?) => {
        $(impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        })+
    };
}

pub(crate) use {filing, redacted};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_strictness_knows_every_segment_once_and_puts_the_silent_first() {
        let known: SegmentSet = STRICTEST_FIRST.into_iter().collect();
        assert_eq!(known, SegmentSet::all());
        let silent = STRICTEST_FIRST.iter().take_while(|segment| segment.is_silent()).count();
        assert_eq!(silent, Segment::ALL.iter().filter(|segment| segment.is_silent()).count());
    }

    #[test]
    fn a_mixed_item_takes_its_strictest_tag_and_an_untagged_one_the_strictest_of_all() {
        let tags = SegmentSet::EMPTY.with(Segment::Housing).with(Segment::SexWork).with(Segment::Risk);
        assert_eq!(strictest(tags), Segment::SexWork);
        assert_eq!(strictest(SegmentSet::EMPTY), Segment::Safeguarding);
    }
}
