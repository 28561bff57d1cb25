//! Where a page of a list ends.

/// How far each group was read: its number, and a number that what is still to be shown is below, as `1.12-5.3`. A group that is not
/// named has nothing left: what came about in it since then is newer than the page before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places(Vec<(u64, u64)>);

impl Places {
    /// Those of groups, as far as something is left of them.
    pub(super) fn new(mut places: Vec<(u64, u64)>) -> Self {
        places.retain(|(_, below)| *below > 0);
        Self(places)
    }

    /// From what [`Self::written`] gave; `None` if that was something else.
    pub fn read(text: &str) -> Option<Self> {
        let place = |text: &str| {
            let (group, below) = text.split_once('.')?;
            Some((group.parse().ok()?, below.parse().ok()?))
        };
        let places = text.split('-').map(place).collect::<Option<_>>().map(Self::new)?;
        (places.written() == text).then_some(places)
    }

    /// As text.
    pub fn written(&self) -> String {
        self.0.iter().map(|(group, below)| format!("{group}.{below}")).collect::<Vec<_>>().join("-")
    }

    /// What is still to be shown of `group` is below this number.
    pub(super) fn of_group(&self, group: u64) -> u64 {
        self.0.iter().find(|(known, _)| *known == group).map_or(0, |(_, below)| *below)
    }
}
