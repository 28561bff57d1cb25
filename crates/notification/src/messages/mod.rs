//! The words of a notice, from the templates beside this file: the first line is the subject, the rest the text.

use contracts::Numbered;

use crate::kind::NoticeKind;
use crate::occasion::Occasion;

const CONFIRMED: &str = include_str!("confirmed.txt");
const REJECTED: &str = include_str!("rejected.txt");
const CANCELLED: &str = include_str!("cancelled.txt");

/// A notice in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// The words for `occasion`.
pub(crate) fn of(occasion: &Occasion) -> Words {
    let template = match occasion.kind {
        NoticeKind::Confirmed => CONFIRMED,
        NoticeKind::Rejected => REJECTED,
        NoticeKind::Cancelled => CANCELLED,
    };
    let (subject, text) = template.split_once('\n').unwrap_or((template, ""));
    Words { subject: fill(subject.trim(), occasion), text: fill(text.trim(), occasion) }
}

/// The template with each `{name}` replaced, in one pass: what a customer or a seller wrote is not a template.
fn fill(template: &str, occasion: &Occasion) -> String {
    let mut filled = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(&value(name, occasion));
        rest = behind;
    }
    filled + rest
}

fn value(name: &str, occasion: &Occasion) -> String {
    match name {
        "order" => occasion.order.number().to_string(),
        "quantity" => occasion.quantity.to_string(),
        "offering" => offering(occasion),
        "reason" => reason(occasion).unwrap_or_default().to_owned(),
        "because" => reason(occasion).map_or_else(String::new, |reason| format!(": {reason}")),
        unknown => format!("{{{unknown}}}"),
    }
}

/// Why, without the point that the sentence ends with.
fn reason(occasion: &Occasion) -> Option<&str> {
    occasion.reason.as_ref().map(|reason| reason.trim_end_matches('.'))
}

/// What was ordered, with the names of the seats where they are named.
fn offering(occasion: &Occasion) -> String {
    let offering = name(occasion);
    if occasion.seats.is_empty() {
        return offering;
    }
    let seats: Vec<&str> = occasion.seats.iter().map(|seat| &**seat).collect();
    format!("{offering} ({})", seats.join(", "))
}

fn name(occasion: &Occasion) -> String {
    match (&occasion.offering_name, occasion.offering) {
        (Some(name), _) => String::from(name),
        (None, Some(offering)) => format!("offering {}", offering.number()),
        (None, None) => "an unknown offering".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use contracts::{OfferingId, OrderId, StorefrontNo};

    use super::*;

    fn occasion(kind: NoticeKind) -> Occasion {
        Occasion {
            order: OrderId::of(StorefrontNo(3), 12),
            kind,
            customer: "7".into(),
            customer_name: None,
            offering: Some(OfferingId::of(StorefrontNo(3), 2)),
            offering_name: Some("라라랜드".into()),
            quantity: 2,
            seats: Vec::new(),
            reason: Some("only 1 is left.".into()),
        }
    }

    #[test]
    fn each_end_of_an_order_has_its_words() {
        let words = |kind| of(&occasion(kind));
        let expected = |subject: &str, text: &str| Words { subject: subject.to_owned(), text: text.to_owned() };
        assert_eq!(
            words(NoticeKind::Confirmed),
            expected("Order 12 is confirmed", "Your order 12 is confirmed: 2 x 라라랜드.")
        );
        assert_eq!(
            words(NoticeKind::Rejected),
            expected("Order 12 was not possible", "Your order 12 of 2 x 라라랜드 was not possible: only 1 is left.")
        );
        assert_eq!(
            words(NoticeKind::Cancelled),
            expected("Order 12 is cancelled", "Your order 12 of 2 x 라라랜드 is cancelled: only 1 is left.")
        );
        let unsaid = Occasion { reason: None, ..occasion(NoticeKind::Cancelled) };
        assert_eq!(of(&unsaid).text, "Your order 12 of 2 x 라라랜드 is cancelled.");
    }

    #[test]
    fn seats_are_called_what_customers_call_them() {
        let seats = Occasion { seats: vec!["A-1".into(), "A-2".into()], ..occasion(NoticeKind::Confirmed) };

        assert_eq!(of(&seats).text, "Your order 12 is confirmed: 2 x 라라랜드 (A-1, A-2).");
    }

    #[test]
    fn a_name_that_looks_like_a_template_stays_as_it_is() {
        let sly = Occasion { offering_name: Some("{reason} {order}".into()), ..occasion(NoticeKind::Confirmed) };

        assert_eq!(of(&sly).text, "Your order 12 is confirmed: 2 x {reason} {order}.");
    }

    #[test]
    fn an_offering_without_a_name_is_told_by_its_number() {
        let nameless = Occasion { offering_name: None, reason: None, ..occasion(NoticeKind::Cancelled) };
        assert_eq!(of(&nameless).text, "Your order 12 of 2 x offering 2 is cancelled.");

        let gone = Occasion { offering: None, ..nameless };
        assert_eq!(of(&gone).text, "Your order 12 of 2 x an unknown offering is cancelled.");
    }
}
