//! What each kind of row has for a facade.

use contracts::{Money, NUMBER_MAX, Numbered, OfferingId, OrderId, SeatId, StorefrontNo, Text};
use order::Order;
use points::Account;
use stock::{Offering, Seat};
use storefronts::port::Value;
use storefronts::{Attribute, State};
use typed::Sql;

use super::fields::CUSTOMER_NAME;
use super::listed::Listed;

fn text(text: Option<&Text>) -> Value {
    text.map_or(Value::Null, |text| Value::Text(text.into()))
}

fn number(number: u64) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn money(money: Option<Money>) -> Value {
    money.map_or(Value::Null, |money| Value::Int(money.amount))
}

fn moment(moment: Option<u64>) -> Value {
    moment.map_or(Value::Null, Value::Date)
}

/// The SQL condition for ids of `storefront`.
fn ids_of<I: Numbered>(column: &str, storefront: StorefrontNo) -> String {
    let (low, high) = (I::of(storefront, 0).raw(), I::of(storefront, NUMBER_MAX).raw());
    format!("{column} BETWEEN {low} AND {high}")
}

impl Listed for Offering {
    type Stored = Self;
    const NUMBER: &str = "id";

    fn to_view(row: Self) -> Option<Self> {
        (!row.withdrawn).then_some(row)
    }
    fn key_of(storefront: StorefrontNo, number: u64) -> Option<OfferingId> {
        Some(OfferingId::of(storefront, number))
    }
    fn condition(storefront: StorefrontNo) -> String {
        format!("{} AND withdrawn = 0", ids_of::<OfferingId>("id", storefront))
    }
    fn number(&self) -> u64 {
        self.id.number()
    }
    fn version(&self) -> u64 {
        self.version
    }
    fn value(&self, attribute: &Attribute) -> Value {
        match attribute {
            Attribute::Name => text(self.name.as_ref()),
            Attribute::Reference => text(self.reference.as_ref()),
            Attribute::Price => money(Some(self.price)),
            Attribute::Left => number(self.left()),
            _ => Value::Null,
        }
    }
    fn extra(&self) -> Option<&str> {
        self.fields.as_deref()
    }
    fn indexed(storefront: StorefrontNo, by: &Attribute) -> Option<String> {
        (*by == Attribute::Reference).then(|| stock::queries::with_reference(storefront))
    }
    fn index_value<'a>(_: StorefrontNo, _: &Attribute, value: &'a Value) -> Option<Sql<'a>> {
        match value {
            Value::Text(text) => Some(Sql::Text(text.as_str().into())),
            Value::Int(number) => Some(Sql::Text(number.to_string().into())),
            _ => None,
        }
    }
    fn column(attribute: &Attribute) -> Option<&'static str> {
        match attribute {
            Attribute::Name => Some("name"),
            Attribute::Reference => Some("reference"),
            Attribute::Price => Some("price"),
            Attribute::Left => Some("remaining"),
            _ => None,
        }
    }
}

impl Listed for Seat {
    type Stored = Self;
    const NUMBER: &str = "id";

    fn to_view(row: Self) -> Option<Self> {
        Some(row)
    }
    fn key_of(storefront: StorefrontNo, number: u64) -> Option<SeatId> {
        Some(SeatId::of(storefront, number))
    }
    fn condition(storefront: StorefrontNo) -> String {
        ids_of::<SeatId>("id", storefront)
    }
    fn number(&self) -> u64 {
        self.id.number()
    }
    fn version(&self) -> u64 {
        self.version
    }
    fn value(&self, attribute: &Attribute) -> Value {
        match attribute {
            Attribute::Offering => number(self.offering.number()),
            Attribute::Grade => text(self.grade.as_ref()),
            Attribute::SeatRow => text(self.seat_row.as_ref()),
            Attribute::SeatColumn => self.seat_col.map_or(Value::Null, Value::Int),
            Attribute::Sold => Value::Bool(self.is_shown_sold()),
            Attribute::Price => money(Some(self.price)),
            _ => Value::Null,
        }
    }
    fn indexed(_: StorefrontNo, by: &Attribute) -> Option<String> {
        (*by == Attribute::Offering).then(|| "offering = ?1".to_owned())
    }
    fn column(attribute: &Attribute) -> Option<&'static str> {
        match attribute {
            Attribute::Offering => Some("offering & 1099511627775"),
            Attribute::Grade => Some("grade"),
            Attribute::SeatRow => Some("seat_row"),
            Attribute::SeatColumn => Some("seat_col"),
            Attribute::Sold => Some("state IN ('sold', 'withheld')"),
            Attribute::Price => Some("price"),
            _ => None,
        }
    }
}

