//! The highest integer key in each group of keys: a higher one is new, without a look at the table.

use hashbrown::HashMap;

/// The highest key of each group.
#[derive(Debug, Default)]
pub(crate) struct Highest {
    by_group: HashMap<u64, u64>,
    /// The group that rose last, with its highest key; its entry in `by_group` may be behind. Most keys are of the same group as the one before.
    last: Option<(u64, u64)>,
}

impl Highest {
    /// Whether `key` is above all that were seen of `group`.
    pub(crate) fn is_below(&self, group: u64, key: u64) -> bool {
        self.of(group).is_none_or(|top| key > top)
    }

    /// Whether `key` is above all that were seen of `group`; then it is the highest from now on.
    pub(crate) fn rises(&mut self, group: u64, key: u64) -> bool {
        if !self.is_below(group, key) {
            return false;
        }
        if let Some((before, top)) = self.last.replace((group, key)).filter(|(before, _)| *before != group) {
            self.by_group.insert(before, top);
        }
        true
    }

    fn of(&self, group: u64) -> Option<u64> {
        match self.last {
            Some((last, top)) if last == group => Some(top),
            _ => self.by_group.get(&group).copied(),
        }
    }
}

impl FromIterator<(u64, u64)> for Highest {
    fn from_iter<T: IntoIterator<Item = (u64, u64)>>(tops: T) -> Self {
        Self { by_group: tops.into_iter().collect(), last: None }
    }
}

#[cfg(test)]
mod tests {
    use super::Highest;

    #[test]
    fn a_key_rises_only_above_the_highest_of_its_own_group() {
        let mut highest: Highest = [(1, 10), (2, 5)].into_iter().collect();
        let rises = [(1, 10), (1, 11), (2, 11), (1, 11), (1, 12), (2, 11), (3, 0), (3, 0), (1, 13), (2, 12)]
            .map(|(group, key)| highest.rises(group, key));
        assert_eq!(rises, [false, true, true, false, true, false, true, false, true, true]);
        assert!(highest.is_below(3, 1) && !highest.is_below(3, 0) && !highest.is_below(1, 13));
    }
}
