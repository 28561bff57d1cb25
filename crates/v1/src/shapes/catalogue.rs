//! What is on sale.

use contracts::limits::{COUNT_MAX, LIMIT_MAX};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::limits::{invalid, is_name, read_only};
use super::moment::{as_hashed, as_hashed_change};
use super::object::from_object;
use super::seats::{NewSeat, check_seats};
use super::whole::{whole, whole_or_null};
use super::{Currency, Moment, Money, Stock};
use edge::{Problem, Wrongs, ids};

/// The longest id that a client may give: ids that are not given come after all of them.
const GIVEN_ID_MAX: usize = 12;

/// A thing on sale.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Offering<'a> {
    /// Its id.
    #[schema(example = "000000000001")]
    pub id: String,
    /// What people read.
    #[schema(required = true)]
    pub name: Option<&'a str>,
    /// The price of one; where it is sold by seats, of the cheapest when they were registered.
    pub price: Money,
    /// How much there is.
    pub stock: Stock,
    /// Whether it is sold by numbered seats.
    pub seated: bool,
    /// From when on it can be ordered.
    #[schema(required = true)]
    pub on_sale_from: Option<Moment>,
    /// Until when it can be ordered.
    #[schema(required = true)]
    pub on_sale_until: Option<Moment>,
    /// How many of it one customer can have, in all orders that are held or sold.
    #[schema(required = true, minimum = 1, maximum = 1_000_000)]
    pub limit_per_customer: Option<u32>,
    /// When it begins.
    #[schema(required = true)]
    pub starts_at: Option<Moment>,
    /// When it ends.
    #[schema(required = true)]
    pub ends_at: Option<Moment>,
    /// Where it is.
    #[schema(required = true)]
    pub venue: Option<&'a str>,
    /// What people read about it, of several lines perhaps.
    #[schema(required = true)]
    pub description: Option<&'a str>,
    /// Where a picture of it is: an address in the web.
    #[schema(required = true)]
    pub image: Option<&'a str>,
    /// The seller's own reference to it. Where clients of the storefront order by that, the oldest offering that has it is meant.
    #[schema(required = true)]
    pub reference: Option<&'a str>,
    /// Further fields, as its storefront declares them: each a text, a number, or true or false.
    #[schema(value_type = Object)]
    pub extra: Map<String, Value>,
    /// Off sale: it can be reopened. What was ordered of it stays.
    pub withdrawn: bool,
    /// Counts its changes, sales included. The ETag is made of it.
    pub version: u64,
}

/// An offering to put on sale: with either `stock` and `price`, or `seats`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct NewOffering {
    /// Its id, if the client gives one: up to twelve digits, not all of them zero.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 12, pattern = "^0*[1-9][0-9]*$")]
    pub id: Option<String>,
    /// What people read.
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$", example = "Jekyll & Hyde")]
    pub name: String,
    /// The price of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// How many there are.
    #[serde(default, deserialize_with = "whole_or_null", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64, example = 100)]
    pub stock: Option<u64>,
    /// The seats, all registered with it or none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 10_000)]
    pub seats: Option<Vec<NewSeat>>,
    /// From when on it can be ordered.
    #[serde(default, serialize_with = "as_hashed", skip_serializing_if = "Option::is_none")]
    pub on_sale_from: Option<Moment>,
    /// Until when it can be ordered.
    #[serde(default, serialize_with = "as_hashed", skip_serializing_if = "Option::is_none")]
    pub on_sale_until: Option<Moment>,
    /// How many of it one customer can have, in all orders that are held or sold.
    #[serde(default, deserialize_with = "whole_or_null", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000, example = 4)]
    pub limit_per_customer: Option<u32>,
    /// When it begins.
    #[serde(default, serialize_with = "as_hashed", skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<Moment>,
    /// When it ends.
    #[serde(default, serialize_with = "as_hashed", skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<Moment>,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub venue: Option<String>,
    /// What people read about it, of several lines perhaps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 2_000, pattern = r"^\S([\s\S]*\S)?$")]
    pub description: Option<String>,
    /// Where a picture of it is: an address in the web.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 10, max_length = 2_000, pattern = r"^https?:[/][/][!-~]+$")]
    pub image: Option<String>,
    /// The seller's own reference to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub reference: Option<String>,
    /// Further fields, as the storefront declares them: each a text, a number, or true or false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub extra: Option<Map<String, Value>>,
}

