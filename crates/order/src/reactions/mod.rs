//! What an order does on the answers of its steps.

mod close;
pub(crate) mod on_delivery;
mod on_message_given_up;
mod on_payment;
mod on_points;
mod on_stock;

pub(crate) use close::close;

use contracts::{Answer, Message, OrderId, Recipes};
use engine::{Context, Stop};

use crate::order::Order;
use crate::sagas;

type Ctx<'a> = Context<'a, Message, Answer>;

/// Handles an answer. One that is not waited for does not move an order, but what it says of its payment or its delivery is kept.
pub(crate) fn handle(message: &Message, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match message {
        Message::StockHeld(event) => on_stock::held(event, recipes, context),
        Message::StockRefused(event) => on_stock::refused(event, recipes, context),
        Message::StockReleased(event) => on_stock::released(event, recipes, context),
        Message::StockSold(event) => done(event.order, sagas::SELL, recipes, context),
        Message::StockTakenBack(event) => undone(event.order, sagas::SELL, recipes, context),
        Message::PaymentRequested(event) => on_payment::changed(event.order, event.now.as_deref(), context),
        Message::PaymentChanged(event) => on_payment::changed(event.order, event.now.as_deref(), context),
        Message::PaymentTaken(event) => on_payment::taken(event, recipes, context),
        Message::PaymentDeclined(event) => on_payment::declined(event, recipes, context),
        Message::PaymentParked(event) => on_payment::parked(event, context),
        Message::PaymentRefunded(event) => on_payment::refunded(event, recipes, context),
        Message::PointsEarned(event) => on_points::earned(event, recipes, context),
        Message::PointsRevoked(event) => on_points::revoked(event, recipes, context),
        Message::DeliveryStarted(event) => on_delivery::started(event, recipes, context),
        Message::DeliveryDispatched(event) => on_delivery::dispatched(event, context),
        Message::DeliveryCompleted(event) => on_delivery::completed(event, context),
        Message::DeliveryCancelled(event) => on_delivery::cancelled(event, recipes, context),
        Message::MessageGivenUp(event) => on_message_given_up::handle(event, context),
        _ => Ok(()),
    }
}

fn done(order: OrderId, leg: usize, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match context.get::<Order>(&order)? {
        Some(order) => sagas::answered(order, leg, recipes, context),
        None => Ok(()),
    }
}

fn undone(order: OrderId, leg: usize, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match context.get::<Order>(&order)? {
        Some(order) => sagas::undone(order, leg, recipes, context),
        None => Ok(()),
    }
}
