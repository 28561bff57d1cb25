//! A backup is made while everybody buys, is whole or none, and is a shop again elsewhere.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use tests::{Ended, Home, Shop, Start, begun, eventually, maejin, pause, while_running};

const BUYERS: usize = 64;
const STOCK: usize = 1_000_000;
/// So many orders are acknowledged before the backup under load begins.
const BEFORE: usize = 500;

fn shop_with_tickets() -> Shop {
    let shop = Shop::open();
    shop.paths("show").http(&format!("POST /tickets id=1 showId=1 showName=A stock={STOCK} amount=1000")).is(201);
    shop.paths("shop").http(&format!("POST /inventories id=1 price=2000 stock={STOCK}")).is(201);
    shop
}

fn backup(shop: &Shop, to: &Path) -> Ended {
    maejin(["backup", "--json", "--data", &text(&shop.home().data()), "--to", &text(to)])
}

fn restore(from: &Path, data: &Path) -> Ended {
    maejin(["restore", "--json", "--from", &text(from), "--data", &text(data)])
}

fn text(path: &Path) -> String {
    path.to_str().expect("a readable path").to_owned()
}

fn json(ended: &Ended) -> serde_json::Value {
    serde_json::from_str(&ended.out).unwrap_or_else(|error| panic!("{error} in {}", ended.out))
}

/// A backup of a small shop, and the shop, which still runs.
fn backed_up() -> (Shop, PathBuf) {
    let shop = shop_with_tickets();
    for buyer in 0..20 {
        shop.paths("show").http(&format!("POST /reservations userId={buyer} showId=1 qty=1")).is(201);
    }
    let to = shop.home().path().join("monday");
    backup(&shop, &to).with_code(0);
    (shop, to)
}

#[test]
fn a_backup_under_load_has_every_order_that_was_acknowledged_before_it_began() {
    let mut shop = shop_with_tickets();
    let (show, mall) = (shop.paths("show"), shop.paths("shop"));
    let acknowledged: Mutex<Vec<(bool, u64)>> = Mutex::default();
    let order = |buyer: usize| {
        let is_paid = buyer.is_multiple_of(4);
        let reply = match is_paid {
            true => mall.http(&format!("POST /orders productId=1 customerId={buyer} qty=1")),
            false => show.http(&format!("POST /reservations userId={buyer} showId=1 qty=1")),
        };
        acknowledged.lock().expect("no buyer failed").push((is_paid, reply.is(201).number()));
        Some(())
    };
    let to = shop.home().path().join("monday");
    let (after, before) = while_running(BUYERS, order, || {
        let so_far = || acknowledged.lock().expect("no buyer failed").clone();
        let before = eventually("orders", || Some(so_far()).filter(|all| all.len() >= BEFORE));
        let made = json(&backup(&shop, &to).with_code(0));
        assert!(made["last_record"].as_u64() >= Some(1), "{made}");
        before
    });
    assert!(after.len() > before.len(), "orders went on while the backup was made");
    shop.stop();
    let home = Home::default();
    let restored = json(&restore(&to, &home.data()).with_code(0));
    let orders = restored["orders"].as_array().expect("a list").iter().filter_map(|of| of["orders"].as_u64()).sum();
    assert!((before.len() as u64..=after.len() as u64).contains(&orders), "{restored}");
    let mut elsewhere = Start::open().run_in(home);
    let (show, mall) = (elsewhere.paths("show"), elsewhere.paths("shop"));
    for (is_paid, number) in before {
        match is_paid {
            true => mall.http(&format!("/orders/{number}")).is(200),
            false => show.http(&format!("/reservations/{number}")).is(200),
        };
    }
    elsewhere.stop();
    elsewhere.check().with_code(0);
}

