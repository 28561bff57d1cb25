//! Ends a hold whose deadline has passed.

use contracts::commands::ExpireHold;
use engine::Stop;

use super::Ctx;
use super::release_stock::end;
use crate::hold::{Hold, HoldState};

pub(crate) fn handle(command: &ExpireHold, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let due = context.get::<Hold>(&command.order)?.filter(|hold| hold.state == HoldState::Held);
    match due {
        Some(hold) => end(hold, HoldState::Expired, context),
        None => Ok(()),
    }
}
