//! Orders as the engine runs them.

use contracts::{Answer, Kind, Message, Recipes, ServiceName};
use engine::{Context, OpenCache, Service, Stop};

use crate::commands::{cancel_order, fill_in_order, give_up_order, place_order};
use crate::order::Order;
use crate::{reactions, refusal, sagas};

/// The order service.
#[derive(Debug)]
pub struct OrderService {
    recipes: Recipes,
}

impl OrderService {
    /// The order service for the storefronts of `recipes`.
    pub fn new(recipes: Recipes) -> Self {
        Self { recipes }
    }
}

impl Service<Message, Answer> for OrderService {
    fn number(&self) -> u8 {
        ServiceName::Order as u8
    }

    fn name(&self) -> &'static str {
        ServiceName::Order.as_str()
    }

    fn listens(&self) -> &'static [u8] {
        const KINDS: [u8; 18] = [
            Kind::StockHeld as u8,
            Kind::StockRefused as u8,
            Kind::StockSold as u8,
            Kind::StockTakenBack as u8,
            Kind::StockReleased as u8,
            Kind::PaymentRequested as u8,
            Kind::PaymentTaken as u8,
            Kind::PaymentDeclined as u8,
            Kind::PaymentParked as u8,
            Kind::PaymentChanged as u8,
            Kind::PaymentRefunded as u8,
            Kind::PointsEarned as u8,
            Kind::PointsRevoked as u8,
            Kind::DeliveryStarted as u8,
            Kind::DeliveryDispatched as u8,
            Kind::DeliveryCompleted as u8,
            Kind::DeliveryCancelled as u8,
            Kind::MessageGivenUp as u8,
        ];
        &KINDS
    }

    fn tables(&self) -> Vec<OpenCache> {
        crate::store::caches()
    }

    fn handle(&self, message: &Message, context: &mut Context<'_, Message, Answer>) -> Result<(), Stop> {
        let recipes = &self.recipes;
        let Some(message) = message.proper_or(|refusal| context.answer(refusal.into())) else { return Ok(()) };
        match &*message {
            Message::PlaceOrder(command) => place_order::handle(command, recipes, context),
            Message::CancelOrder(command) => cancel_order::handle(command, recipes, context),
            Message::RetryOrder(command) => give_up_order::retry(command, recipes, context),
            Message::GiveUpOrder(command) => give_up_order::give_up(command, recipes, context),
            Message::FillInOrder(command) => fill_in_order::handle(command, context),
            Message::ForgetRefusal(command) => refusal::forget(command, context),
            Message::StepDue(command) => match context.get::<Order>(&command.order)? {
                Some(order) => sagas::failed(order, recipes, context),
                None => Ok(()),
            },
            answer => reactions::handle(answer, recipes, context),
        }
    }
}
