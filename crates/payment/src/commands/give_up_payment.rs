//! Give up a payment that is parked: an operator has settled it outside, so the provider is not asked any more.

use contracts::commands::GiveUpPayment;
use engine::Stop;

use crate::payment::Payment;
use crate::{Context, publish};

/// The order that gives it up asks for a refund next, and hears then that nothing is left to be done.
pub(crate) fn give_up_payment(command: &GiveUpPayment, context: &mut Context<'_>) -> Result<(), Stop> {
    let payment = context.get::<Payment>(&command.order)?;
    payment.and_then(Payment::give_up).into_iter().for_each(|payment| {
        context.say(publish::changed(&payment));
        context.put(payment);
    });
    Ok(())
}
