//! Keys of rows: integers that fit a positive `i64`, or text.

use std::hash::Hash;

use crate::Text;

/// A key, whatever its table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyValue {
    /// At most `i64::MAX`.
    Int(u64),
    /// Any text.
    Text(Text),
}

/// The key of a row.
pub trait Key: Clone + Eq + Ord + Hash + Send + 'static {
    /// Whether it is an integer, and so has a group.
    const GROUPED: bool = true;

    /// The key as a value.
    fn to_value(&self) -> KeyValue;
    /// The key of a value; `None` if it is of the other sort.
    fn from_value(value: &KeyValue) -> Option<Self>;

    /// For integers: the group within which keys are handed out in ascending order, so that a key above the highest one seen is
    /// known to be new without a look at the table.
    fn group(value: &KeyValue) -> Option<(u64, u64)> {
        match value {
            KeyValue::Int(key) => Some((key >> GROUP_SHIFT, *key)),
            KeyValue::Text(_) => None,
        }
    }
}

/// The bits of an integer key that count within its group.
pub const GROUP_SHIFT: u32 = 40;

impl Key for u64 {
    fn to_value(&self) -> KeyValue {
        KeyValue::Int(*self)
    }
    fn from_value(value: &KeyValue) -> Option<Self> {
        match value {
            KeyValue::Int(key) => Some(*key),
            KeyValue::Text(_) => None,
        }
    }
}

impl Key for Text {
    const GROUPED: bool = false;

    fn to_value(&self) -> KeyValue {
        KeyValue::Text(self.clone())
    }
    fn from_value(value: &KeyValue) -> Option<Self> {
        match value {
            KeyValue::Int(_) => None,
            KeyValue::Text(text) => Some(text.clone()),
        }
    }
}
