//! What a message says, in one sentence for people.

use contracts::events::SeatChanged;
use contracts::{Message, Money, OrderNow, SeatNow, Seats, Text};

/// The sentence. Of a message that says no more than its name, the name.
pub fn summary(message: &Message) -> String {
    let told = of_orders(message).or_else(|| of_stock(message)).or_else(|| of_payments(message));
    told.or_else(|| of_the_rest(message)).unwrap_or_else(|| in_words(message.name()))
}

fn of_orders(message: &Message) -> Option<String> {
    Some(match message {
        Message::PlaceOrder(m) => format!("customer {} asks for {}", m.customer, asked_for(m.quantity, &m.seats)),
        Message::OrderPlaced(m) => format!("customer {} ordered {}", m.customer, asked_for(m.quantity, &m.seats)),
        Message::OrderHeld(m) => {
            format!("{} set aside for {}", of(m.quantity, m.name.as_ref(), ordered(m.now.as_deref())), money(m.total))
        }
        Message::OrderConfirmed(m) => {
            let what = of(m.quantity, m.name.as_ref(), ordered(m.now.as_deref()));
            format!("{what} sold to customer {} for {}", m.customer, money(m.total))
        }
        Message::OrderRejected(m) => format!("refused ({}): {}", m.code.as_str(), m.message),
        Message::CancelOrder(m) => because("the order is to be taken back", m.reason.as_ref()),
        Message::OrderCancelling(_) => "being taken back".to_owned(),
        Message::OrderCancelled(m) => {
            let now = m.now.as_deref();
            let what = format!("{} taken back", of(m.quantity, m.name.as_ref(), ordered(now)));
            because(&what, now.and_then(|now| now.cancel_reason.as_ref()))
        }
        Message::OrderChanged(m) => m.now.as_ref().map_or_else(String::new, |now| changed(now)),
        Message::OrderCancelRefused(_) => "too late to be taken back; it stays confirmed".to_owned(),
        Message::OrderParked(m) => format!("waits for an operator: {}", m.reason),
        Message::StepDue(_) => "a step was not answered in time".to_owned(),
        Message::ForgetRefusal(_) => "why it was refused is forgotten".to_owned(),
        Message::FillInOrder(_) => "knows its payment and its delivery from now on".to_owned(),
        Message::MessageGivenUp(m) => format!("an operator gave up {} to {}", m.name, m.service.as_str()),
        _ => return None,
    })
}

fn of_stock(message: &Message) -> Option<String> {
    Some(match message {
        Message::RegisterOffering(m) => format!("put {} on sale at {}", name(m.name.as_ref()), money(m.price)),
        Message::OfferingRegistered(m) => {
            format!("{} is on sale at {}, {} left", name(m.name.as_ref()), money(m.price), m.left)
        }
        Message::OfferingChanged(m) => {
            format!("{} was changed: {}, {} left", name(m.name.as_ref()), money(m.price), m.left)
        }
        Message::AddStock(m) => format!("add {}", m.add),
        Message::StockAdded(m) => format!("{:+}, {} left", m.by, m.left),
        Message::SeatChanged(m) => seat_changed(m),
        Message::HoldStock(m) => format!("set {} aside", asked_for(m.quantity, &m.seats)),
        Message::StockHeld(m) => {
            format!("{} set aside, {} left", of(m.quantity, m.name.as_ref(), moved(m.seats_now.as_deref())), m.left)
        }
        Message::StockRefused(m) => format!("refused ({}): {}", m.code.as_str(), m.message),
        Message::StockSold(m) => format!("{} sold, {} left", m.quantity, m.left),
        Message::StockReleased(m) if m.expired => format!("the hold of {} expired, {} left", m.quantity, m.left),
        Message::StockReleased(m) if m.quantity == 0 => "nothing was held".to_owned(),
        Message::StockReleased(m) => format!("{} free again, {} left", m.quantity, m.left),
        Message::StockTakenBack(_) => "what was sold is only held again".to_owned(),
        _ => return None,
    })
}

fn of_payments(message: &Message) -> Option<String> {
    Some(match message {
        Message::TakePayment(m) => format!("take {} from customer {}", money(m.amount), m.customer),
        Message::PaymentRequested(m) => format!("the provider was asked for {}", money(m.amount)),
        Message::PaymentTaken(m) => format!("{} taken ({})", money(m.amount), m.reference),
        Message::PaymentDeclined(m) => format!("{} declined: {}", money(m.amount), m.reason),
        Message::PaymentParked(m) => format!("the payment waits for an operator: {}", m.reason),
        Message::GiveUpPayment(_) => "an operator settled the payment outside".to_owned(),
        Message::PaymentChanged(m) => m.now.as_ref().map_or_else(String::new, |now| format!("it is {}", now.state)),
        Message::PaymentRefunded(m) if m.amount.amount == 0 => "nothing was taken, and nothing will be".to_owned(),
        Message::PaymentRefunded(m) => format!("{} given back", money(m.amount)),
        Message::RecordOutcome(m) => format!("the provider answered: {}", outcome(&m.outcome)),
        _ => return None,
    })
}

