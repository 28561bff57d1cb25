//! Record what the payment provider answered, and say what became of the payment.

use contracts::Text;
use contracts::commands::{ProviderOutcome, RecordOutcome, RefundPayment};
use engine::Stop;

use crate::payment::{Payment, PaymentState};
use crate::{Context, publish};

/// How the reason of a decline begins that was no decision about the customer: the provider would not have the call, which may differ
/// from one that it took before with the same key.
const CALL_REFUSED: &str = "refused by the provider";

pub(crate) fn record_outcome(command: &RecordOutcome, context: &mut Context<'_>) -> Result<(), Stop> {
    let Some(payment) = context.get::<Payment>(&command.order)? else { return Ok(()) };
    match &command.outcome {
        ProviderOutcome::Approved(reference) => approved(payment, reference, context),
        ProviderOutcome::Declined(reason) => declined(payment, reason, context),
        ProviderOutcome::Refunded(amount) => {
            let now = context.now();
            taken_back(payment, |payment| payment.give_back(*amount, now), context)
        }
        ProviderOutcome::Voided => taken_back(payment, Payment::void, context),
    }
}

fn approved(payment: Payment, reference: &Text, context: &mut Context<'_>) -> Result<(), Stop> {
    let Some(payment) = payment.approve(reference.clone(), context.now()) else { return Ok(()) };
    if payment.state == PaymentState::Paid {
        context.settle(payment.owner.0)?;
        context.say(publish::taken(&payment));
    }
    context.put(payment);
    Ok(())
}

fn declined(payment: Payment, reason: &Text, context: &mut Context<'_>) -> Result<(), Stop> {
    let Some(payment) = payment.decline(reason.clone()) else { return Ok(()) };
    if reason.starts_with(CALL_REFUSED) {
        let provider_key = payment.provider_key.clone();
        context.intend(payment.owner.0, RefundPayment { order: payment.owner, provider_key });
    } else {
        context.settle(payment.owner.0)?;
    }
    context.say(publish::declined(&payment));
    context.put(payment);
    Ok(())
}

fn taken_back(
    payment: Payment,
    transition: impl FnOnce(Payment) -> Option<Payment>,
    context: &mut Context<'_>,
) -> Result<(), Stop> {
    // After a decline, what was intended only made sure that nothing is taken.
    if matches!(payment.state, PaymentState::Refunding | PaymentState::Declined) {
        context.settle(payment.owner.0)?;
    }
    if let Some(payment) = transition(payment) {
        context.say(publish::refunded(&payment));
        context.put(payment);
    }
    Ok(())
}
