//! Numbered steps by which a store's tables came to be.

/// One step. Applied once, in order, and noted in the table `migrations`; never edited after it was released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Migration {
    /// Whose tables.
    pub context: &'static str,
    /// Its number within the context: 1, 2, 3.
    pub number: u32,
    /// What it does.
    pub sql: &'static str,
}