impl NewOffering {
    /// The price of one; of what is sold by seats, the least.
    pub fn least_price(&self) -> Option<Money> {
        let seats = self.seats.iter().flatten().map(|seat| seat.price);
        self.price.or_else(|| seats.min_by_key(|price| price.amount))
    }

    /// It as it is when it was just put on sale as `number`. For who asks again with the same key: whatever became of it since.
    pub fn registered(&self, number: u64) -> Offering<'_> {
        let for_sale = |seat: &&NewSeat| seat.withheld != Some(true);
        let seats = self.seats.as_ref().map_or(0, |seats| seats.iter().filter(for_sale).count() as u64);
        let capacity = self.stock.unwrap_or(seats);
        Offering {
            id: ids::text(number),
            name: Some(&self.name),
            price: self.least_price().unwrap_or(Money { amount: 0, currency: Currency::Krw }),
            stock: Stock { capacity, left: capacity, held: 0, sold: 0 },
            seated: self.seats.is_some(),
            on_sale_from: self.on_sale_from,
            on_sale_until: self.on_sale_until,
            limit_per_customer: self.limit_per_customer,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            venue: self.venue.as_deref().map(str::trim),
            description: self.description.as_deref().map(str::trim),
            image: self.image.as_deref(),
            reference: self.reference.as_deref().map(str::trim),
            extra: {
                let given = self.extra.iter().flatten().filter(|(_, value)| !value.is_null());
                given.map(|(name, value)| (name.clone(), value.clone())).collect()
            },
            withdrawn: false,
            version: 1 + seats,
        }
    }

    /// Adds what of it cannot be sold, with the fields.
    pub fn check(&self, wrongs: &mut Wrongs) {
        if let Some(id) = &self.id
            && (id.len() > GIVEN_ID_MAX || ids::number(id).is_none())
        {
            wrongs.add(invalid("id", "an id that is given is up to twelve digits, not all of them zero"));
        }
        wrongs.take(is_name("name", &self.name));
        if let Some(price) = self.price {
            wrongs.take(price.check("price"));
        }
        wrongs.take(is_limit(self.limit_per_customer));
        match (&self.stock, &self.seats) {
            (Some(_), Some(_)) => wrongs.add(invalid("seats", "it has either a stock or seats")),
            (None, None) => wrongs.add(invalid("stock", "say how many there are, or name the seats")),
            (Some(stock), None) => {
                if self.price.is_none() {
                    wrongs.add(invalid("price", "say what one costs"));
                }
                if *stock > COUNT_MAX {
                    wrongs.add(invalid("stock", format!("a whole number from 0 to {COUNT_MAX}")));
                }
            }
            (None, Some(seats)) => check_seats(seats, wrongs),
        }
    }

    /// It with its name as that is kept.
    ///
    /// # Errors
    /// 422 if that is none.
    pub fn kept(self) -> Result<Self, Problem> {
        Ok(Self { name: is_name("name", &self.name)?, ..self })
    }
}

/// How many one customer can have.
fn is_limit(limit: Option<u32>) -> Result<(), Problem> {
    match limit {
        Some(limit) if !(1..=LIMIT_MAX).contains(&limit) => {
            Err(invalid("limit_per_customer", format!("a whole number from 1 to {LIMIT_MAX}")))
        }
        _ => Ok(()),
    }
}

