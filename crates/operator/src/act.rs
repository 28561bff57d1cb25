//! What an operator does: with orders, deliveries, offerings and points. Each is a command like any other.

use backend::{Ask, IdempotencyKey, Then};
use contracts::commands::{
    AddPoints, AddStock, CancelOrder, ChangeOffering, CompleteDelivery, DispatchDelivery, GiveUpOrder,
    RegisterOffering, ReopenOffering, RetryOrder, SetBalance, WithdrawOffering,
};
use contracts::details::are_declared;
use contracts::queries::{Asks, Found, OrderDetails};
use contracts::{Answer, Details, Message, Numbered, OfferingId, OrderId, StorefrontNo, Text};
use edge::fingerprint;
use gateway::Caller;
use serde_json::{Value, json};

use super::reading::{self, named};
use super::request::BodyFields;
use super::{Operator, OperatorError, Reply};

impl Operator {
    /// Has `message` handled, and shows what the answer names as it is right after it.
    pub(super) async fn ask(&self, message: impl Into<Message>, caller: &Caller) -> Reply {
        self.ask_then(message, Then::Answered, caller).await
    }

    /// The same about an order.
    async fn ask_of(&self, order: OrderId, message: impl Into<Message>, caller: &Caller) -> Reply {
        self.ask_then(message, Then::Query(OrderDetails { ids: vec![order] }.query()), caller).await
    }

    async fn ask_then(&self, message: impl Into<Message>, then: Then, caller: &Caller) -> Reply {
        self.submit(Ask::of(message, caller.correlation).then(then)).await
    }

    async fn submit(&self, ask: Ask) -> Reply {
        let done = self.backend.submit(ask).await?;
        if let Answer::Refused(rejection) = done.answer {
            return Err(OperatorError::rejected(rejection));
        }
        let names = &self.names;
        let shown = done.found.and_then(|found| match found {
            Found::OrderDetails(orders) if matches!(done.answer, Answer::Order(_)) => {
                orders.first()?.as_ref().map(|order| reading::order(order, names))
            }
            Found::OneOffering(offering) => offering.map(|offering| reading::offering(&offering, names)),
            Found::OneAccount(account) => account.map(|account| reading::account(&account)),
            _ => None,
        });
        Ok(shown.unwrap_or_else(|| json!({})))
    }

    /// Takes an order back, tries a parked order's step again, or gives the order up.
    pub(super) async fn change_order(&self, id: OrderId, act: &str, body: &[u8], caller: &Caller) -> Reply {
        let mut fields = BodyFields::if_any(body)?;
        let reason = if act == "cancel" { fields.text("reason")?.map(Text::from) } else { None };
        fields.end()?;
        match act {
            "cancel" => self.ask_of(id, CancelOrder { reason, ..CancelOrder::of(id) }, caller).await,
            "retry" => self.ask_of(id, RetryOrder { order: id }, caller).await,
            _ => self.ask_of(id, GiveUpOrder { order: id }, caller).await,
        }
    }

    /// The goods have left, or have arrived.
    pub(super) async fn deliver(&self, order: OrderId, act: &str, caller: &Caller) -> Reply {
        match act {
            "dispatch" => self.ask_of(order, DispatchDelivery { order }, caller).await,
            _ => self.ask_of(order, CompleteDelivery { order }, caller).await,
        }
    }

    pub(super) async fn register(&self, body: &[u8], caller: &Caller) -> Reply {
        let mut fields = BodyFields::of(body)?;
        let missing = |name: &str| OperatorError::invalid(name, format!("{name} is needed"));
        let storefront = fields.text("storefront")?.ok_or_else(|| missing("storefront"))?;
        let storefront = named(&self.names, &storefront)?;
        let command = RegisterOffering {
            reference: fields.text("reference")?.map(Text::from),
            name: Some(fields.text("name")?.ok_or_else(|| missing("name"))?.into()),
            stock: fields.count("stock")?.unwrap_or(0),
            seated: fields.yes("seated")?,
            on_sale_from: fields.moment("on_sale_from")?,
            on_sale_until: fields.moment("on_sale_until")?,
            limit_per_customer: fields.limit()?,
            details: self.details(&mut fields, storefront)?,
            ..RegisterOffering::of(storefront, fields.money("price")?.ok_or_else(|| missing("price"))?)
        };
        fields.end()?;
        if command.seated && command.stock > 0 {
            return Err(OperatorError::invalid("stock", "it is sold by seats, so it has no stock of its own"));
        }
        self.ask(command, caller).await
    }

