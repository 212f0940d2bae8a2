//! The 32 fields of an entry, in their order, and the plaintexts that one entry has for them.

use std::fmt;

use jiff::Timestamp;
use zeroize::Zeroize as _;

/// Under which key a field's plaintext and seed are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// About the person: under the data key of person and custodian, gone with it.
    Person,
    /// About the worker and the reason: under a retention key.
    Rest,
}

macro_rules! fields {
    ($($number:literal $variant:ident $name:literal $part:ident,)+) => {
        /// A field of an entry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $(#[doc = concat!("`", $name, "`, number ", $number)] $variant,)+
        }

        impl Field {
            /// Every field, in the order of their numbers.
            pub const ALL: [Self; 32] = [$(Self::$variant),+];

            /// The field's number, 1 to 32; it is committed with the plaintext.
            pub const fn number(self) -> u8 {
                match self { $(Self::$variant => $number),+ }
            }

            /// The field's name, as auditors and the header `Audit-Openings` write it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The part in which the field is stored.
            pub const fn part(self) -> Part {
                match self { $(Self::$variant => Part::$part),+ }
            }
        }
    };
}

fields! {
    1 Agency "agency" Rest,
    2 Worker "worker" Rest,
    3 Role "role" Rest,
    4 Device "device" Rest,
    5 CertSha256 "cert_sha256" Rest,
    6 Jti "jti" Rest,
    7 Act "act" Rest,
    8 Custodian "custodian" Person,
    9 Person "person" Person,
    10 RecordVersion "record_version" Person,
    11 Purpose "purpose" Rest,
    12 ReasonText "reason_text" Rest,
    13 Art6 "art6" Rest,
    14 Art9 "art9" Rest,
    15 Sch1Condition "sch1_condition" Rest,
    16 Confidentiality "confidentiality" Rest,
    17 StatuteRef "statute_ref" Rest,
    18 ConsentVersion "consent_version" Person,
    19 AuthorisedBy "authorised_by" Rest,
    20 EnvelopeSha256 "envelope_sha256" Person,
    21 PolicyIds "policy_ids" Rest,
    22 ReasonCode "reason_code" Rest,
    23 Obligations "obligations" Rest,
    24 SegmentsReleased "segments_released" Person,
    25 SegmentsWithheld "segments_withheld" Person,
    26 RequestSha256 "request_sha256" Person,
    27 ResponseSha256 "response_sha256" Person,
    28 OccurredAt "occurred_at" Rest,
    29 Visibility "visibility" Rest,
    30 ReviewRef "review_ref" Rest,
    31 SourceIp "source_ip" Rest,
    32 TraceId "trace_id" Rest,
}

impl Field {
    /// The field of this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// The field of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// Its place among the 32, from 0.
    pub(super) fn place(self) -> usize {
        usize::from(self.number() - 1)
    }
}

/// The plaintexts of one entry; a field that was never set is absent, which is the empty text. Wiped when dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Fields([String; 32]);

impl Fields {
    /// No field set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field to a text, a code, or a hash in lower-case hexadecimal.
    pub fn set(&mut self, field: Field, plaintext: impl fmt::Display) -> &mut Self {
        if let Some(place) = self.0.get_mut(field.place()) {
            place.zeroize();
            *place = plaintext.to_string();
        }
        self
    }

    /// Sets a field to a list: its items sorted by their bytes and joined by U+000A.
    pub fn set_list<I: fmt::Display>(
        &mut self,
        field: Field,
        items: impl IntoIterator<Item = I>,
    ) -> &mut Self {
        let mut items: Vec<_> = items.into_iter().map(|item| item.to_string()).collect();
        items.sort_unstable();
        self.set(field, items.join("\n"))
    }

    /// Sets a field to a moment: RFC 3339, UTC, milliseconds.
    pub fn set_time(&mut self, field: Field, moment: Timestamp) -> &mut Self {
        self.set(field, format_time(moment))
    }

    /// A field's plaintext; empty if absent.
    pub fn get(&self, field: Field) -> &str {
        self.0.get(field.place()).map_or("", String::as_str)
    }
}

impl fmt::Debug for Fields {
    /// Names what is set, never to what.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let set = Field::ALL.into_iter().filter(|field| !self.get(*field).is_empty());
        f.write_str("Fields")?;
        f.debug_set().entries(set.map(Field::name)).finish()
    }
}

impl Drop for Fields {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// RFC 3339 in UTC with milliseconds; what is finer is cut off.
pub(super) fn format_time(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_are_numbered_in_order_and_named_apart() {
        for (place, field) in (1_u8..).zip(Field::ALL) {
            assert_eq!((field.number(), Field::from_number(place)), (place, Some(field)));
            assert_eq!(Field::from_name(field.name()), Some(field));
        }
        assert_eq!((Field::from_number(0), Field::from_number(33), Field::from_name("")), (None, None, None));
        let person: Vec<_> =
            Field::ALL.into_iter().filter(|f| f.part() == Part::Person).map(Field::number).collect();
        assert_eq!(person, [8, 9, 10, 18, 20, 24, 25, 26, 27]);
    }

    #[test]
    fn lists_are_sorted_and_times_have_one_length() {
        let mut fields = Fields::new();
        fields.set_list(Field::SegmentsReleased, ["identity", "contact"]);
        fields.set_time(Field::OccurredAt, Timestamp::from_nanosecond(1_999_999).unwrap());
        assert_eq!(fields.get(Field::SegmentsReleased), "contact\nidentity");
        assert_eq!(fields.get(Field::OccurredAt), "1970-01-01T00:00:00.001Z");
        fields.set_time(Field::OccurredAt, Timestamp::UNIX_EPOCH);
        assert_eq!(fields.get(Field::OccurredAt), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn plaintexts_do_not_show_in_debug_output() {
        let mut fields = Fields::new();
        fields.set(Field::Worker, "testa-alder");
        assert_eq!(format!("{fields:?}"), "Fields{\"worker\"}");
    }
}
