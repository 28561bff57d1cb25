//! An operator gave up a message about an order. What a step asked for, and its answer, is asked for again at the step's deadline; only
//! where the deadline itself was given up must there be another one.

use contracts::ServiceName;
use contracts::events::MessageGivenUp;
use engine::Stop;

use super::Ctx;
use crate::order::Order;
use crate::sagas;

/// The name of the message that a deadline is.
const STEP_DUE: &str = "StepDue";

pub(crate) fn handle(event: &MessageGivenUp, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let was_a_deadline = event.service == ServiceName::Order && &*event.name == STEP_DUE;
    let Some(id) = event.order.filter(|_| was_a_deadline) else { return Ok(()) };
    match context.get::<Order>(&id)? {
        Some(order) => sagas::watch_again(&order, context),
        None => Ok(()),
    }
}
