//! How much of the journal an order takes. Every event holds the whole of what it changed; what that costs is held to here.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also what is no test function")]

use contracts::commands::{PlaceOrder, RegisterOffering};
use contracts::{Money, StorefrontNo};
use tests::core_shop::{COUPON, CoreShop, Input, MOVIE, SHOP, SHOW, feed, place, rig};

/// So many orders in one batch: the middle of a rush.
const TOGETHER: usize = 500;
/// So many orders, each in a batch of its own.
const APART: usize = 50;

fn wanted(storefront: StorefrontNo, at: usize) -> PlaceOrder {
    PlaceOrder { customer: format!("customer-{at}").into(), ..place(storefront, 1, 2, 1, Some("approve")) }
}

fn opened(storefront: StorefrontNo) -> CoreShop {
    let mut shop = CoreShop::new(rig());
    let register = RegisterOffering {
        name: Some("지킬앤하이드".into()),
        reference: Some("1".into()),
        stock: 1_000_000,
        ..RegisterOffering::of(storefront, Money::krw(150_000))
    };
    shop.ask(register).unwrap();
    shop
}

/// The bytes of all records after `seq`.
fn bytes(shop: &mut CoreShop, seq: u64) -> usize {
    let records = shop.rig.journal().read(seq + 1, usize::MAX >> 1).unwrap();
    records.iter().map(|record| record.body.len()).sum()
}

fn together(storefront: StorefrontNo) -> usize {
    let mut shop = opened(storefront);
    let seq = shop.rig.core.seq();
    let (_, batch) = shop.rig.batch(|core| {
        for at in 0..TOGETHER {
            feed(core, at, &Input::Ask(wanted(storefront, at).into())).unwrap();
        }
    });
    shop.took(batch);
    shop.rest();
    bytes(&mut shop, seq) / TOGETHER
}

fn apart(storefront: StorefrontNo) -> usize {
    let mut shop = opened(storefront);
    let seq = shop.rig.core.seq();
    for at in 0..APART {
        shop.ask(wanted(storefront, at)).unwrap();
    }
    bytes(&mut shop, seq) / APART
}

#[test]
fn an_order_takes_no_more_of_the_journal_than_is_known() {
    // An order that is paid for tells that it was asked for the money, too: an event with the whole of the order.
    for (storefront, most_together, most_apart) in
        [(SHOW, 280, 660), (MOVIE, 270, 670), (COUPON, 1_110, 1_470), (SHOP, 1_110, 1_580)]
    {
        let (together, apart) = (together(storefront), apart(storefront));
        println!("storefront {}: {together} bytes together, {apart} apart", storefront.0);
        assert!(together <= most_together && apart <= most_apart, "{storefront:?}: {together}, {apart}");
    }
}
