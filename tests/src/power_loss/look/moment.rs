//! At which moments of a log the power is lost.

use std::collections::HashMap;

use crate::chance::Chance;
use crate::power_loss::log::{Mark, Note, Step, What};

/// What a moment is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Before anybody was told anything.
    Opening,
    /// Right after something was acknowledged: nothing that was written for it afterwards helps.
    Acknowledged,
    /// The same, of the first answers of a life: they may rest on what the life before left unsynced.
    FirstAcknowledged,
    /// While a sync runs.
    InSync,
    /// While a database is written itself, not its write-ahead log.
    InCheckpoint,
    /// Right after a name was made, moved or removed.
    Named,
    /// Any.
    Any,
}

impl Kind {
    pub(crate) const ALL: [Self; KINDS] = [
        Self::Opening,
        Self::Acknowledged,
        Self::FirstAcknowledged,
        Self::InSync,
        Self::InCheckpoint,
        Self::Named,
        Self::Any,
    ];
    /// How often each is wanted, in tenths.
    const WEIGHTS: [u64; KINDS] = [1, 2, 2, 1, 2, 1, 1];
}

const KINDS: usize = 7;
/// So many answers of a life are the first ones.
const FIRST: usize = 12;

/// A moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    /// Its place among those of its log.
    pub(crate) number: u64,
    pub(crate) kind: Kind,
    /// The power is lost after so many notes.
    pub(crate) notes: usize,
    /// What becomes of what was not synced follows from this.
    pub(crate) seed: u64,
}

/// Moments of `log`, by the notes they come after. Each follows from the seed and its number alone.
pub(crate) fn choose(log: &[Note<'_>], seed: u64, many: u64) -> Vec<Moment> {
    let of_kinds = by_kind(log);
    let mut moments: Vec<Moment> = (0..many).map(|number| one(&of_kinds, log.len(), seed, number)).collect();
    moments.sort_by_key(|moment| (moment.notes, moment.number));
    moments
}

fn one(of_kinds: &[Vec<usize>], notes: usize, seed: u64, number: u64) -> Moment {
    let chance = Chance::of(Chance::of(seed).number() ^ Chance::of(!number).number());
    let mut tenth = chance.below(10);
    let at = Kind::WEIGHTS.iter().position(|weight| {
        let is_it = tenth < *weight;
        tenth = tenth.saturating_sub(*weight);
        is_it
    });
    let at = at.expect("the weights are ten tenths");
    let (kind, after) = match chance.one_of(&of_kinds[at]) {
        Some(note) => (Kind::ALL[at], *note),
        None => (Kind::Any, usize::try_from(chance.below(notes as u64)).expect("a log fits into memory")),
    };
    Moment { number, kind, notes: after + 1, seed: chance.number() }
}

/// The notes after which there is a moment of each kind.
fn by_kind(log: &[Note<'_>]) -> [Vec<usize>; KINDS] {
    let mut found: [Vec<usize>; KINDS] = Default::default();
    let (mut is_database, mut answers) = (HashMap::new(), 0);
    for (at, note) in log.iter().enumerate() {
        let kind = match note.what {
            What::Marked(Mark::Step(Step::LifeBegins)) => {
                answers = 0;
                Kind::Any
            }
            What::Marked(mark) if mark.is_acknowledgement() => {
                answers += 1;
                if answers <= FIRST { Kind::FirstAcknowledged } else { Kind::Acknowledged }
            }
            What::Opened { inode, path } => {
                is_database.insert(inode, path.extension().is_some_and(|ending| ending == "db"));
                continue;
            }
            What::Created { inode, path } => {
                is_database.insert(inode, path.extension().is_some_and(|ending| ending == "db"));
                Kind::Named
            }
            What::SyncBegun { .. } => Kind::InSync,
            What::Wrote { inode, .. } | What::Cut { inode, .. } if is_database.get(&inode) == Some(&true) => {
                Kind::InCheckpoint
            }
            What::Removed { .. } | What::Renamed { .. } | What::MadeDirectory { .. } => Kind::Named,
            _ => Kind::Any,
        };
        found[kind as usize].push(at);
    }
    let told = found[Kind::FirstAcknowledged as usize].first().copied().unwrap_or(log.len());
    found[Kind::Opening as usize] = (0..told).collect();
    found[Kind::Any as usize] = (0..log.len()).collect();
    found
}
