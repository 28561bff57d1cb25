//! What an order does when stock was set aside for it, was refused, or is free again.

use contracts::commands::ReleaseStock;
use contracts::events::{OrderHeld, StockHeld, StockRefused, StockReleased};
use contracts::{Code, Numbered, OrderPayment, Recipes, Step};
use engine::Stop;

use super::Ctx;
use crate::order::{Order, OrderState, SeatNames};
use crate::sagas;

pub(crate) fn held(event: &StockHeld, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(order) = context.get::<Order>(&event.order)? else { return Ok(()) };
    if saga::Course::from_raw(order.course).asking() != Some(sagas::HOLD) {
        if order.has_ended() && order.state != OrderState::Confirmed {
            context.say(ReleaseStock { order: order.id }); // a hold that came after the order had ended is nobody's
        }
        return Ok(());
    }
    let place = event.place.clone();
    let wanted = match &event.reference {
        Some(reference) => crate::commands::by_reference(reference),
        None => order.wanted.clone(),
    };
    let order = Order {
        wanted,
        offering: Some(event.offering),
        name: event.name.clone(),
        quantity: event.quantity,
        unit_price: Some(event.unit_price),
        total: Some(event.total),
        seat_row: place.as_ref().map(|(row, _)| row.clone()),
        seat_col: place.map(|(_, column)| column),
        seat_names: names(event),
        state: OrderState::Held,
        payment: order.payment.or_else(|| asked_for(event, recipes)),
        parked: None,
        ..order
    }
    .changed();
    context.say(OrderHeld {
        order: order.id,
        customer: order.customer.clone(),
        offering: event.offering,
        name: event.name.clone(),
        quantity: event.quantity,
        total: event.total,
        unit_price: event.unit_price,
        now: Some(order.now()),
    });
    sagas::answered(order, sagas::HOLD, recipes, context)
}

/// The payment that is asked for next, where one is. The order says it together with the hold; that payment says the same of it is no news
/// then, and no event. Of what costs nothing, no provider is asked.
fn asked_for(event: &StockHeld, recipes: &Recipes) -> Option<OrderPayment> {
    let is_paid = recipes.get(&event.order.storefront()).is_some_and(|recipe| recipe.has(Step::Pay));
    (is_paid && event.total.amount > 0).then(|| OrderPayment::requested(event.total))
}

/// What people call the seats that were set aside.
fn names(event: &StockHeld) -> Option<SeatNames> {
    let seats = event.seats_now.as_ref()?;
    Some(SeatNames(seats.iter().map(|seat| seat.name().into()).collect()))
}

pub(crate) fn refused(event: &StockRefused, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(mut order) = context.get::<Order>(&event.order)? else { return Ok(()) };
    let why = (event.code, event.message.clone());
    match saga::Course::from_raw(order.course).asking() {
        Some(sagas::HOLD) => {
            order.name = event.name.clone();
            order.offering = event.offering;
            order.field = event.field.clone();
            order.seat_names = event.seats.clone().map(SeatNames);
            sagas::refused(order, sagas::HOLD, why, recipes, context)
        }
        Some(sagas::SELL) => sagas::refused(order, sagas::SELL, why, recipes, context),
        _ => Ok(()),
    }
}

pub(crate) fn released(event: &StockReleased, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(mut order) = context.get::<Order>(&event.order)? else { return Ok(()) };
    let course = saga::Course::from_raw(order.course);
    // One that is parked is not undone by itself: what was taken for it is what an operator must find out.
    if event.expired && course.asking() == Some(sagas::PAY) && order.parked.is_none() {
        (order.reason, order.explanation) = (Some(Code::Expired), Some("what was held for it is free again".into()));
        return sagas::turn_back(order, recipes, context);
    }
    if event.expired {
        return Ok(());
    }
    sagas::undone(order, sagas::HOLD, recipes, context)
}
