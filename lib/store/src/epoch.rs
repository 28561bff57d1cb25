//! Who owns what is stored, told from who owned it before.

use std::fmt;

/// Counts the owners: each takes the next one before it appends anything, and what comes with an older one is refused. So one who slept
/// while another took over changes nothing when it wakes. Zero where nobody took one yet, as in a store from before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Epoch(pub u64);

impl fmt::Display for Epoch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
