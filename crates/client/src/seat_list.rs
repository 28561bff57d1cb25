//! A seller's list of seats: a CSV file (RFC 4180) with a line of heads. All that is wrong with it is found at once, line by line.

use std::collections::HashMap;

use contracts::limits::{AMOUNT_MAX, NAME_MAX, SEAT_NUMBER_MAX};
use serde_json::{Map, Value, json};

/// What a list can say of a seat.
const HEADS: [&str; 5] = ["row", "number", "grade", "price", "withheld"];
/// So many seats are sent at once.
const SEATS_MAX: usize = 10_000;

/// Seats as they are sent, each with the line that it stands in.
#[derive(Debug, Default, PartialEq)]
pub struct SeatList {
    /// What is sent of each.
    pub seats: Vec<Value>,
    /// The line of each, the first of the file being 1.
    pub lines: Vec<usize>,
}

/// What is wrong, with the line that it is wrong in.
pub type Wrong = (usize, String);

impl SeatList {
    /// The seats that `text` lists.
    ///
    /// # Errors
    /// All that is wrong.
    pub fn read(text: &str) -> Result<Self, Vec<Wrong>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut records = records(text)?.into_iter();
        let (_, heads) = records.next().ok_or_else(|| vec![(1, "there is no line of heads".to_owned())])?;
        let heads = heads.iter().map(|head| head.trim().to_lowercase()).collect::<Vec<_>>();
        are_heads(&heads)?;
        let (mut list, mut wrong, mut seen) = (Self::default(), Vec::new(), HashMap::new());
        for (line, cells) in records {
            if cells.len() != heads.len() {
                wrong.push((line, format!("it has {} cells, and there are {} heads", cells.len(), heads.len())));
                continue;
            }
            let mut seat = Map::new();
            let before = wrong.len();
            for (head, cell) in heads.iter().zip(&cells) {
                match value(head, cell.trim()) {
                    Ok(Value::Null) => {}
                    Ok(value) => drop(seat.insert(head.clone(), value)),
                    Err(why) => wrong.push((line, why)),
                }
            }
            if wrong.len() > before {
                continue;
            }
            if let Some(other) = seen.insert((seat["row"].clone(), seat["number"].clone()), line) {
                wrong.push((line, format!("the row and the number are those of line {other}")));
            }
            list.seats.push(seat.into());
            list.lines.push(line);
        }
        if list.seats.is_empty() && wrong.is_empty() {
            wrong.push((1, "there are no seats below the heads".to_owned()));
        }
        if list.seats.len() > SEATS_MAX {
            wrong.push((list.lines[SEATS_MAX], format!("more than {SEATS_MAX} seats: cut the file in parts")));
        }
        if wrong.is_empty() { Ok(list) } else { Err(wrong) }
    }
}

fn are_heads(heads: &[String]) -> Result<(), Vec<Wrong>> {
    let known = HEADS.join(", ");
    let mut wrong: Vec<Wrong> = Vec::new();
    for (at, head) in heads.iter().enumerate() {
        if !HEADS.contains(&head.as_str()) {
            wrong.push((1, format!("there is no head {head:?}, there are {known}")));
        } else if heads[..at].contains(head) {
            wrong.push((1, format!("the head {head} is there twice")));
        }
    }
    let missing = HEADS[..2].iter().filter(|needed| !heads.iter().any(|head| head == *needed));
    wrong.extend(missing.map(|head| (1, format!("the head {head} is missing"))));
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// What `cell` below `head` says; null where it says nothing.
fn value(head: &str, cell: &str) -> Result<Value, String> {
    let whole = |most: i64| {
        let number = cell.parse::<i64>().ok().filter(|number| (0..=most).contains(number));
        number.map(Value::from).ok_or_else(|| format!("{head} is a whole number from 0 to {most}, not {cell:?}"))
    };
    match head {
        "row" | "number" if cell.is_empty() => Err(format!("there is no {head}")),
        _ if cell.is_empty() => Ok(Value::Null),
        "number" => whole(SEAT_NUMBER_MAX),
        "price" => whole(AMOUNT_MAX),
        "withheld" => match cell.to_lowercase().as_str() {
            "yes" | "true" => Ok(json!(true)),
            "no" | "false" => Ok(json!(false)),
            _ => Err(format!("withheld is yes or no, not {cell:?}")),
        },
        _ if cell.chars().count() > NAME_MAX => Err(format!("{head} has at most {NAME_MAX} characters")),
        _ => Ok(json!(cell)),
    }
}

/// The lines that are not empty, cut into cells, each with its number. A cell in quotation marks may have commas, quotation marks twice, and
/// line breaks in it.
fn records(text: &str) -> Result<Vec<(usize, Vec<String>)>, Vec<Wrong>> {
    let (mut records, mut cells, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut line, mut begins, mut quoted) = (1, 1, None);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, quoted) {
            ('"', Some(_)) if characters.peek() == Some(&'"') => cell.extend(characters.next()),
            ('"', Some(_)) => quoted = None,
            ('"', None) if cell.trim().is_empty() => (quoted, cell) = (Some(line), String::new()),
            (',', None) => cells.push(std::mem::take(&mut cell)),
            ('\n', None) => {
                cells.push(std::mem::take(&mut cell));
                records.push((begins, std::mem::take(&mut cells)));
                (line, begins) = (line + 1, line + 1);
            }
            ('\r', None) if characters.peek() == Some(&'\n') => {}
            (c, _) => {
                line += usize::from(c == '\n');
                cell.push(c);
            }
        }
    }
    if let Some(line) = quoted {
        return Err(vec![(line, "a quotation mark is not closed".to_owned())]);
    }
    cells.push(cell);
    records.push((begins, cells));
    records.retain(|(_, cells)| cells.len() > 1 || !cells[0].trim().is_empty());
    Ok(records)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_whatever_its_columns_are_and_however_its_cells_are_quoted() {
        let text = "\u{feff}Number,row,price,grade,withheld\r\n1,A,5000,\"R, \"\"best\"\"\",\r\n\r\n2, A ,,,yes\r\n";
        let list = SeatList::read(text).unwrap();
        assert_eq!(list.lines, [2, 4]);
        assert_eq!(list.seats[0], json!({ "number": 1, "row": "A", "price": 5000, "grade": "R, \"best\"" }));
        assert_eq!(list.seats[1], json!({ "number": 2, "row": "A", "withheld": true }));
    }

    #[test]
    fn all_that_is_wrong_is_told_with_its_line() {
        let text = "row,number,price\nA,1,5\nA,x,-5\n,2,5\nA,3\nA,1,7\n\"A\nB\",4,y\n";
        let wrong = SeatList::read(text).unwrap_err();
        let lines: Vec<usize> = wrong.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 3, 4, 5, 6, 7], "{wrong:?}");
        assert!(wrong[4].1.contains("line 2"), "{wrong:?}");
        for (text, line) in [
            ("", 1),
            ("row,number", 1),
            ("row,price\nA,1", 1),
            ("row,number,color\nA,1,red", 1),
            ("row,number\n\"A,1", 2),
        ] {
            assert_eq!(SeatList::read(text).unwrap_err()[0].0, line, "{text}");
        }
    }
}
