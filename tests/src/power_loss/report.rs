//! What came of looking, as a table and as complaints.

use std::fmt;

use super::look::{Kind, Moment, Verdict};

/// What came of one log.
#[derive(Debug)]
pub struct Report {
    pub(super) story: String,
    pub(super) found: Vec<(Moment, Verdict)>,
}

/// The heading of the lines that reports are shown as.
pub const HEADING: &str = "story               moments  opening  at answer  at first  in sync  in checkpoint  at name   other   orders compared      lost  checks  unsound";

impl Report {
    /// How many moments were looked at.
    pub fn moments(&self) -> usize {
        self.found.len()
    }

    /// How many orders were compared.
    pub fn compared(&self) -> usize {
        self.sum(|verdict| verdict.compared)
    }

    /// How many of them were lost.
    pub fn lost(&self) -> usize {
        self.sum(|verdict| verdict.lost)
    }

    /// What is wrong.
    pub fn complaints(&self) -> Vec<String> {
        let wrong = self.found.iter().filter(|(_, verdict)| !verdict.complaints.is_empty());
        let told = |(moment, verdict): &(Moment, Verdict)| {
            let Moment { number, kind, notes, .. } = moment;
            format!("moment {number} ({kind:?}, after note {notes}): {}", verdict.complaints.join("; "))
        };
        wrong.map(told).collect()
    }

    /// Both, of the same story.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.found.extend(other.found);
        self
    }

    fn sum(&self, of: impl Fn(&Verdict) -> usize) -> usize {
        self.found.iter().map(|(_, verdict)| of(verdict)).sum()
    }

    fn of_kind(&self, kind: Kind) -> usize {
        self.found.iter().filter(|(moment, _)| moment.kind == kind).count()
    }
}

/// As one line of a table.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [opening, answer, first, sync, checkpoint, name, any] = Kind::ALL.map(|kind| self.of_kind(kind));
        write!(
            f,
            "{:<18} {:>8}  {opening:>7}  {answer:>9}  {first:>8}  {sync:>7}  {checkpoint:>13}  ",
            self.story,
            self.moments()
        )?;
        write!(f, "{name:>7}  {any:>6}  {:>16}  {:>8}  ", self.compared(), self.lost())?;
        write!(f, "{:>6}  {:>7}", self.sum(|verdict| verdict.checked), self.sum(|verdict| verdict.unsound))
    }
}
