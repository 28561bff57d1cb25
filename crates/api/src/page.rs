//! Lists in pages. A cursor says after which item the next page begins: what the list is sorted by, and the item's number.

use serde::Serialize;
use utoipa::ToSchema;

use crate::Problem;
use crate::query::{Query, wrong};

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

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The number of the item before.
    pub number: u64,
    /// What the list is sorted by, of the item before; empty where it is sorted by number.
    pub key: String,
}

impl Cursor {
    /// Its text: the number, and behind a point the key in hexadecimal.
    pub fn text(&self) -> String {
        let key: String = self.key.bytes().map(|byte| format!("{byte:02x}")).collect();
        format!("{:019}.{key}", self.number)
    }

    fn read(text: &str) -> Option<Self> {
        let (number, key) = text.split_once('.')?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if number.len() != 19 || !digits(number) || key.len() % 2 != 0 || !hex(key) {
            return None;
        }
        let bytes: Option<Vec<u8>> =
            (0..key.len()).step_by(2).map(|at| u8::from_str_radix(&key[at..at + 2], 16).ok()).collect();
        Some(Self { number: number.parse().ok()?, key: String::from_utf8_lossy(&bytes?).into_owned() })
    }
}

/// Which page of a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageOf {
    /// How many items.
    pub limit: u32,
    /// Where it begins; at the first item without it.
    pub after: Option<Cursor>,
}

impl PageOf {
    /// What `limit` and `after` say.
    ///
    /// # Errors
    /// 400 with the parameter.
    pub fn read(query: &Query<'_>) -> Result<Self, Problem> {
        let limit = match query.text("limit") {
            None => LIMIT,
            Some(text) => {
                let limit = text.parse().ok().filter(|limit| (1..=LIMIT_MAX).contains(limit));
                limit.ok_or_else(|| wrong("limit", format!("a whole number from 1 to {LIMIT_MAX}")))?
            }
        };
        let after = match query.text("after") {
            None => None,
            Some(text) => Some(Cursor::read(text).ok_or_else(|| wrong("after", "no cursor that a page has given"))?),
        };
        Ok(Self { limit, after })
    }

    /// How many items to look for: one more than asked for tells whether there is a next page.
    pub fn wanted(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The page of `found`, which are at most [`Self::wanted`].
    pub fn of<R, T>(&self, mut found: Vec<R>, cursor: impl Fn(&R) -> Cursor, show: impl Fn(R) -> T) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|last| cursor(last).text());
        Page { items: found.into_iter().map(show).collect(), next }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cursor, PageOf};
    use crate::query::Query;

    const KNOWN: [&str; 2] = ["limit", "after"];

    fn read(raw: &str) -> Result<PageOf, String> {
        PageOf::read(&Query::read(Some(raw), &KNOWN).unwrap()).map_err(|problem| problem.errors()[0].field.clone())
    }

    #[test]
    fn a_cursor_that_was_given_out_is_accepted() {
        for key in ["", "지킬앤하이드", "a.b"] {
            let cursor = Cursor { number: 42, key: key.to_owned() };
            let page = read(&format!("after={}", cursor.text())).unwrap();
            assert_eq!((page.limit, page.after), (super::LIMIT, Some(cursor)));
        }
    }

    #[test]
    fn a_wrong_limit_or_cursor_is_refused_by_name() {
        for wrong in ["limit=0", "limit=201", "limit=-1", "limit=x", "limit=", "limit=99999999999999999999"] {
            assert_eq!(read(wrong), Err("limit".to_owned()), "{wrong}");
        }
        for wrong in ["after=", "after=x", "after=1.", "after=0000000000000000001", "after=0000000000000000001.zz"] {
            assert_eq!(read(wrong), Err("after".to_owned()), "{wrong}");
        }
    }

    #[test]
    fn only_a_page_that_is_not_the_last_names_the_next_one() {
        let page = read("limit=2").unwrap();
        let cursor = |n: &u64| Cursor { number: *n, key: String::new() };
        let first = page.of(vec![1, 2, 3], cursor, |n| n);
        assert_eq!((first.items, first.next), (vec![1, 2], Some("0000000000000000002.".to_owned())));
        assert_eq!(page.of(vec![1, 2], cursor, |n| n).next, None);
    }
}
