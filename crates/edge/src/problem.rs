//! Why a client was not served: RFC 9457, with a stable code.

use backend::Unavailable;
use contracts::{Code, Rejection};
use http::{HeaderValue, Response, StatusCode, header};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::DoorCode;
use crate::code::is_known;
use crate::place::Place;
use crate::wrongs::WRONGS_MAX;

/// The media type.
pub const MEDIA: &str = "application/problem+json";

/// When to ask again where nothing was done and nobody says when, in seconds.
const RETRY_AFTER_S: u32 = 1;

/// Where people read what a code means; the code follows.
const PAGE: &str = "/docs/problems#";

/// One field that is at fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The field, as a path such as `seats[0].price`, or the name of a parameter or header.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
    /// What is wrong with it, for programs.
    #[schema(example = "invalid-value")]
    pub code: &'static str,
    /// Where it is in the body, as a JSON pointer (RFC 6901). Not there for what is no part of a body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "#/seats/0/price")]
    pub pointer: Option<String>,
    /// The same as `message`, by its name in RFC 9457.
    pub detail: String,
}

impl FieldError {
    fn new(code: &'static str, field: String, message: String, pointer: Option<String>) -> Self {
        Self { field, detail: message.clone(), message, code, pointer }
    }

    /// Of a field that is known by what people call it.
    fn named(code: &'static str, field: &str, message: String) -> Self {
        let pointer = is_of_body(code, field).then(|| match field {
            "body" => "#".to_owned(),
            field => Place::read(field).pointer(),
        });
        Self::new(code, field.to_owned(), message, pointer)
    }
}

/// Whether what is wrong with `field` is wrong in a body: parameters have codes of their own, and headers begin with a capital.
fn is_of_body(code: &str, field: &str) -> bool {
    let beside = [DoorCode::InvalidParameter, DoorCode::UnknownParameter, DoorCode::DuplicateParameter];
    let is_beside = beside.iter().any(|beside| beside.as_str() == code) || code == Code::NotFound.as_str();
    !is_beside && !field.starts_with(|first: char| first.is_ascii_uppercase())
}

/// A code as the link to what it means.
#[derive(Debug)]
struct CodeLink<'a>(&'a str);

impl Serialize for CodeLink<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{PAGE}{}", self.0))
    }
}

/// Why a request was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem(Box<Inside>);

/// Apart, so that what may be a problem is not as large as one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Inside {
    status: StatusCode,
    code: &'static str,
    detail: String,
    errors: Vec<FieldError>,
    order: Option<String>,
    header: Option<(header::HeaderName, HeaderValue)>,
}

/// A problem as it is sent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// Where it is said what `code` means, as a path of the shop.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "/docs/problems#sold-out")]
    kind: CodeLink<'a>,
    /// The status in words.
    title: &'static str,
    /// The status.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What is wrong, for people.
    detail: &'a str,
    /// What is wrong, for programs. Never renamed.
    #[schema(example = "sold-out")]
    code: &'a str,
    /// The fields at fault.
    errors: &'a [FieldError],
    /// By which an operator finds the request.
    correlation_id: String,
    /// The path of the refused order, where it is kept to be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    order: Option<&'a str>,
}

impl Problem {
    /// A problem with `code`, explained by `detail`.
    pub fn new(status: StatusCode, code: impl Into<&'static str>, detail: impl Into<String>) -> Self {
        let (code, detail, errors) = (code.into(), detail.into(), Vec::new());
        debug_assert!(is_known(code), "no page says what {code} means");
        Self(Box::new(Inside { status, code, detail, errors, order: None, header: None }))
    }

    /// Something in the request is wrong: `field`, because of `message`.
    pub fn of_field(
        status: StatusCode,
        code: impl Into<&'static str>,
        field: &str,
        message: impl Into<String>,
    ) -> Self {
        let (code, message) = (code.into(), message.into());
        let mut problem = Self::new(status, code, format!("{field}: {message}"));
        problem.0.errors.push(FieldError::named(code, field, message));
        problem
    }

    /// Something in the body is wrong: what is at `place`, because of `message`.
    pub(crate) fn at_place(status: StatusCode, code: DoorCode, place: &Place, message: String) -> Self {
        let mut problem = Self::new(status, code, format!("{}: {message}", place.text()));
        problem.0.errors.push(FieldError::new(code.as_str(), place.text(), message, Some(place.pointer())));
        problem
    }

    /// With what is wrong as well, if that has the same status, and as long as anybody reads it.
    pub(crate) fn join(&mut self, other: Self) {
        let room = WRONGS_MAX.saturating_sub(self.0.errors.len());
        if other.0.status == self.0.status && room > 0 {
            self.0.detail.push_str("; ");
            self.0.detail.push_str(&other.0.detail);
            self.0.errors.extend(other.0.errors.into_iter().take(room));
        }
    }

    /// What of it is said of fields that are `meant`.
    pub(crate) fn within(mut self, meant: impl Fn(&str) -> bool) -> Option<Self> {
        self.0.errors.retain(|error| meant(&error.field));
        let first = self.0.errors.first()?;
        self.0.code = first.code;
        let said = self.0.errors.iter().map(|error| format!("{}: {}", error.field, error.message));
        self.0.detail = said.collect::<Vec<_>>().join("; ");
        Some(self)
    }

