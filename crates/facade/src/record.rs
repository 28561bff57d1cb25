//! How what the services have is shown as records of a facade: what each kind of thing has of the attributes.

use contracts::queries::{
    AccountView, CUSTOMER_NAME, DeliveryView, LineView, NoticeView, OfferingView, OrderView, PaymentView, RecordView,
    SeatView,
};
use contracts::states::{OrderState, PaymentState, SeatState};
use contracts::{Money, Numbered, Text};
use serde_json::{Map, Value as Json};
use storefronts::port::{Record, Value};
use storefronts::{Attribute, FieldType, Resource, State};

/// The record of `view` with the attributes of `of`.
pub(super) fn record(view: &RecordView, of: &Resource) -> Record {
    let (number, version, fields) = about(view);
    let keeps_fields = of.attributes.iter().any(|attribute| matches!(attribute, Attribute::Extra(_)));
    let extra = fields.filter(|_| keeps_fields).and_then(|text| serde_json::from_str(text).ok());
    let extra: Map<String, Json> = extra.unwrap_or_default();
    let value = |(attribute, field): (&Attribute, &storefronts::Field)| match attribute {
        Attribute::Extra(name) => kept(extra.get(&**name), field.field_type),
        other => value(view, other),
    };
    Record { number, version, values: of.attributes.iter().zip(&of.fields).map(value).collect() }
}

/// Its number, its version, and the fields that maejin only keeps, as JSON.
fn about(view: &RecordView) -> (u64, u64, Option<&Text>) {
    match view {
        RecordView::Offering(of) => (of.offering.number(), of.now.version, of.now.fields.as_ref()),
        RecordView::Seat(of) => (of.now.seat.number(), of.now.version, None),
        RecordView::Order(of) => (of.order.number(), of.now.version, of.now.fields.as_ref()),
        RecordView::Payment(of) => (of.now.number, of.now.version, None),
        RecordView::Delivery(of) => (of.now.number, of.now.version, None),
        RecordView::Account(of) => (of.number.unwrap_or(0), of.version, None),
        // What a facade shows of a notice never changes.
        RecordView::Notice(of) => (of.now.number, 1, None),
        RecordView::Line(of) => (of.number.unwrap_or(0), of.version, of.fields.as_ref()),
        RecordView::ConfirmedLine(of) => (of.list_number.unwrap_or(0), of.version, of.fields.as_ref()),
    }
}

fn value(view: &RecordView, attribute: &Attribute) -> Value {
    match view {
        RecordView::Offering(of) => of_offering(of, attribute),
        RecordView::Seat(of) => of_seat(of, attribute),
        RecordView::Order(of) => of_order(of, attribute),
        RecordView::Payment(of) => of_payment(of, attribute),
        RecordView::Delivery(of) => of_delivery(of, attribute),
        RecordView::Account(of) => of_account(of, attribute),
        RecordView::Notice(of) => of_notice(of, attribute),
        RecordView::Line(of) | RecordView::ConfirmedLine(of) => of_line(of, attribute),
    }
}

fn kept(value: Option<&Json>, field_type: FieldType) -> Value {
    match value {
        None | Some(Json::Null) => Value::Null,
        Some(Json::Bool(yes)) => Value::Bool(*yes),
        Some(Json::Number(number)) => {
            let number = number.as_i64().unwrap_or_default();
            if matches!(field_type, FieldType::Date | FieldType::Stamp) {
                Value::Date(u64::try_from(number).unwrap_or_default())
            } else {
                Value::Int(number)
            }
        }
        Some(Json::String(text)) => Value::Text(text.clone()),
        Some(other) => Value::Text(other.to_string()),
    }
}

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

fn customer_name(fields: Option<&Text>) -> Value {
    let fields = fields.and_then(|text| serde_json::from_str::<Json>(text).ok());
    let name = fields.as_ref().and_then(|fields| fields.get(CUSTOMER_NAME)).and_then(|name| name.as_str());
    name.map_or(Value::Null, |name| Value::Text(name.to_owned()))
}

fn of_offering(view: &OfferingView, attribute: &Attribute) -> Value {
    let now = &view.now;
    match attribute {
        Attribute::Name => text(now.name.as_ref()),
        Attribute::Reference => text(now.reference.as_ref()),
        Attribute::Price => money(Some(now.price)),
        Attribute::Left => number(view.left()),
        _ => Value::Null,
    }
}

