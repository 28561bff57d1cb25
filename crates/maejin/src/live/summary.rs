//! What a message says, in one sentence for people.

use contracts::{Message, Money, Seats, Text};

/// The sentence. Of a message that says no more than its name, the name.
pub fn summary(message: &Message) -> String {
    let told = of_orders(message).or_else(|| of_stock(message)).or_else(|| of_payments(message));
    told.or_else(|| of_the_rest(message)).unwrap_or_else(|| in_words(message.name()))
}

fn of_orders(message: &Message) -> Option<String> {
    Some(match message {
        Message::PlaceOrder(m) => format!("customer {} asks for {}", m.customer, wanted(m.quantity, &m.seats)),
        Message::OrderPlaced(m) => format!("customer {} ordered {}", m.customer, wanted(m.quantity, &m.seats)),
        Message::OrderHeld(m) => format!("{} set aside for {}", of(m.quantity, m.name.as_ref()), money(m.total)),
        Message::OrderConfirmed(m) => {
            format!("{} sold to customer {} for {}", of(m.quantity, m.name.as_ref()), m.customer, money(m.total))
        }
        Message::OrderRejected(m) => format!("refused ({}): {}", m.code.as_str(), m.message),
        Message::CancelOrder(_) => "the order is to be taken back".to_owned(),
        Message::OrderCancelling(_) => "being taken back".to_owned(),
        Message::OrderCancelled(m) => format!("{} taken back", of(m.quantity, m.name.as_ref())),
        Message::OrderCancelRefused(_) => "too late to be taken back; it stays confirmed".to_owned(),
        Message::OrderParked(m) => format!("waits for an operator: {}", m.reason),
        Message::StepDue(_) => "a step was not answered in time".to_owned(),
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
        Message::SeatChanged(m) => if m.present { "a seat is there" } else { "a seat was taken away" }.to_owned(),
        Message::HoldStock(m) => format!("set {} aside", wanted(m.quantity, &m.seats)),
        Message::StockHeld(m) => format!("{} set aside, {} left", of(m.quantity, m.name.as_ref()), m.left),
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
        Message::BalanceSet(m) => format!("customer {} has {} points", m.customer, m.balance),
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

fn wanted(quantity: u32, seats: &Seats) -> String {
    match seats.0.len() {
        0 => quantity.to_string(),
        1 => "a seat".to_owned(),
        many => format!("{many} seats"),
    }
}

fn of(quantity: u32, offering: Option<&Text>) -> String {
    offering.map_or_else(|| quantity.to_string(), |name| format!("{quantity} of {name}"))
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
        let taken = events::PaymentDeclined { order, amount: Money::krw(150_000), reason: "no funds".into() };
        assert_eq!(summary(&taken.into()), "150000 KRW declined: no funds");
        let earned = events::PointsEarned { order, customer: "7".into(), points: 500, balance: 1_500 };
        assert_eq!(summary(&earned.into()), "customer 7 got 500 points, and has 1500");
        assert_eq!(summary(&commands::SellStock { order }.into()), "sell stock");
    }
}
