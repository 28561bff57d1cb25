//! What the driver says, as what the store says.

use crate::StoreError;

/// Whether the driver found that a file is not what was written.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error_code();
    code.is_some_and(|code| matches!(code, rusqlite::ErrorCode::DatabaseCorrupt | rusqlite::ErrorCode::NotADatabase))
}

/// Names what was tried when the driver refuses.
pub(super) trait Trying<T> {
    fn trying(self, what: &str) -> Result<T, StoreError>;
}

impl<T> Trying<T> for Result<T, rusqlite::Error> {
    fn trying(self, what: &str) -> Result<T, StoreError> {
        self.map_err(|source| StoreError::refused(what, source))
    }
}
