//! All that is wrong with a request, told at once: whoever mends one field does not have to ask what is wrong with the next.

use crate::Problem;

/// So many wrong fields are told at the most.
pub const WRONGS_MAX: usize = 32;

/// What was found to be wrong so far.
#[derive(Debug, Default)]
pub struct Wrongs(Option<Problem>);

impl Wrongs {
    /// That, too. What is wrong in another way, with a status of its own, is told only if nothing else is.
    pub fn add(&mut self, problem: Problem) {
        match &mut self.0 {
            None => self.0 = Some(problem),
            Some(first) => first.join(problem),
        }
    }

    /// What was read; nothing where it is wrong, which is remembered.
    pub fn take<T>(&mut self, read: Result<T, Problem>) -> Option<T> {
        read.map_err(|problem| self.add(problem)).ok()
    }

    /// What of it is said of fields that are `meant`.
    pub(crate) fn within(self, meant: impl Fn(&str) -> bool) -> Option<Problem> {
        self.0.and_then(|problem| problem.within(meant))
    }

    /// How many fields are wrong.
    pub fn count(&self) -> usize {
        self.0.as_ref().map_or(0, |problem| problem.errors().len().max(1))
    }

    /// What was read last, unless that is wrong or anything was before.
    ///
    /// # Errors
    /// All of it.
    pub fn end_with<T>(mut self, read: Result<T, Problem>) -> Result<T, Problem> {
        match self.take(read) {
            Some(read) => self.end().map(|()| read),
            None => Err(self.0.unwrap_or_else(Problem::fault)),
        }
    }

    /// Refuses the request if anything is wrong.
    ///
    /// # Errors
    /// All of it.
    pub fn end(self) -> Result<(), Problem> {
        self.0.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::DoorCode;

    fn wrong(status: u16, field: &str) -> Problem {
        Problem::of_field(StatusCode::from_u16(status).unwrap(), DoorCode::InvalidBody, field, "it is wrong")
    }

    #[test]
    fn all_wrong_fields_are_told_in_their_order_with_the_code_of_the_first() {
        let mut wrongs = Wrongs::default();
        assert_eq!(wrongs.take(Ok(1)), Some(1));
        for field in ["a", "b"] {
            assert_eq!(wrongs.take::<()>(Err(wrong(422, field))), None);
        }
        wrongs.add(wrong(404, "c"));
        let problem = wrongs.end().unwrap_err();
        let fields: Vec<_> = problem.errors().iter().map(|error| error.field.as_str()).collect();
        assert_eq!((problem.status().as_u16(), &fields[..]), (422, &["a", "b"][..]));
        assert_eq!(problem.detail(), "a: it is wrong; b: it is wrong");
        assert!(Wrongs::default().end().is_ok());
    }

    #[test]
    fn what_is_read_last_is_had_only_where_nothing_is_wrong() {
        let told = |before: bool, last: Result<u8, Problem>| {
            let mut wrongs = Wrongs::default();
            if before {
                wrongs.add(wrong(422, "a"));
            }
            wrongs.end_with(last).map_err(|problem| problem.errors().len())
        };
        assert_eq!([told(false, Ok(1)), told(true, Ok(1))], [Ok(1), Err(1)]);
        assert_eq!([told(false, Err(wrong(422, "b"))), told(true, Err(wrong(422, "b")))], [Err(1), Err(2)]);
    }

    #[test]
    fn no_more_are_told_than_anybody_reads() {
        let mut wrongs = Wrongs::default();
        (0..100).for_each(|number| wrongs.add(wrong(422, &format!("f{number}"))));
        assert_eq!(wrongs.end().unwrap_err().errors().len(), WRONGS_MAX);
    }
}
