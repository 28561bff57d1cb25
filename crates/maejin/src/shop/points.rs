//! Points accounts, as a facade writes them. Their numbers are their customers'.

use contracts::commands::{CloseAccount, OpenAccount, SetBalance};
use contracts::{Answer, Text};
use points::Account;
use storefronts::port::{CallContext, Fields, Record, Refused};
use storefronts::{Attribute, Resource};

use super::fields::Sent;
use super::{NodeShop, just_seen};

impl NodeShop {
    pub(super) async fn open_account(
        &self,
        of: &Resource,
        number: Option<u64>,
        fields: Fields,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let balance = Sent::new(fields).int(&Attribute::Points).unwrap_or(0);
        let command = OpenAccount { customer: customer(number.unwrap_or(0)), balance };
        self.write::<Account>(command.into(), account_of, of, context).await
    }

    pub(super) async fn set_balance(
        &self,
        of: &Resource,
        number: u64,
        fields: Fields,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let Some(balance) = Sent::new(fields).int(&Attribute::Points) else {
            let row = self.node.engine.get::<Account>(customer(number)).await.map_err(super::refused)?;
            return just_seen::<Account>(row, of);
        };
        let command =
            SetBalance { customer: customer(number), balance, expected_version: None, expected_balance: None };
        self.write::<Account>(command.into(), account_of, of, context).await
    }

    pub(super) async fn close_account(&self, number: u64, context: &CallContext) -> Result<(), Refused> {
        self.ask(CloseAccount { customer: customer(number), expected_version: None }.into(), context, |_, _| ())
            .await
            .map(|_| ())
    }
}

fn customer(number: u64) -> Text {
    number.to_string().into()
}

fn account_of(answer: &Answer) -> Option<Text> {
    match answer {
        Answer::Points(customer) => Some(customer.clone()),
        _ => None,
    }
}
