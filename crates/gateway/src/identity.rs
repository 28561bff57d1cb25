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

/// What is shown to whoever comes by, and to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// To everybody: it says nothing of this shop.
    Everybody,
    /// To who has the token.
    Token,
    /// To who has the token, or a ticket in the query.
    Ticket,
}

/// Why somebody was not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lacking {
    /// No token was shown.
    Token,
    /// A token was shown, and it is not the one; or a ticket that is not valid, or not any more.
    RightToken,
}

impl Identity {
    /// The secret that is known to who may come in; nothing where everybody may.
    pub(crate) fn secret(&self) -> &[u8] {
        match self {
            Self::Open => &[],
            Self::Bearer(secret) => secret.0.as_bytes(),
        }
    }

    /// Lets a request with `headers` in, or says what it lacks.
    pub(crate) fn admit(&self, headers: &HeaderMap) -> Result<(), Lacking> {
        let Self::Bearer(secret) = self else { return Ok(()) };
        let Some(given) = headers.get(header::AUTHORIZATION) else { return Err(Lacking::Token) };
        let given = given.to_str().ok().and_then(|value| value.split_once(' '));
        let Some((_, token)) = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")) else {
            return Err(Lacking::Token);
        };
        if secret.is(token.trim()) { Ok(()) } else { Err(Lacking::RightToken) }
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, header};

    use super::{Identity, Lacking, Secret};

    fn with(authorization: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, authorization.parse().unwrap());
        headers
    }

    #[test]
    fn only_the_right_token_comes_in_and_a_wrong_one_is_told_from_none() {
        let identity = Identity::Bearer(Secret::try_new("0123456789abcdef\n").unwrap());
        assert_eq!(identity.admit(&with("Bearer 0123456789abcdef")), Ok(()));
        assert_eq!(identity.admit(&with("bearer 0123456789abcdef")), Ok(()));
        for wrong in ["Bearer 0123456789abcdeg", "Bearer 0123456789abcdef0", "Bearer ", "Bearer x"] {
            assert_eq!(identity.admit(&with(wrong)), Err(Lacking::RightToken), "{wrong}");
        }
        for none in ["Basic 0123456789abcdef", "0123456789abcdef", "Bearer", ""] {
            assert_eq!(identity.admit(&with(none)), Err(Lacking::Token), "{none}");
        }
        assert_eq!(identity.admit(&HeaderMap::new()), Err(Lacking::Token));
    }

    #[test]
    fn a_short_token_is_refused_and_none_is_shown() {
        assert!(Secret::try_new("short").is_err());
        assert_eq!(format!("{:?}", Secret::try_new("0123456789abcdef").unwrap()), "Secret(hidden)");
    }
}
