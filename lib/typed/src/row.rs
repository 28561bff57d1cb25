//! A row, its table, and the macro that declares both at once.

use std::any::Any;

use crate::{Cell, Key, Mismatch, Sql, Text};

/// The cells of one row of a result, by position.
pub trait Cells {
    /// The cell at `position`, counted from zero.
    fn cell(&self, position: usize) -> Cell<'_>;
}

/// What can stand in a table, whatever its type.
pub trait Values: Send + Sync + std::fmt::Debug {
    /// Hands the values of its columns to `take`, in the order of the columns.
    fn values(&self, take: HandOn<'_>);
}

/// A row of a table. Declared with [`crate::row!`].
pub trait Row: Values + Clone + PartialEq + 'static {
    /// The type of its key.
    type Key: Key;
    /// Its table.
    const TABLE: &'static Table;

    /// Its key.
    fn key(&self) -> Self::Key;
    /// The list that it always stands in, such as its customer's, if its table has such lists. A row of such a table is never deleted.
    fn list(&self) -> Option<&Text> {
        None
    }
    /// Its form in the journal, appended to `out`.
    fn encode_into(&self, out: &mut Vec<u8>);
    /// How long its form in the journal is at most, in bytes.
    fn weight(&self) -> usize;
    /// From its form in the journal.
    ///
    /// # Errors
    /// What is wrong with the bytes.
    fn decode_from(bytes: &[u8]) -> Result<Self, String>;
    /// From the cells of its table, in the order of its columns.
    ///
    /// # Errors
    /// The first cell that does not fit.
    fn from_cells(cells: &dyn Cells) -> Result<Self, Mismatch>;
}

/// A row whose type only the one who asked for it knows.
pub type AnyRow = Box<dyn Any + Send>;

/// Takes the values of a row's columns.
pub type HandOn<'a> = &'a mut dyn FnMut(&[Sql<'_>]);

/// A table of typed rows, as the store sees it.
pub struct Table {
    /// Its number in the journal; never reused.
    pub number: u16,
    /// Its name.
    pub name: &'static str,
    /// Its columns; the first is the key.
    pub columns: &'static [&'static str],
    /// Turns the journal's form of a row into the values of its columns and hands them on.
    pub bind: fn(&[u8], HandOn<'_>) -> Result<(), String>,
    /// Turns the cells of a row into the row.
    pub load: fn(&dyn Cells) -> Result<AnyRow, Mismatch>,
    /// The table whose rows are gone up to a key: the second column of this one's only row says below which. So very many rows go without
    /// being named.
    pub sweeps: Option<&'static Self>,
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Table({} {})", self.number, self.name)
    }
}

/// Declares a row and its table: fields with their numbers in the journal (never reused), the first of them the key. A field's
/// name is its column's, and its place among `COLUMNS`.
///
/// ```
/// typed::row! {
///     /// A balance.
///     pub struct Account in 900 "points_accounts" {
///         /// Whose.
///         0 customer: typed::Text,
///         /// How many points.
///         1 balance: i64,
///     }
/// }
/// let rich = Account::COLUMNS.balance.above(1_000_000); // which of them, for a find in a store
/// ```
#[macro_export]
macro_rules! row {
    (@listed) => {};
    (@listed $by:ident) => {
        fn list(&self) -> Option<&$crate::Text> {
            Some(&self.$by)
        }
    };
    (@swept) => { None };
    (@swept $swept:ty) => { Some(<$swept as $crate::Row>::TABLE) };
    (
        $(#[$doc:meta])*
        pub struct $name:ident in $number:literal $table:literal $(listed by $by:ident)? $(sweeps $swept:ty)? {
            $(#[$key_doc:meta])* $key_n:literal $key:ident: $key_type:ty,
            $($(#[$field_doc:meta])* $n:literal $field:ident: $type:ty,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, $crate::export::minicbor::Encode, $crate::export::minicbor::Decode)]
        pub struct $name {
            $(#[$key_doc])* #[n($key_n)] pub $key: $key_type,
            $($(#[$field_doc])* #[n($n)] pub $field: $type,)*
        }

        const _: () = {
            /// The columns.
            #[derive(Debug, Clone)]
            pub struct Columns {
                $(#[$key_doc])* pub $key: $crate::Term<$name, $key_type>,
                $($(#[$field_doc])* pub $field: $crate::Term<$name, $type>,)*
            }

            #[derive(Clone, Copy)]
            #[allow(non_camel_case_types, clippy::enum_variant_names, dead_code, reason = "named as the columns are")]
            enum Place { $key, $($field,)* }

            impl $name {
                /// The columns, to say which rows are meant and how they are sorted.
                pub const COLUMNS: Columns = Columns {
                    $key: $crate::Term::column(stringify!($key), Place::$key as usize),
                    $($field: $crate::Term::column(stringify!($field), Place::$field as usize),)*
                };
            }
        };

        impl $crate::Values for $name {
            fn values(&self, take: $crate::HandOn<'_>) {
                take(&[$crate::Column::sql(&self.$key), $($crate::Column::sql(&self.$field)),*]);
            }
        }

        impl $crate::Row for $name {
            type Key = $key_type;
            const TABLE: &'static $crate::Table = &$crate::Table {
                number: $number,
                name: $table,
                columns: &[stringify!($key), $(stringify!($field)),*],
                bind: |bytes, take| {
                    let row = <$name as $crate::Row>::decode_from(bytes)?;
                    $crate::Values::values(&row, take);
                    Ok(())
                },
                load: |cells| Ok(Box::new(<$name as $crate::Row>::from_cells(cells)?)),
                sweeps: $crate::row!(@swept $($swept)?),
            };

            fn key(&self) -> $key_type {
                self.$key.clone()
            }
            $crate::row!(@listed $($by)?);
            fn encode_into(&self, out: &mut Vec<u8>) {
                $crate::export::minicbor::encode(self, out).expect("a vector takes every byte");
            }
            fn weight(&self) -> usize {
                // Beside the fields there is the length of their list, and a byte for each number that no field has any more.
                16 + $crate::Column::weight(&self.$key) $(+ $crate::Column::weight(&self.$field))*
            }
            fn decode_from(bytes: &[u8]) -> Result<Self, String> {
                $crate::export::minicbor::decode(bytes).map_err(|error| error.to_string())
            }
            fn from_cells(cells: &dyn $crate::Cells) -> Result<Self, $crate::Mismatch> {
                let mut position = 0..;
                let mut next = || cells.cell(position.next().unwrap_or(usize::MAX));
                Ok(Self {
                    $key: $crate::Column::from_cell(next())?,
                    $($field: $crate::Column::from_cell(next())?,)*
                })
            }
        }
    };
}