fn of_the_rest(message: &Message) -> Option<String> {
    Some(match message {
        Message::DeliveryStarted(m) => format!("delivery {} begun", m.number),
        Message::DeliveryCancelled(m) if m.number == 0 => "there was no delivery".to_owned(),
        Message::DeliveryCancelled(m) => format!("delivery {} cancelled", m.number),
        Message::EarnPoints(m) => format!("grant customer {} {} points", m.customer, m.points),
        Message::PointsEarned(m) => format!("customer {} got {} points, and has {}", m.customer, m.points, m.balance),
        Message::PointsRevoked(m) => format!("customer {} lost {} points, and has {}", m.customer, m.points, m.balance),
        Message::BalanceSet(m) if m.closed => format!("the account of customer {} is closed", m.customer),
        Message::AddPoints(m) => format!("{:+} points for customer {}: {}", m.points, m.customer, m.reason),
        Message::BalanceSet(m) => {
            because(&format!("customer {} has {} points", m.customer, m.balance), m.reason.as_ref())
        }
        Message::NotificationSent(m) => format!("customer {} was told by {}", m.customer, m.channel),
        Message::NotificationFailed(m) => {
            format!("customer {} could not be told by {}: {}", m.customer, m.channel, m.reason)
        }
        _ => return None,
    })
}

fn money(money: Money) -> String {
    format!("{} {:?}", money.amount, money.currency).to_uppercase()
}

fn asked_for(quantity: u32, seats: &Seats) -> String {
    match seats.0.len() {
        0 => quantity.to_string(),
        1 => "a seat".to_owned(),
        many => format!("{many} seats"),
    }
}

/// `what`, and why where that was said.
fn because(what: &str, reason: Option<&Text>) -> String {
    reason.map_or_else(|| what.to_owned(), |reason| format!("{what}: {reason}"))
}

/// `2 of X`, or `A-1, A-2 of X` where seats are named.
fn of(quantity: u32, offering: Option<&Text>, seats: Vec<String>) -> String {
    let what = if seats.is_empty() { quantity.to_string() } else { seats.join(", ") };
    offering.map_or_else(|| what.clone(), |name| format!("{what} of {name}"))
}

/// What people call the seats of an order.
fn ordered(order: Option<&OrderNow>) -> Vec<String> {
    order.and_then(|order| order.seats.as_ref()).into_iter().flatten().map(String::from).collect()
}

/// What people call the seats that an event moved.
fn moved(seats: Option<&[SeatNow]>) -> Vec<String> {
    seats.unwrap_or_default().iter().map(SeatNow::name).collect()
}

fn seat_changed(event: &SeatChanged) -> String {
    match (&event.now, event.present) {
        (Some(seat), true) => format!("seat {} is {}, for {}", seat.name(), seat.state.as_str(), money(seat.price)),
        (Some(seat), false) => format!("seat {} was taken away", seat.name()),
        (None, true) => "a seat is there".to_owned(),
        (None, false) => "a seat was taken away".to_owned(),
    }
}

fn changed(order: &OrderNow) -> String {
    match (order.reason, &order.parked) {
        (Some(reason), _) => format!("about to be rejected ({})", reason.as_str()),
        (None, Some(why)) => format!("waits for an operator: {why}"),
        (None, None) => format!("it is {}", order.state.as_str()),
    }
}

fn name(name: Option<&Text>) -> &str {
    name.map_or("an offering without a name", |name| name)
}

fn outcome(outcome: &contracts::commands::ProviderOutcome) -> String {
    use contracts::commands::ProviderOutcome::{Approved, ChargeRefused, Declined, RefundRefused, Refunded, Voided};
    match outcome {
        Approved(reference) => format!("taken ({reference})"),
        Declined(reason) => format!("declined, {reason}"),
        Refunded(amount) => format!("{amount} given back"),
        Voided => "nothing was taken, and nothing will be".to_owned(),
        ChargeRefused(why) => format!("the charge was refused, {why}"),
        RefundRefused(why) => format!("the refund was refused, {why}"),
    }
}

/// `SellStock` as `sell stock`.
fn in_words(name: &str) -> String {
    let mut words = String::with_capacity(name.len() + 3);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use contracts::{OrderId, commands, events};

    use super::*;

    #[test]
    fn a_sentence_names_what_counts() {
        let order = OrderId(1);
        let taken =
            events::PaymentDeclined { order, amount: Money::krw(150_000), reason: "no funds".into(), now: None };
        assert_eq!(summary(&taken.into()), "150000 KRW declined: no funds");
        let earned = events::PointsEarned { order, customer: "7".into(), points: 500, balance: 1_500, version: None };
        assert_eq!(summary(&earned.into()), "customer 7 got 500 points, and has 1500");
        assert_eq!(summary(&commands::SellStock { order }.into()), "sell stock");
    }
}
