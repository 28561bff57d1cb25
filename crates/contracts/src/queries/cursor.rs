//! Lists with the newest first, over several groups of rows: storefronts, for the most part.

use minicbor::{Decode, Encode};

/// Where a page ends: how far each group was read, with its number, and a number that what is still to be shown is below, as `1.12-5.3`. A
/// group that is not named has nothing left: what came about in it since then is newer than the page before.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct PageCursor(#[n(0)] pub Vec<(u64, u64)>);

/// A page of such a list.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Recent<T> {
    /// What stands on it.
    #[n(0)]
    pub rows: Vec<T>,
    /// Where it ends; `None` if it is the last one.
    #[n(1)]
    pub end: Option<PageCursor>,
}

impl PageCursor {
    /// From what [`Self::text`] gave; `None` if that was something else.
    pub fn read(text: &str) -> Option<Self> {
        let place = |text: &str| {
            let (group, below) = text.split_once('.')?;
            let place: (u64, u64) = (group.parse().ok()?, below.parse().ok()?);
            Some(place).filter(|(_, below)| *below > 0)
        };
        let cursor = text.split('-').map(place).collect::<Option<_>>().map(Self)?;
        (cursor.text() == text).then_some(cursor)
    }

    /// As text.
    pub fn text(&self) -> String {
        self.0.iter().map(|(group, below)| format!("{group}.{below}")).collect::<Vec<_>>().join("-")
    }
}

#[cfg(test)]
mod tests {
    use super::PageCursor;

    #[test]
    fn a_cursor_that_was_given_out_is_read_and_nothing_else() {
        let cursor = PageCursor(vec![(1, 12), (5, 3)]);
        assert_eq!((cursor.text().as_str(), PageCursor::read("1.12-5.3")), ("1.12-5.3", Some(cursor)));
        for forged in ["", "1", "1.", ".1", "01.2", "1.2-", "1.+2", "x.y", "1.0"] {
            assert_eq!(PageCursor::read(forged), None, "{forged}");
        }
    }
}
