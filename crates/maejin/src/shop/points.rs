//! Points accounts, as a facade writes them. Their numbers are their customers'.

use contracts::commands::{OpenAccount, SetBalance};
use contracts::{Answer, Text};
use points::Account;
use storefronts::port::{CallContext, Change, Fields, Record, Refused};
use storefronts::{Attribute, Resource};

use super::fields::RequestFields;
use super::{NodeShop, just_seen};

impl NodeShop {
    pub(super) async fn open_account(
        &self,
        of: &Resource,
        number: Option<u64>,
        fields: Fields,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let balance = RequestFields::new(fields).int(&Attribute::Points)?.unwrap_or(0);
        let command = OpenAccount { customer: customer(number.unwrap_or(0)), balance };
        self.write::<Account>(command.into(), account_of, of, context).await
    }

    pub(super) async fn set_balance(
        &self,
        of: &Resource,
        number: u64,
        change: Change,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let Change { fields, tests, expected_version, .. } = change;
        let expected_balance = RequestFields::new(tests).int(&Attribute::Points)?;
        let Some(balance) = RequestFields::new(fields).int(&Attribute::Points)? else {
            // Nothing to change: what is expected of it is looked at all the same.
            let row = self.node.engine.get::<Account>(customer(number)).await.map_err(super::refused)?;
            let Some(row) = row else { return Err(super::catalogue::not_found()) };
            row.refuse_unless(expected_version, expected_balance)?;
            return just_seen::<Account>(Some(row), of);
        };
        let command = SetBalance { customer: customer(number), balance, expected_version, expected_balance };
        self.write::<Account>(command.into(), account_of, of, context).await
    }
}

/// The customer whose account has `number`.
pub(super) fn customer(number: u64) -> Text {
    number.to_string().into()
}

fn account_of(answer: &Answer) -> Option<Text> {
    match answer {
        Answer::Points(customer) => Some(customer.clone()),
        _ => None,
    }
}
