//! Offerings and seats, as sellers write them through a facade.

use contracts::commands::*;
use contracts::{Answer, Code, Money, Numbered, OfferingId, Rejection, SeatId};
use stock::{Offering, Seat};
use storefronts::port::{CallContext, Fields, Record, Refused};
use storefronts::{Attribute, Resource};

use super::NodeShop;
use super::fields::Sent;

impl NodeShop {
    pub(super) async fn register_offering(
        &self,
        of: &Resource,
        number: Option<u64>,
        fields: Fields,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let mut sent = Sent::new(fields);
        let seated = of.name_of(&Attribute::Left).is_none();
        let price = sent.money(&Attribute::Price).unwrap_or_default();
        let command = RegisterOffering {
            number,
            reference: sent.text(&Attribute::Reference),
            name: sent.text(&Attribute::Name),
            stock: sent.count(&Attribute::Left).unwrap_or(0),
            fields: sent.extra(None),
            seated,
            ..RegisterOffering::of(of.storefront, price)
        };
        self.write::<Offering>(command.into(), offering_of, of, context).await
    }

    pub(super) async fn change_offering(
        &self,
        of: &Resource,
        number: u64,
        fields: Fields,
        whole: bool,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let offering = OfferingId::of(of.storefront, number);
        let before = self.node.engine.get::<Offering>(offering).await.map_err(super::refused)?;
        let Some(before) = before.filter(|row| !row.withdrawn) else { return Err(not_found()) };
        let emptied = |attribute: &Attribute, fields: &Fields| {
            fields.iter().any(|(sent, value)| sent == attribute && *value == storefronts::port::Value::Null)
        };
        let (no_name, no_reference, no_price) = (
            emptied(&Attribute::Name, &fields),
            emptied(&Attribute::Reference, &fields),
            emptied(&Attribute::Price, &fields),
        );
        let mut sent = Sent::new(fields);
        let price = sent.money(&Attribute::Price).or(no_price.then(|| Money::krw(0)));
        let command = ChangeOffering {
            reference: sent.text(&Attribute::Reference),
            name: sent.text(&Attribute::Name),
            price,
            left: sent.count(&Attribute::Left),
            whole,
            fields: sent.extra(before.fields.as_deref()),
            no_name,
            no_reference,
            ..ChangeOffering::of(offering)
        };
        self.write::<Offering>(command.into(), offering_of, of, context).await
    }

    pub(super) async fn withdraw_offering(
        &self,
        of: &Resource,
        number: u64,
        context: &CallContext,
    ) -> Result<(), Refused> {
        let command = WithdrawOffering { offering: OfferingId::of(of.storefront, number), expected_version: None };
        self.ask(command.into(), context, |_, _| ()).await.map(|_| ())
    }

    pub(super) async fn register_seat(
        &self,
        of: &Resource,
        number: Option<u64>,
        fields: Fields,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let mut sent = Sent::new(fields);
        let offering = sent.count(&Attribute::Offering).unwrap_or(0);
        let command = RegisterSeat {
            storefront: of.storefront,
            number,
            offering: OfferingId::of(of.storefront, offering),
            grade: sent.text(&Attribute::Grade),
            row: sent.text(&Attribute::SeatRow),
            column: sent.int(&Attribute::SeatColumn),
            price: sent.money(&Attribute::Price).unwrap_or_default(),
            withheld: sent.yes(&Attribute::Sold).unwrap_or(false),
        };
        self.write::<Seat>(command.into(), seat_of, of, context).await
    }

    pub(super) async fn change_seat(
        &self,
        of: &Resource,
        number: u64,
        fields: Fields,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let seat = SeatId::of(of.storefront, number);
        let Some(before) = self.node.engine.get::<Seat>(seat).await.map_err(super::refused)? else {
            return Err(not_found());
        };
        let mut sent = Sent::new(fields);
        if sent.count(&Attribute::Offering).is_some_and(|number| number != before.offering.number()) {
            let message = "a seat stays with its offering; withdraw it and register it anew";
            return Err(Rejection::of_field(Code::WrongState, "offering", message).into());
        }
        let price = sent.money(&Attribute::Price).filter(|price| *price != before.price);
        let sold = sent.yes(&Attribute::Sold);
        let command = ChangeSeat {
            seat,
            grade: sent.text(&Attribute::Grade),
            row: sent.text(&Attribute::SeatRow),
            column: sent.int(&Attribute::SeatColumn),
            price,
            withheld: sold,
            ..ChangeSeat::of(seat)
        };
        self.write::<Seat>(command.into(), seat_of, of, context).await
    }

    pub(super) async fn withdraw_seat(&self, of: &Resource, number: u64, context: &CallContext) -> Result<(), Refused> {
        let command = WithdrawSeat { seat: SeatId::of(of.storefront, number), expected_version: None };
        self.ask(command.into(), context, |_, _| ()).await.map(|_| ())
    }
}

fn offering_of(answer: &Answer) -> Option<OfferingId> {
    match answer {
        Answer::Offering(id) => Some(*id),
        _ => None,
    }
}

fn seat_of(answer: &Answer) -> Option<SeatId> {
    match answer {
        Answer::Seat(id) => Some(*id),
        _ => None,
    }
}

fn not_found() -> Refused {
    Refused::Rejection(Rejection::new(Code::NotFound, "there is none with this id"))
}