    /// What an offering of `storefront` says of itself.
    fn details(
        &self,
        fields: &mut BodyFields,
        storefront: StorefrontNo,
    ) -> Result<Option<Box<Details>>, OperatorError> {
        let extra = fields.object("extra")?;
        if let Some(extra) = &extra {
            are_declared(extra, self.names.extra(storefront)).map_err(OperatorError::rejected)?;
        }
        let details = Details {
            starts_at: fields.moment("starts_at")?,
            ends_at: fields.moment("ends_at")?,
            venue: fields.text("venue")?.map(Text::from),
            description: fields.text("description")?.map(Text::from),
            image: fields.text("image")?.map(Text::from),
            extra: extra.map(|extra| Value::Object(extra).to_string().into()),
        };
        Ok((!details.is_empty()).then(|| Box::new(details)))
    }

    pub(super) async fn change(&self, offering: OfferingId, body: &[u8], caller: &Caller) -> Reply {
        let mut fields = BodyFields::of(body)?;
        let command = ChangeOffering {
            reference: fields.text("reference")?.map(Text::from),
            name: fields.text("name")?.map(Text::from),
            price: fields.money("price")?,
            capacity: fields.count("stock")?,
            on_sale_from: fields.moment("on_sale_from")?,
            on_sale_until: fields.moment("on_sale_until")?,
            no_on_sale_from: fields.yes("no_on_sale_from")?,
            no_on_sale_until: fields.yes("no_on_sale_until")?,
            limit_per_customer: fields.limit()?,
            no_limit_per_customer: fields.yes("no_limit_per_customer")?.then_some(true),
            details: self.details(&mut fields, offering.storefront())?,
            unsaid: fields.unsaid()?,
            ..ChangeOffering::of(offering)
        };
        fields.end()?;
        if command == ChangeOffering::of(offering) {
            let message = "there is nothing to change: give a name, a price, a reference, a stock, a time of sale, a limit, or what it says of itself";
            return Err(OperatorError::invalid("body", message));
        }
        self.ask(command, caller).await
    }

    pub(super) async fn add_stock(&self, offering: OfferingId, body: &[u8], caller: &Caller) -> Reply {
        let mut fields = BodyFields::of(body)?;
        let add = fields.count("add")?.filter(|add| *add > 0);
        let add = add.ok_or_else(|| OperatorError::invalid("add", "add is how many more there are, at least 1"))?;
        fields.end()?;
        self.ask(AddStock::of(offering, add), caller).await
    }

    pub(super) async fn withdraw(&self, offering: OfferingId, caller: &Caller) -> Reply {
        self.ask(WithdrawOffering { keep: Some(true), ..WithdrawOffering::of(offering) }, caller).await
    }

    pub(super) async fn reopen(&self, offering: OfferingId, caller: &Caller) -> Reply {
        self.ask(ReopenOffering { offering, versions: None }, caller).await
    }

    /// Corrects a balance. The same with the same `Idempotency-Key` is done once.
    pub(super) async fn add_points(&self, customer: &str, body: &[u8], caller: &Caller) -> Reply {
        let mut fields = BodyFields::of(body)?;
        let missing = |name: &str| OperatorError::invalid(name, format!("{name} is needed"));
        let points = fields.int("points")?.ok_or_else(|| missing("points"))?;
        let reason = fields.text("reason")?.ok_or_else(|| missing("reason"))?;
        let below_zero = fields.yes("below_zero")?;
        fields.end()?;
        let content = json!(["add points", customer, points, reason, below_zero]).to_string();
        let key = caller
            .idempotency_key
            .as_ref()
            .map(|key| IdempotencyKey { key: format!("operator {key}"), fingerprint: fingerprint(content.as_bytes()) });
        let command = AddPoints { customer: customer.into(), points, reason: reason.as_str().into(), below_zero };
        self.submit(Ask::of(command, caller.correlation).with_key(key).then(Then::Answered)).await
    }

    pub(super) async fn set_points(&self, customer: &str, body: &[u8], caller: &Caller) -> Reply {
        let mut fields = BodyFields::of(body)?;
        let balance = fields.int("balance")?;
        let balance = balance.ok_or_else(|| OperatorError::invalid("balance", "balance is needed"))?;
        fields.end()?;
        self.ask(
            SetBalance { customer: customer.into(), balance, expected_version: None, expected_balance: None },
            caller,
        )
        .await
    }
}