fn customer_name(fields: Option<&Text>) -> Value {
    let fields = fields.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let name = fields.as_ref().and_then(|fields| fields.get(CUSTOMER_NAME)).and_then(|name| name.as_str());
    name.map_or(Value::Null, |name| Value::Text(name.to_owned()))
}

impl Listed for Order {
    type Stored = Self;
    const NUMBER: &str = "id";

    fn to_view(row: Self) -> Option<Self> {
        row.shown.then_some(row)
    }
    fn key_of(storefront: StorefrontNo, number: u64) -> Option<OrderId> {
        Some(OrderId::of(storefront, number))
    }
    fn condition(storefront: StorefrontNo) -> String {
        format!("{} AND shown = 1", ids_of::<OrderId>("id", storefront))
    }
    fn number(&self) -> u64 {
        self.id.number()
    }
    fn version(&self) -> u64 {
        self.version
    }
    fn value(&self, attribute: &Attribute) -> Value {
        match attribute {
            Attribute::Offering => Value::Text(self.wanted_as_named().to_owned()),
            Attribute::OfferingName => text(self.name.as_ref()),
            Attribute::Quantity => number(u64::from(self.quantity)),
            Attribute::Customer => text(Some(&self.customer)),
            Attribute::CustomerName => customer_name(self.fields.as_ref()),
            Attribute::Seat => self.seats.0.first().map_or(Value::Null, |seat| number(seat.number())),
            Attribute::SeatRow => text(self.seat_row.as_ref()),
            Attribute::SeatColumn => self.seat_col.map_or(Value::Null, Value::Int),
            Attribute::UnitPrice => money(self.unit_price),
            Attribute::Amount => money(self.total),
            Attribute::State => Value::State(State::Order(self.state)),
            Attribute::PlacedAt => Value::Date(self.placed_at),
            Attribute::CancelledAt => moment(self.cancelled_at),
            Attribute::Points => Value::Int(self.points),
            Attribute::Card => text(self.card.as_ref()),
            _ => Value::Null,
        }
    }
    fn extra(&self) -> Option<&str> {
        self.fields.as_deref()
    }
    fn column(attribute: &Attribute) -> Option<&'static str> {
        match attribute {
            Attribute::Offering => Some("CASE WHEN wanted LIKE '#%' THEN substr(wanted, 2) ELSE wanted END"),
            Attribute::OfferingName => Some("name"),
            Attribute::Quantity => Some("quantity"),
            Attribute::Customer => Some("customer"),
            Attribute::CustomerName => Some("json_extract(fields, '$.userName')"),
            Attribute::Seat => Some("seats"),
            Attribute::SeatRow => Some("seat_row"),
            Attribute::SeatColumn => Some("seat_col"),
            Attribute::UnitPrice => Some("unit_price"),
            Attribute::Amount => Some("total"),
            Attribute::State => Some("state"),
            Attribute::PlacedAt => Some("placed_at"),
            Attribute::CancelledAt => Some("cancelled_at"),
            Attribute::Points => Some("points"),
            Attribute::Card => Some("card"),
            _ => None,
        }
    }
}

impl Listed for Account {
    type Stored = Self;

    fn to_view(row: Self) -> Option<Self> {
        row.number.is_some().then_some(row)
    }
    fn key_of(_: StorefrontNo, number: u64) -> Option<Text> {
        Some(number.to_string().into())
    }
    fn condition(_: StorefrontNo) -> String {
        "number IS NOT NULL".to_owned()
    }
    fn number(&self) -> u64 {
        self.number.unwrap_or(0)
    }
    fn version(&self) -> u64 {
        self.version
    }
    fn value(&self, attribute: &Attribute) -> Value {
        match attribute {
            Attribute::Points => Value::Int(self.balance),
            _ => Value::Null,
        }
    }
    fn column(attribute: &Attribute) -> Option<&'static str> {
        matches!(attribute, Attribute::Points).then_some("balance")
    }
}

