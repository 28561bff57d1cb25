//! What was measured, for people: a table and pictures.

mod bars;
mod drawn;
mod lines;
mod spread;
mod svg;
mod table;

pub use bars::bars;
pub use drawn::{draw, write};
pub use lines::lines;
pub use spread::{Spread, number};
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
    pub fn spread<V: Into<Option<f64>>>(&self, of: impl Fn(&Measured) -> V) -> Option<Spread> {
        Spread::of(self.rounds.iter().filter_map(|round| of(round).into()))
    }
}

/// Prints how each of `rows` started, and what its load took.
pub fn starts(rows: &[Row]) {
    for row in rows {
        let text = |digits, spread: Option<Spread>| spread.map_or_else(String::new, |spread| spread.text(digits));
        let (ready, idle) = (text(0, row.spread(|one| one.ready_ms)), text(0, row.spread(|one| one.idle_mb)));
        let own = row.spread(|one| one.load_cpu_ms).map(|own| format!("; the load took {} ms CPU each", own.text(4)));
        println!("{:<10} ready after {ready} ms, idle memory {idle} MB{}", row.name, own.unwrap_or_default());
    }
}
