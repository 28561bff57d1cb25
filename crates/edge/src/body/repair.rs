//! Finds all that is wrong with the shape of a body. A reader ends at the first wrong field: so that is remembered, something that can be
//! read is put in its place, and it is read again.

use http::StatusCode;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::place::Place;
use crate::wrongs::{WRONGS_MAX, Wrongs};
use crate::{DoorCode, Problem};

/// What may stand in the place of something that is wrong, in the order in which it is tried.
const CANDIDATES: [&str; 6] = ["\"1\"", "1", "[]", "{}", "false", "null"];
/// So many bytes are read again at the most, all in all: some ten milliseconds. That is much for an order, and little for a hall.
const BYTES_MAX: usize = 8 * 1024 * 1024;
/// So often a body is read again at the most, however short it is.
const READS_MAX: usize = 256;

/// What was read of a body, and where something else stands than what was sent.
pub(crate) struct Repaired<T> {
    /// `None` where nothing was found that can be read.
    pub read: Option<T>,
    stands: Vec<Stand>,
}

/// Something that stands in the place of what is wrong.
struct Stand {
    at: Place,
    /// How many candidates were tried.
    tried: usize,
}

/// One thing that is wrong: where, and what the reader says of it.
pub(crate) struct ShapeError {
    pub at: Place,
    pub message: String,
}

impl ShapeError {
    /// What a reader has found.
    pub fn of(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let message = error.inner().to_string();
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        let named = ["unknown field `", "missing field `", "duplicate field `"];
        let named = named.iter().find_map(|begin| message.strip_prefix(begin)?.split('`').next());
        let at = Place::of(error.path());
        Self { at: named.map_or(at.clone(), |name| at.then(name)), message }
    }

    /// The refusal of it.
    pub fn problem(&self) -> Problem {
        let code = if self.is_unknown() { DoorCode::UnknownField } else { DoorCode::InvalidBody };
        Problem::at_place(StatusCode::UNPROCESSABLE_ENTITY, code, &self.at, self.message.clone())
    }

    fn is_unknown(&self) -> bool {
        self.message.starts_with("unknown field")
    }

    /// A value that the reader says it would take.
    fn expected(&self) -> Option<Value> {
        let rest = self.message.strip_prefix("unknown variant `")?.split_once("expected ")?.1;
        Some(rest.split('`').nth(1)?.into())
    }
}

impl<T: DeserializeOwned> Repaired<T> {
    /// Reads `body`, of which `wrongs` has what is `told` already. What further is wrong with its shape is added.
    pub fn of(body: &[u8], told: &ShapeError, wrongs: &mut Wrongs) -> Self {
        let mut repaired = Self { read: None, stands: Vec::new() };
        let Ok(mut tree) = serde_json::from_slice::<Value>(body) else { return repaired };
        for _ in 0..(BYTES_MAX / body.len().max(1)).clamp(1, READS_MAX) {
            let error = match serde_path_to_error::deserialize::<_, T>(&tree) {
                Ok(read) => return Self { read: Some(read), ..repaired },
                Err(error) => ShapeError::of(&error),
            };
            let stands_there = repaired.stands.iter().any(|stand| error.at.is_in(&stand.at));
            if !stands_there && error.at != told.at {
                wrongs.add(error.problem());
            }
            if wrongs.count() >= WRONGS_MAX || !repaired.mend(&mut tree, &error) {
                break;
            }
        }
        repaired
    }

    /// Whether what is said of `field` is said of what was sent.
    pub fn is_sent(&self, field: &str) -> bool {
        let at = Place::read(field);
        !self.stands.iter().any(|stand| at.is_in(&stand.at))
    }

    /// Puts something else in the place of what is wrong. `false` if there is nothing else to try.
    fn mend(&mut self, tree: &mut Value, error: &ShapeError) -> bool {
        if error.is_unknown() {
            return error.at.take_from(tree);
        }
        if error.at.is_whole() {
            return false;
        }
        let known = self.stands.iter().position(|stand| stand.at == error.at);
        let place = known.unwrap_or_else(|| {
            self.stands.push(Stand { at: error.at.clone(), tried: 0 });
            self.stands.len() - 1
        });
        let stand = &mut self.stands[place];
        let candidate = error.expected().or_else(|| serde_json::from_str(CANDIDATES.get(stand.tried)?).ok());
        stand.tried += 1;
        candidate.is_some_and(|candidate| stand.at.put_into(tree, candidate))
    }
}
