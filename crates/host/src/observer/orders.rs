//! What became of the orders of one storefront, and how long it took.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

use contracts::{Code, Message, OrderId, StorefrontNo};
use engine::Envelope;
use service::{Histogram, Sheet};

use super::labelled;
use super::open::Open;

/// From a moment to half a day: an order may wait so long to be paid.
const STEPS: &[f64] = &[
    0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1_800.0, 7_200.0,
    43_200.0,
];
/// Codes of refusals: more than there are.
const CODES: usize = 64;

#[derive(Debug, Clone, Copy)]
enum Outcome {
    Placed,
    Confirmed,
    Rejected,
    Cancelled,
    CancelRefused,
}

const OUTCOMES: [(Outcome, &str); 5] = [
    (Outcome::Placed, "placed"),
    (Outcome::Confirmed, "confirmed"),
    (Outcome::Rejected, "rejected"),
    (Outcome::Cancelled, "cancelled"),
    (Outcome::CancelRefused, "cancel_refused"),
];

#[derive(Debug, Clone, Copy)]
enum Reached {
    Held,
    Paid,
    Confirmed,
    Rejected,
    Cancelled,
}

const REACHED: [(Reached, &str); 5] = [
    (Reached::Held, "held"),
    (Reached::Paid, "paid"),
    (Reached::Confirmed, "confirmed"),
    (Reached::Rejected, "rejected"),
    (Reached::Cancelled, "cancelled"),
];

/// What is counted of one storefront's orders.
#[derive(Debug)]
pub(super) struct Orders {
    pub storefront: StorefrontNo,
    name: String,
    outcomes: [AtomicU64; OUTCOMES.len()],
    /// By the number of the code: its text, and how many were rejected for it.
    codes: Vec<(OnceLock<&'static str>, AtomicU64)>,
    steps: [Histogram; REACHED.len()],
    under_way: AtomicU64,
    holds: AtomicU64,
    oldest_hold: AtomicU64,
}

impl Orders {
    pub(super) fn new(storefront: StorefrontNo, name: &str) -> Self {
        Self {
            storefront,
            name: name.to_owned(),
            outcomes: Default::default(),
            codes: (0..CODES).map(|_| Default::default()).collect(),
            steps: std::array::from_fn(|_| Histogram::new(STEPS)),
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
                self.add(Outcome::Placed);
            }
            Message::StockHeld(_) | Message::StockTakenBack(_) => {
                let since = open.of(order);
                since.held = if since.held == 0 { at } else { since.held };
            }
            Message::StockSold(_) | Message::StockReleased(_) => open.of(order).held = 0,
            Message::OrderHeld(_) => self.took(Reached::Held, at, open.of(order).under_way),
            Message::PaymentTaken(_) => self.took(Reached::Paid, at, open.of(order).under_way),
            Message::OrderConfirmed(_) => self.ended(Outcome::Confirmed, Reached::Confirmed, order, at, open),
            Message::OrderRejected(rejected) => {
                self.ended(Outcome::Rejected, Reached::Rejected, order, at, open);
                self.add_code(rejected.code);
            }
            Message::OrderCancelling(_) => open.of(order).under_way = at,
            Message::OrderCancelled(_) => self.ended(Outcome::Cancelled, Reached::Cancelled, order, at, open),
            Message::OrderCancelRefused(_) => {
                open.of(order).under_way = 0;
                self.add(Outcome::CancelRefused);
            }
            _ => {}
        }
    }

    fn ended(&self, outcome: Outcome, reached: Reached, order: OrderId, at: u64, open: &mut Open) {
        let since = std::mem::take(&mut open.of(order).under_way);
        self.took(reached, at, since);
        self.add(outcome);
    }

    fn add(&self, outcome: Outcome) {
        self.outcomes[outcome as usize].fetch_add(1, Ordering::Relaxed);
    }

    fn add_code(&self, code: Code) {
        if let Some((text, count)) = self.codes.get(code as usize) {
            text.get_or_init(|| code.as_str());
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// An order reached a step at `at`. Where it is not known since when it was under way, nothing is counted.
    fn took(&self, reached: Reached, at: u64, since: u64) {
        if since != 0 {
            self.steps[reached as usize].observe(at.saturating_sub(since) as f64 / 1_000.0);
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
        outcomes.extend(OUTCOMES.map(|(at, name)| ([of, ("outcome", name)], count(&orders.outcomes[at as usize]))));
        let known = orders.codes.iter().filter_map(|(text, rejected)| Some((*text.get()?, rejected)));
        codes.extend(known.map(|(text, rejected)| ([of, ("code", text)], count(rejected))));
        steps.extend(REACHED.map(|(at, name)| ([of, ("step", name)], &orders.steps[at as usize])));
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