/// Tells a field that is null from one that is not there.
fn sent<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// Reads a field that is there, and then is not null.
pub(super) fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Changes to an offering. What is not there stays as it is; null takes it away. What cannot be changed so may be sent back as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct OfferingChange {
    /// What people read. Null only where it has no name.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub name: Option<Option<String>>,
    /// The price of one. Of what is sold by seats each seat has its own.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub price: Option<Money>,
    /// From when on it can be ordered.
    #[serde(
        default,
        deserialize_with = "sent",
        serialize_with = "as_hashed_change",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<Moment>)]
    pub on_sale_from: Option<Option<Moment>>,
    /// Until when it can be ordered.
    #[serde(
        default,
        deserialize_with = "sent",
        serialize_with = "as_hashed_change",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<Moment>)]
    pub on_sale_until: Option<Option<Moment>>,
    /// How many of it one customer can have from now on, in all orders that are held or sold. What was ordered while there was no limit does
    /// not count.
    #[serde(default, deserialize_with = "whole_sent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1_000_000)]
    pub limit_per_customer: Option<Option<u32>>,
    /// When it begins.
    #[serde(
        default,
        deserialize_with = "sent",
        serialize_with = "as_hashed_change",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<Moment>)]
    pub starts_at: Option<Option<Moment>>,
    /// When it ends.
    #[serde(
        default,
        deserialize_with = "sent",
        serialize_with = "as_hashed_change",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<Moment>)]
    pub ends_at: Option<Option<Moment>>,
    /// Where it is.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub venue: Option<Option<String>>,
    /// What people read about it, of several lines perhaps.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2_000, pattern = r"^\S([\s\S]*\S)?$")]
    pub description: Option<Option<String>>,
    /// Where a picture of it is: an address in the web.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 10, max_length = 2_000, pattern = r"^https?:[/][/][!-~]+$")]
    pub image: Option<Option<String>>,
    /// The seller's own reference to it.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub reference: Option<Option<String>>,
    /// Further fields, as the storefront declares them: each takes the place of its own, null takes that away, and others stay. Null takes
    /// all of them away.
    #[serde(default, deserialize_with = "sent", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub extra: Option<Option<Map<String, Value>>>,
    /// Cannot be changed: its id.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, min_length = 1, max_length = 13)]
    pub id: Option<String>,
    /// Cannot be changed so: more is added by `/stock`. As it is, or, beside an older `version`, as sales may have left it then.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub stock: Option<Stock>,
    /// Cannot be changed: whether it is sold by numbered seats.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub seated: Option<bool>,
    /// Cannot be changed so: whether it is off sale.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub withdrawn: Option<bool>,
    /// Cannot be changed: a version that it has or had. Which version is meant to be changed is said by `If-Match`.
    #[serde(default, deserialize_with = "whole_given", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1, maximum = 9_007_199_254_740_991_u64)]
    pub version: Option<u64>,
}

/// As [`sent`], of a whole number.
fn whole_sent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<u32>>, D::Error> {
    whole_or_null(deserializer).map(Some)
}

/// As [`given`], of a whole number.
fn whole_given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    whole(deserializer).map(Some)
}

impl OfferingChange {
    /// Whether it can only be told from how the offering `number` is whether this changes it so: what is wrong may be sent back where it is
    /// so already, having come in before.
    pub fn needs_a_look(&self, number: u64) -> bool {
        let name = |name: &Option<String>| name.as_deref().is_some_and(|name| is_name("name", name).is_ok());
        self.id.as_ref().is_some_and(|id| ids::number(id) != Some(number))
            || !self.name.as_ref().is_none_or(name)
            || self.price.is_some_and(|price| price.check("price").is_err())
    }

    /// What of it would change something of what is `now`.
    ///
    /// # Errors
    /// 422 with all fields that it cannot be sold with so, or that would change what cannot be changed.
    pub fn against(&self, now: &Offering<'_>) -> Result<Self, Problem> {
        let mut wrongs = Wrongs::default();
        self.keeps(now, &mut wrongs);
        let name = match &self.name {
            None => None,
            Some(name) if name.as_deref() == now.name => None,
            Some(None) => wrongs.take(Err(invalid("name", "it needs a name"))),
            Some(Some(name)) => wrongs.take(is_name("name", name)),
        };
        let name = name.filter(|name| Some(name.as_str()) != now.name).map(Some);
        let price = self.price.filter(|price| *price != now.price);
        wrongs.take(price.map_or(Ok(()), |price| price.check("price")));
        let on_sale_from = self.on_sale_from.filter(|moment| *moment != now.on_sale_from);
        let on_sale_until = self.on_sale_until.filter(|moment| *moment != now.on_sale_until);
        let limit_per_customer = self.limit_per_customer.filter(|limit| *limit != now.limit_per_customer);
        wrongs.take(is_limit(limit_per_customer.flatten()));
        wrongs.end()?;
        Ok(Self {
            name,
            price,
            on_sale_from,
            on_sale_until,
            limit_per_customer,
            starts_at: self.starts_at.filter(|moment| *moment != now.starts_at),
            ends_at: self.ends_at.filter(|moment| *moment != now.ends_at),
            venue: self.venue.clone().filter(|text| text.as_deref() != now.venue),
            description: self.description.clone().filter(|text| text.as_deref() != now.description),
            image: self.image.clone().filter(|text| text.as_deref() != now.image),
            reference: self.reference.clone().filter(|text| text.as_deref() != now.reference),
            extra: self.extra.clone().filter(|extra| *extra.as_ref().unwrap_or(&Map::new()) != now.extra),
            ..Self::default()
        })
    }

