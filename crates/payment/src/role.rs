//! The service as the engine sees it: which message goes to which handler.

use contracts::{Answer, Message, ServiceName};
use engine::{Names, OpenCache, Service, Stop};
use store::Incarnation;

use crate::payment::Payment;
use crate::{Context, commands};

/// The payment service.
#[derive(Debug)]
pub struct PaymentService {
    life: Incarnation,
}

impl PaymentService {
    /// The service of a store in its life `life`. It needs no recipe: an order without a payment step sends it no command.
    pub fn new(life: Incarnation) -> Self {
        Self { life }
    }
}

impl Service<Message, Answer> for PaymentService {
    fn number(&self) -> u8 {
        ServiceName::Payment as u8
    }

    fn name(&self) -> &'static str {
        ServiceName::Payment.as_str()
    }

    fn listens(&self) -> &'static [u8] {
        &[]
    }

    fn tables(&self) -> Vec<OpenCache> {
        crate::store::caches()
    }

    fn names(&self, message: &Message, names: &mut Names) {
        match message {
            Message::TakePayment(command) => names.add::<Payment>(&command.order),
            Message::RefundPayment(command) => names.add::<Payment>(&command.order),
            Message::GiveUpPayment(command) => names.add::<Payment>(&command.order),
            Message::RecordOutcome(command) => names.add::<Payment>(&command.order),
            _ => {}
        }
    }

    fn handle(&self, message: &Message, context: &mut Context<'_>) -> Result<(), Stop> {
        match message {
            Message::TakePayment(command) => commands::take_payment(command, self.life, context),
            Message::RefundPayment(command) => commands::refund_payment(command, context),
            Message::GiveUpPayment(command) => commands::give_up_payment(command, context),
            Message::RecordOutcome(command) => commands::record_outcome(command, context),
            other => Err(Stop::fault(format!("payment does not accept {}", other.name()))),
        }
    }
}
