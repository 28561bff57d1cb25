//! Fills in what the row of an order from before does not know of its steps. A second time there is nothing to fill in.

use contracts::commands::FillInOrder;
use contracts::events::OrderChanged;
use contracts::{Answer, Message};
use engine::{Context, Stop};

use crate::order::{Order, SeatNames};

/// What was shown as the version of an order was the sum with its payment's and its delivery's: it must not fall.
pub(crate) fn handle(command: &FillInOrder, context: &mut Context<'_, Message, Answer>) -> Result<(), Stop> {
    let Some(before) = context.get::<Order>(&command.order)?.filter(|order| order.whole.is_none()) else {
        return Ok(());
    };
    let steps = [
        command.payment.as_ref().map_or(0, |payment| payment.version),
        command.delivery.as_ref().map_or(0, |delivery| delivery.version),
    ];
    let version = before.version + steps.iter().sum::<u64>().max(1);
    let balance = before.balance.or(command.balance);
    let seat_names = before.seat_names.clone().or_else(|| command.seats.clone().map(SeatNames));
    let mut order = Order { whole: Some(true), version, balance, seat_names, ..before };
    order.hear_of_payment(command.payment.as_deref())?;
    order.hear_of_delivery(command.delivery.as_deref());
    context.say(OrderChanged { order: order.id, now: Some(order.now()) });
    context.put(order);
    Ok(())
}
