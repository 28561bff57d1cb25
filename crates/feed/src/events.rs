//! Events as they stand on the public topics: CloudEvents 1.0 in binary mode, whose body is what `/api/v1/events` sends.

use std::collections::HashMap;
use std::sync::Arc;

use contracts::display::{EventIds, StorefrontNames, storefront_of};
use contracts::{Recorded, StorefrontNo, Subject};
use edge::timeline::event;
use kafka::Outgoing;

use crate::topics::TopicSettings;

/// What the types of events begin with, so that they mean nobody else's.
const TYPE: &str = "maejin.";

/// Makes events of messages.
pub struct Events {
    ids: EventIds,
    names: StorefrontNames,
    settings: TopicSettings,
    /// Where they come from.
    source: String,
    topics: HashMap<Option<StorefrontNo>, Arc<str>>,
}

impl Events {
    /// Events of the store called `store`.
    pub fn new(store: &str, ids: EventIds, names: StorefrontNames, settings: TopicSettings) -> Self {
        Self { ids, names, settings, source: format!("/maejin/{store}"), topics: HashMap::new() }
    }

    /// The message `recorded`, which is an event, as it is sent.
    pub fn outgoing(&mut self, recorded: &Recorded) -> Outgoing {
        let event = event(recorded, &self.ids, &self.names);
        let subject = self.subject(recorded);
        let headers = vec![
            ("ce_specversion", "1.0".to_owned()),
            ("ce_id", event.entry.id.clone()),
            ("ce_source", self.source.clone()),
            ("ce_type", format!("{TYPE}{}", event.entry.message)),
            ("ce_time", event.entry.at.clone()),
            ("ce_subject", subject.clone()),
            ("content-type", "application/json".to_owned()),
        ];
        Outgoing {
            topic: self.topic(recorded),
            partition: None,
            key: Some(subject),
            headers,
            body: serde_json::to_vec(&event).unwrap_or_default(),
            at_ms: recorded.at,
        }
    }

    fn topic(&mut self, recorded: &Recorded) -> Arc<str> {
        let storefront = storefront_of(recorded.subject);
        let topic = self.topics.entry(storefront);
        let (names, settings) = (&self.names, &self.settings);
        topic.or_insert_with(|| settings.of(storefront.map(|number| names.name(number)).as_deref()).into()).clone()
    }

    /// What the event is about, as people are told it: `show/order 3`. Events with the same stay in order.
    fn subject(&self, recorded: &Recorded) -> String {
        match recorded.message.subject() {
            Some(Subject::Customer(customer)) => format!("customer {customer}"),
            _ => self.names.subject(recorded.subject),
        }
    }
}

#[cfg(test)]
mod tests {
    use contracts::{Message, Numbered, OrderId, events};

    use super::*;

    fn sent(message: impl Into<Message>) -> Outgoing {
        let message = message.into();
        let (subject, ids) = (message.subject_key(), EventIds::of(Some("5f2c9a1b3d4e6f70".to_owned())));
        let recorded =
            Recorded { id: 7 << 20, cause: 0, from: 1, subject, correlation: 9, at: 1_732_240_000_000, message };
        let (partitions, replication, retention_ms) = (1, None, None);
        let settings = TopicSettings { events: "shop.events".to_owned(), partitions, replication, retention_ms };
        Events::new("a-store", ids, StorefrontNames::default(), settings).outgoing(&recorded)
    }

    #[test]
    fn an_event_has_the_attributes_of_a_cloud_event_and_the_body_of_v1() {
        let sent = sent(events::OrderCancelling { order: OrderId::of(StorefrontNo(4), 3), now: None });
        let header = |name| sent.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str());
        assert_eq!((&*sent.topic, sent.key.as_deref(), sent.partition), ("shop.events.4", Some("4/order 3"), None));
        assert_eq!(header("ce_specversion"), Some("1.0"));
        assert_eq!(header("ce_id"), Some("5f2c9a1b3d4e6f70-7340032"));
        assert_eq!(header("ce_source"), Some("/maejin/a-store"));
        assert_eq!(header("ce_type"), Some("maejin.OrderCancelling"));
        assert_eq!(header("ce_time"), Some("2024-11-22T01:46:40.000Z"));
        assert_eq!(header("ce_subject"), Some("4/order 3"));
        let body: serde_json::Value = serde_json::from_slice(&sent.body).unwrap();
        assert_eq!((&body["id"], &body["message"]), (&"5f2c9a1b3d4e6f70-7340032".into(), &"OrderCancelling".into()));
        assert_eq!((&body["storefront"], &body["order"]), (&"4".into(), &"000000000003".into()));
    }

    #[test]
    fn what_is_a_customers_has_a_topic_and_a_key_of_its_own() {
        let event =
            events::BalanceSet { customer: "kim".into(), balance: 5, version: None, closed: false, reason: None };
        let sent = sent(event);
        assert_eq!((&*sent.topic, sent.key.as_deref()), ("shop.events", Some("customer kim")));
    }
}
