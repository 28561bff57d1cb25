//! The feed on a real store.

use contracts::Message;
use engine::Envelope;

use super::feed::Feed;
use host::history::Reading;
use sample::walked;

#[test]
fn one_who_is_behind_gets_the_same() {
    let dir = walked();
    let mut reading = Reading::open(dir.path(), None).unwrap();
    let mut all: Vec<Envelope<Message>> = Vec::new();
    while let Some(passage) = reading.next_passage().unwrap() {
        all.extend(passage.messages);
    }
    let last = engine::record_of(all.last().unwrap().id);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let feed = Feed::new(dir.path());
        let _listening = feed.listen();
        let newest = feed.after(last - 1, last).await.unwrap();
        assert_eq!(newest.iter().map(|record| record.seq).collect::<Vec<_>>(), [last]);
        let (mut seq, mut ids) = (0, Vec::new());
        while seq < last {
            let found = feed.after(seq, last).await.unwrap();
            seq = found.last().unwrap().seq;
            ids.extend(found.iter().flat_map(|record| &record.events).map(|event| event.envelope.id));
        }
        let events: Vec<u64> =
            all.iter().filter(|envelope| envelope.message.kind().is_event()).map(|envelope| envelope.id).collect();
        assert_eq!(ids, events);
        assert!(feed.after(last, last + 1).await.err().unwrap().contains("it is missing"));
    });
}
