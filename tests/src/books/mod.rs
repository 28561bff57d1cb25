//! Several shops at one payment provider, and a restore beside a provider that remembers: the books of all of them agree to the won.

mod shops;

use std::collections::BTreeMap;

use crate::{Client, Home, Ledger, Shop, Start, maejin};
use serde_json::json;
use shops::{Charges, at_provider, buy, settled};

/// What a run came to.
#[derive(Debug)]
pub struct Books {
    /// How many charges the provider has, and how many refunds.
    pub provider: (i64, i64),
    /// What the provider keeps, before what a restore lost was given back, and after.
    pub net: (i64, i64),
    /// What is paid in the two shops, and in the one restored.
    pub paid: [i64; 3],
    /// How many charges a restore lost, and how much money.
    pub lost: (usize, i64),
}

/// Two shops sell `orders` each at one provider; one of them is backed up, sells `orders` more, is restored, and sells `orders` again.
///
/// # Panics
/// If a book does not agree with another.
pub fn agree(orders: usize) -> Books {
    let provider = Shop::open();
    let url = provider.provider_url();
    let (mut one, mut other) = (at_provider(&url, Home::default()), at_provider(&url, Home::default()));
    [&one, &other].into_iter().for_each(shops::put_on_sale);
    std::thread::scope(|scope| {
        scope.spawn(|| buy(&other, orders));
        buy(&one, orders);
    });
    [&one, &other].into_iter().for_each(settled);
    let to = one.home().path().join("monday");
    let data = |home: &Home| home.data().to_string_lossy().into_owned();
    maejin(["backup", "--data", &data(one.home()), "--to", &to.to_string_lossy()]).with_code(0);
    [&mut one, &mut other].into_iter().for_each(Shop::stop);
    let sum = Charges::of(&one).paid() + Charges::of(&other).paid();
    assert_eq!(Ledger::at(&url).net(), sum, "the provider keeps what is paid in two shops");
    for shop in [&one, &other] {
        shop.check_provider(&url).with_code(0);
    }

    one.start_again();
    buy(&one, orders);
    settled(&one);
    one.stop();
    one.check_provider(&url).with_code(0);
    let home = Home::default();
    maejin(["restore", "--from", &to.to_string_lossy(), "--data", &data(&home)]).with_code(0);
    let mut restored = at_provider(&url, home);
    buy(&restored, orders);
    settled(&restored);
    restored.stop();

    let (before, after) = (Charges::of(&one), Charges::of(&restored));
    let lost: BTreeMap<&String, i64> = before.kept().filter(|(key, _)| !after.has(key)).collect();
    let lost_won: i64 = lost.values().sum();
    let net = Ledger::at(&url).net();
    let paid = [&before, &Charges::of(&other), &after].map(Charges::paid);
    assert!(!lost.is_empty(), "what was sold after the backup is lost by the restore");
    assert_eq!(net, paid[1] + paid[2] + lost_won, "nothing that the restored shop sold was paid by anybody else");
    assert!(after.new_keys(&before) >= orders / 2, "after the restore every charge has a key of its own");
    let checked = restored.check_provider(&url).with_code(1);
    assert_eq!(checked.out.matches("BROKEN").count(), 2, "the rule, and the verdict: {}", checked.out);
    let rows = lost.len().min(20);
    assert_eq!(checked.out.matches("another, before a restore").count(), rows, "{}", checked.out);
    for key in lost.keys() {
        let header = [("Idempotency-Key".to_owned(), format!("lost-{key}"))];
        let given_back =
            Client::default().call("POST", &format!("{url}/refunds"), &header, Some(&json!({ "charge_key": key })));
        assert_eq!(given_back.expect("the provider answers").is(200)["status"], "refunded");
    }
    restored.check_provider(&url).with_code(0);
    other.check_provider(&url).with_code(0);
    let ledger = Ledger::at(&url);
    assert_eq!(ledger.net(), paid[1] + paid[2]);
    assert_eq!(ledger.charged_twice(), [""; 0]);
    let provider = (ledger.charged().0, ledger.refunded().0);
    Books { provider, net: (net, ledger.net()), paid, lost: (lost.len(), lost_won) }
}

/// How a shop at the provider `url` is started, one that gives up on a call soon, so that answers are lost.
fn start(url: &str) -> Start {
    Start::open().env("MAEJIN_PAYMENT__URL", url).env("MAEJIN_PAYMENT__TIMEOUT_MS", "300")
}
