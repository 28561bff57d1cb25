//! My page as the engine runs it.

use contracts::{Answer, Kind, Message, Recipes, ServiceName};
use engine::{Context, OpenCache, Service, Stop};

use crate::projections;

/// The my page service.
#[derive(Debug)]
pub struct MyPageService {
    recipes: Recipes,
    listens: &'static [u8],
}

/// The events of orders, which tell all there is to show; and behind them what my page heard before they did.
const KINDS: [u8; 17] = [
    Kind::OrderPlaced as u8,
    Kind::OrderHeld as u8,
    Kind::OrderChanged as u8,
    Kind::OrderConfirmed as u8,
    Kind::OrderRejected as u8,
    Kind::OrderCancelling as u8,
    Kind::OrderCancelRefused as u8,
    Kind::OrderCancelled as u8,
    Kind::OrderParked as u8,
    Kind::PaymentTaken as u8,
    Kind::PaymentRefunded as u8,
    Kind::PointsEarned as u8,
    Kind::PointsRevoked as u8,
    Kind::DeliveryStarted as u8,
    Kind::DeliveryDispatched as u8,
    Kind::DeliveryCompleted as u8,
    Kind::DeliveryCancelled as u8,
];
/// How many of them are events of orders.
const OF_ORDERS: usize = 9;

impl MyPageService {
    /// The my page service for the storefronts of `recipes`.
    pub fn new(recipes: Recipes) -> Self {
        Self { recipes, listens: KINDS.split_at(OF_ORDERS).0 }
    }

    /// The same, to be built anew from a whole journal, also one that began before orders told the whole of themselves.
    pub fn of_journals(recipes: Recipes) -> Self {
        Self { recipes, listens: &KINDS }
    }
}

impl Service<Message, Answer> for MyPageService {
    fn number(&self) -> u8 {
        ServiceName::MyPage as u8
    }

    fn name(&self) -> &'static str {
        ServiceName::MyPage.as_str()
    }

    fn listens(&self) -> &'static [u8] {
        self.listens
    }

    fn tables(&self) -> Vec<OpenCache> {
        crate::store::caches()
    }

    fn handle(&self, message: &Message, context: &mut Context<'_, Message, Answer>) -> Result<(), Stop> {
        projections::handle(message, &self.recipes, context)
    }
}
