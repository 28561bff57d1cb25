//! Lists in pages. A cursor says after which item the next page begins: what the list is sorted by, and the item's number.

use serde::Serialize;
use utoipa::ToSchema;

use crate::query::{Query, wrong};
use crate::{Problem, Wrongs};

/// How many items a page has if the client does not say.
pub const LIMIT: u32 = 50;
/// How many items a page has at the most.
pub const LIMIT_MAX: u32 = 200;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in order.
    pub items: Vec<T>,
    /// What to send as `after` for the next page; null on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

/// What a list is sorted by, besides the numbers of its items. A cursor of a list that is sorted otherwise is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sorted {
    /// Stands in each of its cursors.
    pub mark: char,
    /// Whether what it is sorted by is a whole number.
    pub by_number: bool,
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The number of the item before; zero where what the list is sorted by says it all.
    pub number: u64,
    /// What the list is sorted by, of the item before; empty where it is sorted by number.
    pub key: String,
}

impl Cursor {
    /// Its text: the number, and behind a point the list's mark and the key in hexadecimal.
    fn text(&self, of: Sorted) -> String {
        let key: String = format!("{}{}", of.mark, self.key).bytes().map(|byte| format!("{byte:02x}")).collect();
        format!("{:019}.{key}", self.number)
    }

    fn read(text: &str, of: Sorted) -> Option<Self> {
        let (number, key) = text.split_once('.')?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if number.len() != 19 || !digits(number) || key.len() % 2 != 0 || !hex(key) {
            return None;
        }
        let bytes: Option<Vec<u8>> =
            (0..key.len()).step_by(2).map(|at| u8::from_str_radix(&key[at..at + 2], 16).ok()).collect();
        let key = String::from_utf8(bytes?).ok()?.strip_prefix(of.mark)?.to_owned();
        let is_key = !of.by_number || key.parse::<i64>().is_ok_and(|number| number.to_string() == key);
        Some(Self { number: number.parse().ok()?, key }).filter(|_| is_key)
    }
}

/// Which page of a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageOf {
    /// How many items.
    pub limit: u32,
    /// Where it begins; at the first item without it.
    pub after: Option<Cursor>,
    /// What the list is sorted by.
    pub of: Sorted,
}

/// The refusal of a cursor that cannot be of the list.
pub fn no_such_cursor() -> Problem {
    wrong("after", "no page of this list has given this cursor")
}

/// How many items `text` asks for.
fn limit(text: &str) -> Result<u32, Problem> {
    let digits = Some(text).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    let limit = digits.and_then(|text| text.parse().ok()).filter(|limit| (1..=LIMIT_MAX).contains(limit));
    limit.ok_or_else(|| wrong("limit", format!("a whole number from 1 to {LIMIT_MAX}")))
}

impl PageOf {
    /// What `limit` and `after` say of a list that is sorted by `of`.
    ///
    /// # Errors
    /// 400 with the parameter.
    pub fn read(query: &Query<'_>, of: Sorted) -> Result<Self, Problem> {
        let mut wrongs = Wrongs::default();
        let limit = query.text("limit").map(|text| wrongs.take(limit(text)));
        let after = query.text("after").map(|text| wrongs.take(Cursor::read(text, of).ok_or_else(no_such_cursor)));
        wrongs.end()?;
        Ok(Self { limit: limit.flatten().unwrap_or(LIMIT), after: after.flatten(), of })
    }

    /// How many items to look for: one more than asked for tells whether there is a next page.
    pub fn to_look_for(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// How many items it has at the most.
    pub fn items(&self) -> usize {
        usize::try_from(self.limit).unwrap_or(usize::MAX)
    }

    /// A page that was read as it is, and where it ends if it is not the last one.
    pub fn ending<T>(&self, items: Vec<T>, end: Option<&Cursor>) -> Page<T> {
        Page { items, next: end.map(|end| end.text(self.of)) }
    }

    /// The page of `found`, which are at most [`Self::wanted`].
    pub fn of<R, T>(&self, mut found: Vec<R>, cursor: impl Fn(&R) -> Cursor, show: impl Fn(R) -> T) -> Page<T> {
        let more = found.len() > self.items();
        found.truncate(self.items());
        let end = found.last().filter(|_| more).map(cursor);
        self.ending(found.into_iter().map(show).collect(), end.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, PageOf, Sorted};
    use crate::query::Query;

    const KNOWN: [&str; 2] = ["limit", "after"];
    const BY_NAME: Sorted = Sorted { mark: 'n', by_number: false };

    fn read_of(raw: &str, of: Sorted) -> Result<PageOf, String> {
        PageOf::read(&Query::read(Some(raw), &KNOWN).unwrap(), of).map_err(|problem| problem.errors()[0].field.clone())
    }

    fn read(raw: &str) -> Result<PageOf, String> {
        read_of(raw, BY_NAME)
    }

    #[test]
    fn a_cursor_that_was_given_out_is_accepted() {
        for key in ["", "지킬앤하이드", "a.b"] {
            let cursor = Cursor { number: 42, key: key.to_owned() };
            let page = read(&format!("after={}", cursor.text(BY_NAME))).unwrap();
            assert_eq!((page.limit, page.after), (super::LIMIT, Some(cursor)));
        }
    }

    #[test]
    fn a_cursor_of_another_list_or_of_none_is_refused() {
        let by_price = Sorted { mark: 'p', by_number: true };
        let after = |key: &str, of| format!("after={}", Cursor { number: 42, key: key.to_owned() }.text(of));
        assert!(read_of(&after("-7", by_price), by_price).is_ok());
        assert_eq!(read_of(&after("7", BY_NAME), by_price), Err("after".to_owned()));
        for forged in ["", "x", "+7", "07", "99999999999999999999"] {
            assert_eq!(read_of(&after(forged, by_price), by_price), Err("after".to_owned()), "{forged}");
        }
    }

    #[test]
    fn a_wrong_limit_or_cursor_is_refused_by_name() {
        for wrong in ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "limit=99999999999999999999"] {
            assert_eq!(read(wrong), Err("limit".to_owned()), "{wrong}");
        }
        for wrong in [
            "after=",
            "after=x",
            "after=1.",
            "after=0000000000000000001",
            "after=0000000000000000001.zz",
            "after=0000000000000000001.6eff",
        ] {
            assert_eq!(read(wrong), Err("after".to_owned()), "{wrong}");
        }
    }

    #[test]
    fn only_a_page_that_is_not_the_last_names_the_next_one() {
        let page = read("limit=2").unwrap();
        let cursor = |n: &u64| Cursor { number: *n, key: String::new() };
        let first = page.of(vec![1, 2, 3], cursor, |n| n);
        assert_eq!((first.items, first.next), (vec![1, 2], Some("0000000000000000002.6e".to_owned())));
        assert_eq!(page.of(vec![1, 2], cursor, |n| n).next, None);
    }
}
