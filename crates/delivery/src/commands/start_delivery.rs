//! Begin to deliver an order.

use contracts::Numbered;
use contracts::commands::StartDelivery;
use engine::Stop;

use crate::delivery::{Delivery, DeliveryState};
use crate::{Context, publish, store};

pub(crate) fn start_delivery(command: &StartDelivery, context: &mut Context<'_>) -> Result<(), Stop> {
    let message = match context.get::<Delivery>(&command.order)? {
        // It was taken back since: to say that it has begun would be a lie.
        Some(delivery) if delivery.state == DeliveryState::Cancelled => publish::state(&delivery),
        Some(delivery) => publish::started(&delivery),
        None => {
            let number = store::next_number(context, command.order.storefront())?;
            let delivery = Delivery::start(command, number, context.now());
            let message = publish::started(&delivery);
            context.put(delivery);
            message
        }
    };
    context.say(message);
    Ok(())
}
