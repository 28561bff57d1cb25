//! `maejin offerings seats`.

use std::path::Path;

use serde_json::{Value, json};

use super::Address;
use super::offerings::line;
use super::output::print;
use super::shop::{Shop, problem_text};
use crate::args::SeatsVerb;
use crate::seat_list::{SeatList, Wrong};

/// So much of what is wrong is shown.
const SHOWN: usize = 100;

/// Does what is asked.
///
/// # Errors
/// Why it was not done.
pub fn run(what: &SeatsVerb) -> Result<(), String> {
    let SeatsVerb::Import { offering, file, at } = what;
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("cannot read the seats in {}: {error}", file.display()))?;
    let SeatList { seats, lines } = SeatList::read(&text).map_err(|wrong| told(file, &wrong))?;
    let address = Address::named("offerings", offering).then("seats");
    let body = json!({ "seats": seats });
    let done = Shop::of(at)?.send_or("POST", &address, Some(&body), |status, problem| {
        let wrong = wrong_seats(problem, &lines);
        if wrong.is_empty() { problem_text(status, problem) } else { told(file, &wrong) }
    })?;
    print(&done, at.json, |of| format!("{} seats are as {} says\n{}", seats.len(), file.display(), line(of)))
}

/// What the shop found wrong with seats, by the lines that they stand in.
fn wrong_seats(problem: &Value, lines: &[usize]) -> Vec<Wrong> {
    let errors = problem["errors"].as_array().into_iter().flatten();
    let wrong = errors.filter_map(|error| {
        let (at, part) = error["field"].as_str()?.strip_prefix("seats[")?.split_once(']')?;
        let line = *lines.get(at.parse::<usize>().ok()?)?;
        let (part, why) = (part.trim_start_matches('.'), error["message"].as_str()?);
        Some((line, if part.is_empty() { why.to_owned() } else { format!("{part}: {why}") }))
    });
    wrong.collect()
}

fn told(file: &Path, wrong: &[Wrong]) -> String {
    let mut lines = vec![format!("nothing was changed: {} is wrong in these places", file.display())];
    lines.extend(wrong.iter().take(SHOWN).map(|(line, why)| format!("  line {line}: {why}")));
    if wrong.len() > SHOWN {
        lines.push(format!("  and {} more", wrong.len() - SHOWN));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_shop_finds_wrong_is_told_by_lines() {
        let problem = json!({ "errors": [
            { "field": "seats[1].price", "message": "too dear" },
            { "field": "seats[0]", "message": "it is there" },
            { "field": "offering", "message": "none" },
        ] });
        let wrong = wrong_seats(&problem, &[2, 5]);
        assert_eq!(wrong, [(5, "price: too dear".to_owned()), (2, "it is there".to_owned())]);
        assert!(told(Path::new("a.csv"), &wrong).contains("\n  line 5: price: too dear"));
    }
}
