//! What was measured, for people: a table and pictures.

mod bars;
mod lines;
mod spread;
mod svg;
mod table;

pub use bars::bars;
pub use lines::lines;
pub use spread::Spread;
pub use table::table;

use crate::measure::Measured;

/// A scenario, and what was measured of it, round by round.
#[derive(Debug)]
pub struct Row {
    /// Its name on the command line.
    pub name: String,
    /// What it is.
    pub title: String,
    /// A round each.
    pub rounds: Vec<Measured>,
    /// Its throughput as a part of the null endpoint's in the same round.
    pub shares: Vec<f64>,
}

impl Row {
    /// The middle and the ends of something that was measured.
    pub fn spread(&self, of: impl Fn(&Measured) -> f64) -> Option<Spread> {
        Spread::of(self.rounds.iter().map(of))
    }
}
