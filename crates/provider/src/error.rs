//! Settings a client cannot be built from.

/// Found at the start, before anything is charged. The texts hold neither the token nor the address, which may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The address of the provider is not usable.
    #[error(
        "the provider's address must be an http:// or https:// URL with a host, and without user, password, query or fragment"
    )]
    Address,
    /// The token cannot stand in a header.
    #[error("the provider's token holds characters that cannot stand in a header")]
    Token,
    /// Nothing can be answered in no time.
    #[error("the provider's timeout must be more than 0 ms")]
    Timeout,
    /// The HTTP or TLS machinery could not be set up.
    #[error("the HTTP client cannot be set up")]
    Client(#[source] Box<dyn std::error::Error + Send + Sync>),
}
