//! The rows that an order is shown from, and how they are shown.

use contracts::{Answer, Code, Message, Numbered, OrderId, Rejection, Step};
use delivery::{Delivery, DeliveryState};
use engine::{CacheView, Core};
use order::{Order, OrderState};
use payment::{Payment, PaymentState};
use stock::Seat;
use store::{StoreError, TableReader};
use storefronts::Storefront;
use typed::{Key, Row};

use crate::shapes;
use edge::{Problem, ids};
use service::etags::etag;

use super::call::not_done;
use edge::fingerprint;
use host::Running;

/// An order with what belongs to it, all as it is at one moment.
#[derive(Debug)]
pub(super) struct OrderView {
    pub order: Order,
    payment: Option<Payment>,
    delivery: Option<Delivery>,
    /// What people call its seats: as they were called when they were set aside for it, or until then, as they are called.
    seats: Vec<String>,
}

/// Which rows there may be besides an order's own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside {
    payment: bool,
    delivery: bool,
}

impl Beside {
    /// Those of an order of `at`.
    pub(super) fn of(at: &Storefront) -> Self {
        Self { payment: at.recipe.has(Step::Pay), delivery: at.recipe.has(Step::Deliver) }
    }
}

/// Where rows come from; what cannot tell whether there is one says so by its error.
trait Source {
    type Unsure;
    fn find<R: Row>(&mut self, key: &R::Key) -> Result<Option<R>, Self::Unsure>;
}

/// Memory alone: what it does not have, only the tables can tell.
impl Source for &CacheView<'_> {
    type Unsure = ();
    fn find<R: Row>(&mut self, key: &R::Key) -> Result<Option<R>, ()> {
        self.get::<R>(key).ok_or(())
    }
}

/// The engine itself, which fetches what it does not have in memory.
impl Source for Core<Message, Answer> {
    type Unsure = StoreError;
    fn find<R: Row>(&mut self, key: &R::Key) -> Result<Option<R>, StoreError> {
        self.row::<R>(key)
    }
}

/// Tables that hold still.
impl Source for &mut dyn TableReader {
    type Unsure = StoreError;
    fn find<R: Row>(&mut self, key: &R::Key) -> Result<Option<R>, StoreError> {
        Ok(store::rows_of::<R>(self.load(R::TABLE, &[key.to_value()])?).pop())
    }
}

impl OrderView {
    /// The order `id` as `source` has it; `None` if it does not exist.
    fn of<S: Source>(id: OrderId, beside: Beside, source: &mut S) -> Result<Option<Box<Self>>, S::Unsure> {
        let Some(order) = source.find::<Order>(&id)? else { return Ok(None) };
        let payment = if beside.payment { source.find::<Payment>(&id)? } else { None };
        let delivery = if beside.delivery { source.find::<Delivery>(&id)? } else { None };
        let seats = match &order.seat_names {
            Some(names) => names.0.iter().map(String::from).collect(),
            None => {
                order.seats.0.iter().map(|id| Ok(seat_id(*id, source.find(id)?.as_ref()))).collect::<Result<_, _>>()?
            }
        };
        Ok(Some(Box::new(Self { order, payment, delivery, seats })))
    }

    /// The order `id` as memory has it: `None` if it has not all of it.
    pub(super) fn peek(id: OrderId, beside: Beside, view: &CacheView<'_>) -> Option<Option<Box<Self>>> {
        Self::of(id, beside, &mut &*view).ok()
    }

    /// The order `id` as it is between two requests.
    pub(super) fn now(
        id: OrderId,
        beside: Beside,
        core: &mut Core<Message, Answer>,
    ) -> Result<Option<Box<Self>>, StoreError> {
        Self::of(id, beside, core)
    }

    /// The order `id`, wherever its rows are; `None` if it does not exist. It is read in one look: at memory, or else at the tables, once
    /// these are up to what is acknowledged.
    pub(super) async fn read(id: OrderId, beside: Beside, node: &Running) -> Result<Option<Box<Self>>, Problem> {
        let seen = node.engine.look(move |core| Self::peek(id, beside, &core.view())).await.map_err(not_done)?;
        if let Some(order) = seen {
            return Ok(order);
        }
        node.engine.scan(move |mut reader| Self::of(id, beside, &mut reader)).await.map_err(not_done)
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

    /// Counts the changes of all its rows but the seats.
    fn version(&self) -> u64 {
        let payment = self.payment.as_ref().map_or(0, |payment| payment.version);
        self.order.version + payment + self.delivery.as_ref().map_or(0, |delivery| delivery.version)
    }

    /// Its ETag: another one whenever anything that is shown of it is. Seats that were never set aside for it may be called otherwise any time.
    pub(super) fn etag(&self) -> String {
        if self.seats.is_empty() || self.order.seat_names.is_some() {
            return etag(self.version());
        }
        format!("\"{}-{:08x}\"", self.version(), fingerprint(self.seats.join("\n").as_bytes()) >> 31)
    }

    /// As a client sees it.
    pub(super) fn to_shape<'a>(&'a self, at: &'a Storefront) -> shapes::Order<'a> {
        let order = &self.order;
        let moment = |at: Option<u64>| at.map(shapes::Moment);
        shapes::Order {
            id: ids::text(order.id.number()),
            storefront: &at.recipe.name,
            offering: order.offering.map(|offering| ids::text(offering.number())),
            customer: &order.customer,
            quantity: order.quantity,
            seats: &self.seats,
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
        PaymentState::GivenUp => shapes::PaymentState::GivenUp,
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
