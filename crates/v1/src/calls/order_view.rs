//! The row of an order, and how it is shown: there is nothing of an order elsewhere.

use contracts::{Answer, Code, Message, Numbered, OrderId, Rejection};
use engine::{CacheView, Core};
use order::{Order, OrderState};
use store::StoreError;
use storefronts::Storefront;
use typed::{Key, Row};

use crate::shapes;
use edge::{Problem, ids};
use service::etags::etag;

use super::call::not_done;
use host::Running;

/// An order as it is at one moment.
#[derive(Debug)]
pub(super) struct OrderView {
    pub order: Box<Order>,
    /// What people call its seats: as they were called when they were set aside for it or refused, and their numbers until then.
    seats: Vec<String>,
}

impl From<Order> for OrderView {
    fn from(order: Order) -> Self {
        let seats = match &order.seat_names {
            Some(names) => names.0.iter().map(String::from).collect(),
            None => order.seats.0.iter().map(|id| ids::seat_text(None, None, id.number())).collect(),
        };
        Self { order: Box::new(order), seats }
    }
}

impl OrderView {
    /// The order `id` as memory has it: `None` if only the tables can tell.
    pub(super) fn peek(id: OrderId, view: &CacheView<'_>) -> Option<Option<Self>> {
        view.get::<Order>(&id).map(|order| order.map(Self::from))
    }

    /// The order `id` as it is between two requests.
    pub(super) fn now(id: OrderId, core: &mut Core<Message, Answer>) -> Result<Option<Self>, StoreError> {
        Ok(core.row::<Order>(&id)?.map(Self::from))
    }

    /// The order `id`, wherever it is; `None` if it does not exist. The tables are read once they are up to what is acknowledged.
    pub(super) async fn read(id: OrderId, node: &Running) -> Result<Option<Self>, Problem> {
        let seen = node.engine.look(move |core| Self::peek(id, &core.view())).await.map_err(not_done)?;
        if let Some(found) = seen {
            return Ok(found);
        }
        let load = move |reader: &mut dyn store::TableReader| reader.load(Order::TABLE, &[id.to_value()]);
        let rows = node.engine.scan(load).await.map_err(not_done)?;
        Ok(store::rows_of::<Order>(rows).pop().map(Self::from))
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

    /// Its ETag: another one whenever anything that is shown of it is.
    pub(super) fn etag(&self) -> String {
        etag(self.order.version)
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
            state: order.state,
            reason: order.reason.map(Code::as_str),
            parked: order.parked.is_some(),
            placed_at: shapes::Moment(order.placed_at),
            decided_at: moment(order.decided_at),
            cancelled_at: moment(order.cancelled_at),
            payment: order.payment.as_ref().map(|payment| shapes::Payment {
                state: payment.state,
                amount: payment.amount.into(),
                reference: payment.reference.as_deref(),
                paid_at: moment(payment.paid_at),
                refunded_at: moment(payment.refunded_at),
            }),
            delivery: order.delivery.as_ref().map(|delivery| shapes::Delivery {
                state: delivery.state,
                started_at: shapes::Moment(delivery.started_at),
                ended_at: moment(delivery.ended_at),
            }),
            points: order.points,
            version: order.version,
        }
    }
}
