//! Why an order was refused that is not kept as one: it names what does not exist. Whoever placed it hears of it by the order's id, and hears
//! the same again as long as an idempotency key is remembered.

use contracts::commands::ForgetRefusal;
use contracts::{Answer, Code, Message, OrderId, Rejection, Text};
use engine::{Context, Stop};

use crate::order::Order;

/// How long it is kept, in milliseconds: as long as an idempotency key can be remembered, which is 30 hours.
const KEPT_MS: u64 = 30 * 3_600_000;

typed::row! {
    /// A refusal.
    pub struct Refusal in 32 "order_refusals" {
        /// The order.
        0 owner: OrderId,
        /// Why, for programs.
        1 code: Code,
        /// The field of the order that is at fault, where there is one.
        2 field: Option<Text>,
        /// Why, for people.
        3 message: Text,
    }
}

impl Refusal {
    /// As whoever placed the order hears it.
    pub(crate) fn rejection(&self) -> Rejection {
        let field = self.field.as_ref().map(String::from);
        Rejection { code: self.code, field, message: String::from(&self.message), order: None, others: None }
    }
}

/// Keeps why `order` was refused, in its place.
pub(crate) fn keep(order: &Order, code: Code, context: &mut Context<'_, Message, Answer>) {
    let message = order.explanation.clone().unwrap_or_default();
    context.put(Refusal { owner: order.id, code, field: order.field.clone(), message });
    context.wake(order.id.0, context.now() + KEPT_MS, ForgetRefusal { order: order.id });
    context.delete::<Order>(&order.id);
}

/// Nobody can ask any more with the key of then.
pub(crate) fn forget(command: &ForgetRefusal, context: &mut Context<'_, Message, Answer>) -> Result<(), Stop> {
    if context.get::<Refusal>(&command.order)?.is_some() {
        context.delete::<Refusal>(&command.order);
    }
    Ok(())
}
