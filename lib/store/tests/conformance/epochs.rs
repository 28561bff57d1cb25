//! Who was taken over from writes nothing any more, neither records nor rows.

use store::{Applied, Epoch, Record, StoreError};

use crate::engines::Engine;
use crate::given::{append, form, item, put, write};

fn is_fenced<T>(result: Result<T, StoreError>, by: u64) -> bool {
    matches!(result, Err(StoreError::Fenced { found, .. }) if found == Epoch(by))
}

pub fn who_was_taken_over_from_appends_nothing(engine: &dyn Engine) {
    let mut zombie = engine.journal();
    assert_eq!(zombie.claim().unwrap(), Epoch(1));
    let made = append(&mut *zombie, &[b"a"]);
    let mut heir = engine.journal();
    assert_eq!(heir.claim().unwrap(), Epoch(2));
    let late = Record::after(made[0].sum, 2, 1_000, b"late"[..].into());
    assert!(is_fenced(zombie.append(&late), 2));
    let made = [made, append(&mut *heir, &[b"b"])].concat();
    assert!(is_fenced(zombie.append(&late), 2), "also when its place is taken");
    assert_eq!(heir.read(1, 9).unwrap(), made);
    assert_eq!(zombie.read(1, 9).unwrap(), made, "it may look");
    assert!(matches!(heir.append(&late), Err(StoreError::Refused { .. })), "that is another thing");
}

pub fn who_was_taken_over_from_writes_no_rows(engine: &dyn Engine) {
    let (mut zombie, mut heir) = (engine.writer(), engine.writer());
    zombie.claim(Epoch(1)).unwrap();
    write(&mut *zombie, &[item(1, 1)], 1);
    heir.claim(Epoch(2)).unwrap();
    write(&mut *heir, &[item(1, 2)], 2);
    let old = form(&item(1, 1));
    assert!(is_fenced(zombie.apply(&mut [put(&item(1, 1), &old)], &mut [(7, 1)], Applied::of(3, 0)), 2));
    assert!(is_fenced(zombie.claim(Epoch(1)), 2), "it does not take it back either");
    assert_eq!(heir.applied().unwrap().seq, 2);
    write(&mut *heir, &[item(1, 4)], 4);
    assert_eq!(store::Find::<crate::given::Item>::all().rows(&mut *engine.reader()).unwrap(), [item(1, 4)]);
}
