//! Where the provider is, and how to talk to it; checked when a client is made of it.

use http::Uri;
use http::header::{AUTHORIZATION, HeaderMap, HeaderValue};

use crate::error::SettingsError;
use crate::token::Token;

/// How long one attempt may take, unless it is told otherwise: longer than a provider in order needs, shorter than a customer waits.
pub const DEFAULT_TIMEOUT_MS: u64 = 2_000;

/// Where the provider is, and how to talk to it.
#[derive(Debug, Clone)]
pub struct HttpSettings {
    /// The address its calls are below, such as `https://pay.example/v1`.
    pub base_url: String,
    /// How long one attempt may take, connecting and reading included.
    pub timeout_ms: u64,
    /// Sent as a bearer token with every call.
    pub token: Option<Token>,
}

impl HttpSettings {
    /// The provider at `base_url`, with the default timeout and without a token.
    pub fn new(base_url: impl Into<String>) -> Self {
        Self { base_url: base_url.into(), timeout_ms: DEFAULT_TIMEOUT_MS, token: None }
    }

    /// The address of one call.
    pub(crate) fn url_of(&self, call: &str) -> Result<Uri, SettingsError> {
        outbound::below(&self.base_url, &[call]).ok_or(SettingsError::Address)
    }

    /// The headers that go with every call.
    pub(crate) fn headers(&self) -> Result<HeaderMap, SettingsError> {
        let mut headers = HeaderMap::new();
        if let Some(token) = &self.token {
            let text = format!("Bearer {}", token.reveal());
            let mut value = HeaderValue::try_from(text).map_err(|_| SettingsError::Token)?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        Ok(headers)
    }
}

#[cfg(test)]
mod tests {
    use super::HttpSettings;
    use crate::client::HttpProvider;
    use crate::error::SettingsError;
    use crate::token::Token;

    #[test]
    fn an_unusable_address_is_refused_at_the_start() {
        for base in ["", "pay.example", "ftp://pay.example", "http://u:p@pay.example", "http://pay.example/?a=1"] {
            assert!(matches!(HttpSettings::new(base).url_of("charges"), Err(SettingsError::Address)), "{base}");
        }
    }

    #[test]
    fn a_token_is_never_shown() {
        let token = Some(Token::new("s3cret"));
        let settings = HttpSettings { token, ..HttpSettings::new("https://pay.example") };
        let provider = HttpProvider::try_new(&settings).unwrap();
        assert!(!format!("{settings:?} {provider:?}").contains("s3cret"));
        let bad = HttpSettings { token: Some(Token::new("s3cret\n")), ..settings };
        let error = HttpProvider::try_new(&bad).unwrap_err();
        assert!(!format!("{error:?} {error}").contains("s3cret"));
    }
}
