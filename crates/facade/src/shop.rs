//! The shop as facades know it, over the port.

use std::sync::Arc;

use backend::{Ask, Backend, Done, IdempotencyKey, Then, Unavailable};
use contracts::commands::{CloseAccount, WithdrawOffering, WithdrawSeat};
use contracts::queries::{
    Found, OfferingByReference, OneAccount, OneOffering, OneOrder, OneSeat, Pick, RecordPage, RecordView, Records,
};
use contracts::{
    Answer, Code, Message, Numbered, OfferingId, OrderId, Recipe, Refusals, Rejection, SeatId, Shard, StorefrontNo,
};
use edge::fingerprint;
use storefronts::port::{CallContext, Change, Fields, Page, PageQuery, Record, Refused, Reply, Shop, Value};
use storefronts::{Attribute, Kind, Resource, Storefront};

use crate::record::record;
use crate::totals::Totals;
use crate::{points, query};

/// The shop behind the facades.
pub struct PortShop {
    pub(crate) backend: Arc<dyn Backend>,
    storefronts: Vec<Arc<Storefront>>,
    totals: Totals,
}

impl PortShop {
    /// The shop behind `backend`, for the facades of `storefronts`.
    pub fn new(backend: Arc<dyn Backend>, storefronts: &[Arc<Storefront>]) -> Self {
        Self { backend, storefronts: storefronts.to_vec(), totals: Totals::default() }
    }

    fn storefront(&self, number: StorefrontNo) -> Option<&Arc<Storefront>> {
        self.storefronts.iter().find(|storefront| storefront.recipe.number == number)
    }

    /// Whether clients of a storefront name offerings by the seller's reference.
    pub(crate) fn names_by_reference(&self, storefront: StorefrontNo) -> bool {
        self.storefront(storefront).is_some_and(|storefront| storefront.by_reference())
    }

    /// Whether an order of a storefront that is refused for want of stock is shown as a row that failed.
    pub(crate) fn tells_by_the_row(&self, storefront: StorefrontNo) -> bool {
        let tells = |recipe: &Recipe| recipe.refusals == Refusals::Row;
        self.storefront(storefront).is_none_or(|storefront| tells(&storefront.recipe))
    }

    /// A command, with what is known of its call.
    pub(crate) fn command(&self, message: impl Into<Message>, context: &CallContext) -> Ask {
        let message = message.into();
        let key = context.idempotency_key.as_ref().map(|key| {
            let key = format!("{} {key}", context.caller.as_deref().unwrap_or("-"));
            IdempotencyKey { key, fingerprint: fingerprint_of(&message) }
        });
        Ask::of(message, u64::from_str_radix(&context.correlation, 16).unwrap_or(0)).with_key(key)
    }

    /// Has `ask` handled. The record of what its answer names, as that is right afterwards.
    pub(crate) async fn write(&self, ask: Ask, of: &Resource) -> Result<Record, Refused> {
        let Done { answer, found, .. } = self.backend.submit(ask.then(Then::Answered)).await.map_err(refused)?;
        if let Answer::Refused(rejection) = answer {
            return Err(Refused::Rejection(rejection));
        }
        let view = found.and_then(view).filter(is_shown).ok_or_else(not_there)?;
        Ok(record(&view, of))
    }

    async fn records(&self, of: &Resource, pick: Pick) -> Result<RecordPage, Refused> {
        let query = Records { kind: query::kind(of.kind), storefront: of.storefront, pick };
        self.backend.ask(query).await.map_err(refused)
    }

    async fn page_of(&self, of: &Resource, page: PageQuery, now_ms: u64) -> Result<Page, Refused> {
        let known = self.totals.known(of, now_ms);
        let page = self.records(of, query::page(of, &page, known)).await?;
        if known.is_none() {
            self.totals.counted(of, page.total, now_ms);
        }
        Ok(Page { total: page.total, records: records_of(&page, of) })
    }

