//! Points accounts, as a facade writes them. Their numbers are their customers'.

use contracts::Text;
use contracts::commands::{OpenAccount, SetBalance};
use contracts::queries::{OneAccount, RecordView};
use storefronts::port::{CallContext, Change, Fields, Record, Refused};
use storefronts::{Attribute, Resource};

use crate::catalogue;
use crate::fields::RequestFields;
use crate::record::record;
use crate::shop::{PortShop, not_there, refused};

impl PortShop {
    pub(super) async fn open_account(
        &self,
        of: &Resource,
        number: Option<u64>,
        fields: Fields,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let balance = RequestFields::new(fields).int(&Attribute::Points)?.unwrap_or(0);
        let command = OpenAccount { customer: customer(number.unwrap_or(0)), balance };
        self.write(self.command(command, context), of).await
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
            let account = self.backend.ask(OneAccount { customer: customer(number) }).await.map_err(refused)?;
            let Some(account) = account else { return Err(catalogue::not_found()) };
            account.refuse_unless(expected_version, expected_balance)?;
            return match account.number {
                Some(_) => Ok(record(&RecordView::Account(Box::new(account)), of)),
                None => Err(not_there()),
            };
        };
        let command = SetBalance { customer: customer(number), balance, expected_version, expected_balance };
        self.write(self.command(command, context), of).await
    }
}

/// The customer whose account has `number`.
pub(super) fn customer(number: u64) -> Text {
    number.to_string().into()
}
