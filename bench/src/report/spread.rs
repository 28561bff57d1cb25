//! The middle of several measurements, and how far they lie apart.

/// A median with the lowest and the highest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// The one in the middle; of an even number the mean of the two.
    pub median: f64,
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
}

impl Spread {
    /// Of `values`; `None` if there are none.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let (low, high) = (*sorted.first()?, *sorted.last()?);
        let median = (sorted[(sorted.len() - 1) / 2] + sorted[sorted.len() / 2]) / 2.0;
        Some(Self { median, low, high })
    }

    /// As text, with `digits` behind the point: `12.5 (11.0 to 13.1)`; without the ends if there is nothing between them.
    pub fn text(self, digits: usize) -> String {
        let [median, low, high] = [self.median, self.low, self.high].map(|value| number(value, digits));
        if low == high { median } else { format!("{median} ({low} to {high})") }
    }
}

/// A number with `digits` behind the point and a comma before each three in front of it.
pub fn number(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        let after = whole.len() - place;
        if place > 0 && after.is_multiple_of(3) && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_one_in_the_middle_or_between_the_two() {
        assert_eq!(Spread::of([3.0, 1.0, 9.0]), Some(Spread { median: 3.0, low: 1.0, high: 9.0 }));
        assert_eq!(Spread::of([4.0, 1.0, 2.0, 9.0]), Some(Spread { median: 3.0, low: 1.0, high: 9.0 }));
        assert_eq!(Spread::of([]), None);
    }

    #[test]
    fn numbers_are_grouped_and_equal_ends_left_out() {
        assert_eq!(Spread::of([1_234_567.0, 999.0, 1_000.0]).unwrap().text(0), "1,000 (999 to 1,234,567)");
        assert_eq!(Spread::of([0.05]).unwrap().text(3), "0.050");
        assert_eq!(number(-123_456.5, 1), "-123,456.5");
    }
}
