//! Offerings and seats, as sellers write them through a facade.

use contracts::commands::*;
use contracts::{Code, Message, Numbered, OfferingId, Rejection, SeatId};
use storefronts::port::{CallContext, Change, Fields, Record, Refused};
use storefronts::{Attribute, Resource};

use crate::expected::expected;
use crate::fields::RequestFields;
use crate::shop::PortShop;

impl PortShop {
    pub(super) async fn register_offering(
        &self,
        of: &Resource,
        number: Option<u64>,
        fields: Fields,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let mut fields = RequestFields::new(fields);
        let seated = of.name_of(&Attribute::Left).is_none();
        let price = fields.money(&Attribute::Price)?.unwrap_or_default();
        let command = RegisterOffering {
            number,
            reference: fields.text(&Attribute::Reference),
            name: fields.text(&Attribute::Name),
            stock: fields.count(&Attribute::Left)?.unwrap_or(0),
            fields: fields.kept(),
            seated,
            ..RegisterOffering::of(of.storefront, price)
        };
        self.write(self.command(command, context), of).await
    }

    pub(super) async fn change_offering(
        &self,
        of: &Resource,
        number: u64,
        change: Change,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let Change { fields, replace, tests, expected_version } = change;
        let mut fields = RequestFields::new(fields);
        let command = ChangeOffering {
            no_name: fields.is_emptied(&Attribute::Name),
            no_reference: fields.is_emptied(&Attribute::Reference),
            reference: fields.text(&Attribute::Reference),
            name: fields.text(&Attribute::Name),
            price: fields.money(&Attribute::Price)?,
            left: fields.count(&Attribute::Left)?,
            whole: replace,
            merged: fields.kept(),
            expects: expected(of, tests)?,
            expected_version,
            ..ChangeOffering::of(OfferingId::of(of.storefront, number))
        };
        self.write(self.command(command, context), of).await
    }

    pub(super) async fn register_seat(
        &self,
        of: &Resource,
        number: Option<u64>,
        fields: Fields,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let mut fields = RequestFields::new(fields);
        let offering = fields.count(&Attribute::Offering)?.unwrap_or(0);
        let command = RegisterSeat {
            storefront: of.storefront,
            number,
            offering: OfferingId::of(of.storefront, offering),
            grade: fields.text(&Attribute::Grade),
            row: fields.text(&Attribute::SeatRow),
            column: fields.int(&Attribute::SeatColumn)?,
            price: fields.money(&Attribute::Price)?.unwrap_or_default(),
            withheld: fields.yes(&Attribute::Sold).unwrap_or(false),
        };
        self.write(self.command(command, context), of).await
    }

    pub(super) async fn change_seat(
        &self,
        of: &Resource,
        number: u64,
        change: Change,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let seat = SeatId::of(of.storefront, number);
        let Change { fields, tests, expected_version, .. } = change;
        let mut fields = RequestFields::new(fields);
        let offering = fields.count(&Attribute::Offering)?.map(|number| OfferingId::of(of.storefront, number));
        let can_go = [
            (Attribute::Grade, Emptied::Grade),
            (Attribute::SeatRow, Emptied::Row),
            (Attribute::SeatColumn, Emptied::Column),
        ];
        let gone = can_go.into_iter().filter(|(attribute, _)| fields.is_emptied(attribute)).map(|(_, what)| what);
        let gone: Vec<Emptied> = gone.collect();
        let command = ChangeSeat {
            grade: fields.text(&Attribute::Grade),
            row: fields.text(&Attribute::SeatRow),
            column: fields.int(&Attribute::SeatColumn)?,
            price: fields.money(&Attribute::Price)?,
            withheld: fields.yes(&Attribute::Sold),
            emptied: (!gone.is_empty()).then_some(gone),
            expects: expected(of, tests)?,
            expected_version,
            ..ChangeSeat::of(seat)
        };
        // Known by what it changes alone, as it was before it said which offering it means.
        let mut ask = self.command(command, context);
        if let Message::ChangeSeat(command) = &mut ask.message {
            command.offering = offering;
        }
        self.write(ask, of).await
    }
}

pub(super) fn not_found() -> Refused {
    Refused::Rejection(Rejection::new(Code::NotFound, "there is none with this id"))
}
