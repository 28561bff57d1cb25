//! Who may come in.

use std::fmt;

use http::{HeaderMap, header};
use subtle::ConstantTimeEq;

/// A secret text. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// The shortest token that is taken for one.
const SHORTEST: usize = 16;

impl Secret {
    /// A secret from what stands in a file or in the environment, without the white space around it.
    ///
    /// # Errors
    /// If it is too short to keep anybody out.
    pub fn try_new(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.len() < SHORTEST {
            return Err(format!("the token has {} characters; it needs at least {SHORTEST}", text.len()));
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether `given` is the secret. Takes as long for a wrong one as for the right one, but for one of another length.
    fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// What a caller must show.
#[derive(Debug, Clone)]
pub enum Identity {
    /// Nothing: for one's own machine only.
    Open,
    /// A bearer token.
    Bearer(Secret),
}

impl Identity {
    /// Whether a request with `headers` may come in.
    pub fn admits(&self, headers: &HeaderMap) -> bool {
        let Self::Bearer(secret) = self else { return true };
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token =
            given.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        token.is_some_and(|(_, token)| secret.is(token.trim()))
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, header};

    use super::{Identity, Secret};

    fn with(authorization: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, authorization.parse().unwrap());
        headers
    }

    #[test]
    fn only_the_right_token_comes_in() {
        let identity = Identity::Bearer(Secret::try_new("0123456789abcdef\n").unwrap());
        assert!(identity.admits(&with("Bearer 0123456789abcdef")));
        assert!(identity.admits(&with("bearer 0123456789abcdef")));
        for wrong in ["Bearer 0123456789abcdeg", "Bearer 0123456789abcdef0", "Bearer ", "Basic 0123456789abcdef", "x"] {
            assert!(!identity.admits(&with(wrong)), "{wrong}");
        }
        assert!(!identity.admits(&HeaderMap::new()));
    }

    #[test]
    fn a_short_token_is_refused_and_none_is_shown() {
        assert!(Secret::try_new("short").is_err());
        assert_eq!(format!("{:?}", Secret::try_new("0123456789abcdef").unwrap()), "Secret(hidden)");
    }
}
