//! Places an order, and sends it on its way.

use contracts::commands::PlaceOrder;
use contracts::events::OrderPlaced;
use contracts::{Answer, Code, Message, NUMBER_MAX, Numbered, OrderId, Recipes, Rejection, Subject};
use engine::{Context, Stop};

use crate::order::{Order, OrderState};
use crate::sagas;
use crate::store::Counter;

/// So many seats can be had in one order.
const SEATS_MAX: usize = 100;

pub(crate) fn handle(
    command: &PlaceOrder,
    recipes: &Recipes,
    context: &mut Context<'_, Message, Answer>,
) -> Result<(), Stop> {
    match acceptable(command, recipes) {
        Err(rejection) => {
            context.answer(rejection.into());
            Ok(())
        }
        Ok(()) => match number(command, context)? {
            Err(rejection) => {
                context.answer(rejection.into());
                Ok(())
            }
            Ok(number) => place(command, OrderId::of(command.storefront, number), recipes, context),
        },
    }
}

fn acceptable(command: &PlaceOrder, recipes: &Recipes) -> Result<(), Rejection> {
    let invalid = |field, message: &str| Err(Rejection::of_field(Code::InvalidValue, field, message));
    let Some(recipe) = recipes.get(&command.storefront) else {
        return Err(Rejection::new(Code::UnknownReference, "there is no such storefront"));
    };
    if recipe.seated && command.seats.0.is_empty() {
        return invalid("seat", "it is sold by seats: name at least one");
    }
    if command.seats.0.len() > SEATS_MAX {
        return invalid("seat", "an order has at most 100 seats");
    }
    if !recipe.seated && command.quantity == 0 {
        return invalid("quantity", "the quantity is at least 1");
    }
    Ok(())
}

fn number(command: &PlaceOrder, context: &mut Context<'_, Message, Answer>) -> Result<Result<u64, Rejection>, Stop> {
    let storefront = u64::from(command.storefront.0);
    let next = context.get::<Counter>(&storefront)?.map_or(1, |counter| counter.next);
    let number = command.number.unwrap_or(next);
    if !(1..=NUMBER_MAX).contains(&number) {
        let message = format!("an id is a whole number from 1 to {NUMBER_MAX}");
        return Ok(Err(Rejection::of_field(Code::InvalidValue, "id", message)));
    }
    if number < next && context.get::<Order>(&OrderId::of(command.storefront, number))?.is_some() {
        let message = format!("there is an order with the id {number} already");
        return Ok(Err(Rejection::of_field(Code::AlreadyExists, "id", message)));
    }
    context.put(Counter { storefront, next: next.max(number + 1) });
    Ok(Ok(number))
}

fn place(
    command: &PlaceOrder,
    id: OrderId,
    recipes: &Recipes,
    context: &mut Context<'_, Message, Answer>,
) -> Result<(), Stop> {
    context.about(Subject::Order(id).key());
    let order = Order {
        id,
        storefront: command.storefront,
        wanted: super::wanted(&command.target),
        offering: None,
        name: None,
        customer: command.customer.clone(),
        quantity: if command.seats.0.is_empty() {
            command.quantity
        } else {
            u32::try_from(command.seats.0.len()).unwrap_or(u32::MAX)
        },
        seats: command.seats.clone(),
        seat_row: None,
        seat_col: None,
        expected_price: command.expected_price,
        unit_price: None,
        total: None,
        points: 0,
        card: command.card.clone(),
        fields: command.fields.clone(),
        state: OrderState::Placed,
        reason: None,
        explanation: None,
        course: saga::Course::ENDED.raw(),
        attempts: 0,
        parked: None,
        delivered: false,
        shown: true,
        correlation: context.correlation(),
        placed_at: context.now(),
        decided_at: None,
        cancelled_at: None,
        version: 0,
        field: None,
        seat_names: None,
        whole: Some(true),
        balance: None,
        payment: None,
        delivery: None,
    };
    context.say(placed(command, &order));
    context.answer(Answer::Order(id));
    sagas::begin(order, recipes, context)
}

fn placed(command: &PlaceOrder, order: &Order) -> OrderPlaced {
    OrderPlaced {
        order: order.id,
        customer: order.customer.clone(),
        quantity: order.quantity,
        target: command.target.clone(),
        seats: order.seats.clone(),
        expected_price: order.expected_price,
        fields: order.fields.clone(),
    }
}
