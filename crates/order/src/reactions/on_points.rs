//! What an order does when points were granted for it.

use contracts::Recipes;
use contracts::events::PointsEarned;
use engine::Stop;

use super::Ctx;
use crate::order::Order;
use crate::sagas;

pub(crate) fn earned(event: &PointsEarned, recipes: &Recipes, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(mut order) = context.get::<Order>(&event.order)? else { return Ok(()) };
    order.points = event.points;
    sagas::answered(order, sagas::EARN, recipes, context)
}
