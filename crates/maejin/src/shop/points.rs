//! Points accounts, as a facade writes them. Their numbers are their customers'.

use contracts::commands::{CloseAccount, OpenAccount, SetBalance};
use contracts::{Answer, Rejection, Text};
use points::Account;
use storefronts::port::{CallContext, Change, Fields, Record, Refused};
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
        let balance = Sent::new(fields).int(&Attribute::Points)?.unwrap_or(0);
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
        let expected_balance = Sent::new(tests).int(&Attribute::Points)?;
        let balance = match Sent::new(fields).int(&Attribute::Points)? {
            Some(balance) => balance,
            // Nothing to change: what is expected of it is looked at all the same.
            None => {
                let row = self.node.engine.get::<Account>(customer(number)).await.map_err(super::refused)?;
                let Some(row) = row else { return Err(super::catalogue::not_found()) };
                Rejection::unless_version(row.version, expected_version)?;
                if expected_balance.is_none_or(|expected| expected == row.balance) {
                    return just_seen::<Account>(Some(row), of);
                }
                row.balance
            }
        };
        let command = SetBalance { customer: customer(number), balance, expected_version, expected_balance };
        self.write::<Account>(command.into(), account_of, of, context).await
    }

    pub(super) async fn close_account(
        &self,
        number: u64,
        expected_version: Option<u64>,
        context: &CallContext,
    ) -> Result<(), Refused> {
        let command = CloseAccount { customer: customer(number), expected_version };
        self.ask(command.into(), context, |_, _| ()).await.map(|_| ())
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
