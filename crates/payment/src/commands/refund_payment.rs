//! Give back what was taken for an order, or see to it that nothing is taken any more.

use contracts::commands::RefundPayment;
use engine::Stop;

use crate::payment::{Payment, PaymentState};
use crate::{Context, publish};

pub(crate) fn refund_payment(command: &RefundPayment, context: &mut Context<'_>) -> Result<(), Stop> {
    let Some(payment) = context.get::<Payment>(&command.order)? else {
        context.say(publish::never_taken(command.order));
        return Ok(());
    };
    match payment.state {
        PaymentState::Declined | PaymentState::Refunded | PaymentState::Voided => {
            context.say(publish::refunded(&payment));
        }
        PaymentState::Refunding => {}
        PaymentState::Requested | PaymentState::Paid if payment.is_free() => {
            let now = context.now();
            payment.take_back().and_then(|payment| payment.give_back(0, now)).into_iter().for_each(|payment| {
                context.say(publish::refunded(&payment));
                context.put(payment);
            });
        }
        PaymentState::Requested | PaymentState::Paid => {
            // In the place of a charge that is under way: whether or not it comes about, the refund ends it at the provider.
            let provider_key = payment.provider_key.clone();
            context.intend(command.order.0, RefundPayment { provider_key, ..command.clone() });
            payment.take_back().into_iter().for_each(|payment| context.put(payment));
        }
    }
    Ok(())
}
