//! A picture of figures over time, as lines to one measure.

use std::fmt::Write as _;

use super::spread::number;
use super::svg;

const LEFT: f64 = 56.0;
const TOP: f64 = 96.0;
const LENGTH: f64 = 660.0;
const HEIGHT: f64 = 240.0;
const CLASSES: [&str; 3] = ["line", "line2", "line3"];

/// A line for each of `lines`, named by `names`, of points (seconds, value).
pub fn lines(title: &str, names: &[&str], lines: &[Vec<(f64, f64)>]) -> String {
    let points = || lines.iter().flatten();
    let highest = points().map(|point| point.1).fold(1.0, f64::max);
    let last = points().map(|point| point.0).fold(1.0, f64::max);
    let place = |(x, y): (f64, f64)| (LEFT + LENGTH * x / last, TOP + HEIGHT * (1.0 - y / highest));
    let mut inner = String::new();
    for part in 0..=4 {
        let value = highest * f64::from(part) / 4.0;
        inner += &svg::line("grid", place((0.0, value)), place((last, value)));
        inner += &svg::text(LEFT - 8.0, place((0.0, value)).1 + 4.0, "quiet", "end", &number(value, 2));
        let second = last * f64::from(part) / 4.0;
        inner += &svg::text(place((second, 0.0)).0, TOP + HEIGHT + 20.0, "quiet", "middle", &format!("{second:.0} s"));
    }
    for (place_of, (line, class)) in lines.iter().zip(CLASSES).enumerate() {
        let mut path = String::new();
        for (x, y) in line.iter().map(|point| place(*point)) {
            let _ = write!(path, "{x:.1},{y:.1} ");
        }
        let _ = writeln!(inner, "<polyline class=\"{class}\" points=\"{}\"/>", path.trim_end());
        let y = 44.0 + 16.0 * place_of as f64;
        inner += &svg::line(class, (16.0, y), (40.0, y));
        inner += &svg::text(48.0, y + 4.0, "", "start", names.get(place_of).unwrap_or(&""));
    }
    svg::paper(LEFT + LENGTH + 30.0, TOP + HEIGHT + 36.0, title, &inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_point_is_at_the_top_and_the_last_at_the_right() {
        let picture = lines("t", &["a"], &[vec![(0.0, 0.0), (10.0, 4.0)]]);

        assert!(picture.contains("points=\"56.0,336.0 716.0,96.0\""), "{picture}");
    }
}
