//! Moves an order along its course: sends what the table says next, watches the deadline of each step, and ends it.

use contracts::commands::StepDue;
use contracts::events::{OrderChanged, OrderConfirmed, OrderParked};
use contracts::{Answer, Code, Message, Recipe, Recipes, Text};
use engine::{Context, Stop};
use saga::Next;

use super::table::{Course, PAY, table};
use crate::order::{Order, OrderState};
use crate::reactions::close;

type Ctx<'a> = Context<'a, Message, Answer>;

/// How long a step that services of our own answer may take before it is asked for again, in milliseconds.
const PATIENCE_MS: u64 = 30_000;
/// How often a step is asked for before an operator is called.
const ATTEMPTS: u32 = 10;

/// The recipe of an order's storefront.
fn recipe<'a>(order: &Order, recipes: &'a Recipes) -> Result<&'a Recipe, Stop> {
    recipes.get(&order.storefront).ok_or_else(|| Stop::fault(format!("there is no storefront {}", order.storefront.0)))
}

/// Sends an order on its way.
pub(crate) fn begin(order: Order, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let recipe = recipe(&order, recipes)?;
    let (course, next) = table().begin(&Course { order: &order, recipe, now: context.now() });
    step(order, course, next, recipe, context)
}

/// A step was done.
pub(crate) fn answered(order: Order, leg: usize, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let recipe = recipe(&order, recipes)?;
    let at = saga::Course::from_raw(order.course);
    let (course, next) = table().done(&Course { order: &order, recipe, now: context.now() }, at, leg);
    step(order, course, next, recipe, context)
}

/// A step was refused, for `code`: the order will be rejected.
pub(crate) fn refused(
    mut order: Order,
    leg: usize,
    (code, explanation): (Code, Text),
    recipes: &Recipes,
    context: &mut Ctx<'_>,
) -> Result<(), Stop> {
    let recipe = recipe(&order, recipes)?;
    let at = saga::Course::from_raw(order.course);
    if at.asking() == Some(leg) {
        (order.reason, order.explanation) = (Some(code), Some(explanation));
    }
    let (course, next) = table().refused(&Course { order: &order, recipe, now: context.now() }, at, leg);
    step(order, course, next, recipe, context)
}

/// A step was undone.
pub(crate) fn undone(order: Order, leg: usize, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let recipe = recipe(&order, recipes)?;
    let at = saga::Course::from_raw(order.course);
    let (course, next) = table().undone(&Course { order: &order, recipe, now: context.now() }, at, leg);
    step(order, course, next, recipe, context)
}

/// Undoes what was done, and what may have been done, of an order.
pub(crate) fn turn_back(order: Order, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let recipe = recipe(&order, recipes)?;
    let at = saga::Course::from_raw(order.course);
    let (course, next) = table().turn_back(&Course { order: &order, recipe, now: context.now() }, at);
    step(order, course, next, recipe, context)
}

/// A step was not answered in time: a payment is given up, everything else is asked for again, and in the end an operator is called.
pub(crate) fn failed(mut order: Order, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let at = saga::Course::from_raw(order.course);
    if at == saga::Course::ENDED || order.parked.is_some() {
        return Ok(());
    }
    if at.asking() == Some(PAY) {
        (order.reason, order.explanation) = (Some(Code::Expired), Some("it was not paid in time".into()));
        return turn_back(order, recipes, context);
    }
    if order.attempts >= ATTEMPTS {
        let leg = at.asking().or(at.undoing()).map_or("?", |leg| table().0[leg].name);
        let reason = Text::from(format!("the step {leg} was not answered, {ATTEMPTS} times"));
        park(order, reason, context);
        return Ok(());
    }
    resume(order, recipes, context)
}

/// An operator must see to the order, because of `reason`.
pub(crate) fn park(order: Order, reason: Text, context: &mut Ctx<'_>) {
    let order = Order { parked: Some(reason.clone()), ..order }.changed();
    context.say(OrderParked { order: order.id, reason, now: Some(order.now()) });
    context.put(order);
}

/// Whether the step under way is the payment, or its undoing.
pub(crate) fn waits_for_payment(order: &Order) -> bool {
    let at = saga::Course::from_raw(order.course);
    at.asking().or(at.undoing()) == Some(PAY)
}

