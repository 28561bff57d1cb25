//! How moments, messages, and the ids of orders, offerings and seats are written, on a terminal and in JSON.

mod event_ids;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Message, Numbered, OrderId, Recipes, ServiceName, StorefrontNo, Subject, SubjectKey};

pub use event_ids::{EventIds, NotOurs};

/// The names of storefronts, by their numbers, and what else their files declare that doors need to know.
#[derive(Debug, Clone, Default)]
pub struct StorefrontNames {
    names: BTreeMap<StorefrontNo, String>,
    extra: BTreeMap<StorefrontNo, Vec<String>>,
}

impl StorefrontNames {
    /// The names of the storefronts of `recipes`.
    pub fn of(recipes: &Recipes) -> Self {
        Self {
            names: recipes.iter().map(|(number, recipe)| (*number, recipe.name.clone())).collect(),
            extra: recipes.iter().map(|(number, recipe)| (*number, recipe.extra.clone())).collect(),
        }
    }

    /// The further fields that offerings of a storefront can have.
    pub fn extra(&self, storefront: StorefrontNo) -> &[String] {
        self.extra.get(&storefront).map_or(&[], Vec::as_slice)
    }

    /// The name of a storefront, or its number where nobody here knows it.
    pub fn name(&self, storefront: StorefrontNo) -> String {
        self.names.get(&storefront).cloned().unwrap_or_else(|| storefront.0.to_string())
    }

    /// The storefront with this name.
    pub fn number(&self, name: &str) -> Option<StorefrontNo> {
        self.names.iter().find(|(_, known)| *known == name).map(|(number, _)| *number)
    }

    /// The numbers of all storefronts, in order.
    pub fn numbers(&self) -> Vec<StorefrontNo> {
        self.names.keys().copied().collect()
    }

    /// All names, for an answer to one that is not among them.
    pub fn all(&self) -> String {
        self.names.values().map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    /// An id as `show/order 3`, where `what` is `order`.
    pub fn id(&self, what: &str, id: u64) -> String {
        let id = OrderId(id);
        format!("{}/{what} {}", self.name(id.storefront()), id.number())
    }

    /// What a message is about, in the same form; nothing if it is about none of them.
    pub fn subject(&self, key: SubjectKey) -> String {
        match Subject::of(key) {
            Some(Subject::Order(order)) => self.id("order", order.0),
            Some(Subject::Offering(offering)) => self.id("offering", offering.0),
            Some(Subject::Seat(seat)) => self.id("seat", seat.0),
            Some(Subject::Customer(_)) | None => String::new(),
        }
    }
}

/// The order that a message is about, if it is about one.
pub fn order_of(key: SubjectKey) -> Option<OrderId> {
    Subject::of(key).and_then(Subject::order)
}

/// The storefront that a message is about.
pub fn storefront_of(key: SubjectKey) -> Option<StorefrontNo> {
    Subject::of(key).and_then(Subject::storefront)
}

/// The message's content as JSON.
///
/// # Errors
/// If it has none, which no message does.
pub fn content(message: &Message) -> Result<Value, String> {
    let mut tagged = serde_json::to_value(message).map_err(|error| error.to_string())?;
    Ok(tagged.get_mut("data").map(Value::take).unwrap_or_default())
}

/// The name of the service with this number; `outside` where it is none of ours.
pub fn service(number: u8) -> &'static str {
    ServiceName::ALL.iter().find(|service| **service as u8 == number).map_or("outside", |service| service.as_str())
}

/// Milliseconds since the Unix epoch, as `2024-11-22T01:46:40.000Z`.
pub fn moment(ms: u64) -> String {
    world::moment::written(ms).unwrap_or_else(|| ms.to_string())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::{OfferingId, SeatId, commands};

    fn names() -> StorefrontNames {
        let recipe = |(number, name): (u32, &str)| {
            let recipe = json!({ "name": name, "number": number, "title": name, "steps": ["hold", "sell"] });
            (StorefrontNo(number), serde_json::from_value(recipe).unwrap())
        };
        let recipes: Recipes = Arc::new([(1, "show"), (2, "musical"), (5, "shop")].map(recipe).into());
        StorefrontNames::of(&recipes)
    }

    #[test]
    fn a_subject_is_written_with_its_storefront_and_number() {
        let offering = OfferingId::of(StorefrontNo(1), 7);
        let seat = SeatId::of(StorefrontNo(2), 3);
        let withdraw: Message = commands::WithdrawOffering::of(offering).into();
        let withdraw_seat: Message = commands::WithdrawSeat { seat, expected_version: None }.into();
        assert_eq!(names().subject(withdraw.subject_key()), "show/offering 7");
        assert_eq!(names().subject(withdraw_seat.subject_key()), "musical/seat 3");
        assert_eq!(names().subject(Subject::Order(OrderId::of(StorefrontNo(5), 12)).key()), "shop/order 12");
        assert_eq!(names().subject(Subject::Order(OrderId::of(StorefrontNo(77), 1)).key()), "77/order 1");
        assert_eq!(names().subject(SubjectKey::NONE), "");
        assert_eq!(storefront_of(withdraw_seat.subject_key()), Some(StorefrontNo(2)));
        assert_eq!(order_of(withdraw.subject_key()), None);
    }

    #[test]
    fn a_moment_is_written_in_utc_with_its_milliseconds() {
        assert_eq!(moment(1_732_240_000_000), "2024-11-22T01:46:40.000Z");
        assert_eq!(moment(1_732_240_000_007), "2024-11-22T01:46:40.007Z");
    }
}
