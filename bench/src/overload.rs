//! Three times as many as the shop can serve, for a minute, then half: what is still sold, and how soon all is well again.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::load::{Load, Pace, Reading, Requests, SLICE, Slice, Tally, below_ms};
use crate::report;
use crate::scenario::{self, CONNECTIONS, Scenario};
use crate::server::{self, Server};

/// How many times the capacity come.
const TIMES: f64 = 3.0;
/// What comes afterwards, as a part of the capacity.
const AFTER: f64 = 0.5;
/// Above this latency, in microseconds, the shop is not itself yet.
const ITSELF_US: u64 = 100_000;

/// How long each part lasts, and how many come.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    /// Finding the capacity.
    pub capacity: Duration,
    /// The overload.
    pub overload: Duration,
    /// What comes afterwards.
    pub after: Duration,
    /// How many connections the crowd has: more than requests may wait in the shop, so that it has to refuse.
    pub crowd: usize,
}

/// What came of it.
struct Outcome {
    /// How many the HTTP stack with nothing behind it answers each second on the crowd's connections.
    ceiling: f64,
    /// How many the shop serves each second.
    capacity: f64,
    crowd: Tally,
    after: Tally,
    /// How long the last of the crowd waited when it was over: that is part of becoming itself again.
    last_waited: Duration,
    /// In MB: before, at the most, afterwards.
    memory: [f64; 3],
}

/// Overloads the shop with orders of `scenario`; prints what came of it, and gives a picture.
///
/// # Errors
/// If the shop cannot be loaded.
pub fn run(scenario: &Scenario, storefronts: &Path, parts: Parts) -> Result<String, String> {
    let ceiling = ceiling(parts)?;
    let data = tempfile::tempdir().map_err(|error| format!("no directory for a store: {error}"))?;
    let server = Server::shop(data.path(), storefronts)?;
    (scenario.prepare)(&server, parts.overload)?;
    let load = |connections, pace, lasts| {
        let mut requests = (scenario.requests)();
        loaded(&server, &Reading::new(scenario.done), &mut requests, connections, (pace, lasts))
    };
    let capacity = per_second(&load(CONNECTIONS, Pace::Closed, parts.capacity)?);
    server.settled()?;
    let (memory_before, _) = server.memory_mb()?;
    let began = Instant::now();
    let crowd = load(parts.crowd, Pace::Open(capacity * TIMES), parts.overload)?;
    let last_waited = began.elapsed().saturating_sub(parts.overload);
    let after = load(parts.crowd, Pace::Open(capacity * AFTER), parts.after)?;
    let (memory_after, memory_most) = server.memory_mb()?;
    server::stop(server)?;
    let memory = [memory_before, memory_most, memory_after];
    let outcome = Outcome { ceiling, capacity, crowd, after, last_waited, memory };
    outcome.tell(parts);
    Ok(picture(capacity, parts, &outcome.crowd, &outcome.after))
}

/// How many the HTTP stack with nothing behind it answers each second on the crowd's connections: more than that nobody can, whatever
/// the answer is.
fn ceiling(parts: Parts) -> Result<f64, String> {
    let data = tempfile::tempdir().map_err(|error| format!("no directory for a store: {error}"))?;
    let server = Server::ceiling(data.path())?;
    let null = scenario::null();
    let (reading, mut requests) = (Reading::new(null.done), (null.requests)());
    let tally = loaded(&server, &reading, &mut requests, parts.crowd, (Pace::Closed, parts.capacity))?;
    server::stop(server)?;
    Ok(per_second(&tally))
}

fn loaded(
    server: &Server,
    reading: &Reading,
    requests: &mut Requests,
    connections: usize,
    (pace, lasts): (Pace, Duration),
) -> Result<Tally, String> {
    Load { address: server.address, connections, pace, lasts, at_most: None }.run(reading, requests)
}

