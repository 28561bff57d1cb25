//! Services with something wrong with them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use contracts::{Answer, Kind, Message};
use engine::{Context, Names, OpenCache, Service, Stop};

use super::AnyService;

/// Handles each message twice, except those from outside, which ask for something new each time.
pub struct Twice(pub AnyService);

/// Fails at one message of all that any service handles, and again at each message of that kind to that service, until it is mended.
pub struct Stumbling(pub AnyService, pub Arc<Stumbles>);

/// At which message services stumble.
#[derive(Debug, Default)]
pub struct Stumbles {
    /// So many are handled before.
    pub at: AtomicUsize,
    /// How many were handed over so far.
    pub count: AtomicUsize,
    /// The service and the kind at which it stumbled, as one number.
    stumbled_on: AtomicUsize,
    /// It does not stumble any more.
    pub mended: AtomicBool,
}

impl Stumbles {
    fn stumbles(&self, service: u8, kind: Kind) -> bool {
        if self.mended.load(Ordering::SeqCst) {
            return false;
        }
        let which = usize::from(service) * 256 + kind as usize + 1;
        if self.count.fetch_add(1, Ordering::SeqCst) == self.at.load(Ordering::SeqCst) {
            self.stumbled_on.store(which, Ordering::SeqCst);
        }
        self.stumbled_on.load(Ordering::SeqCst) == which
    }

    /// Whether it has come to stumble.
    pub fn has_stumbled(&self) -> bool {
        self.stumbled_on.load(Ordering::SeqCst) != 0
    }
}

/// Whether a message is a new wish each time it comes, or a deadline that the node itself keeps and strikes out as it passes.
fn is_new_each_time(message: &Message) -> bool {
    use Message::*;
    matches!(
        message,
        PlaceOrder(_)
            | RegisterOffering(_)
            | RegisterSeat(_)
            | AddStock(_)
            | ChangeOffering(_)
            | ChangeSeat(_)
            | WithdrawOffering(_)
            | ReopenOffering(_)
            | ArrangeSeats(_)
            | WithdrawSeat(_)
            | OpenAccount(_)
            | SetBalance(_)
            | AddPoints(_)
            | CloseAccount(_)
            | StepDue(_)
            | GiveUpOrder(_)
            | RetryOrder(_)
    )
}

macro_rules! as_before {
    () => {
        fn number(&self) -> u8 {
            self.0.number()
        }
        fn name(&self) -> &'static str {
            self.0.name()
        }
        fn listens(&self) -> &'static [u8] {
            self.0.listens()
        }
        fn tables(&self) -> Vec<OpenCache> {
            self.0.tables()
        }
        fn names(&self, message: &Message, names: &mut Names) {
            self.0.names(message, names);
        }
    };
}

impl Service<Message, Answer> for Twice {
    as_before!();

    fn handle(&self, message: &Message, context: &mut Context<'_, Message, Answer>) -> Result<(), Stop> {
        self.0.handle(message, context)?;
        if is_new_each_time(message) { Ok(()) } else { self.0.handle(message, context) }
    }
}

impl Service<Message, Answer> for Stumbling {
    as_before!();

    fn handle(&self, message: &Message, context: &mut Context<'_, Message, Answer>) -> Result<(), Stop> {
        self.0.handle(message, context)?;
        // After it did its work, so that there is something to take back.
        if self.1.stumbles(self.0.number(), message.kind()) { Err(Stop::fault("it stumbled")) } else { Ok(()) }
    }
}
