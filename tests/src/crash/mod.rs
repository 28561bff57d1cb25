//! Killed under load, round after round: what was acknowledged is there, nothing is half done, and the shop is ready again soon.
//! The test with twenty rounds and `cargo xtask crash` are both this.

mod buyers;
mod whole;

use std::time::{Duration, Instant};

use world::{Random, SeededRandom};

use crate::{Shop, begun, maejin, pause, while_running};
use buyers::{Done, Market};

/// How many of each thing there are: more than are ever bought.
pub(crate) const CAPACITY: i64 = 100_000_000;
pub(crate) const TICKET: i64 = 1_000;
pub(crate) const COUPON: i64 = 15_000;
pub(crate) const GOODS: i64 = 2_000;
/// How many buy at once.
const BUYERS: usize = 12;
/// How many fill the store before the first round.
const FILLERS: usize = 48;
/// A round lasts so long at least, and at most so much longer, in milliseconds.
const ROUND_MS: (u64, u64) = (50, 351);
/// In one round of so many a backup runs when the shop is killed.
const BACKUP_EVERY: u64 = 4;

/// What to do.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// How often the shop is killed.
    pub rounds: usize,
    /// What the rounds are like follows from this.
    pub seed: u64,
    /// How many orders there are in the store before the first round.
    pub orders: u64,
}

/// What came of one round.
#[derive(Debug)]
pub struct Round {
    /// Its number, from 1.
    pub number: usize,
    /// When it was killed.
    pub after: Duration,
    /// How much was acknowledged before that.
    pub acknowledged: usize,
    /// How much of that was taken back or given back.
    pub cancelled: usize,
    /// Whether a backup was under way.
    pub backup: bool,
    /// How long it took until the next one was ready.
    pub ready: Duration,
}

/// Kills a shop `plan.rounds` times; each round is `told` of.
///
/// # Panics
/// If anything acknowledged is lost, or anything is half done.
pub fn rounds(plan: Plan, mut told: impl FnMut(&Round)) -> Vec<Round> {
    let chance = SeededRandom::new(plan.seed);
    let mut shop = Shop::open();
    open_sale(&shop, plan.orders);
    let (mut all, mut rounds) = (Vec::new(), Vec::new());
    for number in 1..=plan.rounds {
        let market = Market::at(&shop, number, chance.next_u64());
        let after = Duration::from_millis(ROUND_MS.0 + chance.next_u64() % ROUND_MS.1);
        let backup = chance.next_u64().is_multiple_of(BACKUP_EVERY);
        let mut done = killed_under_load(&mut shop, &market, after, backup);
        shop.check().with_code(0);
        let start = Instant::now();
        shop.start_again();
        let ready = start.elapsed();
        let acknowledged = done.iter().filter(|one| one.is_acknowledged()).count();
        let cancelled = done.iter().filter(|one| one.is_cancelled()).count();
        whole::asked_again(&shop, &mut done);
        whole::is_all_there(&shop, &done);
        let round = Round { number, after, acknowledged, cancelled, backup, ready };
        told(&round);
        rounds.push(round);
        all.extend(done);
    }
    let acknowledged: usize = rounds.iter().map(|round| round.acknowledged).sum();
    assert!(acknowledged > plan.rounds * BUYERS, "there was hardly any load: {acknowledged} acknowledged");
    whole::is_all_there(&shop, &all);
    whole::nothing_is_half_done(&shop, plan.orders);
    shop.stop();
    shop.check().with_code(0);
    rounds
}

fn open_sale(shop: &Shop, orders: u64) {
    let (show, coupon, mall) = (shop.paths("show"), shop.paths("coupon"), shop.paths("shop"));
    show.http(&format!("POST /tickets id=1 showId=1 showName=A stock={CAPACITY} amount={TICKET}")).is(201);
    coupon.http(&format!("POST /coupons couponId=1 couponName=A amt={COUPON} stock={CAPACITY}")).is(201);
    mall.http(&format!("POST /inventories id=1 price={GOODS} stock={CAPACITY}")).is(201);
    let movie = shop.paths("movie");
    movie.http(&format!("POST /movies movieName=A qty={CAPACITY} description=B")).is(201);
    crate::at_once(FILLERS, |filler| {
        for _ in (filler as u64..orders).step_by(FILLERS) {
            movie.http(&format!("POST /reservations userId={filler} userName=A movieId=1 count=1")).is(201);
        }
    });
}

/// Has buyers buy until the shop is killed under their hands, perhaps while a backup runs.
fn killed_under_load(shop: &mut Shop, market: &Market, after: Duration, backup: bool) -> Vec<Done> {
    let to = shop.home().path().join("backup");
    let (data, text) = (shop.home().data(), to.to_string_lossy().into_owned());
    let data = data.to_string_lossy();
    let (done, copying) = while_running(
        BUYERS,
        |buyer| market.turn(buyer),
        || {
            let copying = backup.then(|| begun(["backup", "--data", &data, "--to", &text]));
            pause(after);
            shop.kill();
            copying
        },
    );
    if let Some(mut copying) = copying {
        let ended = copying.wait().expect("a backup ends");
        assert!(ended.success(), "a backup does not mind that the shop is killed: {ended}");
        let elsewhere = shop.home().path().join("restored");
        maejin(["restore", "--from", &text, "--data", &elsewhere.to_string_lossy()]).with_code(0);
        maejin(["check", "--data", &elsewhere.to_string_lossy()]).with_code(0);
        for dir in [to, elsewhere] {
            std::fs::remove_dir_all(dir).expect("a backup can be removed");
        }
    }
    done.into_iter().flatten().collect()
}
