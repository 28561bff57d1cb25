//! Objects are read from objects alone. What serde derives takes a list of values, too, in the order of the fields.
//! What a client sent can be written again: that is what tells whether another request came with the same `Idempotency-Key`.

use serde::{Deserialize, Serialize};

/// Reads a type that is derived with `remote = "Self"` from an object, and from nothing else; writes it as what serde derives.
macro_rules! from_object {
    ($($name:ident),+ $(,)?) => {$(
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Object;
                impl<'de> serde::de::Visitor<'de> for Object {
                    type Value = $name;

                    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<$name, A::Error> {
                        $name::deserialize(serde::de::value::MapAccessDeserializer::new(map))
                    }
                }
                deserializer.deserialize_map(Object)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $name::serialize(self, serializer)
            }
        }
    )+};
}

pub(super) use from_object;

/// An object with nothing in it.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Nothing {}

from_object!(Nothing);

#[cfg(test)]
mod tests {
    use super::Nothing;
    use crate::shapes::{AddStock, Money};

    #[test]
    fn a_list_is_no_object() {
        assert!(serde_json::from_str::<Nothing>("{}").is_ok());
        assert!(serde_json::from_str::<Nothing>("[]").is_err());
        assert!(serde_json::from_str::<AddStock>("[1]").is_err());
        assert!(serde_json::from_str::<Money>(r#"{"amount":1,"currency":"KRW"}"#).is_ok());
        for wrong in [r#"[1,"KRW"]"#, r#"{"amount":1,"currency":{"KRW":null}}"#] {
            assert!(serde_json::from_str::<Money>(wrong).is_err(), "{wrong}");
        }
    }
}
