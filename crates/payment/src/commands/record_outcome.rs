//! Record what the payment provider answered, and say what became of the payment.

use contracts::Text;
use contracts::commands::{ProviderOutcome, RecordOutcome};
use engine::Stop;

use crate::payment::{Payment, PaymentState, wrong_refund};
use crate::{Context, publish};

/// Why a payment is parked of which the provider said first that it was charged, and then that it never was.
const FORGOTTEN: &str = "the provider says that nothing was charged, but had said that it was";

pub(crate) fn record_outcome(command: &RecordOutcome, context: &mut Context<'_>) -> Result<(), Stop> {
    let Some(payment) = context.get::<Payment>(&command.order)? else { return Ok(()) };
    match &command.outcome {
        ProviderOutcome::Approved(reference) => approved(payment, reference, context),
        ProviderOutcome::Declined(reason) => declined(payment, reason, context),
        ProviderOutcome::Refunded(amount) => match wrong_refund(*amount, payment.amount.amount) {
            Some(why) => refund_refused(payment, why.into(), context),
            None => {
                let now = context.now();
                taken_back(payment, |payment| payment.give_back(*amount, now), context)
            }
        },
        ProviderOutcome::Voided if payment.paid_at.is_some() => refund_refused(payment, FORGOTTEN.into(), context),
        ProviderOutcome::Voided => taken_back(payment, Payment::void, context),
        // While it is being taken back, the refund that took its place says what became of the charge.
        ProviderOutcome::ChargeRefused(why) if payment.state == PaymentState::Requested => {
            park(payment, why.clone(), context)
        }
        ProviderOutcome::ChargeRefused(_) => Ok(()),
        ProviderOutcome::RefundRefused(why) => refund_refused(payment, why.clone(), context),
    }
}

fn approved(payment: Payment, reference: &Text, context: &mut Context<'_>) -> Result<(), Stop> {
    let Some(payment) = payment.approve(reference.clone(), context.now()) else { return Ok(()) };
    if payment.state == PaymentState::Paid {
        context.settle(payment.owner.0)?;
        context.say(publish::taken(&payment));
    } else {
        context.say(publish::changed(&payment));
    }
    context.put(payment);
    Ok(())
}

fn declined(payment: Payment, reason: &Text, context: &mut Context<'_>) -> Result<(), Stop> {
    let Some(payment) = payment.decline(reason.clone()) else { return Ok(()) };
    context.settle(payment.owner.0)?;
    context.say(publish::declined(&payment));
    context.put(payment);
    Ok(())
}

fn taken_back(
    payment: Payment,
    transition: impl FnOnce(Payment) -> Option<Payment>,
    context: &mut Context<'_>,
) -> Result<(), Stop> {
    // In a store from before, a refund may still be under way that only makes sure that nothing is taken after a decline.
    if matches!(payment.state, PaymentState::Refunding | PaymentState::Declined) {
        context.settle(payment.owner.0)?;
    }
    if let Some(payment) = transition(payment) {
        context.say(publish::refunded(&payment));
        context.put(payment);
    }
    Ok(())
}

/// What was taken may still be there.
fn refund_refused(payment: Payment, why: Text, context: &mut Context<'_>) -> Result<(), Stop> {
    match payment.state {
        PaymentState::Refunding => park(payment, why, context),
        // Its order has ended long ago and would not hear of it, so the message itself waits for an operator.
        PaymentState::Declined => Err(Stop::fault(String::from(&why))),
        _ => Ok(()),
    }
}

/// Nobody asks the provider any more until an operator says so.
fn park(payment: Payment, why: Text, context: &mut Context<'_>) -> Result<(), Stop> {
    let Some(payment) = payment.park(why) else { return Ok(()) };
    context.settle(payment.owner.0)?;
    context.say(publish::parked(&payment));
    context.put(payment);
    Ok(())
}
