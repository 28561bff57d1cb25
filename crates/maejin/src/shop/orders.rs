//! Orders, as customers place and cancel them through a facade.

use contracts::commands::{CancelOrder, PlaceOrder, Target};
use contracts::{Answer, Code, Numbered, OfferingId, OrderId, Rejection, SeatId, Seats};
use order::Order;
use storefronts::port::{CallContext, Fields, Record, Refused};
use storefronts::{Attribute, Resource};

use super::NodeShop;
use super::fields::Sent;

impl NodeShop {
    pub(super) async fn place(
        &self,
        of: &Resource,
        number: Option<u64>,
        fields: Fields,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let mut sent = Sent::new(fields);
        let offering = sent.text(&Attribute::Offering).unwrap_or_default();
        let target = if self.names_by_reference(of.storefront) {
            Target::Reference(offering)
        } else {
            let Some(number) = offering.trim().parse().ok().filter(|n| (1..=contracts::NUMBER_MAX).contains(n)) else {
                let message = format!("there is no offering {offering}");
                return Err(Rejection::of_field(Code::UnknownReference, "offering", message).into());
            };
            Target::Id(OfferingId::of(of.storefront, number))
        };
        let seats = sent.count(&Attribute::Seat).map(|seat| SeatId::of(of.storefront, seat));
        let command = PlaceOrder {
            storefront: of.storefront,
            number,
            target,
            quantity: sent.count(&Attribute::Quantity).and_then(|n| u32::try_from(n).ok()).unwrap_or(0),
            seats: Seats(seats.into_iter().collect()),
            customer: sent.text(&Attribute::Customer).unwrap_or_default(),
            expected_price: sent.money(&Attribute::UnitPrice),
            card: sent.text(&Attribute::Card),
            fields: sent.extra(None),
        };
        self.write::<Order>(command.into(), order_of, of, context).await
    }

    pub(super) async fn cancel_order(
        &self,
        of: &Resource,
        number: u64,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let command = CancelOrder { order: OrderId::of(of.storefront, number), expected_version: None };
        self.write::<Order>(command.into(), order_of, of, context).await
    }
}

fn order_of(answer: &Answer) -> Option<OrderId> {
    match answer {
        Answer::Order(id) => Some(*id),
        _ => None,
    }
}
