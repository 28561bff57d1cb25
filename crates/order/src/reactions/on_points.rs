//! What an order does when points were granted for it, or taken back.

use contracts::Recipes;
use contracts::events::{PointsEarned, PointsRevoked};
use engine::Stop;

use super::Ctx;
use crate::order::Order;
use crate::sagas;

pub(crate) fn earned(event: &PointsEarned, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(mut order) = context.get::<Order>(&event.order)? else { return Ok(()) };
    (order.points, order.balance) = (event.points, Some(event.balance));
    sagas::answered(order, sagas::EARN, recipes, context)
}

/// It has none any more. Where none had been granted, nothing is said of a balance.
pub(crate) fn revoked(event: &PointsRevoked, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(mut order) = context.get::<Order>(&event.order)? else { return Ok(()) };
    order.points = 0;
    if event.points != 0 {
        order.balance = Some(event.balance);
    }
    sagas::undone(order, sagas::EARN, recipes, context)
}