/// A line of my page that facades show.
pub(super) struct VisibleLine(mypage::Line, u64);
/// A line of my page of an order that stands.
pub(super) struct ConfirmedLine(mypage::Line, u64);

macro_rules! lines {
    ($($name:ident by $field:ident $number:literal),+) => {$(
        impl Listed for $name {
            type Stored = mypage::Line;
            const NUMBER: &str = $number;

            fn to_view(row: mypage::Line) -> Option<Self> {
                row.$field.map(|number| Self(row, number))
            }
            fn condition(storefront: StorefrontNo) -> String {
                format!(concat!("storefront = {} AND ", $number, " IS NOT NULL"), storefront.0)
            }
            fn number(&self) -> u64 {
                self.1
            }
            fn version(&self) -> u64 {
                self.0.version
            }
            fn value(&self, attribute: &Attribute) -> Value {
                line_value(&self.0, attribute)
            }
            fn extra(&self) -> Option<&str> {
                self.0.fields.as_deref()
            }
            fn column(attribute: &Attribute) -> Option<&'static str> {
                line_column(attribute)
            }
            fn indexed(_: StorefrontNo, by: &Attribute) -> Option<String> {
                (*by == Attribute::Order).then(|| "owner = ?1".to_owned())
            }
        }
    )+};
}

lines!(VisibleLine by number "number", ConfirmedLine by list_number "list_number");

fn line_value(line: &mypage::Line, attribute: &Attribute) -> Value {
    match attribute {
        Attribute::Offering => Value::Text(String::from(&line.wanted)),
        Attribute::OfferingName => text(line.name.as_ref()),
        Attribute::Quantity => number(u64::from(line.quantity)),
        Attribute::Customer => text(Some(&line.customer)),
        Attribute::CustomerName => customer_name(line.fields.as_ref()),
        Attribute::UnitPrice => money(line.unit_price),
        Attribute::Amount => money(line.paid),
        Attribute::State => Value::State(State::Order(line.state)),
        Attribute::PlacedAt => Value::Date(line.placed_at),
        Attribute::CancelledAt => moment(line.cancelled_at),
        Attribute::PaidAt => moment(line.paid_at),
        Attribute::RefundedAt => moment(line.refunded_at),
        Attribute::Order => number(line.owner.number()),
        Attribute::Points => line.points.map_or(Value::Null, Value::Int),
        _ => Value::Null,
    }
}

fn line_column(attribute: &Attribute) -> Option<&'static str> {
    match attribute {
        Attribute::Offering => Some("wanted"),
        Attribute::OfferingName => Some("name"),
        Attribute::Quantity => Some("quantity"),
        Attribute::Customer => Some("customer"),
        Attribute::CustomerName => Some("json_extract(fields, '$.userName')"),
        Attribute::UnitPrice => Some("unit_price"),
        Attribute::Amount => Some("paid"),
        Attribute::State => Some("state"),
        Attribute::PlacedAt => Some("placed_at"),
        Attribute::CancelledAt => Some("cancelled_at"),
        Attribute::PaidAt => Some("paid_at"),
        Attribute::RefundedAt => Some("refunded_at"),
        Attribute::Order => Some("owner & 1099511627775"),
        Attribute::Points => Some("points"),
        _ => None,
    }
}

impl Listed for payment::Payment {
    type Stored = Self;

    fn to_view(row: Self) -> Option<Self> {
        Some(row)
    }
    fn number(&self) -> u64 {
        self.number
    }
    fn version(&self) -> u64 {
        self.version
    }
    fn value(&self, attribute: &Attribute) -> Value {
        match attribute {
            Attribute::Offering => text(Some(&self.product)),
            Attribute::Customer => text(Some(&self.customer)),
            Attribute::Amount => money(Some(self.amount)),
            Attribute::State => Value::State(payment_state(self.state)),
            Attribute::PlacedAt => Value::Date(self.requested_at),
            Attribute::PaidAt => moment(self.paid_at),
            Attribute::RefundedAt | Attribute::CancelledAt => moment(self.refunded_at),
            Attribute::Order => number(self.owner.number()),
            Attribute::Card => text(self.card.as_ref()),
            _ => Value::Null,
        }
    }
    fn indexed(_: StorefrontNo, by: &Attribute) -> Option<String> {
        (*by == Attribute::Order).then(|| "owner = ?1".to_owned())
    }
    fn column(attribute: &Attribute) -> Option<&'static str> {
        match attribute {
            Attribute::Offering => Some("product"),
            Attribute::Customer => Some("customer"),
            Attribute::Amount => Some("amount"),
            Attribute::State => Some("state"),
            Attribute::PlacedAt => Some("requested_at"),
            Attribute::PaidAt => Some("paid_at"),
            Attribute::RefundedAt | Attribute::CancelledAt => Some("refunded_at"),
            Attribute::Order => Some("owner & 1099511627775"),
            Attribute::Card => Some("card"),
            _ => None,
        }
    }
}