fn of_seat(view: &SeatView, attribute: &Attribute) -> Value {
    let now = &view.now;
    match attribute {
        Attribute::Offering => number(view.offering.number()),
        Attribute::Grade => text(now.grade.as_ref()),
        Attribute::SeatRow => text(now.row.as_ref()),
        Attribute::SeatColumn => now.column.map_or(Value::Null, Value::Int),
        // Gone for a buyer for good: sold, or kept back by the seller.
        Attribute::Sold => Value::Bool(matches!(now.state, SeatState::Sold | SeatState::Withheld)),
        Attribute::Price => money(Some(now.price)),
        _ => Value::Null,
    }
}

fn of_order(view: &OrderView, attribute: &Attribute) -> Value {
    let now = &view.now;
    match attribute {
        Attribute::Offering => text(Some(&now.wanted)),
        Attribute::OfferingName => text(now.name.as_ref()),
        Attribute::Quantity => number(u64::from(now.quantity)),
        Attribute::Customer => text(Some(&now.customer)),
        Attribute::CustomerName => customer_name(now.fields.as_ref()),
        Attribute::Seat => view.seats.0.first().map_or(Value::Null, |seat| number(seat.number())),
        Attribute::SeatRow => text(view.seat_row.as_ref()),
        Attribute::SeatColumn => view.seat_column.map_or(Value::Null, Value::Int),
        Attribute::UnitPrice => money(now.unit_price),
        Attribute::Amount => money(now.total),
        Attribute::State => Value::State(State::Order(now.state)),
        Attribute::PlacedAt => Value::Date(now.placed_at),
        Attribute::CancelledAt => moment(now.cancelled_at),
        Attribute::Points => Value::Int(now.points),
        Attribute::Card => text(view.card.as_ref()),
        _ => Value::Null,
    }
}

fn of_account(view: &AccountView, attribute: &Attribute) -> Value {
    match attribute {
        Attribute::Points => Value::Int(view.balance),
        _ => Value::Null,
    }
}

fn of_line(line: &LineView, attribute: &Attribute) -> Value {
    match attribute {
        Attribute::Offering => text(Some(&line.wanted)),
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
        Attribute::Order => number(line.order.number()),
        Attribute::Points => line.points.map_or(Value::Null, Value::Int),
        _ => Value::Null,
    }
}

fn of_payment(view: &PaymentView, attribute: &Attribute) -> Value {
    let now = &view.now;
    match attribute {
        Attribute::Offering => text(Some(&view.product)),
        Attribute::Customer => text(Some(&view.customer)),
        Attribute::Amount => money(Some(now.amount)),
        Attribute::State => now.state.parse().map_or(Value::Null, |state| Value::State(payment_state(state))),
        Attribute::PlacedAt => Value::Date(now.requested_at),
        Attribute::PaidAt => moment(now.paid_at),
        Attribute::RefundedAt | Attribute::CancelledAt => moment(now.refunded_at),
        Attribute::Order => number(view.order.number()),
        Attribute::Card => text(view.card.as_ref()),
        _ => Value::Null,
    }
}

fn payment_state(state: PaymentState) -> State {
    State::Payment(match state {
        PaymentState::Requested => storefronts::PaymentState::Requested,
        PaymentState::Paid | PaymentState::Refunding => storefronts::PaymentState::Paid,
        PaymentState::Declined | PaymentState::GivenUp => storefronts::PaymentState::Declined,
        PaymentState::Refunded | PaymentState::Voided => storefronts::PaymentState::Refunded,
    })
}

fn of_delivery(view: &DeliveryView, attribute: &Attribute) -> Value {
    let now = &view.now;
    match attribute {
        Attribute::Offering => text(Some(&now.product)),
        Attribute::Customer => text(Some(&now.customer)),
        Attribute::Quantity => number(u64::from(now.quantity)),
        Attribute::State => Value::State(State::Delivery(now.state)),
        Attribute::PlacedAt => Value::Date(now.started_at),
        Attribute::Order => number(view.order.number()),
        _ => Value::Null,
    }
}

fn of_notice(view: &NoticeView, attribute: &Attribute) -> Value {
    match attribute {
        Attribute::Offering => view.offering.map_or(Value::Null, |offering| number(offering.number())),
        Attribute::OfferingName => text(view.offering_name.as_ref()),
        Attribute::Quantity => number(u64::from(view.quantity)),
        Attribute::Customer => text(Some(&view.customer)),
        Attribute::CustomerName => text(view.customer_name.as_ref()),
        // It is called as the state of the order is of which it tells.
        Attribute::State => {
            let state = view.now.kind.parse::<OrderState>();
            state.map_or(Value::Null, |state| Value::State(State::Order(state)))
        }
        Attribute::PlacedAt => Value::Date(view.now.at),
        Attribute::Order => number(view.order.number()),
        _ => Value::Null,
    }
}
