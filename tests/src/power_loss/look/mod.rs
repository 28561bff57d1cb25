//! Looks at a log: at many of its moments the power is lost, and what is left is held against what had been said by then.

mod facts;
mod kept;
mod moment;
mod verdict;

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, sync_channel};

use tempfile::TempDir;

use super::disk::{Disk, Image};
use super::log::{Note, What, read};
use facts::Facts;
pub(crate) use moment::{Kind, Moment};
pub(crate) use verdict::Verdict;

/// A disk to look at.
struct Left {
    moment: Moment,
    image: Image,
    facts: Facts,
}

/// Looks at `many` moments of `log`, at as many at a time as there are processors.
pub(crate) fn look(log: &[u8], seed: u64, many: u64) -> Vec<(Moment, Verdict)> {
    let notes = read(log);
    let moments = moment::choose(&notes, seed, many);
    let lookers = std::thread::available_parallelism().map_or(1, usize::from);
    // One image in waiting for each looker: an image may have tens of megabytes.
    let (give, take) = sync_channel(lookers);
    let (take, found) = (&Mutex::new(take), &Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..lookers {
            scope.spawn(move || look_at_all(take, found));
        }
        lose_power(&notes, &moments, |left| give.send(left).expect("somebody looks"));
        drop(give);
    });
    let mut found = std::mem::take(&mut *found.lock().expect("no looker panicked"));
    found.sort_by_key(|(moment, _): &(Moment, Verdict)| moment.number);
    found
}

fn lose_power(notes: &[Note<'_>], moments: &[Moment], mut tell: impl FnMut(Left)) {
    let (mut disk, mut facts, mut followed) = (Disk::empty(), Facts::default(), 0);
    for moment in moments {
        for note in &notes[followed..moment.notes] {
            disk.follow(note);
            if let What::Marked(mark) = note.what {
                facts.learn(&mark);
            }
        }
        followed = moment.notes;
        tell(Left { moment: *moment, image: disk.after_loss(moment.seed), facts: facts.clone() });
    }
}

fn look_at_all(take: &Mutex<Receiver<Left>>, found: &Mutex<Vec<(Moment, Verdict)>>) {
    let room = TempDir::with_prefix("maejin-power-loss-").expect("a temporary folder can be made");
    let next = || take.lock().expect("no looker panicked").recv().ok();
    while let Some(Left { moment, image, facts }) = next() {
        let at = room.path().join("disk");
        image.put_into(&at);
        let verdict = verdict::look(&at, &image, &facts);
        found.lock().expect("no looker panicked").push((moment, verdict));
    }
}
