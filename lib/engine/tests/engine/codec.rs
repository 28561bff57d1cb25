//! The body of a record: what was written is read, bodies of old are still read, and nonsense is refused.

use engine::{Body, Envelope, OUTSIDE};
use proptest::prelude::*;
use typed::KeyValue::{Int, Text};
use typed::SubjectKey;

use crate::toy::Act::*;
use crate::toy::{Item, Message, changes, rig, run};

/// Two messages, a row that was written and two that were deleted, as version 1 wrote them. Never change this: journals are full of it.
const SAMPLE_V1: &str = "0100 03 190384 05 43 820509 190384 06 f6 190385 6161 f6 \
    02 00 18ff 04 07 8200820484 8200820509820181068203816161820f8102 1a00200000 01 02 07 82028102";

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The record of a batch as the sample has it.
fn sample() -> Vec<u8> {
    let mut rig = rig();
    run(&mut rig, 1, vec![Put(6, 6), PutNamed("a".into(), 1)]).0.unwrap();
    let (_, batch) = run(&mut rig, 4, vec![Put(5, 9), Delete(6), DeleteNamed("a".into()), Ask(2)]);
    batch.record.unwrap().body.to_vec()
}

#[test]
fn a_body_of_version_1_is_still_read() {
    let body = Body::<Message>::read(2, 77, &bytes(SAMPLE_V1)).unwrap();
    let rows: Vec<_> = body.rows.iter().map(|row| (row.table, row.key.clone(), row.row.is_some())).collect();
    assert_eq!(rows, [(900, Int(5), true), (900, Int(6), false), (901, Text("a".into()), false)]);
    let form = &body.payload[body.rows[0].row.clone().unwrap()];
    assert_eq!(<Item as typed::Row>::decode_from(form).unwrap(), Item { id: 5, value: 9 });
    let acts = vec![Put(5, 9), Delete(6), DeleteNamed("a".into()), Ask(2)];
    let first = (2 << 20, 0, OUTSIDE, 4, 7, Message::Do(4, acts));
    let second = ((2 << 20) + 1, 2 << 20, 1, 2, 7, Message::Elsewhere(2));
    let expected = [first, second].map(|(id, cause, from, subject, correlation, message)| Envelope {
        id,
        origin: None,
        cause,
        from,
        subject: SubjectKey::new(subject),
        correlation,
        at: 77,
        message,
    });
    assert_eq!(body.messages, expected);
}

#[test]
fn a_body_is_still_written_as_version_1() {
    assert_eq!(hex(&sample()), hex(&bytes(SAMPLE_V1)));
}

#[test]
fn a_body_of_a_newer_version_is_refused_by_its_version() {
    let mut newer = bytes(SAMPLE_V1);
    newer[0] = 2;
    assert!(Body::<Message>::read(1, 0, &newer).unwrap_err().contains("its version is 2"));
    assert!(Body::<Message>::read(1, 0, &[]).is_err());
    assert!(Body::<Message>::read(1, 0, &[1, 9, 0, 0]).is_err());
}

#[test]
fn a_body_that_was_cut_off_is_refused() {
    let whole = bytes(SAMPLE_V1);
    for length in 0..whole.len() {
        assert!(Body::<Message>::read(1, 0, &whole[..length]).is_err(), "{length} bytes of {}", whole.len());
    }
}

#[test]
fn a_long_body_is_compressed_and_a_short_one_is_not() {
    let mut rig = rig();
    let acts: Vec<_> = (0..200).map(|id| Put(id, 1)).collect();
    let (_, long) = run(&mut rig, 1, acts);
    let (_, short) = run(&mut rig, 1, vec![Put(1, 2)]);
    let (long_body, short_body) = (long.record.unwrap().body, short.record.unwrap().body);
    assert_eq!((long_body[1], short_body[1]), (1, 0));
    assert!(long_body.len() < long.payload.len());
    assert_eq!(Body::<Message>::read(1, 0, &long_body).unwrap().payload, long.payload);
    assert!(Body::<Message>::read(1, 0, &long_body[..long_body.len() - 9]).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_a_batch_said_and_changed_is_what_its_record_says(
        values in prop::collection::vec((0_u64..50, any::<u64>().prop_map(|value| value >> 1)), 0..60),
        names in prop::collection::vec("\\PC{0,12}", 0..20),
        words in prop::collection::vec(0_u64..90, 0..40),
    ) {
        let mut rig = rig();
        let mut acts: Vec<_> = values.iter().map(|(id, value)| Put(*id, *value)).collect();
        acts.extend(names.iter().map(|name| PutNamed(name.clone(), 1)));
        acts.extend(words.iter().map(|word| Say(*word)));
        let (_, batch) = run(&mut rig, 1, acts);
        let record = rig.journal().last().unwrap().unwrap();
        let body = Body::<Message>::read(record.seq, record.at, &record.body).unwrap();
        prop_assert_eq!(&body.messages, &batch.messages);
        let ids: std::collections::BTreeSet<u64> = values.iter().map(|(id, _)| *id).collect();
        let changed: Vec<u16> = changes(&batch).into_iter().map(|(table, _, _)| table).collect();
        prop_assert_eq!(changed.iter().filter(|table| **table == 900).count(), ids.len());
    }

    #[test]
    fn nonsense_is_refused_without_a_panic(mut noise in prop::collection::vec(any::<u8>(), 0..200), plain in any::<bool>()) {
        noise.splice(0..0, [1, u8::from(!plain)]);
        if !plain && noise.len() > 5 {
            noise[4..6].fill(0); // a length that fits into memory
        }
        let _ = Body::<Message>::read(1, 0, &noise);
    }
}
