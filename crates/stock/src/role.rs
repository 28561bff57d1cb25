//! Stock as the engine runs it.

use contracts::commands::Target;
use contracts::{Answer, Message, Numbered, ServiceName};
use engine::{Context, Names, OpenCache, Service, Stop};

use crate::commands::{
    arrange_seats, change_offering, change_seat, expire_hold, hold_stock, register_offering, register_seat,
    release_stock, reopen_offering, sell_stock, take_back_stock, withdraw,
};
use crate::offering::Offering;
use crate::reference::{self, Reference};

/// The stock service.
#[derive(Debug, Default)]
pub struct StockService;

impl Service<Message, Answer> for StockService {
    fn number(&self) -> u8 {
        ServiceName::Stock as u8
    }

    fn name(&self) -> &'static str {
        ServiceName::Stock.as_str()
    }

    fn listens(&self) -> &'static [u8] {
        &[]
    }

    fn tables(&self) -> Vec<OpenCache> {
        crate::store::caches()
    }

    fn names(&self, message: &Message, names: &mut Names) {
        match message {
            Message::HoldStock(hold) => match &hold.target {
                Target::Id(id) => names.add::<Offering>(id),
                Target::Reference(text) => names.add::<Reference>(&reference::key(hold.order.storefront(), text)),
            },
            Message::ArrangeSeats(command) => arrange_seats::names(command, names),
            _ => {}
        }
    }

    fn handle(&self, message: &Message, context: &mut Context<'_, Message, Answer>) -> Result<(), Stop> {
        let Some(message) = message.proper_or(|refusal| context.answer(refusal.into())) else { return Ok(()) };
        match &*message {
            Message::RegisterOffering(command) => register_offering::handle(command, context),
            Message::ChangeOffering(command) => change_offering::handle(command, context),
            Message::WithdrawOffering(command) => withdraw::handle_offering(command, context),
            Message::ReopenOffering(command) => reopen_offering::handle(command, context),
            Message::AddStock(command) => change_offering::add(command, context),
            Message::RegisterSeat(command) => register_seat::handle(command, context),
            Message::ChangeSeat(command) => change_seat::handle(command, context),
            Message::ArrangeSeats(command) => arrange_seats::handle(command, context),
            Message::WithdrawSeat(command) => withdraw::handle_seat(command, context),
            Message::HoldStock(command) => hold_stock::handle(command, context),
            Message::SellStock(command) => sell_stock::handle(command, context),
            Message::TakeBackStock(command) => take_back_stock::handle(command, context),
            Message::ReleaseStock(command) => release_stock::handle(command, context),
            Message::ExpireHold(command) => expire_hold::handle(command, context),
            _ => Ok(()),
        }
    }
}
