//! Where the provider is, and how to talk to it; checked when a client is made of it.

use reqwest::Url;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

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
    pub(crate) fn url_of(&self, call: &str) -> Result<Url, SettingsError> {
        let mut url = Url::parse(&self.base_url).map_err(|_| SettingsError::Address)?;
        let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
        let is_bare = url.query().is_none() && url.fragment().is_none();
        if !is_web || !is_bare || !url.username().is_empty() || url.password().is_some() {
            return Err(SettingsError::Address);
        }
        url.path_segments_mut().map_err(|()| SettingsError::Address)?.pop_if_empty().push(call);
        Ok(url)
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
    fn calls_go_below_the_address_with_or_without_a_slash_at_its_end() {
        for base in ["https://pay.example/v1", "https://pay.example/v1/"] {
            assert_eq!(HttpSettings::new(base).url_of("charges").unwrap().as_str(), "https://pay.example/v1/charges");
        }
        assert_eq!(
            HttpSettings::new("http://127.0.0.1:9").url_of("refunds").unwrap().as_str(),
            "http://127.0.0.1:9/refunds"
        );
    }

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
