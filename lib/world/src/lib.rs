//! What the outside world gives as values: the time, and randomness; and how a moment is written.
//! Nothing else in the workspace may ask the machine for either, so that a test or a simulator can hold both in its hand.

mod clock;
pub mod moment;
mod random;

pub use clock::{Clock, ManualClock, SystemClock, Timestamp};
pub use random::{Random, SeededRandom, SystemRandom};
