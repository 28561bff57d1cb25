//! The service as the engine sees it: which message goes to which handler.

use contracts::{Answer, Kind, Message, Recipes, ServiceName};
use engine::{Names, OpenCache, Service, Stop};

use crate::addresses::Addresses;
use crate::audience::Audience;
use crate::notice::Notice;
use crate::{Context, commands, reactions, store};

/// The notification service.
#[derive(Debug)]
pub struct NotificationService {
    audience: Audience,
}

impl NotificationService {
    /// The service for the storefronts of `recipes`. With `mail`, customers who have an address there get a mail besides.
    pub fn new(recipes: Recipes, mail: Option<Addresses>) -> Self {
        Self { audience: Audience::new(recipes, mail) }
    }
}

impl Service<Message, Answer> for NotificationService {
    fn number(&self) -> u8 {
        ServiceName::Notification as u8
    }

    fn name(&self) -> &'static str {
        ServiceName::Notification.as_str()
    }

    fn listens(&self) -> &'static [u8] {
        const KINDS: [u8; 3] = [Kind::OrderConfirmed as u8, Kind::OrderRejected as u8, Kind::OrderCancelled as u8];
        &KINDS
    }

    fn tables(&self) -> Vec<OpenCache> {
        store::caches()
    }

    fn names(&self, message: &Message, names: &mut Names) {
        if let Message::RecordDelivery(command) = message {
            names.add::<Notice>(&command.notice.0);
        }
    }

    fn handle(&self, message: &Message, context: &mut Context<'_>) -> Result<(), Stop> {
        match message {
            Message::OrderConfirmed(event) => reactions::on_order_confirmed(event, &self.audience, context),
            Message::OrderRejected(event) => reactions::on_order_rejected(event, &self.audience, context),
            Message::OrderCancelled(event) => reactions::on_order_cancelled(event, &self.audience, context),
            Message::RecordDelivery(command) => commands::record_delivery(command, context),
            other => Err(Stop::fault(format!("notification does not accept {}", other.name()))),
        }
    }
}
