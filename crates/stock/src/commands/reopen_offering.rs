//! Puts an offering on sale again that was withdrawn.

use contracts::commands::{ReopenOffering, Versions};
use contracts::events::OfferingReopened;
use contracts::{Answer, Code, Rejection};
use engine::Stop;

use super::Ctx;
use crate::offering::Offering;
use crate::reference;

/// With all that was held and sold of it meanwhile, in the times of sale that it had.
pub(crate) fn handle(command: &ReopenOffering, context: &mut Ctx<'_>) -> Result<(), Stop> {
    let Some(before) = context.get::<Offering>(&command.offering)? else {
        context.answer(Rejection::new(Code::NotFound, "there is no such offering").into());
        return Ok(());
    };
    if let Err(rejection) = Versions::allow(command.versions.as_deref(), before.version) {
        context.answer(rejection.into());
        return Ok(());
    }
    context.answer(Answer::Offering(before.id));
    if !before.withdrawn {
        return Ok(());
    }
    let after = Offering { withdrawn: false, ..before }.changed();
    reference::note(after.id, after.storefront, None, after.reference.as_ref(), context)?;
    context.say(OfferingReopened { offering: after.id, now: Some(after.now()) });
    context.put(after);
    Ok(())
}
