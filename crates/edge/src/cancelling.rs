//! Taking back all orders of an offering, some at a time, for all doors alike. Nothing is kept of how far it came: an order that is taken
//! back already is only counted, so whoever was cut off begins again.

use backend::{Ask, Backend, Done, Then, Unavailable};
use contracts::commands::CancelOrder;
use contracts::queries::{Asks, OrderDetail, OrderDetails, Orders, PageCursor};
use contracts::states::OrderState;
use contracts::{Answer, Code, Numbered, OfferingId, OrderId, Rejection, Text};
use futures_util::future::try_join_all;

/// So many are looked at and taken back together: in one batch for the most part, beside which others are served.
const TOGETHER: u32 = 200;

/// What became of some orders of an offering.
#[derive(Debug, Default)]
pub struct CancelledOrders {
    /// So many were taken back now.
    pub cancelled: u64,
    /// So many had been taken back before.
    pub already: u64,
    /// Of so many of both, what was done is still being undone: for the most part a refund.
    pub under_way: u64,
    /// So many never came about: nothing is to be taken back.
    pub rejected: u64,
    /// Those that are not taken back, or not to the end.
    pub failed: Vec<NotCancelled>,
    /// Where to go on; `None` if these were the last.
    pub end: Option<PageCursor>,
}

/// An order that is not taken back, or not to the end, without somebody who sees to it.
#[derive(Debug, PartialEq, Eq)]
pub struct NotCancelled {
    /// The order.
    pub order: OrderId,
    /// Why, for programs.
    pub code: Code,
    /// Why, for people.
    pub why: String,
}

/// What is to be done about an order that is to be taken back.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    Stands,
    Already { under_way: bool },
    Rejected,
    Stuck,
}

/// Takes back the next orders of `offering` after `after`, the newest first, for `reason`. Each is a command of its own, with `correlation`.
///
/// # Errors
/// If they could not be read, or one was not handled: the others may be taken back all the same.
pub async fn cancel_orders(
    backend: &dyn Backend,
    offering: OfferingId,
    reason: Option<&Text>,
    after: Option<PageCursor>,
    correlation: u64,
) -> Result<CancelledOrders, Unavailable> {
    let of = Some(offering.number());
    let page = backend.ask(Orders { offering: of, after, ..Orders::of(vec![offering.storefront()], TOGETHER) }).await?;
    let mut done = CancelledOrders { end: page.end, ..CancelledOrders::default() };
    let standing = page.rows.into_iter().filter(|order| done.count(order) == Standing::Stands);
    let ids: Vec<OrderId> = standing.map(|order| order.view.order).collect();
    let asked = ids.iter().map(|order| {
        let message = CancelOrder { reason: reason.cloned(), ..CancelOrder::of(*order) };
        let then = Then::Query(OrderDetails { ids: vec![*order] }.query());
        backend.submit(Ask::of(message, correlation).then(then))
    });
    for (order, Done { answer, found, .. }) in ids.iter().zip(try_join_all(asked).await?) {
        let now = found.and_then(OrderDetails::of).and_then(|mut orders| orders.pop().flatten());
        done.hear(*order, answer, now.as_ref());
    }
    Ok(done)
}

impl Standing {
    fn of(order: &OrderDetail) -> Self {
        let now = &order.view.now;
        match now.state {
            OrderState::Cancelled => Self::Already { under_way: false },
            OrderState::Cancelling if now.parked.is_some() => Self::Stuck,
            OrderState::Cancelling => Self::Already { under_way: true },
            OrderState::Rejected => Self::Rejected,
            // Confirmed for good, whatever was the matter before.
            OrderState::Confirmed => Self::Stands,
            _ if now.reason.is_some() && now.parked.is_none() => Self::Rejected,
            _ => Self::Stands,
        }
    }
}

impl CancelledOrders {
    /// Whether there was no order.
    pub fn is_nothing(&self) -> bool {
        self.cancelled + self.already + self.rejected == 0 && self.failed.is_empty()
    }

    /// Counts an order as it is, unless it is to be taken back.
    fn count(&mut self, order: &OrderDetail) -> Standing {
        let standing = Standing::of(order);
        match standing {
            Standing::Stands => {}
            Standing::Already { under_way } => {
                self.already += 1;
                self.under_way += u64::from(under_way);
            }
            Standing::Rejected => self.rejected += 1,
            Standing::Stuck => self.failed.push(stuck(order)),
        }
        standing
    }