    async fn one_of(&self, of: &Resource, number: u64) -> Result<Option<Record>, Refused> {
        let (at, backend) = (of.storefront, &self.backend);
        let view = match of.kind {
            Kind::Offering => backend
                .ask(OneOffering { id: OfferingId::of(at, number) })
                .await
                .map(|view| view.map(RecordView::Offering)),
            Kind::Seat => {
                backend.ask(OneSeat { id: SeatId::of(at, number) }).await.map(|view| view.map(RecordView::Seat))
            }
            Kind::Order => {
                backend.ask(OneOrder { id: OrderId::of(at, number) }).await.map(|view| view.map(RecordView::Order))
            }
            Kind::Points => {
                let account = backend.ask(OneAccount { customer: points::customer(number) }).await;
                account.map(|view| view.map(|view| RecordView::Account(Box::new(view))))
            }
            _ => return Ok(records_of(&self.records(of, Pick::Number(number)).await?, of).pop()),
        };
        Ok(view.map_err(refused)?.filter(is_shown).map(|view| record(&view, of)))
    }

    async fn find_in(&self, of: &Resource, by: &Attribute, value: &Value) -> Result<Vec<Record>, Refused> {
        match query::those(by, value) {
            Some(pick) => Ok(records_of(&self.records(of, pick).await?, of)),
            None => Ok(Vec::new()),
        }
    }
}

impl Shop for PortShop {
    fn admits(&self) -> Result<(), Refused> {
        self.backend.admits(Shard::Customers { slot: 0 }).map_err(refused)
    }

    fn page<'a>(&'a self, of: &'a Resource, query: PageQuery, context: &'a CallContext) -> Reply<'a, Page> {
        Box::pin(self.page_of(of, query, context.now_ms))
    }

    fn one<'a>(&'a self, of: &'a Resource, number: u64, _: &'a CallContext) -> Reply<'a, Option<Record>> {
        Box::pin(self.one_of(of, number))
    }

    fn find<'a>(
        &'a self,
        of: &'a Resource,
        by: &'a Attribute,
        value: Value,
        _: &'a CallContext,
    ) -> Reply<'a, Vec<Record>> {
        Box::pin(async move { self.find_in(of, by, &value).await })
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
            let done = self.backend.submit(self.command(command, context)).await.map_err(refused)?;
            match done.answer {
                Answer::Refused(rejection) if rejection.code == Code::NotFound => Ok(false),
                Answer::Refused(rejection) => Err(rejection.into()),
                _ => Ok(true),
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
            let query = OfferingByReference { storefront: of.storefront, reference: reference.to_string().into() };
            Ok(self.backend.ask(query).await.map_err(refused)?.map(|view| view.left()))
        })
    }
}

fn records_of(page: &RecordPage, of: &Resource) -> Vec<Record> {
    page.records.iter().map(|view| record(view, of)).collect()
}

/// What was found of what a command has just made or changed.
fn view(found: Found) -> Option<RecordView> {
    match found {
        Found::OneOffering(view) => view.map(RecordView::Offering),
        Found::OneSeat(view) => view.map(RecordView::Seat),
        Found::OneAccount(view) => view.map(|view| RecordView::Account(Box::new(view))),
        _ => None,
    }
}

/// Whether a facade shows it.
fn is_shown(view: &RecordView) -> bool {
    match view {
        RecordView::Offering(view) => !view.now.withdrawn,
        RecordView::Order(view) => view.shown,
        RecordView::Account(view) => view.number.is_some(),
        _ => true,
    }
}

/// The refusal where what was just written is not there.
pub(crate) fn not_there() -> Refused {
    Refused::Fault("what was just written is not there".to_owned())
}

fn read_only() -> Refused {
    Refused::Rejection(Rejection::new(Code::WrongState, "only the shop itself writes this"))
}

/// Why the shop did not do it. What failed is in the log already.
pub(crate) fn refused(why: Unavailable) -> Refused {
    match why {
        Unavailable::Busy { retry_after_s } => Refused::Busy { retry_after_s },
        Unavailable::NotOwner | Unavailable::Unreachable { maybe_done: false } => {
            Refused::Busy { retry_after_s: RETRY_AFTER_S }
        }
        Unavailable::Unreachable { maybe_done: true } => Refused::Unknown,
        Unavailable::Fault { why } => Refused::Fault(why),
        // A facade asks for no record of the journal.
        archived @ Unavailable::Archived { .. } => Refused::Fault(archived.to_string()),
    }
}

/// When to ask again where nothing was done and nobody says when, in seconds.
const RETRY_AFTER_S: u32 = 1;

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
