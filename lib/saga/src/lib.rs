//! The course of something through several services, as a table: each leg with what it asks for and what takes it back.
//! It moves forward leg by leg; when a leg fails, or on demand, what was done is undone, last first. It knows no messages: the
//! caller sends what [`Next`] says, stores the [`Course`], and tells it the answers.

/// One leg of a course over `T`, in which messages are `M`.
#[derive(Debug)]
pub struct Leg<T, M> {
    /// Its name.
    pub name: &'static str,
    /// Whether `T` goes through it.
    pub wanted: fn(&T) -> bool,
    /// What it asks for.
    pub ask: fn(&T) -> M,
    /// What takes it back. Must also be right where the leg was asked for and nobody knows whether it was done.
    pub undo: fn(&T) -> M,
}

/// How far a course is. Stands in one integer column: zero when ended, the leg counted from 1 while it is asked for, the same below
/// zero while it is undone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Course(i64);

/// What is to be done next.
#[derive(Debug, PartialEq, Eq)]
pub enum Next<M> {
    /// Say this.
    Say(M),
    /// Every leg was done.
    Completed,
    /// Everything that was done is undone.
    Undone,
    /// The answer is not one that was waited for. There is nothing to do.
    Ignored,
}

impl Course {
    /// Nothing is under way.
    pub const ENDED: Self = Self(0);

    /// As an integer.
    pub fn raw(self) -> i64 {
        self.0
    }

    /// From an integer.
    pub fn from_raw(raw: i64) -> Self {
        Self(raw)
    }

    /// The leg that is asked for.
    pub fn asking(self) -> Option<usize> {
        usize::try_from(self.0).ok()?.checked_sub(1)
    }

    /// The leg that is being undone.
    pub fn undoing(self) -> Option<usize> {
        usize::try_from(self.0.checked_neg()?).ok()?.checked_sub(1)
    }

    fn at(leg: usize) -> Self {
        Self(i64::try_from(leg + 1).expect("a table has few legs"))
    }

    fn back_at(leg: usize) -> Self {
        Self(-Self::at(leg).0)
    }
}

/// A table of legs.
#[derive(Debug)]
pub struct Table<'t, T, M>(pub &'t [Leg<T, M>]);

impl<T, M> Table<'_, T, M> {
    /// The place of the leg called `name`.
    ///
    /// # Panics
    /// If the table has none.
    pub fn leg(&self, name: &str) -> usize {
        self.0.iter().position(|leg| leg.name == name).expect("a leg is called by a name of the table")
    }

    /// Begins a course.
    pub fn begin(&self, of: &T) -> (Course, Next<M>) {
        self.forward(of, 0)
    }

    /// `leg` was done.
    pub fn done(&self, of: &T, course: Course, leg: usize) -> (Course, Next<M>) {
        if course.asking() == Some(leg) { self.forward(of, leg + 1) } else { (course, Next::Ignored) }
    }

    /// `leg` was refused: nothing was done there. What was done before it is undone.
    pub fn refused(&self, of: &T, course: Course, leg: usize) -> (Course, Next<M>) {
        if course.asking() == Some(leg) { self.back(of, leg) } else { (course, Next::Ignored) }
    }

    /// Undoes what was done, and what was asked for and may have been done. On an ended course: all of it.
    pub fn turn_back(&self, of: &T, course: Course) -> (Course, Next<M>) {
        match course.asking() {
            Some(leg) => self.back(of, leg + 1),
            None if course == Course::ENDED => self.back(of, self.0.len()),
            None => (course, Next::Ignored),
        }
    }

    /// `leg` was undone.
    pub fn undone(&self, of: &T, course: Course, leg: usize) -> (Course, Next<M>) {
        if course.undoing() == Some(leg) { self.back(of, leg) } else { (course, Next::Ignored) }
    }

    /// Says again what was said last, for want of an answer.
    pub fn again(&self, of: &T, course: Course) -> Next<M> {
        match (course.asking(), course.undoing()) {
            (Some(leg), _) => Next::Say((self.0[leg].ask)(of)),
            (_, Some(leg)) => Next::Say((self.0[leg].undo)(of)),
            _ => Next::Ignored,
        }
    }

    fn forward(&self, of: &T, from: usize) -> (Course, Next<M>) {
        match (from..self.0.len()).find(|leg| (self.0[*leg].wanted)(of)) {
            Some(leg) => (Course::at(leg), Next::Say((self.0[leg].ask)(of))),
            None => (Course::ENDED, Next::Completed),
        }
    }

    fn back(&self, of: &T, below: usize) -> (Course, Next<M>) {
        let done = |leg: &usize| (self.0[*leg].wanted)(of);
        let last = (0..below).rev().find(done);
        #[cfg(feature = "switches")]
        let last = if switches::is_the_first_first() { (0..below).find(done) } else { last };
        match last {
            Some(leg) => (Course::back_at(leg), Next::Say((self.0[leg].undo)(of))),
            None => (Course::ENDED, Next::Undone),
        }
    }
}

