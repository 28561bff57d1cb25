//! Orders.

use std::borrow::Cow;

use contracts::states::{DeliveryState, OrderState, PaymentState};
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::limits::{QUANTITY_MAX, SEATS_IN_ORDER, invalid, is_name};
use super::object::from_object;
use super::whole::whole_or_null;
use super::{Moment, Money};
use edge::{Problem, Wrongs, ids};

/// An order to place: with either `quantity` or `seats`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct NewOrder {
    /// The offering.
    #[schema(min_length = 1, max_length = 13, pattern = "^0*[1-9][0-9]*$", example = "000000000001")]
    pub offering: String,
    /// How many.
    #[serde(default, deserialize_with = "whole_or_null", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1_000_000, example = 2)]
    pub quantity: Option<u32>,
    /// The ids of the seats, each once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 100)]
    pub seats: Option<Vec<String>>,
    /// Who orders.
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$", example = "1")]
    pub customer: String,
    /// The price of one that the customer was shown. Compared with the catalogue's, never believed; refused for seats whose prices differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// The means of payment, as the payment provider names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$")]
    pub card: Option<String>,
}

from_object!(NewOrder);

impl NewOrder {
    /// Adds what of it cannot be ordered, with the fields.
    pub fn check(&self, wrongs: &mut Wrongs) {
        wrongs.take(is_name("customer", &self.customer));
        if let Some(card) = &self.card {
            wrongs.take(is_name("card", card));
        }
        if let Some(price) = self.price {
            wrongs.take(price.check("price"));
        }
        match (self.quantity, &self.seats) {
            (None, None) => wrongs.add(invalid("quantity", "say how many, or name the seats")),
            (Some(_), Some(_)) => wrongs.add(invalid("seats", "an order has either a quantity or seats")),
            (Some(quantity), None) if !(1..=QUANTITY_MAX).contains(&quantity) => {
                wrongs.add(invalid("quantity", format!("a whole number from 1 to {QUANTITY_MAX}")));
            }
            (Some(_), None) => {}
            (None, Some(seats)) => check_seats(seats, wrongs),
        }
    }

    /// The number of its offering.
    ///
    /// # Errors
    /// 404 for one that cannot be.
    pub fn offering_number(&self) -> Result<u64, Problem> {
        ids::number(&self.offering).ok_or_else(Self::unknown_offering)
    }

    /// There is no such offering.
    pub fn unknown_offering() -> Problem {
        let (status, code) = (http::StatusCode::NOT_FOUND, contracts::Code::UnknownReference.as_str());
        Problem::of_field(status, code, "offering", "there is no such offering")
    }
}

fn check_seats(seats: &[String], wrongs: &mut Wrongs) {
    if !(1..=SEATS_IN_ORDER).contains(&seats.len()) {
        return wrongs.add(invalid("seats", format!("1 to {SEATS_IN_ORDER} seats")));
    }
    for (at, seat) in seats.iter().enumerate() {
        if seats[..at].contains(seat) {
            wrongs.add(invalid(&format!("seats[{at}]"), "it is named twice"));
        }
    }
}

/// Why an order is taken back. Nothing of it needs to be said, and then no body needs to be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, remote = "Self")]
pub struct Cancel {
    /// Why, for people: the customer is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$", example = "The performance is called off")]
    pub reason: Option<String>,
}

from_object!(Cancel);

impl Cancel {
    /// Refuses what is no reason; else it is as it is kept.
    ///
    /// # Errors
    /// 422 with the field.
    pub fn check(self) -> Result<Self, Problem> {
        let reason = self.reason.map(|reason| is_name("reason", &reason)).transpose()?;
        Ok(Self { reason })
    }
}

/// What the document says of a closed set of names that the shop has already: `$name` stands for `$states` in it, and is called `$title`.
macro_rules! names_of {
    ($($name:ident: $states:ident, $title:literal, $description:literal;)+) => {$(
        #[doc = $description]
        #[derive(Debug)]
        pub struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let names = ObjectBuilder::new().schema_type(Type::String);
                let names = names.enum_values(Some($states::NAMES.iter().copied()));
                names.description(Some($description)).into()
            }
        }

        impl ToSchema for $name {
            fn name() -> Cow<'static, str> {
                $title.into()
            }
        }
    )+};
}

names_of! {
    OrderStates: OrderState, "OrderState", "How far an order is.";
    PaymentStates: PaymentState, "PaymentState", "How it stands with a payment.";
    DeliveryStates: DeliveryState, "DeliveryState", "How it stands with a delivery.";
}

