//! Take money for an order.

use contracts::Numbered;
use contracts::commands::TakePayment;
use engine::Stop;
use store::Incarnation;

use crate::payment::{Payment, PaymentState};
use crate::{Context, publish};

/// Why nothing is taken for an order whose payment was already taken back.
const VOIDED: &str = "voided";

/// Stands in the place of the provider's id where the provider was not asked.
const FREE: &str = "free";

pub(crate) fn take_payment(command: &TakePayment, life: Incarnation, context: &mut Context<'_>) -> Result<(), Stop> {
    match context.get::<Payment>(&command.order)? {
        Some(payment) if payment.state == PaymentState::Requested && payment.parked.is_some() => {
            ask_again(payment, command, context);
        }
        Some(payment) => say_again(&payment, context),
        None => ask_provider(command, life, context)?,
    }
    Ok(())
}

fn ask_provider(command: &TakePayment, life: Incarnation, context: &mut Context<'_>) -> Result<(), Stop> {
    if command.amount.amount < 0 {
        return Err(Stop::fault(format!("a payment of {} is none", command.amount.amount)));
    }
    let number = crate::store::next_number(context, command.order.storefront())?;
    let payment = Payment::request(command, life, number, context.now());
    if payment.is_free() {
        let now = context.now();
        payment.approve(FREE.into(), now).into_iter().for_each(|payment| {
            context.say(publish::taken(&payment));
            context.put(payment);
        });
        return Ok(());
    }
    context.intend(command.order.0, TakePayment { asked_in: payment.asked_in, ..command.clone() });
    context.say(publish::requested(&payment));
    context.put(payment);
    Ok(())
}

/// Asks for what an operator says can be asked for again: the same charge, with the same key.
fn ask_again(payment: Payment, command: &TakePayment, context: &mut Context<'_>) {
    let Payment { provider_key, asked_in, amount, card, .. } = payment.clone();
    let again = TakePayment { provider_key, asked_in, amount, card, asked_before: true, ..command.clone() };
    context.intend(payment.owner.0, again);
    payment.resume().into_iter().for_each(|payment| {
        context.say(publish::requested(&payment));
        context.put(payment);
    });
}

fn say_again(payment: &Payment, context: &mut Context<'_>) {
    match payment.state {
        PaymentState::Requested => {}
        PaymentState::Paid => context.say(publish::taken(payment)),
        PaymentState::Declined => context.say(publish::declined(payment)),
        PaymentState::Refunding | PaymentState::Refunded | PaymentState::Voided | PaymentState::GivenUp => {
            context.say(publish::not_taken(payment, VOIDED.into()));
        }
    }
}