    /// Counts an order that was asked to be taken back, and is as in `now`.
    fn hear(&mut self, order: OrderId, answer: Answer, now: Option<&OrderDetail>) {
        match (answer, now.map(|now| (Standing::of(now), now))) {
            (Answer::Refused(_), Some((Standing::Rejected, _))) => self.rejected += 1,
            (Answer::Refused(Rejection { code, message: why, .. }), _) => {
                self.failed.push(NotCancelled { order, code, why });
            }
            (_, Some((Standing::Stuck, now))) => self.failed.push(stuck(now)),
            (_, standing) => {
                self.cancelled += 1;
                let under_way = matches!(standing, Some((Standing::Already { under_way: true }, _)));
                self.under_way += u64::from(under_way);
            }
        }
    }
}

/// It is being taken back, and does not go on without an operator.
fn stuck(order: &OrderDetail) -> NotCancelled {
    let why = order.view.now.parked.as_deref().unwrap_or_default();
    let why = format!("it waits for an operator while it is taken back: {why}");
    NotCancelled { order: order.view.order, code: Code::WrongState, why }
}

#[cfg(test)]
mod tests {
    use contracts::{OrderNow, StorefrontNo};

    use super::*;
    use crate::given;

    const ORDER: OrderId = OrderId((1 << 40) | 7);

    fn order(change: impl FnOnce(&mut OrderNow)) -> OrderDetail {
        let view = given::order(ORDER, OfferingId::of(StorefrontNo(1), 1), change);
        OrderDetail { view: Box::new(view), waits_for: None, attempts: 1 }
    }

    fn counted(done: &CancelledOrders) -> [u64; 5] {
        [done.cancelled, done.already, done.under_way, done.rejected, done.failed.len() as u64]
    }

    #[test]
    fn an_order_is_asked_to_be_taken_back_only_where_something_stands() {
        use OrderState::{Cancelled, Cancelling, Confirmed, Held, Paid, Placed, Rejected};
        for state in [Placed, Held, Paid, Confirmed] {
            let mut done = CancelledOrders::default();
            assert_eq!(done.count(&order(|now| now.state = state)), Standing::Stands, "{state:?}");
            assert!(done.is_nothing());
        }
        let mut done = CancelledOrders::default();
        for state in [Cancelled, Cancelling, Rejected] {
            assert_ne!(done.count(&order(|now| now.state = state)), Standing::Stands, "{state:?}");
        }
        done.count(&order(|now| (now.state, now.reason) = (Held, Some(Code::Expired))));
        done.count(&order(|now| (now.state, now.parked) = (Cancelling, Some("refused".into()))));
        assert_eq!(counted(&done), [0, 2, 1, 2, 1]);
        assert!(done.failed[0].why.ends_with("while it is taken back: refused"), "{:?}", done.failed);
    }

    #[test]
    fn what_became_of_an_order_is_told_by_the_answer_and_by_how_it_is_then() {
        use OrderState::{Cancelled, Cancelling, Confirmed, Rejected};
        let hear = |answer: Answer, now: OrderDetail| {
            let mut done = CancelledOrders::default();
            done.hear(ORDER, answer, Some(&now));
            counted(&done)
        };
        let refused = || Answer::Refused(Rejection::new(Code::AlreadyDelivered, "too late"));
        let is = |state: OrderState| order(|now| now.state = state);
        assert_eq!(hear(Answer::Order(ORDER), is(Cancelled)), [1, 0, 0, 0, 0]);
        assert_eq!(hear(Answer::Order(ORDER), is(Cancelling)), [1, 0, 1, 0, 0]);
        assert_eq!(hear(refused(), is(Confirmed)), [0, 0, 0, 0, 1]);
        assert_eq!(hear(refused(), is(Rejected)), [0, 0, 0, 1, 0], "it was rejected in between");
        let parked = order(|now| (now.state, now.parked) = (Cancelling, Some("refused".into())));
        assert_eq!(hear(Answer::Order(ORDER), parked), [0, 0, 0, 0, 1]);
    }
}
