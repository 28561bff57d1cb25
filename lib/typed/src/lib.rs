//! Typed rows and messages: what engine and store must know of a service's data. A row is written once, as a struct, and has from
//! that its columns and its form in the journal. No I/O: `store` reads and writes rows, `engine` keeps them in memory.

mod bytes;
mod column;
mod filter;
mod key;
mod message;
mod row;
mod term;
mod text;
mod value;

pub use bytes::Bytes;
pub use column::{Cell, Column, Mismatch, Sql, UnknownName};
pub use filter::{AnyFilter, Comparison, Filter, folded};
pub use key::{GROUP_SHIFT, Key, KeyValue};
pub use message::{Answer, Message, SubjectKey};
pub use row::{AnyRow, Cells, HandOn, Row, Table, Values};
pub use term::{Any, AnyOrder, AnyTerm, ColumnName, Order, Term};
pub use text::Text;
pub use value::Value;

/// What [`row!`] needs of other crates.
#[doc(hidden)]
pub mod export {
    pub use minicbor;
}
