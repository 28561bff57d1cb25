//! A picture of medians as bars, with a line from the lowest to the highest.

use super::spread::number;
use super::{Spread, svg};

const LEFT: f64 = 290.0;
const LENGTH: f64 = 380.0;
const STEP: f64 = 28.0;
const TOP: f64 = 44.0;

/// A bar for each of `values`, named, all from zero and to one measure.
pub fn bars(title: &str, digits: usize, values: &[(String, Spread)]) -> String {
    let highest = values.iter().map(|(_, spread)| spread.high).fold(f64::MIN_POSITIVE, f64::max);
    let x = |value: f64| LEFT + LENGTH * value / highest;
    let mut inner = String::new();
    for (place, (name, spread)) in values.iter().enumerate() {
        let y = TOP + STEP * place as f64;
        let middle = y + 10.0;
        inner += &svg::text(LEFT - 10.0, y + 15.0, "", "end", name);
        let width = x(spread.median) - LEFT;
        inner += &format!("<rect class=\"one\" x=\"{LEFT}\" y=\"{y}\" width=\"{width:.1}\" height=\"20\" rx=\"2\"/>\n");
        inner += &svg::line("end", (x(spread.low), middle), (x(spread.high), middle));
        for end in [spread.low, spread.high] {
            inner += &svg::line("end", (x(end), middle - 4.0), (x(end), middle + 4.0));
        }
        inner += &svg::text(x(spread.high) + 8.0, y + 15.0, "quiet", "start", &number(spread.median, digits));
    }
    svg::paper(LEFT + LENGTH + 110.0, TOP + STEP * values.len() as f64 + 12.0, title, &inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_bar_fills_the_width_and_names_are_escaped() {
        let spread = |median| Spread { median, low: median, high: median };

        let picture = bars("orders & more", 0, &[("a<b".into(), spread(10.0)), ("c".into(), spread(5.0))]);

        assert!(picture.contains("orders &amp; more") && picture.contains("a&lt;b"), "{picture}");
        assert!(picture.contains("width=\"380.0\"") && picture.contains("width=\"190.0\""), "{picture}");
    }
}
