//! Identifiers, each its own type, so that a person never stands where a record was meant.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An identifier that does not have the form of one. Holds nothing of what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a well-formed {what}")]
pub struct Malformed {
    /// What was expected.
    pub what: &'static str,
}

macro_rules! slug_id {
    ($(#[$meta:meta])* $name:ident, $what:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, utoipa::ToSchema)]
        #[serde(transparent)]
        #[schema(value_type = String, pattern = "^[a-z0-9-]{1,64}$")]
        pub struct $name(String);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = Malformed;

            fn from_str(text: &str) -> Result<Self, Malformed> {
                let well_formed = (1..=64).contains(&text.len())
                    && text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
                if well_formed { Ok(Self(text.to_owned())) } else { Err(Malformed { what: $what }) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

slug_id! {
    /// An agency, as enrolled by the operator: `[a-z0-9-]`, at most 64 characters.
    AgencyId, "agency id"
}
slug_id! {
    /// A worker of one agency; unique only within it: `[a-z0-9-]`, at most 64 characters.
    WorkerId, "worker id"
}

macro_rules! uuid_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new random one.
            #[must_use]
            pub fn random() -> Self {
                Self(Uuid::new_v4())
            }

            /// From its sixteen bytes, as the store keeps it.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(Uuid::from_bytes(bytes))
            }

            /// Its sixteen bytes, as the store keeps it.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

uuid_id! {
    /// A person. Never leaves the gateway: agencies know people by their own [`Handle`]s.
    PersonId
}
uuid_id! {
    /// A record of any kind (client, DIR, consent, referral …). Never leaves the gateway.
    RecordId
}

/// The id of an entry of the audit log (UUIDv7).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(transparent)]
#[schema(value_type = String, format = Uuid)]
pub struct EntryId(Uuid);

impl EntryId {
    /// An id that sorts by the given moment.
    pub fn at(now: jiff::Timestamp) -> Self {
        let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
        let random = *Uuid::new_v4().as_bytes();
        let [_, _, _, _, _, _, a, b, c, d, e, f, g, h, i, j] = random;
        Self(uuid::Builder::from_unix_timestamp_millis(millis, &[a, b, c, d, e, f, g, h, i, j]).into_uuid())
    }

    /// The moment that it sorts by, in milliseconds since the epoch.
    pub fn millisecond(&self) -> i64 {
        let [a, b, c, d, e, f, ..] = *self.0.as_bytes();
        i64::from_be_bytes([0, 0, a, b, c, d, e, f])
    }

    /// From its sixteen bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    /// Its sixteen bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for EntryId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        Uuid::try_parse(text).map(Self).map_err(|_| Malformed { what: "entry id" })
    }
}

/// What an agency calls a record: random, and its own, so that two agencies cannot join their data by ids.
///
/// Written as 22 characters of base64url (16 bytes).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
#[schema(value_type = String, pattern = "^[A-Za-z0-9_-]{22}$")]
pub struct Handle([u8; 16]);

impl Handle {
    /// A new random one.
    #[must_use]
    pub fn random() -> Self {
        Self(*Uuid::new_v4().as_bytes())
    }

    /// From its sixteen bytes, as the store keeps it.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its sixteen bytes, as the store keeps it.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(self.0))
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Handle({self})")
    }
}

impl FromStr for Handle {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .map(Self)
            .ok_or(Malformed { what: "handle" })
    }
}

impl Serialize for Handle {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Handle {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A slot that a team offers, by the one name that everybody has for it. It is about nobody, as no other handle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotId(Handle);

impl SlotId {
    /// The slot of this name.
    pub const fn of(name: Handle) -> Self {
        Self(name)
    }

    /// Its name.
    pub const fn handle(self) -> Handle {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agency_id_is_lower_case_letters_digits_and_hyphens() {
        assert!("northmoor-cjit".parse::<AgencyId>().is_ok());
        for wrong in ["", "Northmoor", "a b", "a/b", "é", &"x".repeat(65)] {
            assert!(wrong.parse::<AgencyId>().is_err(), "{wrong:?} was taken");
        }
    }

    #[test]
    fn a_handle_survives_its_written_form() {
        let handle = Handle::random();
        assert_eq!(handle.to_string().parse::<Handle>(), Ok(handle));
        assert!("short".parse::<Handle>().is_err());
    }

    #[test]
    fn entry_ids_sort_by_their_time() {
        let early = EntryId::at(jiff::Timestamp::from_second(1_000).unwrap());
        let late = EntryId::at(jiff::Timestamp::from_second(2_000).unwrap());
        assert!(early < late);
    }
}
