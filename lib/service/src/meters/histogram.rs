//! How values are distributed. Counted without a lock: the library's own histogram takes one for each value.

use std::sync::atomic::{AtomicU64, Ordering};

/// The sum is kept in millionths, as an integer.
const PARTS: f64 = 1_000_000.0;

/// Counts values in buckets.
#[derive(Debug)]
pub struct Histogram {
    bounds: &'static [f64],
    /// One for each bound, and one for what is above all of them.
    counts: Box<[AtomicU64]>,
    sum: AtomicU64,
}

/// What a histogram has counted.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Counted {
    pub sum: f64,
    pub count: u64,
    /// The upper bounds, each with how many values are in the bucket below it.
    pub buckets: Vec<(f64, u64)>,
}

impl Histogram {
    /// With buckets up to and including each of `bounds`, which ascend, and one above.
    pub fn new(bounds: &'static [f64]) -> Self {
        Self { bounds, counts: (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect(), sum: AtomicU64::new(0) }
    }

    /// Counts `value`, which is not below zero.
    pub fn observe(&self, value: f64) {
        let bucket = self.bounds.partition_point(|bound| *bound < value);
        self.counts[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum.fetch_add((value * PARTS) as u64, Ordering::Relaxed);
    }

    /// Whether nothing was counted yet.
    pub fn is_empty(&self) -> bool {
        self.counts.iter().all(|count| count.load(Ordering::Relaxed) == 0)
    }

    pub(super) fn counted(&self) -> Counted {
        let bounds = self.bounds.iter().copied().chain([f64::INFINITY]);
        let buckets: Vec<_> = bounds.zip(self.counts.iter().map(|count| count.load(Ordering::Relaxed))).collect();
        let count = buckets.iter().map(|(_, count)| count).sum();
        Counted { sum: self.sum.load(Ordering::Relaxed) as f64 / PARTS, count, buckets }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_counted_in_the_first_bucket_that_it_fits() {
        let histogram = Histogram::new(&[0.5, 1.0]);
        assert!(histogram.is_empty());
        for value in [0.25, 0.5, 0.75, 3.0] {
            histogram.observe(value);
        }
        let buckets = vec![(0.5, 2), (1.0, 1), (f64::INFINITY, 1)];
        assert_eq!(histogram.counted(), Counted { sum: 4.5, count: 4, buckets });
    }
}
