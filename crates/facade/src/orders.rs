//! Orders, as customers place and cancel them through a facade.

use std::time::Duration;

use backend::{Done, Stage, Then};
use contracts::commands::{CancelOrder, PlaceOrder, Target};
use contracts::queries::{Asks, OrderView, Placed, PlacedOrder, RecordView};
use contracts::{Answer, Code, Numbered, OfferingId, OrderId, Rejection, SeatId, Seats};
use edge::place_and_wait;
use storefronts::port::{CallContext, Fields, Record, Refused};
use storefronts::{Attribute, Resource};

use crate::fields::RequestFields;
use crate::record::record;
use crate::shop::{PortShop, not_there, refused};

/// How long an order waits to hear what stock said, where that is not known at once.
const STOCK_WAIT: Duration = Duration::from_secs(2);

impl PortShop {
    pub(super) async fn place(
        &self,
        of: &Resource,
        number: Option<u64>,
        fields: Fields,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let mut fields = RequestFields::new(fields);
        let offering = fields.text(&Attribute::Offering).unwrap_or_default();
        let target = if self.names_by_reference(of.storefront) {
            Target::Reference(offering)
        } else {
            let Some(number) = numbered(&offering) else {
                let message = format!("there is no offering {offering}");
                return Err(Rejection::of_field(Code::UnknownReference, "offering", message).into());
            };
            Target::Id(OfferingId::of(of.storefront, number))
        };
        let seat = match fields.text(&Attribute::Seat) {
            None => None,
            Some(seat) => Some(numbered(&seat).ok_or_else(|| {
                Rejection::of_field(Code::UnknownReference, "seat", format!("there is no seat {seat}"))
            })?),
        };
        let quantity = fields.count(&Attribute::Quantity)?.unwrap_or(0);
        let quantity = u32::try_from(quantity).map_err(|_| {
            Rejection::of_field(Code::InvalidValue, "quantity", format!("the quantity is at most {}", u32::MAX))
        })?;
        let command = PlaceOrder {
            storefront: of.storefront,
            number,
            target,
            quantity,
            seats: Seats(seat.map(|seat| SeatId::of(of.storefront, seat)).into_iter().collect()),
            customer: fields.text(&Attribute::Customer).unwrap_or_default(),
            expected_price: fields.money(&Attribute::UnitPrice)?,
            card: fields.text(&Attribute::Card),
            fields: fields.kept(),
        };
        let ask = self.command(command, context);
        match place_and_wait(&*self.backend, ask, Stage::Held, STOCK_WAIT).await.map_err(refused)?? {
            Placed::Refused(rejection) => Err(rejection.into()),
            Placed::Kept(order) => self.placed(order, of),
        }
    }

    /// An order that was placed, as it is shown; one for which stock was never set aside is refused, unless its row tells that.
    fn placed(&self, order: Box<OrderView>, of: &Resource) -> Result<Record, Refused> {
        let refusal = order.refusal().filter(|_| order.now.unit_price.is_none());
        let by_the_row = |refusal: &Rejection| {
            matches!(refusal.code, Code::SoldOut | Code::SeatTaken) && self.tells_by_the_row(of.storefront)
        };
        match refusal.filter(|refusal| !by_the_row(refusal)) {
            Some(refusal) => Err(refusal.into()),
            None => record_of(order, of),
        }
    }

    pub(super) async fn cancel_order(
        &self,
        of: &Resource,
        number: u64,
        expected_version: Option<u64>,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let command = CancelOrder { expected_version, ..CancelOrder::of(OrderId::of(of.storefront, number)) };
        let Done { answer, found, .. } =
            self.backend.submit(self.command(command, context).then(Then::Answered)).await.map_err(refused)?;
        match (answer, found.and_then(PlacedOrder::of).flatten()) {
            (Answer::Refused(rejection), _) => Err(rejection.into()),
            (_, Some(Placed::Kept(order))) => record_of(order, of),
            _ => Err(not_there()),
        }
    }
}

fn record_of(order: Box<OrderView>, of: &Resource) -> Result<Record, Refused> {
    if order.shown { Ok(record(&RecordView::Order(order), of)) } else { Err(not_there()) }
}

/// The number that a client named something by, written as numbers are: `0900` names nothing.
fn numbered(text: &str) -> Option<u64> {
    let text = text.trim();
    let number = text.parse().ok().filter(|number: &u64| number.to_string() == text);
    number.filter(|number| (1..=contracts::NUMBER_MAX).contains(number))
}
