//! Where a page of a list ends.

/// How far each group was read: its number, and a number that what is still to be shown is below, as `1.12-5.3`. A group that is not
/// named has nothing left: what came about in it since then is newer than the page before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageCursor(Vec<(u64, u64)>);

impl PageCursor {
    /// Those of groups, as far as something is left of them.
    pub(super) fn new(mut places: Vec<(u64, u64)>) -> Self {
        places.retain(|(_, below)| *below > 0);
        Self(places)
    }

    /// From what [`Self::text`] gave; `None` if that was something else.
    pub fn read(text: &str) -> Option<Self> {
        let place = |text: &str| {
            let (group, below) = text.split_once('.')?;
            Some((group.parse().ok()?, below.parse().ok()?))
        };
        let cursor = text.split('-').map(place).collect::<Option<_>>().map(Self::new)?;
        (cursor.text() == text).then_some(cursor)
    }

    /// As text.
    pub fn text(&self) -> String {
        self.0.iter().map(|(group, below)| format!("{group}.{below}")).collect::<Vec<_>>().join("-")
    }

    /// What is still to be shown of `group` is below this number.
    pub(super) fn of_group(&self, group: u64) -> u64 {
        self.0.iter().find(|(known, _)| *known == group).map_or(0, |(_, below)| *below)
    }
}
