//! Points as the engine runs them.

use contracts::{Answer, Message, ServiceName};
use engine::{Context, OpenCache, Service, Stop};

use crate::commands;

/// The points service.
#[derive(Debug, Default)]
pub struct PointsService;

impl Service<Message, Answer> for PointsService {
    fn number(&self) -> u8 {
        ServiceName::Points as u8
    }

    fn name(&self) -> &'static str {
        ServiceName::Points.as_str()
    }

    fn listens(&self) -> &'static [u8] {
        &[]
    }

    fn tables(&self) -> Vec<OpenCache> {
        crate::store::caches()
    }

    fn handle(&self, message: &Message, context: &mut Context<'_, Message, Answer>) -> Result<(), Stop> {
        let Some(message) = message.proper_or(|refusal| context.answer(refusal.into())) else { return Ok(()) };
        match &*message {
            Message::OpenAccount(command) => commands::open(command, context),
            Message::SetBalance(command) => commands::set(command, context),
            Message::AddPoints(command) => commands::add(command, context),
            Message::CloseAccount(command) => commands::close(command, context),
            Message::EarnPoints(command) => commands::earn(command, context),
            Message::RevokePoints(command) => commands::revoke(command, context),
            _ => Ok(()),
        }
    }
}
