//! The shop behind the facades: their words turned into commands and queries of the services.

mod catalogue;
mod expected;
mod fields;
mod listed;
mod orders;
mod points;
mod rows;
mod totals;

use std::sync::Arc;

use contracts::commands::{CloseAccount, WithdrawOffering, WithdrawSeat};
use contracts::{Answer, Code, Message, Numbered, OfferingId, Rejection, SeatId, StorefrontNo};
use engine::{CacheView, Command, IdempotencyKey, NodeError};
use store::TableReader;
use storefronts::port::{CallContext, Change, Fields, Page, PageQuery, Record, Refused, Reply, Shop, Value};
use storefronts::{Attribute, Kind, Resource};
use typed::Row;

use edge::fingerprint;
use host::{RETRY_AFTER_S, Running};
use listed::Listed;
use rows::{ConfirmedLine, VisibleLine};
use totals::Totals;

/// The facades' view of a running node.
pub struct NodeShop {
    node: Arc<Running>,
    /// Storefronts whose clients name offerings by the seller's reference.
    by_reference: Vec<StorefrontNo>,
    totals: Totals,
}

impl NodeShop {
    /// The shop on `node`. In the storefronts of `by_reference` clients name offerings by the seller's reference.
    pub fn new(node: Arc<Running>, by_reference: Vec<StorefrontNo>) -> Self {
        Self { node, by_reference, totals: Totals::default() }
    }

    fn names_by_reference(&self, storefront: StorefrontNo) -> bool {
        self.by_reference.contains(&storefront)
    }

    /// Has `message` handled, and gives what was answered with what `then` saw of the rows.
    async fn ask<T: Send + 'static>(
        &self,
        message: Message,
        context: &CallContext,
        then: impl FnOnce(&Answer, &CacheView<'_>) -> T + Send + 'static,
    ) -> Result<(Answer, T), Refused> {
        let key = context.idempotency_key.as_ref().map(|key| {
            let key = format!("{} {key}", context.caller.as_deref().unwrap_or("-"));
            IdempotencyKey::new(key, fingerprint_of(&message))
        });
        let correlation = u64::from_str_radix(&context.correlation, 16).unwrap_or(0);
        let command = Command { message, correlation, cause: 0, key };
        match self.node.engine.submit(command, then).await.map_err(refused)? {
            (Answer::Refused(rejection), _) => Err(Refused::Rejection(rejection)),
            done => Ok(done),
        }
    }

    /// Has `command` handled. The record of the row whose key its answer has, as it is right afterwards.
    async fn write<R: Listed>(
        &self,
        command: Message,
        key_of: fn(&Answer) -> Option<<R::Stored as Row>::Key>,
        of: &Resource,
        context: &CallContext,
    ) -> Result<Record, Refused> {
        let seen = move |answer: &Answer, view: &CacheView<'_>| view.get::<R::Stored>(&key_of(answer)?);
        let (answer, seen) = self.ask(command, context, seen).await?;
        let row = match (seen, key_of(&answer)) {
            (Some(row), _) => row,
            // The command was done: nobody may be told that it was not.
            (None, Some(key)) => self.node.engine.get::<R::Stored>(key).await.map_err(|_| Refused::Unknown)?,
            (None, None) => None,
        };
        just_seen::<R>(row, of)
    }

    async fn page_of<R: Listed>(&self, of: &Resource, query: PageQuery, now_ms: u64) -> Result<Page, Refused> {
        let known = self.totals.known(of, now_ms);
        let resource = of.clone();
        let read = move |reader: &mut dyn TableReader| listed::page::<R>(reader, &resource, &query, known);
        let page = self.node.engine.scan(read).await.map_err(refused)?;
        if known.is_none() {
            self.totals.counted(of, page.total, now_ms);
        }
        Ok(page)
    }

    async fn one_of<R: Listed>(&self, of: &Resource, number: u64) -> Result<Option<Record>, Refused> {
        if let Some(key) = R::key_of(of.storefront, number) {
            let row = self.node.engine.get::<R::Stored>(key).await.map_err(refused)?;
            return Ok(row.and_then(R::to_view).map(|row| listed::record(&row, of)));
        }
        let by_number = format!("AND {} = {number}", R::NUMBER);
        let of = of.clone();
        let found = self.node.engine.scan(move |reader| listed::select::<R>(reader, &of, &by_number, &[])).await;
        Ok(found.map_err(refused)?.pop())
    }

    async fn find_in<R: Listed>(&self, of: &Resource, by: &Attribute, value: Value) -> Result<Vec<Record>, Refused> {
        let (of, by) = (of.clone(), by.clone());
        let read = move |reader: &mut dyn TableReader| listed::find::<R>(reader, &of, &by, &value);
        self.node.engine.scan(read).await.map_err(refused)
    }
}

/// Calls a generic function for the rows of a kind.
macro_rules! for_kind {
    ($kind:expr, $self:ident.$method:ident($($arg:expr),*)) => {
        match $kind {
            Kind::Offering => $self.$method::<stock::Offering>($($arg),*).await,
            Kind::Seat => $self.$method::<stock::Seat>($($arg),*).await,
            Kind::Order => $self.$method::<order::Order>($($arg),*).await,
            Kind::Payment => $self.$method::<payment::Payment>($($arg),*).await,
            Kind::Delivery => $self.$method::<delivery::Delivery>($($arg),*).await,
            Kind::Points => $self.$method::<::points::Account>($($arg),*).await,
            Kind::Notification => $self.$method::<notification::Notice>($($arg),*).await,
            Kind::MyPage => $self.$method::<VisibleLine>($($arg),*).await,
            Kind::ConfirmedList => $self.$method::<ConfirmedLine>($($arg),*).await,
        }
    };
}

