//! An object together with the names of the members that were sent: what was left out is not what was emptied (RFC 7396).

use std::collections::BTreeSet;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use validator::{Validate, ValidationErrors};

/// A value, and which of its members were sent.
#[derive(Debug, Clone)]
pub struct Sent<T> {
    /// The value; what was left out is as its type has it by default.
    pub value: T,
    members: BTreeSet<String>,
}

impl<T> Sent<T> {
    /// Whether this member was sent, if only to empty it.
    pub fn has(&self, member: &str) -> bool {
        self.members.contains(member)
    }
}

impl<T: Validate> Validate for Sent<T> {
    fn validate(&self) -> Result<(), ValidationErrors> {
        self.value.validate()
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Sent<T> {
    fn deserialize<D: Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_map(Listening(PhantomData))
    }
}

struct Listening<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Listening<T> {
    type Value = Sent<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Sent<T>, A::Error> {
        let mut members = BTreeSet::new();
        let value = T::deserialize(MapAccessDeserializer::new(Noted { object, members: &mut members }))?;
        Ok(Sent { value, members })
    }
}

/// An object whose members are noted as they are read.
struct Noted<'a, A> {
    object: A,
    members: &'a mut BTreeSet<String>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Noted<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.object.next_key_seed(Name { seed, members: &mut *self.members })
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.object.next_value_seed(seed)
    }
}

/// The name of a member, noted on its way: an error about it is an error of the place where it stands.
struct Name<'a, K> {
    seed: K,
    members: &'a mut BTreeSet<String>,
}

impl<'de, K: DeserializeSeed<'de>> DeserializeSeed<'de> for Name<'_, K> {
    type Value = K::Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<K::Value, D::Error> {
        let name = String::deserialize(json)?;
        let key = self.seed.deserialize(name.as_str().into_deserializer())?;
        self.members.insert(name);
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validation::parse_json;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Slip {
        count: Option<u8>,
        names: Vec<String>,
    }

    #[derive(Debug, Deserialize)]
    struct Body {
        slip: Sent<Slip>,
    }

    #[test]
    fn what_is_left_out_is_told_from_what_is_emptied() {
        let slip = parse_json::<Body>(br#"{"slip":{"count":null}}"#).unwrap().slip;
        assert!(slip.value.count.is_none() && slip.has("count") && !slip.has("names"));
        let slip = parse_json::<Body>(br#"{"slip":{"names":[]}}"#).unwrap().slip;
        assert!(slip.value.names.is_empty() && slip.has("names") && !slip.has("count"));
        assert!(!parse_json::<Body>(br#"{"slip":{}}"#).unwrap().slip.has("names"));
    }

    #[test]
    fn what_is_wrong_is_said_of_the_member_where_it_is() {
        for (body, path, code) in [
            (r#"{"slip":{"count":"CANARY"}}"#, "slip.count", "wrong-type"),
            (r#"{"slip":{"count":1,"count":2}}"#, "slip.count", "duplicate-member"),
            (r#"{"slip":{"CANARY":1}}"#, "slip.(unknown)", "unknown-member"),
            (r#"{"slip":{"names":["Testa",1]}}"#, "slip.names[1]", "wrong-type"),
            (r#"{"slip":[]}"#, "slip", "wrong-type"),
        ] {
            let problem = parse_json::<Body>(body.as_bytes()).unwrap_err();
            assert_eq!((problem.path.as_str(), problem.code), (path, code), "{body}");
        }
    }
}
