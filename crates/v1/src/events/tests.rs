//! The feed on a real store.

use std::sync::Arc;

use backend::Backend;
use contracts::Recorded;
use host::AtRest;
use host::history::{Reading, recorded};
use sample::walked;

use super::feed::Feed;

#[test]
fn one_who_is_behind_gets_the_same() {
    let dir = walked();
    let mut reading = Reading::open(dir.path(), None).unwrap();
    let mut all: Vec<Recorded> = Vec::new();
    while let Some(passage) = reading.next_passage().unwrap() {
        all.extend(passage.messages.into_iter().map(recorded));
    }
    let reader = store::sqlite::reader(dir.path()).unwrap();
    let backend: Arc<dyn Backend> = Arc::new(AtRest::new(reader, dir.path().to_owned()));
    let last = backend.record_of(all.last().unwrap().id);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let feed = Feed::new(backend);
        let _listening = feed.listen();
        let newest = feed.after(last - 1, last).await.unwrap();
        assert_eq!(newest.iter().map(|record| record.seq).collect::<Vec<_>>(), [last]);
        let (mut seq, mut ids) = (0, Vec::new());
        while seq < last {
            let found = feed.after(seq, last).await.unwrap();
            seq = found.last().unwrap().seq;
            ids.extend(found.iter().flat_map(|record| &record.events).map(|event| event.recorded.id));
        }
        let events: Vec<u64> = all.iter().filter(|said| said.message.kind().is_event()).map(|said| said.id).collect();
        assert_eq!(ids, events);
        assert!(feed.after(last, last + 1).await.is_err(), "it is missing");
    });
}
