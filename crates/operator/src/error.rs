//! Why an operator was not served: a problem as everybody is told of one, or the machine failed.

use backend::Unavailable;
use contracts::{Code, Rejection};
use edge::{DoorCode, Problem};
use http::StatusCode;

/// Why an operator was not served.
#[derive(Debug)]
pub enum OperatorError {
    /// What was asked for cannot be had.
    Problem(Problem),
    /// It could not be done.
    Unavailable(Unavailable),
}

impl OperatorError {
    /// There is no such thing.
    pub fn not_found(what: impl Into<String>) -> Self {
        Self::Problem(Problem::not_found(what))
    }

    /// There is nothing at this address.
    pub fn nothing_here() -> Self {
        Self::not_found("there is nothing here")
    }

    /// Nothing is parked as `id`.
    pub fn nothing_parked(id: &str) -> Self {
        Self::not_found(format!("nothing is parked as {id}; maejin parked list shows what is"))
    }

    /// Another method is meant: one of `allow`.
    pub fn method(allow: &'static str) -> Self {
        Self::Problem(Problem::method(allow))
    }

    /// The filter `name` cannot be what was asked.
    pub fn filter(name: &str, why: impl Into<String>) -> Self {
        Self::Problem(edge::query::wrong(name, why))
    }

    /// `field` cannot be what was sent.
    pub fn invalid(field: &str, why: impl Into<String>) -> Self {
        Self::Problem(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, Code::InvalidValue.as_str(), why).at(field))
    }

    /// The business says no.
    pub fn rejected(mut rejection: Rejection) -> Self {
        let field = rejection.field.take();
        let others = Rejection { others: rejection.others.take(), ..rejection.clone() };
        let problem = Problem::refused(&rejection, str::to_owned);
        Self::Problem(match field {
            Some(field) => problem.at(&field).and(&others),
            None => problem.and(&others),
        })
    }

    /// How it is said. An operator is also told what failed.
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Problem(problem) => problem,
            Self::Unavailable(Unavailable::Fault { why }) if !why.is_empty() => {
                Problem::new(StatusCode::INTERNAL_SERVER_ERROR, DoorCode::Fault, why)
            }
            Self::Unavailable(why) => why.into(),
        }
    }
}

impl From<Unavailable> for OperatorError {
    fn from(why: Unavailable) -> Self {
        Self::Unavailable(why)
    }
}
