//! What became of the orders of one storefront, and how long it took.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use contracts::states::OrderState;
use contracts::{Code, Message, OrderId, StorefrontNo};
use engine::Envelope;
use service::{Histogram, Sheet};

use super::labelled;
use super::open::Open;

/// From a moment to half a day: an order may wait so long to be paid.
const TIMES: &[f64] = &[
    0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1_800.0, 7_200.0,
    43_200.0,
];
/// Codes of refusals: more than there are.
const CODES: usize = 64;

/// The states that orders come to are counted, and that a cancel came too late beside them.
const OUTCOMES: [OrderState; 4] =
    [OrderState::Placed, OrderState::Confirmed, OrderState::Rejected, OrderState::Cancelled];
const CANCEL_REFUSED: &str = "cancel_refused";

/// How long it took until an order came to these is measured.
const STEPS: [OrderState; 5] =
    [OrderState::Held, OrderState::Paid, OrderState::Confirmed, OrderState::Rejected, OrderState::Cancelled];

/// What is counted of one storefront's orders.
#[derive(Debug)]
pub(super) struct Orders {
    pub storefront: StorefrontNo,
    name: String,
    /// By the number of the state.
    came_to: [AtomicU64; OrderState::ALL.len()],
    cancels_refused: AtomicU64,
    /// By the number of the code: its text, and how many were rejected for it.
    codes: Vec<(OnceLock<&'static str>, AtomicU64)>,
    /// By the number of the state.
    steps: [Histogram; OrderState::ALL.len()],
    under_way: AtomicU64,
    holds: AtomicU64,
    oldest_hold: AtomicU64,
}

impl Orders {
    pub(super) fn new(storefront: StorefrontNo, name: &str) -> Self {
        Self {
            storefront,
            name: name.to_owned(),
            came_to: Default::default(),
            cancels_refused: AtomicU64::default(),
            codes: (0..CODES).map(|_| Default::default()).collect(),
            steps: std::array::from_fn(|_| Histogram::new(TIMES)),
            under_way: AtomicU64::default(),
            holds: AtomicU64::default(),
            oldest_hold: AtomicU64::default(),
        }
    }

    /// Counts one message about `order`.
    pub(super) fn count(&self, order: OrderId, envelope: &Envelope<Message>, open: &mut Open) {
        let at = envelope.at;
        match &envelope.message {
            Message::OrderPlaced(_) => {
                open.of(order).under_way = at;
                self.add(OrderState::Placed);
            }
            Message::StockHeld(_) | Message::StockTakenBack(_) => {
                let since = open.of(order);
                since.held = if since.held == 0 { at } else { since.held };
            }
            Message::StockSold(_) | Message::StockReleased(_) => open.of(order).held = 0,
            Message::OrderHeld(_) => self.took(OrderState::Held, at, open.of(order).under_way),
            Message::PaymentTaken(_) => self.took(OrderState::Paid, at, open.of(order).under_way),
            Message::OrderConfirmed(_) => self.ended(OrderState::Confirmed, order, at, open),
            Message::OrderRejected(rejected) => {
                self.ended(OrderState::Rejected, order, at, open);
                self.add_code(rejected.code);
            }
            Message::OrderCancelling(_) => open.of(order).under_way = at,
            Message::OrderCancelled(_) => self.ended(OrderState::Cancelled, order, at, open),
            Message::OrderCancelRefused(_) => {
                open.of(order).under_way = 0;
                self.cancels_refused.fetch_add(1, Ordering::Relaxed);
            }
            _ => {}
        }
    }

    fn ended(&self, state: OrderState, order: OrderId, at: u64, open: &mut Open) {
        let since = std::mem::take(&mut open.of(order).under_way);
        self.took(state, at, since);
        self.add(state);
    }

    fn add(&self, state: OrderState) {
        self.came_to[state as usize].fetch_add(1, Ordering::Relaxed);
    }

    fn add_code(&self, code: Code) {
        if let Some((text, count)) = self.codes.get(code as usize) {
            text.get_or_init(|| code.as_str());
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// An order came to `state` at `at`. Where it is not known since when it was under way, nothing is counted.
    fn took(&self, state: OrderState, at: u64, since: u64) {
        if since != 0 {
            self.steps[state as usize].observe(at.saturating_sub(since) as f64 / 1_000.0);
        }
    }

    pub(super) fn tell(&self, open: &Open) {
        let (holds, oldest) = open.holds();
        self.under_way.store(open.orders(), Ordering::Relaxed);
        self.holds.store(holds, Ordering::Relaxed);
        self.oldest_hold.store(oldest, Ordering::Relaxed);
    }
}

/// Writes what was counted of all storefronts.
pub(super) fn show(all: &[Orders], sheet: &mut Sheet<'_>) -> fmt::Result {
    let count = |count: &AtomicU64| count.load(Ordering::Relaxed) as f64;
    let (mut outcomes, mut codes, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    let (mut under_way, mut holds, mut oldest) = (Vec::new(), Vec::new(), Vec::new());
    for orders in all {
        let of = ("storefront", &*orders.name);
        outcomes
            .extend(OUTCOMES.map(|state| ([of, ("outcome", state.as_str())], count(&orders.came_to[state as usize]))));
        outcomes.push(([of, ("outcome", CANCEL_REFUSED)], count(&orders.cancels_refused)));
        let known = orders.codes.iter().filter_map(|(text, rejected)| Some((*text.get()?, rejected)));
        codes.extend(known.map(|(text, rejected)| ([of, ("code", text)], count(rejected))));
        steps.extend(STEPS.map(|state| ([of, ("step", state.as_str())], &orders.steps[state as usize])));
        under_way.push(([of], count(&orders.under_way)));
        holds.push(([of], count(&orders.holds)));
        oldest.push(([of], count(&orders.oldest_hold) / 1_000.0));
    }
    let values = |values| labelled(values).map(|(labels, value)| (labels, *value));
    sheet.counters("maejin_orders", "Orders, by what became of them", values(&outcomes))?;
    let help = "Orders that were rejected, by the code of the refusal";
    sheet.counters("maejin_orders_rejected", help, values(&codes))?;
    let help = "Time from placing an order, or from asking to cancel it, until it reached a step";
    let steps = labelled(&steps).map(|(labels, histogram)| (labels, *histogram));
    sheet.histograms("maejin_order_step_seconds", help, steps)?;
    let values = |values| labelled(values).map(|(labels, value)| (labels, *value));
    sheet.gauges("maejin_orders_under_way", "Orders that have not come to an end", values(&under_way))?;
    sheet.gauges("maejin_holds_open", "Holds: stock set aside and not yet sold or released", values(&holds))?;
    let help = "When the oldest hold began, since the Unix epoch; 0 if there is none";
    sheet.gauges("maejin_holds_oldest_timestamp_seconds", help, values(&oldest))
}
