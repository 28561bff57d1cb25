//! The service as the engine sees it: which message goes to which handler.

use contracts::{Answer, Message, ServiceName};
use engine::{Names, OpenCache, Service, Stop};

use crate::delivery::Delivery;
use crate::{Context, commands, store};

/// The delivery service.
#[derive(Debug, Default)]
pub struct DeliveryService;

impl DeliveryService {
    /// The service. It needs no recipe: an order without a delivery step sends it no command.
    pub fn new() -> Self {
        Self
    }
}

impl Service<Message, Answer> for DeliveryService {
    fn number(&self) -> u8 {
        ServiceName::Delivery as u8
    }

    fn name(&self) -> &'static str {
        ServiceName::Delivery.as_str()
    }

    fn listens(&self) -> &'static [u8] {
        &[]
    }

    fn tables(&self) -> Vec<OpenCache> {
        store::caches()
    }

    fn names(&self, message: &Message, names: &mut Names) {
        match message {
            Message::StartDelivery(command) => names.add::<Delivery>(&command.order),
            Message::DispatchDelivery(command) => names.add::<Delivery>(&command.order),
            Message::CompleteDelivery(command) => names.add::<Delivery>(&command.order),
            Message::CancelDelivery(command) => names.add::<Delivery>(&command.order),
            _ => {}
        }
    }

    fn handle(&self, message: &Message, context: &mut Context<'_>) -> Result<(), Stop> {
        let Some(message) = message.proper_or(|refusal| context.answer(refusal.into())) else { return Ok(()) };
        match &*message {
            Message::StartDelivery(command) => commands::start_delivery(command, context),
            Message::DispatchDelivery(command) => commands::dispatch_delivery(command, context),
            Message::CompleteDelivery(command) => commands::complete_delivery(command, context),
            Message::CancelDelivery(command) => commands::cancel_delivery(command, context),
            other => Err(Stop::fault(format!("delivery does not accept {}", other.name()))),
        }
    }
}
