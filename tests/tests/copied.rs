//! Every change is told by an event that holds the whole of what changed: from events alone a copy of the shop can be kept.

use proptest::prelude::*;
use tests::core_shop::{Copied, CoreShop, Op, business_tables, busy, offerings, replay, rig};

fn ops() -> impl Strategy<Value = Vec<Op>> {
    prop::collection::vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()), 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_copy_that_is_kept_from_events_is_at_any_moment_what_the_tables_are(ops in ops(), rests in any::<bool>()) {
        let mut shop = CoreShop::new(rig());
        offerings(&mut shop);
        busy(&mut shop, &ops);
        if rests {
            shop.rest();
        }
        let (mut copy, mut other, mut wrong) = (Copied::default(), rig(), None);
        replay(&mut other, &shop.inputs, &[1], |rig, batch| {
            batch.messages.iter().for_each(|envelope| copy.hear(envelope));
            if wrong.is_none() {
                let last = || batch.messages.iter().map(|envelope| envelope.message.name()).collect::<Vec<_>>();
                wrong = copy.differs_from(&Copied::of(rig)).map(|how| format!("after {:?}: {how}", last()));
            }
        });
        prop_assert!(wrong.is_none(), "{}", wrong.unwrap());
        prop_assert_eq!(copy.differs_from(&shop.original()), None);
    }
}

#[test]
fn there_is_a_copy_of_every_table_whose_rows_count_their_changes() {
    let counted = business_tables().into_iter().filter(|table| table.columns.contains(&"version"));
    // My page is such a copy itself.
    for table in counted.filter(|table| table.name != "my_page") {
        assert!(
            Copied::TABLES.contains(&table.name),
            "events say the whole of a row of {}: keep it in the copy",
            table.name
        );
    }
}