impl Shop for NodeShop {
    fn admits(&self) -> Result<(), Refused> {
        self.node.engine.admits().map_err(refused)
    }

    fn page<'a>(&'a self, of: &'a Resource, query: PageQuery, context: &'a CallContext) -> Reply<'a, Page> {
        Box::pin(async move { for_kind!(of.kind, self.page_of(of, query, context.now_ms)) })
    }

    fn one<'a>(&'a self, of: &'a Resource, number: u64, _: &'a CallContext) -> Reply<'a, Option<Record>> {
        Box::pin(async move { for_kind!(of.kind, self.one_of(of, number)) })
    }

    fn find<'a>(
        &'a self,
        of: &'a Resource,
        by: &'a Attribute,
        value: Value,
        _: &'a CallContext,
    ) -> Reply<'a, Vec<Record>> {
        Box::pin(async move { for_kind!(of.kind, self.find_in(of, by, value)) })
    }

    fn create<'a>(
        &'a self,
        of: &'a Resource,
        number: Option<u64>,
        fields: Fields,
        context: &'a CallContext,
    ) -> Reply<'a, Record> {
        Box::pin(async move {
            match of.kind {
                Kind::Offering => self.register_offering(of, number, fields, context).await,
                Kind::Seat => self.register_seat(of, number, fields, context).await,
                Kind::Order => self.place(of, number, fields, context).await,
                Kind::Points => self.open_account(of, number, fields, context).await,
                _ => Err(read_only()),
            }
        })
    }

    fn change<'a>(
        &'a self,
        of: &'a Resource,
        number: u64,
        change: Change,
        context: &'a CallContext,
    ) -> Reply<'a, Record> {
        Box::pin(async move {
            match of.kind {
                Kind::Offering => self.change_offering(of, number, change, context).await,
                Kind::Seat => self.change_seat(of, number, change, context).await,
                Kind::Points => self.set_balance(of, number, change, context).await,
                _ => Err(read_only()),
            }
        })
    }

    fn remove<'a>(
        &'a self,
        of: &'a Resource,
        number: u64,
        expected_version: Option<u64>,
        context: &'a CallContext,
    ) -> Reply<'a, bool> {
        Box::pin(async move {
            let storefront = of.storefront;
            let command: Message = match of.kind {
                Kind::Offering => {
                    let offering = OfferingId::of(storefront, number);
                    WithdrawOffering { expected_version, ..WithdrawOffering::of(offering) }.into()
                }
                Kind::Seat => WithdrawSeat { seat: SeatId::of(storefront, number), expected_version }.into(),
                Kind::Points => CloseAccount { customer: points::customer(number), expected_version }.into(),
                _ => return Err(read_only()),
            };
            match self.ask(command, context, |_, _| ()).await {
                Err(Refused::Rejection(rejection)) if rejection.code == Code::NotFound => Ok(false),
                other => other.map(|_| true),
            }
        })
    }

    fn cancel<'a>(
        &'a self,
        of: &'a Resource,
        number: u64,
        expected: Option<u64>,
        context: &'a CallContext,
    ) -> Reply<'a, Record> {
        Box::pin(self.cancel_order(of, number, expected, context))
    }

    fn left<'a>(&'a self, of: &'a Resource, reference: i64, _: &'a CallContext) -> Reply<'a, Option<u64>> {
        Box::pin(async move {
            let storefront = of.storefront;
            let read = move |reader: &mut dyn TableReader| {
                stock::queries::by_reference(reader, storefront, &reference.to_string())
            };
            let found = self.node.engine.scan(read).await.map_err(refused)?;
            Ok(found.map(|offering| offering.left()))
        })
    }
}

/// The row of what a command has just made or changed.
fn just_seen<R: Listed>(row: Option<R::Stored>, of: &Resource) -> Result<Record, Refused> {
    let row =
        row.and_then(R::to_view).ok_or_else(|| Refused::Fault("what was just written is not there".to_owned()))?;
    Ok(listed::record(&row, of))
}

fn read_only() -> Refused {
    Refused::Rejection(Rejection::new(Code::WrongState, "only the shop itself writes this"))
}

fn refused(why: NodeError) -> Refused {
    match why {
        NodeError::Busy | NodeError::Stopped | NodeError::NotOwner => Refused::Busy { retry_after_s: RETRY_AFTER_S },
        NodeError::Unknown => Refused::Unknown,
        NodeError::Fault(reason) => {
            tracing::error!(reason, "a request could not be handled");
            Refused::Fault(reason)
        }
        NodeError::Store(error) => {
            tracing::error!(%error, "the tables could not be read");
            Refused::Fault(error.to_string())
        }
    }
}

/// What stands for `message`: the fingerprint of how it stands in the journal, in which an optional field that is added later changes
/// nothing.
fn fingerprint_of(message: &Message) -> u64 {
    fingerprint(&minicbor::to_vec(message).expect("a vector takes every byte"))
}

#[cfg(test)]
mod tests {
    use contracts::commands::{PlaceOrder, Target};
    use contracts::{OfferingId, Seats};

    use super::*;

    /// The fingerprints stand in stores: whoever changes this breaks keys that were given before.
    #[test]
    fn a_message_has_one_fingerprint_for_good() {
        let order = PlaceOrder {
            storefront: StorefrontNo(1),
            number: None,
            target: Target::Id(OfferingId(7)),
            quantity: 2,
            seats: Seats(Vec::new()),
            customer: "1".into(),
            expected_price: None,
            card: None,
            fields: None,
        };
        // Of 820b81 8601f68200810702806131: fields that are not there at the end are not written.
        assert_eq!(fingerprint_of(&order.into()), 6_082_182_590_823_636_893);
    }
}
