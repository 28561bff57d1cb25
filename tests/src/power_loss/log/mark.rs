//! What the story writes between the changes of the disk: what was acknowledged, and when lives, backups and restores begin and end.

use std::fmt;

/// A mark in a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark<'l> {
    /// The log is that of the story with this name, in this directory.
    Story { name: &'l str, root: &'l str },
    /// Something was heard, or asked, about an order.
    Order { event: OrderEvent, storefront: &'l str, number: u64 },
    /// The story goes on.
    Step(Step),
}

/// What happened to an order, as far as somebody was told or asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrderEvent {
    /// It was acknowledged, in a state that may still change.
    Taken,
    /// It was acknowledged as confirmed.
    Confirmed,
    /// It was acknowledged as rejected.
    Rejected,
    /// From here on it may be taken back: that was asked for.
    Cancelling,
    /// That was acknowledged.
    Cancelled,
}

/// A step of the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A shop was started.
    LifeBegins,
    /// It is gone, and the disk is as it left it.
    LifeEnded,
    /// A backup was asked for.
    BackupBegins,
    /// It said that it is finished.
    BackupDone,
    /// A restore of that backup was asked for.
    RestoreBegins,
    /// It said that it is finished.
    RestoreDone,
}

const ORDER_EVENTS: [(OrderEvent, &str); 5] = [
    (OrderEvent::Taken, "taken"),
    (OrderEvent::Confirmed, "confirmed"),
    (OrderEvent::Rejected, "rejected"),
    (OrderEvent::Cancelling, "cancelling"),
    (OrderEvent::Cancelled, "cancelled"),
];
const STEPS: [(Step, &str); 6] = [
    (Step::LifeBegins, "life begins"),
    (Step::LifeEnded, "life ended"),
    (Step::BackupBegins, "backup begins"),
    (Step::BackupDone, "backup done"),
    (Step::RestoreBegins, "restore begins"),
    (Step::RestoreDone, "restore done"),
];
const STORY: &str = "story";

impl<'l> Mark<'l> {
    /// Reads what its `Display` wrote.
    ///
    /// # Panics
    /// If that is another text.
    pub(super) fn read(bytes: &'l [u8]) -> Self {
        let text = std::str::from_utf8(bytes).expect("a mark is text");
        Self::parse(text).unwrap_or_else(|| panic!("{text:?} is no mark"))
    }

    fn parse(text: &'l str) -> Option<Self> {
        if let Some((step, _)) = STEPS.iter().find(|(_, name)| *name == text) {
            return Some(Self::Step(*step));
        }
        let mut words = text.split('\t');
        let (verb, first, second) = (words.next()?, words.next()?, words.next()?);
        if verb == STORY {
            return Some(Self::Story { name: first, root: second });
        }
        let (event, _) = ORDER_EVENTS.iter().find(|(_, name)| *name == verb)?;
        Some(Self::Order { event: *event, storefront: first, number: second.parse().ok()? })
    }

    /// Whether somebody was told that something is so.
    pub(crate) fn is_acknowledgement(&self) -> bool {
        match self {
            Self::Story { .. } => false,
            Self::Order { event, .. } => *event != OrderEvent::Cancelling,
            Self::Step(step) => matches!(step, Step::BackupDone | Step::RestoreDone),
        }
    }
}

impl fmt::Display for Mark<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Story { name, root } => write!(f, "{STORY}\t{name}\t{root}"),
            Self::Order { event, storefront, number } => {
                let (_, name) = ORDER_EVENTS.iter().find(|(known, _)| known == event).expect("all are named");
                write!(f, "{name}\t{storefront}\t{number}")
            }
            Self::Step(step) => f.write_str(STEPS.iter().find(|(known, _)| known == step).expect("all are named").1),
        }
    }
}
