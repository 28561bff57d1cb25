//! Orders, as customers place and cancel them through a facade.

use contracts::commands::{CancelOrder, PlaceOrder, Target};
use contracts::{Answer, Code, Numbered, OfferingId, OrderId, Rejection, SeatId, Seats};
use order::Order;
use storefronts::port::{CallContext, Fields, Record, Refused};
use storefronts::{Attribute, Resource};

use super::NodeShop;
use super::fields::RequestFields;

impl NodeShop {
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
        self.write::<Order>(command.into(), order_of, of, context).await
    }

    pub(super) async fn cancel_order(
        &self,
        of: &Resource,
        number: u64,
        expected_version: Option<u64>,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let command = CancelOrder { expected_version, ..CancelOrder::of(OrderId::of(of.storefront, number)) };
        self.write::<Order>(command.into(), order_of, of, context).await
    }
}

/// The number that a client named something by, written as numbers are: `0900` names nothing.
fn numbered(text: &str) -> Option<u64> {
    let text = text.trim();
    let number = text.parse().ok().filter(|number: &u64| number.to_string() == text);
    number.filter(|number| (1..=contracts::NUMBER_MAX).contains(number))
}

fn order_of(answer: &Answer) -> Option<OrderId> {
    match answer {
        Answer::Order(id) => Some(*id),
        _ => None,
    }
}
