//! The topics of the feed.

use contracts::display::StorefrontNames;
use kafka::Topic;

/// How the topics are to be.
#[derive(Debug, Clone)]
pub struct TopicSettings {
    /// What the names of all of them begin with: the topic of what belongs to no storefront. A storefront's has a dot and its name behind.
    pub events: String,
    /// In how many parts each is made.
    pub partitions: i32,
    /// On how many brokers each part is; what the brokers choose if it is not said.
    pub replication: Option<i32>,
    /// How long events are kept, in milliseconds, or -1 for ever; what the brokers choose if it is not said.
    pub retention_ms: Option<i64>,
}

impl TopicSettings {
    fn topic(&self, name: String, partitions: i32) -> Topic {
        Topic { name, partitions, replication: self.replication, retention_ms: self.retention_ms }
    }

    /// The topic of a storefront; of none, that of what concerns all of them.
    pub(crate) fn of(&self, storefront: Option<&str>) -> String {
        storefront.map_or_else(|| self.events.clone(), |name| format!("{}.{name}", self.events))
    }
}

/// All topics of the storefronts among `names`, and those called `old`, which have one part each: there all of a system stays in order.
pub fn topics(settings: &TopicSettings, names: &StorefrontNames, old: &[String]) -> Vec<Topic> {
    let storefronts = names.numbers().into_iter().map(|number| settings.of(Some(&names.name(number))));
    let all = std::iter::once(settings.of(None)).chain(storefronts);
    let all = all.map(|name| settings.topic(name, settings.partitions));
    all.chain(old.iter().map(|name| settings.topic(name.clone(), 1))).collect()
}