impl Outcome {
    fn tell(&self, parts: Parts) {
        let Self { ceiling, capacity, crowd, after, last_waited, memory } = self;
        let (useful, many) = (per_second(crowd), parts.crowd);
        let percentiles = |times| [50.0, 99.0, 100.0].map(|percent| below_ms(times, percent));
        println!("capacity, {CONNECTIONS} connections in a closed loop: {capacity:.0} orders/s");
        println!("the HTTP stack with nothing behind it, {many} connections in a closed loop: {ceiling:.0}/s");
        println!(
            "at {TIMES} times the capacity for {:?}, {many} connections: {useful:.0} orders/s, {:.2} of the capacity",
            parts.overload,
            useful / capacity,
        );
        let [half, most, longest] = percentiles(&crowd.answering);
        println!("those were answered within {half:.0} ms (half), {most:.0} ms (99 %), {longest:.0} ms (all)");
        println!("counted from when they were due, p99 {:.0} ms", crowd.latency_ms(99.0));
        let [half, most, longest] = percentiles(&crowd.turning_away);
        println!(
            "told to come again {} ({} of them not when), within {half:.0} ms (half), {most:.0} ms (99 %), {longest:.0} ms (all)",
            crowd.busy, crowd.busy_without_retry_after,
        );
        println!(
            "broken {}, wrong {}, due but never sent for want of a connection {}; a mishap: {:?}",
            crowd.broken, crowd.wrong, crowd.unsent, crowd.oddity
        );
        let [before, at_most, afterwards] = memory;
        println!("memory: {before:.0} MB before, {at_most:.0} MB at most, {afterwards:.0} MB afterwards");
        println!("the load itself took {:.2} of a core", crowd.own_cpu.as_secs_f64() / parts.overload.as_secs_f64());
        match itself_again(&after.slices) {
            Some(time) => println!("itself again {:.2} s after the last had come", (*last_waited + time).as_secs_f64()),
            None => println!("not itself again within {:?}", parts.after),
        }
    }
}

fn per_second(tally: &Tally) -> f64 {
    tally.done as f64 / tally.lasted.as_secs_f64()
}

/// How long it takes until nobody is told to come again and nobody waits long; `None` if that is never so for good.
fn itself_again(slices: &[Slice]) -> Option<Duration> {
    let is_itself =
        |slice: &Slice| slice.busy == 0 && slice.done > 0 && slice.latency.value_at_percentile(99.0) < ITSELF_US;
    let last_bad = slices.iter().rposition(|slice| !is_itself(slice));
    let good_from = last_bad.map_or(0, |place| place + 1);
    let before = u32::try_from(good_from).ok()?;
    (good_from < slices.len()).then_some(SLICE * before)
}

fn picture(capacity: f64, parts: Parts, crowd: &Tally, after: &Tally) -> String {
    let each = SLICE.as_secs_f64();
    let slices = crowd.slices.iter().map(|slice| (0.0, slice));
    let slices: Vec<(f64, &Slice)> =
        slices.chain(after.slices.iter().map(|slice| (parts.overload.as_secs_f64(), slice))).collect();
    let at = |place: usize, start: f64| {
        let place = if start > 0.0 { place - crowd.slices.len() } else { place };
        start + place as f64 * each
    };
    let line = |of: &dyn Fn(&Slice) -> f64| -> Vec<(f64, f64)> {
        slices.iter().enumerate().map(|(place, (start, slice))| (at(place, *start), of(slice))).collect()
    };
    let sold = line(&|slice| slice.done as f64 / each / capacity);
    let busy = line(&|slice| slice.busy as f64 / each / capacity);
    let slow = line(&|slice| below_ms(&slice.answering, 99.0) / 1_000.0);
    let title = format!("{TIMES} times the capacity of {capacity:.0} orders/s, then half of it");
    let names = [
        "confirmed, of the capacity",
        "told to come again, of the capacity",
        "p99 of the answers from when they were sent, in seconds",
    ];
    report::lines(&title, &names, &[sold, busy, slow])
}

#[cfg(test)]
mod tests {
    use hdrhistogram::Histogram;

    use super::*;

    fn slice(done: u64, busy: u64, latency_us: u64) -> Slice {
        let mut latency = Histogram::new_with_bounds(1, 10_000_000, 2).unwrap();
        latency.record(latency_us).unwrap();
        Slice { done, busy, answering: latency.clone(), latency }
    }

    #[test]
    fn it_is_itself_again_after_the_last_that_was_refused_or_waited_long() {
        let (good, refused, slow) = (slice(9, 0, 900), slice(9, 1, 900), slice(9, 0, 700_000));

        assert_eq!(itself_again(&[good.clone(), good.clone()]), Some(Duration::ZERO));
        assert_eq!(itself_again(&[good.clone(), slow.clone(), good.clone()]), Some(SLICE * 2));
        assert_eq!(itself_again(&[refused, good.clone()]), Some(SLICE));
        assert_eq!(itself_again(&[good, slow]), None);
    }
}
