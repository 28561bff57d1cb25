//! A message of any kind, made of its type alone: whoever adds a message or a field has a sample of it without writing one.

use contracts::{Message, NUMBER_MAX, Numbered, OfferingId, OrderId, SeatId, StorefrontNo};
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};

/// What a sample tells of.
#[derive(Debug, Clone, Copy)]
pub struct Given {
    /// The order that it names.
    pub order: OrderId,
    /// The offering.
    pub offering: OfferingId,
    /// The seat.
    pub seat: SeatId,
    /// The customer.
    pub customer: &'static str,
    /// Whether what it may lack is there.
    pub is_full: bool,
    /// The variant that is chosen of an enum, where it has so many: the first is 0.
    pub variant: usize,
}

impl Given {
    /// An order of a seat, all numbered `number`.
    pub fn numbered(storefront: StorefrontNo, number: u64) -> Self {
        assert!(number <= NUMBER_MAX);
        Self {
            order: OrderId::of(storefront, number),
            offering: OfferingId::of(storefront, number),
            seat: SeatId::of(storefront, number),
            customer: "kim",
            is_full: true,
            variant: 0,
        }
    }

    /// The message called `name`.
    pub fn message(&self, name: &'static str) -> Message {
        let at = At { given: self, message: name, of: "", field: "" };
        Message::deserialize(at).unwrap_or_else(|error| panic!("say here what a {name} is made of: {error}"))
    }
}

/// A value is asked for: that of `field` in the struct `of`.
#[derive(Clone, Copy)]
struct At<'g> {
    given: &'g Given,
    message: &'static str,
    of: &'static str,
    field: &'static str,
}

impl At<'_> {
    fn number(self) -> u64 {
        let given = self.given;
        match (self.of, self.field) {
            (_, "storefront") => u64::from(given.order.storefront().0),
            ("RegisterOffering", "number") => given.offering.number(),
            ("PlaceOrder", "number") => given.order.number(),
            ("RegisterSeat", "number") => given.seat.number(),
            (_, "order" | "owner") => given.order.0,
            (_, "offering" | "target") => given.offering.0,
            (_, "seat" | "seats") => given.seat.0,
            (_, "notice") => given.order.0 << 2,
            (_, field) => 1 + field.len() as u64,
        }
    }

    fn text(self) -> &'static str {
        match (self.of, self.field) {
            (_, "customer") => self.given.customer,
            (_, "fields" | "merged") => "{}",
            ("SeatNow" | "OrderNow", "state") => "held",
            ("DeliveryNow" | "OrderDelivery", "state") => "started",
            ("OrderPayment", "state") => "requested",
            (_, field) => field,
        }
    }
}

macro_rules! numbers {
    ($($deserialize:ident $visit:ident)+) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.number().try_into().map_err(|_| Error::custom("a number that is too high"))?)
        }
    )+};
}

impl<'de> Deserializer<'de> for At<'_> {
    type Error = Error;

    numbers! { deserialize_u64 visit_u64 deserialize_u32 visit_u32 deserialize_i64 visit_i64 }

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Error> {
        Err(Error::custom(format!("what {}.{} is", self.of, self.field)))
    }
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_bool(self.given.is_full)
    }
    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text())
    }
    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.text())
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.given.is_full { visitor.visit_some(self) } else { visitor.visit_none() }
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Left { at: self, count: 1 })
    }
    fn deserialize_tuple<V: Visitor<'de>>(self, count: usize, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_seq(Left { at: self, count })
    }
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        of: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_map(Fields { at: Self { of, ..self }, fields })
    }
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        of: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let chosen = variants[self.given.variant.min(variants.len() - 1)];
        visitor.visit_enum(Chosen { at: self, variant: if of == "Message" { self.message } else { chosen } })
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 i128 u8 u16 u128 f32 f64 char bytes byte_buf unit unit_struct tuple_struct map identifier ignored_any
    }
}

struct Left<'g> {
    at: At<'g>,
    count: usize,
}

impl<'de> SeqAccess<'de> for Left<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(left) = self.count.checked_sub(1) else { return Ok(None) };
        self.count = left;
        seed.deserialize(self.at).map(Some)
    }
}

struct Fields<'g> {
    at: At<'g>,
    fields: &'static [&'static str],
}

impl<'de> MapAccess<'de> for Fields<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((field, left)) = self.fields.split_first() else { return Ok(None) };
        self.at.field = field;
        self.fields = left;
        let name: StrDeserializer<'_, Error> = field.into_deserializer();
        seed.deserialize(name).map(Some)
    }
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.at)
    }
}

struct Chosen<'g> {
    at: At<'g>,
    variant: &'static str,
}

impl<'de, 'g> EnumAccess<'de> for Chosen<'g> {
    type Error = Error;
    type Variant = At<'g>;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, At<'g>), Error> {
        let name: StrDeserializer<'_, Error> = self.variant.into_deserializer();
        Ok((seed.deserialize(name)?, self.at))
    }
}

impl<'de> VariantAccess<'de> for At<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }
    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }
    fn tuple_variant<V: Visitor<'de>>(self, count: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_tuple(count, visitor)
    }
    fn struct_variant<V: Visitor<'de>>(self, fields: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Fields { at: self, fields })
    }
}