/// For a simulation that must find that something is wrong. Only tests have this feature.
#[cfg(feature = "switches")]
pub mod switches {
    use std::cell::Cell;

    thread_local! {
        static FIRST_FIRST: Cell<bool> = const { Cell::new(false) };
    }

    /// On this thread what was done first is undone first, from now on; or last, as it should be.
    pub fn undo_the_first_first(on: bool) {
        FIRST_FIRST.set(on);
    }

    pub(crate) fn is_the_first_first() -> bool {
        FIRST_FIRST.get()
    }
}

#[cfg(test)]
mod tests {
    use super::{Course, Leg, Next, Table};

    const LEGS: Table<'_, bool, &str> = Table(&[
        Leg { name: "a", wanted: |_| true, ask: |_| "a", undo: |_| "-a" },
        Leg { name: "b", wanted: |b| *b, ask: |_| "b", undo: |_| "-b" },
        Leg { name: "c", wanted: |_| true, ask: |_| "c", undo: |_| "-c" },
    ]);

    #[test]
    fn goes_through_the_wanted_legs_in_order() {
        let (course, next) = LEGS.begin(&false);
        assert_eq!(next, Next::Say("a"));
        let (course, next) = LEGS.done(&false, course, 0);
        assert_eq!(next, Next::Say("c"));
        assert_eq!(LEGS.done(&false, course, 2), (Course::ENDED, Next::Completed));
    }

    #[test]
    fn a_refusal_undoes_what_came_before_it_last_first() {
        let (course, _) = LEGS.begin(&true);
        let (course, _) = LEGS.done(&true, course, 0);
        let (course, _) = LEGS.done(&true, course, 1);
        let (course, next) = LEGS.refused(&true, course, 2);
        assert_eq!(next, Next::Say("-b"));
        let (course, next) = LEGS.undone(&true, course, 1);
        assert_eq!(next, Next::Say("-a"));
        assert_eq!(LEGS.undone(&true, course, 0), (Course::ENDED, Next::Undone));
    }

    #[test]
    fn turning_back_undoes_the_leg_that_nobody_knows_of_too() {
        let (course, _) = LEGS.begin(&true);
        let (course, _) = LEGS.done(&true, course, 0);
        assert_eq!(LEGS.turn_back(&true, course).1, Next::Say("-b"));
        assert_eq!(LEGS.turn_back(&true, Course::ENDED).1, Next::Say("-c"));
    }

    #[test]
    fn an_answer_that_comes_twice_is_ignored() {
        let (course, _) = LEGS.begin(&true);
        let (course, _) = LEGS.done(&true, course, 0);
        assert_eq!(LEGS.done(&true, course, 0), (course, Next::Ignored));
        assert_eq!(LEGS.undone(&true, course, 1), (course, Next::Ignored));
        assert_eq!(LEGS.again(&true, course), Next::Say("b"));
    }
}
