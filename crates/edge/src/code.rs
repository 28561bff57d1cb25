//! The codes by which programs know why they were refused: those of the business are in `contracts`, and here are those of the doors.

use contracts::Code;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal, $($status:literal)+;)+) => {
        /// Why a door refuses what it does not hand on, or cannot tell what came of it. Part of the public interface: never renamed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum DoorCode { $($(#[doc = $doc])+ $name,)+ }

        impl DoorCode {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code as it stands in answers.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii_start(),)+ }
            }

            fn statuses(self) -> &'static [u16] {
                match self { $(Self::$name => &[$($status),+],)+ }
            }
        }
    };
}

codes! {
    /// The body is no JSON: it is cut off, empty, or not UTF-8.
    InvalidJson = "invalid-json", 400;
    /// A field of the body is missing, there twice, or of another type.
    InvalidBody = "invalid-body", 422;
    /// There is no such field.
    UnknownField = "unknown-field", 422;
    /// A header is wrong, missing, or there twice.
    InvalidHeader = "invalid-header", 400;
    /// A parameter of the query or a part of the path is wrong.
    InvalidParameter = "invalid-parameter", 400;
    /// There is no such parameter here.
    UnknownParameter = "unknown-parameter", 400;
    /// A parameter is there twice.
    DuplicateParameter = "duplicate-parameter", 400;
    /// No token was shown.
    Unauthorized = "unauthorized", 401;
    /// The token that was shown is not the one of this shop, or a ticket is not valid any more.
    WrongToken = "wrong-token", 401;
    /// This is answered to other methods, which `Allow` names.
    MethodNotAllowed = "method-not-allowed", 405;
    /// The client does not accept the type of what would be answered.
    NotAcceptable = "not-acceptable", 406;
    /// The records that it is about are archived, where the shop does not find them.
    Archived = "archived", 410;
    /// The body is longer than this call takes.
    BodyTooLarge = "body-too-large", 413;
    /// The body is not of the type that this call takes, or is compressed.
    UnsupportedMediaType = "unsupported-media-type", 415;
    /// It is changed only where `If-Match` says which version is meant.
    PreconditionRequired = "precondition-required", 428;
    /// The machine failed, and nothing was done. Its log says why.
    Fault = "fault", 500;
    /// The machine failed, and it is not known whether this was done. Ask again with the same `Idempotency-Key`, or look before.
    OutcomeUnknown = "outcome-unknown", 500;
    /// There is more to do than can be done. Nothing was done: send it again after `Retry-After` seconds.
    Busy = "busy", 503;
}

impl From<DoorCode> for &'static str {
    fn from(code: DoorCode) -> Self {
        code.as_str()
    }
}

/// A code as people read of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CodeMeaning {
    /// The code.
    pub code: &'static str,
    /// The statuses that it comes with.
    pub statuses: &'static [u16],
    /// What it means.
    pub meaning: &'static str,
}

/// Every code that there is, by status.
pub fn codes() -> Vec<CodeMeaning> {
    let of_door = |code: &DoorCode| (code.as_str(), code.statuses(), code.meaning());
    let of_business = |code: &Code| (code.as_str(), crate::problem::statuses(*code), code.meaning());
    let all = DoorCode::ALL.iter().map(of_door).chain(Code::ALL.iter().map(of_business));
    let mut all: Vec<_> = all.map(|(code, statuses, meaning)| CodeMeaning { code, statuses, meaning }).collect();
    all.sort_by_key(|code| (code.statuses, code.code));
    all
}

/// Whether `code` is among them.
pub(crate) fn is_known(code: &str) -> bool {
    Code::parse(code).is_some() || DoorCode::ALL.iter().any(|known| known.as_str() == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_there_once_with_what_it_means() {
        let codes = codes();
        assert_eq!(codes.len(), DoorCode::ALL.len() + Code::ALL.len());
        for code in &codes {
            assert_eq!(codes.iter().filter(|other| other.code == code.code).count(), 1, "{}", code.code);
            assert!(is_known(code.code), "{}", code.code);
            assert!(code.meaning.ends_with('.') && !code.meaning.starts_with(' '), "{code:?}");
            assert!(!code.statuses.is_empty() && code.statuses.iter().all(|status| (400..600).contains(status)));
        }
        assert!(!is_known("no-such-code"));
    }
}