/// The name of the leg that is under way in the course `raw`.
pub(crate) fn under_way(raw: i64) -> Option<String> {
    let (at, legs) = (saga::Course::from_raw(raw), table().0);
    let name = |leg: usize| legs.get(leg).map(|leg| leg.name);
    let undone = || at.undoing().and_then(name).map(|name| format!("undo of {name}"));
    at.asking().and_then(name).map(str::to_owned).or_else(undone)
}

/// Sets another deadline for the step under way, if there is one: an order never waits in silence.
pub(crate) fn watch_again(order: &Order, context: &mut Ctx<'_>) -> Result<(), Stop> {
    if saga::Course::from_raw(order.course) != saga::Course::ENDED && order.parked.is_none() {
        context.wake(order.id.0, context.now() + PATIENCE_MS, StepDue { order: order.id });
    }
    Ok(())
}

/// Asks again for the step under way.
pub(crate) fn resume(order: Order, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let recipe = recipe(&order, recipes)?;
    let course = saga::Course::from_raw(order.course);
    let next = table().again(&Course { order: &order, recipe, now: context.now() }, course);
    let attempts = order.attempts + 1;
    say(Order { attempts, parked: None, ..order }, next, recipe, context)
}

fn step(
    order: Order,
    course: saga::Course,
    next: Next<Message>,
    recipe: &Recipe,
    context: &mut Ctx<'_>,
) -> Result<(), Stop> {
    if next == Next::Ignored {
        return note(&order, context);
    }
    say(Order { course: course.raw(), attempts: 1, parked: None, ..order }, next, recipe, context)
}

fn say(order: Order, next: Next<Message>, recipe: &Recipe, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match next {
        Next::Say(message) => {
            let patience = if saga::Course::from_raw(order.course).asking() == Some(PAY) {
                recipe.pay_s * 1000
            } else {
                PATIENCE_MS
            };
            context.wake(order.id.0, context.now() + patience, StepDue { order: order.id });
            keep(order, context)?;
            context.say(message);
        }
        Next::Completed => {
            context.do_not_wake(order.id.0)?;
            confirm(order, context);
        }
        Next::Undone => {
            context.do_not_wake(order.id.0)?;
            close(order, recipe, context);
        }
        Next::Ignored => {}
    }
    Ok(())
}

/// Keeps and tells what `order` knows of its payment and its delivery, if that is new; its course does not go on by it.
pub(crate) fn note(order: &Order, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(before) = context.look::<Order>(&order.id)? else { return Ok(()) };
    if !order.knows_its_steps_as(before) {
        let (payment, delivery) = (order.payment.clone(), order.delivery.clone());
        let order = Order { payment, delivery, ..before.clone() }.changed();
        context.say(OrderChanged { order: order.id, now: Some(order.now()) });
        context.put(order);
    }
    Ok(())
}

/// Keeps an order that goes on. A change of what events say of it raises its version and is told, unless that was done with the change itself;
/// how far its course is concerns nobody else.
pub(crate) fn keep(mut order: Order, context: &mut Ctx<'_>) -> Result<(), Stop> {
    match context.look::<Order>(&order.id)? {
        None => order.version += 1, // told by the event that it was placed
        Some(before) if before.version == order.version && !order.is_told_as(before) => {
            order.version += 1;
            context.say(OrderChanged { order: order.id, now: Some(order.now()) });
        }
        Some(_) => {}
    }
    context.put(order);
    Ok(())
}

fn confirm(order: Order, context: &mut Ctx<'_>) {
    let order = Order { state: OrderState::Confirmed, decided_at: Some(context.now()), ..order }.changed();
    let Some(offering) = order.offering else {
        unreachable!("an order is confirmed after stock was set aside for it");
    };
    context.say(OrderConfirmed {
        order: order.id,
        customer: order.customer.clone(),
        offering,
        name: order.name.clone(),
        quantity: order.quantity,
        total: order.cost(),
        seats: order.seats.clone(),
        fields: order.fields.clone(),
        points: order.points,
        now: Some(order.now()),
    });
    context.put(order);
}
