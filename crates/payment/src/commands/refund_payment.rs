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
        PaymentState::Declined | PaymentState::Refunded | PaymentState::Voided | PaymentState::GivenUp => {
            context.say(publish::refunded(&payment));
        }
        // Whose charge the provider would void or give back is just what is not known.
        PaymentState::Requested if payment.parked.is_some() => context.say(publish::parked(&payment)),
        PaymentState::Refunding if payment.parked.is_some() => {
            ask_provider(&payment, context);
            payment.resume().into_iter().for_each(|payment| {
                context.say(publish::changed(&payment));
                context.put(payment);
            });
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
            ask_provider(&payment, context);
            payment.take_back().into_iter().for_each(|payment| {
                context.say(publish::changed(&payment));
                context.put(payment);
            });
        }
    }
    Ok(())
}

fn ask_provider(payment: &Payment, context: &mut Context<'_>) {
    let (provider_key, asked_in) = (payment.provider_key.clone(), payment.asked_in);
    context.intend(payment.owner.0, RefundPayment { order: payment.owner, provider_key, asked_in });
}
