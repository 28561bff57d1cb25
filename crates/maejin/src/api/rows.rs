//! The rows that an order is shown from, and how they are shown.

use contracts::{Code, Numbered, OrderId, Rejection, Step};
use delivery::{Delivery, DeliveryState};
use engine::View;
use order::{Order, OrderState};
use payment::{Payment, PaymentState};
use stock::Seat;
use storefronts::Storefront;

use ::api::{Problem, ids, shapes};

use super::call::not_done;
use crate::node::Running;

/// An order with what belongs to it.
#[derive(Debug)]
pub(super) struct Rows {
    pub order: Order,
    payment: Option<Payment>,
    delivery: Option<Delivery>,
    /// The seats that it names; one that is gone is `None`.
    seats: Vec<Option<Seat>>,
}

impl Rows {
    /// What memory has of the order `id`: `None` if that is not all, or the order does not exist.
    pub(super) fn peek(id: OrderId, at: &Storefront, view: &View<'_>) -> Option<Box<Self>> {
        let order = view.get::<Order>(&id)??;
        let payment = if at.recipe.has(Step::Pay) { view.get::<Payment>(&id)? } else { None };
        let delivery = if at.recipe.has(Step::Deliver) { view.get::<Delivery>(&id)? } else { None };
        let seats = order.seats.0.iter().map(|seat| view.get::<Seat>(seat)).collect::<Option<_>>()?;
        Some(Box::new(Self { order, payment, delivery, seats }))
    }

    /// The order `id`, wherever its rows are; `None` if it does not exist.
    pub(super) async fn read(id: OrderId, at: &Storefront, node: &Running) -> Result<Option<Box<Self>>, Problem> {
        let engine = &node.engine;
        let Some(order) = engine.get::<Order>(id).await.map_err(not_done)? else { return Ok(None) };
        let (mut payment, mut delivery, mut seats) = (None, None, Vec::with_capacity(order.seats.0.len()));
        if at.recipe.has(Step::Pay) {
            payment = engine.get::<Payment>(id).await.map_err(not_done)?;
        }
        if at.recipe.has(Step::Deliver) {
            delivery = engine.get::<Delivery>(id).await.map_err(not_done)?;
        }
        for seat in &order.seats.0 {
            seats.push(engine.get::<Seat>(*seat).await.map_err(not_done)?);
        }
        Ok(Some(Box::new(Self { order, payment, delivery, seats })))
    }

    /// Whether it has come to its end, or waits for an operator.
    pub(super) fn is_settled(&self) -> bool {
        self.order.has_ended() || self.order.parked.is_some()
    }

    /// Why it was rejected, if it was.
    pub(super) fn rejection(&self) -> Option<Rejection> {
        (self.order.state == OrderState::Rejected).then(|| Rejection {
            code: self.order.reason.unwrap_or(Code::Expired),
            field: self.order.field.as_ref().map(String::from),
            message: self.order.explanation.as_ref().map(String::from).unwrap_or_default(),
            order: Some(self.order.id),
        })
    }

    /// Counts the changes of all its rows.
    pub(super) fn version(&self) -> u64 {
        let payment = self.payment.as_ref().map_or(0, |payment| payment.version);
        self.order.version + payment + self.delivery.as_ref().map_or(0, |delivery| delivery.version)
    }

    /// As a client sees it.
    pub(super) fn shown<'a>(&'a self, at: &'a Storefront) -> shapes::Order<'a> {
        let order = &self.order;
        let moment = |at: Option<u64>| at.map(shapes::Moment);
        shapes::Order {
            id: ids::text(order.id.number()),
            storefront: &at.recipe.name,
            offering: order.offering.map(|offering| ids::text(offering.number())).or_else(|| named(order)),
            customer: &order.customer,
            quantity: order.quantity,
            seats: order.seats.0.iter().zip(&self.seats).map(|(id, seat)| seat_id(*id, seat.as_ref())).collect(),
            total: order.total.map(Into::into),
            state: state(order.state),
            reason: order.reason.map(Code::as_str),
            parked: order.parked.is_some(),
            placed_at: shapes::Moment(order.placed_at),
            decided_at: moment(order.decided_at),
            cancelled_at: moment(order.cancelled_at),
            payment: self.payment.as_ref().map(|payment| shapes::Payment {
                state: payment_state(payment.state),
                amount: payment.amount.into(),
                reference: payment.reference.as_deref(),
                paid_at: moment(payment.paid_at),
                refunded_at: moment(payment.refunded_at),
            }),
            delivery: self.delivery.as_ref().map(|delivery| shapes::Delivery {
                state: delivery_state(delivery.state),
                started_at: shapes::Moment(delivery.started_at),
                ended_at: moment(delivery.ended_at),
            }),
            points: order.points,
            version: self.version(),
        }
    }
}

/// The offering that an order names by its number, if it does.
fn named(order: &Order) -> Option<String> {
    order.wanted.parse().ok().map(ids::text)
}

fn seat_id(id: contracts::SeatId, seat: Option<&Seat>) -> String {
    let row = seat.and_then(|seat| seat.seat_row.as_deref());
    ids::seat_text(row, seat.and_then(|seat| seat.seat_col), id.number())
}

fn state(state: OrderState) -> shapes::OrderState {
    match state {
        OrderState::Placed => shapes::OrderState::Placed,
        OrderState::Held => shapes::OrderState::Held,
        OrderState::Paid => shapes::OrderState::Paid,
        OrderState::Confirmed => shapes::OrderState::Confirmed,
        OrderState::Rejected => shapes::OrderState::Rejected,
        OrderState::Cancelling => shapes::OrderState::Cancelling,
        OrderState::Cancelled => shapes::OrderState::Cancelled,
    }
}

fn payment_state(state: PaymentState) -> shapes::PaymentState {
    match state {
        PaymentState::Requested => shapes::PaymentState::Requested,
        PaymentState::Paid => shapes::PaymentState::Paid,
        PaymentState::Declined => shapes::PaymentState::Declined,
        PaymentState::Refunding => shapes::PaymentState::Refunding,
        PaymentState::Refunded => shapes::PaymentState::Refunded,
        PaymentState::Voided => shapes::PaymentState::Voided,
    }
}

fn delivery_state(state: DeliveryState) -> shapes::DeliveryState {
    match state {
        DeliveryState::Started => shapes::DeliveryState::Started,
        DeliveryState::Dispatched => shapes::DeliveryState::Dispatched,
        DeliveryState::Completed => shapes::DeliveryState::Completed,
        DeliveryState::Cancelled => shapes::DeliveryState::Cancelled,
    }
}