#[test]
fn a_backup_that_is_not_what_was_written_is_refused_and_nothing_is_written() {
    let (shop, to) = backed_up();
    let data = shop.home().path().join("elsewhere");
    let refused = |why: &str| {
        let ended = restore(&to, &data).with_code(1);
        assert!(ended.err.contains(why), "expected {why:?} in {}", ended.err);
        assert!(!data.exists(), "nothing is written");
    };
    for name in ["journal.db", "tables.db", "manifest.json"] {
        let file = to.join(name);
        let whole = std::fs::read(&file).expect("a file of the backup");
        for at in [30, whole.len() / 2, whole.len() - 3] {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            std::fs::write(&file, flipped).expect("it can be written");
            refused(name);
        }
        std::fs::write(&file, &whole[..whole.len() / 2]).expect("it can be cut");
        refused(name);
        std::fs::remove_file(&file).expect("it can be removed");
        refused(name);
        std::fs::write(&file, whole).expect("it can be put back");
    }
    restore(&to, &data).with_code(0);
}

#[test]
fn a_backup_that_was_killed_is_none_and_the_next_one_takes_its_place() {
    let (shop, whole) = backed_up();
    let (to, data) = (shop.home().path().join("tuesday"), shop.home().path().join("elsewhere"));
    let growing = shop.home().path().join("tuesday.unfinished");
    let killed_halfway = (0..400).map(|turn| turn % 50).find(|ms| {
        let mut process = begun(["backup", "--data", &text(&shop.home().data()), "--to", &text(&to)]);
        pause(Duration::from_millis(*ms));
        process.kill().expect("a process of one's own can be killed");
        process.wait().expect("a process that was killed ends");
        if to.exists() {
            restore(&to, &data).with_code(0); // it was whole before it was killed
            for dir in [&to, &data] {
                std::fs::remove_dir_all(dir).expect("it can be removed");
            }
        }
        growing.join("journal.db").exists() && !growing.join("manifest.json").exists() // with a manifest it is whole
    });
    assert!(killed_halfway.is_some(), "no backup was killed halfway");
    for none in [&to, &growing] {
        let refused = restore(none, &data).with_code(1);
        assert!(refused.err.contains("is no finished backup"), "{}", refused.err);
        assert!(!data.exists(), "nothing is written");
    }
    backup(&shop, &to).with_code(0);
    assert!(!growing.exists(), "what the killed one left is gone");
    assert!(whole.exists(), "other backups are left alone");
    restore(&to, &data).with_code(0);
}

#[test]
fn nothing_that_is_there_is_written_over() {
    let (shop, to) = backed_up();
    let again = backup(&shop, &to).with_code(1);
    assert!(again.err.contains("exists already"), "{}", again.err);
    let full = restore(&to, shop.home().path()).with_code(1);
    assert!(full.err.contains("is not empty"), "{}", full.err);
    let in_use = restore(&to, &shop.home().data()).with_code(1);
    assert!(in_use.err.contains("is not empty"), "{}", in_use.err);
    let nowhere = shop.home().path().join("nowhere");
    let missing = maejin(["backup", "--data", &text(&nowhere), "--to", &text(&nowhere.join("x"))]).with_code(1);
    assert!(missing.err.contains("there is no store in"), "{}", missing.err);
    let unmounted = backup(&shop, &nowhere.join("monday")).with_code(1);
    assert!(unmounted.err.contains("nowhere"), "{}", unmounted.err);
    assert!(!nowhere.exists(), "a place for backups that is not there is not made up");
}

#[test]
fn a_restore_that_did_not_end_is_no_store_and_can_be_run_again() {
    let (shop, to) = backed_up();
    let home = Home::default();
    restore(&to, &home.data()).with_code(0);
    // As it is between the last two steps of a restore.
    let journal = home.data().join("journal.db");
    for passing in ["journal.db-wal", "journal.db-shm", "tables.db-wal", "tables.db-shm"] {
        let _ = std::fs::remove_file(home.data().join(passing));
    }
    std::fs::rename(&journal, home.data().join("journal.db.restoring")).expect("it can be renamed");
    let refused = Start::open().refused(&home.data()).with_code(1);
    assert!(refused.err.contains("did not end"), "{}", refused.err);
    restore(&to, &home.data()).with_code(0);
    drop(shop);
    let elsewhere = Start::open().run_in(home);
    assert_eq!(elsewhere.paths("show").http("/tickets/1").is(200)["stock"], STOCK - 20);
}