    /// There is no such thing.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::NotFound.as_str(), what)
    }

    /// There is no such `what` as the `id` in the path says.
    pub fn no_such(what: &str, id: &str) -> Self {
        Self::of_field(StatusCode::NOT_FOUND, Code::NotFound.as_str(), what, format!("there is no {what} {id}"))
    }

    /// Another method is meant: one of `allow`.
    pub fn method(allow: &str) -> Self {
        let problem = Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            DoorCode::MethodNotAllowed,
            format!("only {allow} is answered here"),
        );
        match HeaderValue::from_str(allow) {
            Ok(allow) => problem.with(header::ALLOW, allow),
            Err(_) => problem,
        }
    }

    /// The shop has more to do than it can: again after `retry_after_s` seconds.
    pub fn busy(retry_after_s: u32) -> Self {
        let problem =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, DoorCode::Busy, "the shop is busy; send it again in a moment");
        problem.with(header::RETRY_AFTER, HeaderValue::from(retry_after_s))
    }

    /// The machine failed; why is logged, and not shown.
    pub fn fault() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, DoorCode::Fault, "it could not be done; the log says why")
    }

    /// It may be done or not: the store failed before it said which.
    pub fn outcome_unknown() -> Self {
        let detail = "it is not known whether this was done; ask again with the same Idempotency-Key, or look before you ask again";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, DoorCode::OutcomeUnknown, detail)
    }

    /// Records that it is about are archived, where this shop does not find them.
    pub fn archived(first: u64, last: u64) -> Self {
        let detail =
            format!("the records {first} to {last} are archived and not at hand; ask the operator to put them back");
        Self::new(StatusCode::GONE, DoorCode::Archived, detail)
    }

    /// The business says no. `name` gives the fields of commands the names that clients know.
    pub fn refused(rejection: &Rejection, name: impl Fn(&str) -> String) -> Self {
        let (status, message) = (status(rejection.code), &rejection.message);
        let problem = match &rejection.field {
            None => Self::new(status, rejection.code.as_str(), message),
            Some(field) => Self::of_field(status, rejection.code.as_str(), &name(field), message),
        };
        problem.and(rejection)
    }

    /// With what else the business found wrong.
    #[must_use]
    pub fn and(mut self, rejection: &Rejection) -> Self {
        let others = rejection.others.iter().flatten();
        let code = self.0.code;
        self.0.errors.extend(others.map(|(field, message)| FieldError::named(code, field, message.clone())));
        self
    }

    /// With `field` as the one at fault, where what the problem says is said of it.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.0.errors.push(FieldError::named(self.0.code, field, self.0.detail.clone()));
        self
    }

    /// With the path of the order that was refused.
    #[must_use]
    pub fn with_order(mut self, path: String) -> Self {
        self.0.order = Some(path);
        self
    }

    /// With one more header.
    #[must_use]
    pub fn with(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.0.header = Some((name, value));
        self
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// What is wrong, for people.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// Its code.
    pub fn code(&self) -> &str {
        self.0.code
    }

    /// The fields at fault.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// The answer to the request `correlation`.
    pub fn answer(self, correlation: u64) -> Response<Vec<u8>> {
        let Inside { status, code, detail, errors, order, header } = *self.0;
        let sent = ProblemBody {
            kind: CodeLink(code),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: &detail,
            code,
            errors: &errors,
            correlation_id: format!("{correlation:016x}"),
            order: order.as_deref(),
        };
        let body = serde_json::to_vec(&sent).expect("texts and numbers can be written as JSON");
        let mut response = Response::new(body);
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA));
        if let Some((name, value)) = header {
            response.headers_mut().insert(name, value);
        }
        response
    }
}

impl From<Unavailable> for Problem {
    fn from(why: Unavailable) -> Self {
        match why {
            Unavailable::Busy { retry_after_s } => Self::busy(retry_after_s),
            Unavailable::NotOwner | Unavailable::Unreachable { maybe_done: false } => Self::busy(RETRY_AFTER_S),
            Unavailable::Unreachable { maybe_done: true } => Self::outcome_unknown(),
            Unavailable::Archived { first, last } => Self::archived(first, last),
            Unavailable::Fault { .. } => Self::fault(),
        }
    }
}

/// The status that goes with a code.
fn status(code: Code) -> StatusCode {
    StatusCode::from_u16(statuses(code)[0]).expect("what stands below are statuses")
}

/// The statuses that a code of the business comes with.
pub(crate) fn statuses(code: Code) -> &'static [u16] {
    match code {
        Code::UnknownReference | Code::NotFound => &[404],
        Code::InvalidValue | Code::KeyReused | Code::ReadOnly => &[422],
        Code::VersionChanged => &[412],
        Code::SoldOut
        | Code::SeatTaken
        | Code::PriceChanged
        | Code::LimitReached
        | Code::NotOnSale
        | Code::PaymentDeclined
        | Code::Expired
        | Code::Cancelled
        | Code::AlreadyExists
        | Code::StockBelowSold
        | Code::InUse
        | Code::WrongState
        | Code::AlreadyDelivered => &[409],
    }
}

#[cfg(test)]
mod tests {
    use contracts::{Code, Rejection};

    use super::Problem;

    #[test]
    fn a_refusal_names_its_field_as_clients_know_it() {
        let rejection = Rejection::of_field(Code::PriceChanged, "unit-price", "the price is 2, not 1");
        let problem = Problem::refused(&rejection, |field| field.replace("unit-price", "price"));
        assert_eq!((problem.status().as_u16(), problem.code()), (409, "price-changed"));
        assert_eq!(problem.errors()[0].field, "price");
    }

    #[test]
    fn the_answer_is_a_problem_with_everything_a_client_needs() {
        let answer = Problem::busy(1).with_order("/x".to_owned()).answer(26);
        assert_eq!(answer.headers()["retry-after"], "1");
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let sent: serde_json::Value = serde_json::from_slice(answer.body()).unwrap();
        assert_eq!((&sent["code"], &sent["status"]), (&"busy".into(), &503.into()));
        assert_eq!((&sent["correlation_id"], &sent["order"]), (&"000000000000001a".into(), &"/x".into()));
    }
}
