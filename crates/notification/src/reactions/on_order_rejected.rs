//! An order was rejected.

use contracts::events::OrderRejected;
use contracts::{Recipe, Refusals};
use engine::Stop;

use super::notify;
use crate::Context;
use crate::audience::Audience;

pub(crate) fn on_order_rejected(
    event: &OrderRejected,
    audience: &Audience,
    context: &mut Context<'_>,
) -> Result<(), Stop> {
    match audience.notifying(event.order) {
        Some(recipe) if event.kept && comes_later(recipe) => notify(&event.into(), event.clone(), audience, context),
        _ => Ok(()),
    }
}

/// Whether customers hear of a refusal after they have gone: not where the request itself is refused, nor at a seat map, which shows it.
fn comes_later(recipe: &Recipe) -> bool {
    recipe.refusals == Refusals::Row && !recipe.seated
}