/// The payment of an order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Payment<'a> {
    /// How it stands.
    #[schema(value_type = PaymentStates)]
    pub state: PaymentState,
    /// How much.
    pub amount: Money,
    /// The provider's own id of the charge.
    #[schema(required = true)]
    pub reference: Option<&'a str>,
    /// When it was taken.
    #[schema(required = true)]
    pub paid_at: Option<Moment>,
    /// When it was given back.
    #[schema(required = true)]
    pub refunded_at: Option<Moment>,
}

/// The delivery of an order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Delivery {
    /// How it stands.
    #[schema(value_type = DeliveryStates)]
    pub state: DeliveryState,
    /// When it began.
    pub started_at: Moment,
    /// When it was completed or cancelled.
    #[schema(required = true)]
    pub ended_at: Option<Moment>,
}

/// An order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Order<'a> {
    /// Its id within the storefront.
    #[schema(example = "000000000042")]
    pub id: String,
    /// The storefront.
    pub storefront: &'a str,
    /// The offering.
    #[schema(required = true)]
    pub offering: Option<String>,
    /// Who ordered.
    pub customer: &'a str,
    /// How many.
    pub quantity: u32,
    /// The ids of the seats, where they are named.
    pub seats: &'a [String],
    /// What it costs; null as long as no stock was set aside.
    #[schema(required = true)]
    pub total: Option<Money>,
    /// How far it is.
    #[schema(value_type = OrderStates)]
    pub state: OrderState,
    /// Why it was rejected or cancelled.
    #[schema(required = true, example = "sold-out")]
    pub reason: Option<&'a str>,
    /// Why it was taken back, in the words of whoever did that; null where nothing was said.
    #[schema(required = true)]
    pub cancel_reason: Option<&'a str>,
    /// Whether it waits for an operator.
    pub parked: bool,
    /// When it was placed.
    pub placed_at: Moment,
    /// When it was confirmed or rejected.
    #[schema(required = true)]
    pub decided_at: Option<Moment>,
    /// When it was taken back.
    #[schema(required = true)]
    pub cancelled_at: Option<Moment>,
    /// Its payment, where there is one.
    #[schema(required = true)]
    pub payment: Option<Payment<'a>>,
    /// Its delivery, where there is one.
    #[schema(required = true)]
    pub delivery: Option<Delivery>,
    /// The points that it has: those granted for it, unless they were taken back.
    pub points: i64,
    /// Counts its changes, those of payment and delivery included. The ETag is made of it.
    pub version: u64,
}

#[cfg(test)]
mod tests {
    use super::{NewOrder, Wrongs};

    fn field(body: &str) -> Option<String> {
        let order: NewOrder = serde_json::from_str(body).unwrap();
        let mut wrongs = Wrongs::default();
        order.check(&mut wrongs);
        let refused = wrongs.end().and_then(|()| order.offering_number());
        refused.err().map(|problem| problem.errors()[0].field.clone())
    }

    #[test]
    fn an_order_names_an_offering_a_customer_and_either_a_quantity_or_seats() {
        for fine in [r#""quantity":1"#, r#""seats":["A-1"]"#, r#""quantity":1,"price":{"amount":0,"currency":"KRW"}"#] {
            assert_eq!(field(&format!(r#"{{"offering":"1","customer":"1",{fine}}}"#)), None, "{fine}");
        }
        for (wrong, at) in [
            (r#""quantity":0"#, "quantity"),
            (r#""quantity":1000001"#, "quantity"),
            (r#""quantity":null"#, "quantity"),
            (r#""seats":[]"#, "seats"),
            (r#""seats":["A-1","A-1"]"#, "seats[1]"),
            (r#""seats":["A-1"],"quantity":1"#, "seats"),
            (r#""quantity":1,"price":{"amount":-1,"currency":"KRW"}"#, "price.amount"),
            (r#""quantity":1,"card":"""#, "card"),
        ] {
            assert_eq!(field(&format!(r#"{{"offering":"1","customer":"1",{wrong}}}"#)).as_deref(), Some(at), "{wrong}");
        }
        for customer in ["", "a\\u0000b", "a\\u0085b", &"x".repeat(201)] {
            let body = format!(r#"{{"offering":"1","customer":"{customer}","quantity":1}}"#);
            assert_eq!(field(&body).as_deref(), Some("customer"));
        }
        assert_eq!(field(r#"{"offering":"x","customer":"1","quantity":1}"#).as_deref(), Some("offering"));
    }
}