fn payment_state(state: payment::PaymentState) -> State {
    State::Payment(match state {
        payment::PaymentState::Requested => storefronts::PaymentState::Requested,
        payment::PaymentState::Paid | payment::PaymentState::Refunding => storefronts::PaymentState::Paid,
        payment::PaymentState::Declined | payment::PaymentState::GivenUp => storefronts::PaymentState::Declined,
        payment::PaymentState::Refunded | payment::PaymentState::Voided => storefronts::PaymentState::Refunded,
    })
}

impl Listed for delivery::Delivery {
    type Stored = Self;

    fn to_view(row: Self) -> Option<Self> {
        Some(row)
    }
    fn number(&self) -> u64 {
        self.number
    }
    fn version(&self) -> u64 {
        self.version
    }
    fn value(&self, attribute: &Attribute) -> Value {
        match attribute {
            Attribute::Offering => text(Some(&self.product)),
            Attribute::Customer => text(Some(&self.customer)),
            Attribute::Quantity => number(u64::from(self.quantity)),
            Attribute::State => Value::State(State::Delivery(self.state)),
            Attribute::PlacedAt => Value::Date(self.started_at),
            Attribute::Order => number(self.owner.number()),
            _ => Value::Null,
        }
    }
    fn indexed(_: StorefrontNo, by: &Attribute) -> Option<String> {
        (*by == Attribute::Order).then(|| "owner = ?1".to_owned())
    }
    fn column(attribute: &Attribute) -> Option<&'static str> {
        match attribute {
            Attribute::Offering => Some("product"),
            Attribute::Customer => Some("customer"),
            Attribute::Quantity => Some("quantity"),
            Attribute::State => Some("state"),
            Attribute::PlacedAt => Some("started_at"),
            Attribute::Order => Some("owner & 1099511627775"),
            _ => None,
        }
    }
}

impl Listed for notification::Notice {
    type Stored = Self;

    fn to_view(row: Self) -> Option<Self> {
        Some(row)
    }
    fn number(&self) -> u64 {
        self.number
    }
    fn version(&self) -> u64 {
        1 // what a facade shows of it never changes
    }
    fn value(&self, attribute: &Attribute) -> Value {
        match attribute {
            Attribute::Offering => self.offering.map_or(Value::Null, |offering| number(offering.number())),
            Attribute::OfferingName => text(self.offering_name.as_ref()),
            Attribute::Quantity => number(u64::from(self.quantity)),
            Attribute::Customer => text(Some(&self.customer)),
            Attribute::CustomerName => text(self.customer_name.as_ref()),
            Attribute::State => Value::State(State::Order(self.kind.tells())),
            Attribute::PlacedAt => Value::Date(self.at),
            Attribute::Order => number(self.owner.number()),
            _ => Value::Null,
        }
    }
    fn indexed(_: StorefrontNo, by: &Attribute) -> Option<String> {
        (*by == Attribute::Order).then(|| "id BETWEEN ?1 * 4 AND ?1 * 4 + 3".to_owned())
    }
    fn column(attribute: &Attribute) -> Option<&'static str> {
        match attribute {
            Attribute::Offering => Some("offering & 1099511627775"),
            Attribute::OfferingName => Some("offering_name"),
            Attribute::Quantity => Some("quantity"),
            Attribute::Customer => Some("customer"),
            Attribute::CustomerName => Some("customer_name"),
            Attribute::State => Some("kind"),
            Attribute::PlacedAt => Some("at"),
            Attribute::Order => Some("owner & 1099511627775"),
            _ => None,
        }
    }
}