    /// Adds what would change what cannot be changed.
    fn keeps(&self, now: &Offering<'_>, wrongs: &mut Wrongs) {
        if self.id.as_ref().is_some_and(|id| ids::number(id) != ids::number(&now.id)) {
            wrongs.add(read_only("id", &now.id));
        }
        if self.seated.is_some_and(|seated| seated != now.seated) {
            wrongs.add(read_only("seated", now.seated));
        }
        if self.withdrawn.is_some_and(|withdrawn| withdrawn != now.withdrawn) {
            wrongs.add(read_only("withdrawn", now.withdrawn));
        }
        if self.version.is_some_and(|version| !(1..=now.version).contains(&version)) {
            wrongs.add(read_only("version", now.version));
        }
        let was_read_before = self.version.is_some_and(|version| version < now.version);
        wrongs.take(self.stock.as_ref().map_or(Ok(()), |stock| stock.keeps(&now.stock, was_read_before)));
    }
}

from_object!(NewOffering, OfferingChange);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sold() -> Offering<'static> {
        Offering {
            id: ids::text(7),
            name: Some("A"),
            price: Money { amount: 5, currency: Currency::Krw },
            stock: Stock { capacity: 10, left: 7, held: 1, sold: 2 },
            seated: false,
            on_sale_from: Some(Moment(1_000)),
            on_sale_until: None,
            limit_per_customer: Some(2),
            starts_at: None,
            ends_at: Some(Moment(2_000)),
            venue: Some("the hall"),
            description: None,
            image: None,
            reference: Some("7"),
            extra: Map::from_iter([("minutes".to_owned(), json!(90))]),
            withdrawn: false,
            version: 5,
        }
    }

    fn told(sent: Value) -> Result<OfferingChange, String> {
        let change: OfferingChange = serde_json::from_value(sent).unwrap();
        change.against(&sold()).map_err(|problem| problem.errors()[0].field.clone())
    }

    #[test]
    fn what_was_read_changes_nothing_when_it_is_sent_back_whatever_was_sold_since() {
        let nothing = Ok(OfferingChange::default());
        assert_eq!(told(serde_json::to_value(sold()).unwrap()), nothing);
        let (stock, version) = (Stock { capacity: 10, left: 10, held: 0, sold: 0 }, 2);
        assert_eq!(told(serde_json::to_value(Offering { stock, version, ..sold() }).unwrap()), nothing);
        let nameless = Offering { name: None, ..sold() };
        let change: OfferingChange = serde_json::from_value(serde_json::to_value(&nameless).unwrap()).unwrap();
        assert_eq!(change.against(&nameless).ok(), nothing.ok());
    }

    #[test]
    fn what_cannot_be_changed_is_refused_by_its_name() {
        let stock = |left: u64, sold: u64| json!({ "capacity": 10, "left": left, "held": 1, "sold": sold });
        for (sent, field) in [
            (json!({ "id": "8" }), "id"),
            (json!({ "seated": true }), "seated"),
            (json!({ "withdrawn": true }), "withdrawn"),
            (json!({ "version": 6 }), "version"),
            (json!({ "version": 0 }), "version"),
            (json!({ "stock": stock(6, 3) }), "stock.left"),
            (json!({ "stock": stock(6, 3), "version": 5 }), "stock.left"),
            (json!({ "stock": stock(9, 2), "version": 4 }), "stock.left"),
            (json!({ "stock": { "capacity": 11, "left": 8, "held": 1, "sold": 2 }, "version": 4 }), "stock.capacity"),
            (json!({ "name": null }), "name"),
            (json!({ "price": { "amount": -1, "currency": "KRW" } }), "price.amount"),
        ] {
            assert_eq!(told(sent.clone()), Err(field.to_owned()), "{sent}");
        }
        assert_eq!(told(json!({ "id": "7", "on_sale_from": null })).unwrap().on_sale_from, Some(None));
    }
}
