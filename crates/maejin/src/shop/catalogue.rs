//! Offerings and seats, as sellers write them through a facade.

use contracts::commands::*;
use contracts::{Answer, Code, Money, Numbered, OfferingId, Rejection, SeatId};
use stock::{Offering, Seat};
use storefronts::port::{CallContext, Fields, Record, Refused};
use storefronts::{Attribute, Resource};

use super::fields::Sent;
use super::{NodeShop, just_seen};

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
        let command = RegisterOffering {
            storefront: of.storefront,
            number,
            reference: sent.text(&Attribute::Reference),
            name: sent.text(&Attribute::Name),
            price: sent.money(&Attribute::Price).unwrap_or_default(),
            stock: sent.count(&Attribute::Left).unwrap_or(0),
            fields: sent.extra(None),
            seated,
            seats: Vec::new(),
            on_sale_from: None,
            on_sale_until: None,
        };
        let (answer, seen) = self.ask(command.into(), context, offering_seen).await?;
        self.offering_record(answer, seen, of).await
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
            offering,
            reference: sent.text(&Attribute::Reference),
            name: sent.text(&Attribute::Name),
            price,
            left: sent.count(&Attribute::Left),
            whole,
            fields: sent.extra(before.fields.as_deref()),
            no_name,
            no_reference,
            expected_version: None,
            on_sale_from: None,
            on_sale_until: None,
            no_on_sale_from: false,
            no_on_sale_until: false,
        };
        let (answer, seen) = self.ask(command.into(), context, offering_seen).await?;
        self.offering_record(answer, seen, of).await
    }

    async fn offering_record(
        &self,
        answer: Answer,
        seen: Option<Option<Offering>>,
        of: &Resource,
    ) -> Result<Record, Refused> {
        let row = match (seen, answer) {
            (Some(row), _) => row,
            (None, Answer::Offering(id)) => self.node.engine.get::<Offering>(id).await.map_err(super::refused)?,
            (None, _) => None,
        };
        just_seen::<Offering>(row, of)
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
        let (answer, seen) = self.ask(command.into(), context, seat_seen).await?;
        self.seat_record(answer, seen, of).await
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
        };
        let (answer, seen) = self.ask(command.into(), context, seat_seen).await?;
        self.seat_record(answer, seen, of).await
    }

    async fn seat_record(&self, answer: Answer, seen: Option<Option<Seat>>, of: &Resource) -> Result<Record, Refused> {
        let row = match (seen, answer) {
            (Some(row), _) => row,
            (None, Answer::Seat(id)) => self.node.engine.get::<Seat>(id).await.map_err(super::refused)?,
            (None, _) => None,
        };
        just_seen::<Seat>(row, of)
    }

    pub(super) async fn withdraw_seat(&self, of: &Resource, number: u64, context: &CallContext) -> Result<(), Refused> {
        let command = WithdrawSeat { seat: SeatId::of(of.storefront, number) };
        self.ask(command.into(), context, |_, _| ()).await.map(|_| ())
    }
}

fn offering_seen(answer: &Answer, view: &engine::View<'_>) -> Option<Option<Offering>> {
    match answer {
        Answer::Offering(id) => view.get::<Offering>(id),
        _ => None,
    }
}

fn seat_seen(answer: &Answer, view: &engine::View<'_>) -> Option<Option<Seat>> {
    match answer {
        Answer::Seat(id) => view.get::<Seat>(id),
        _ => None,
    }
}

fn not_found() -> Refused {
    Refused::Rejection(Rejection::new(Code::NotFound, "there is none with this id"))
}
