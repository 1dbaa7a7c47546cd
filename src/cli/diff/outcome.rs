//! What a comparison came to.

use crate::change::{Approvals, Cause, Change, Judged, Severity};

/// What a comparison came to.
pub(super) struct Outcome {
    /// What the earlier side is called.
    pub(super) before: String,
    /// What the later side is called.
    pub(super) after: String,
    pub(super) changes: Vec<Change>,
    /// For each change; `None` where no sources are known.
    pub(super) causes: Option<Vec<Vec<Cause>>>,
    pub(super) approvals: Approvals,
    pub(super) judged: Judged,
}

/// The same change in one or several places.
pub(super) struct Group<'o> {
    pub(super) change: &'o Change,
    pub(super) causes: Option<&'o [Cause]>,
    /// Of all of it, by place in [`Outcome::changes`].
    pub(super) places: Vec<usize>,
}

impl Outcome {
    /// Changes that say the same thing and have the same cause together; the worst first.
    pub(super) fn groups(&self) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for (at, change) in self.changes.iter().enumerate() {
            let causes = self.causes.as_ref().map(|causes| &*causes[at]);
            let is_same = |group: &&mut Group<'_>| {
                let other = group.change;
                (other.rule, &other.text) == (change.rule, &change.text) && group.causes == causes
            };
            match groups.iter_mut().find(is_same) {
                Some(group) => group.places.push(at),
                None => groups.push(Group { change, causes, places: vec![at] }),
            }
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.change.severity));
        groups
    }

    /// `2 breaking (1 approved), 1 risky, 3 safe`
    pub(super) fn summary(&self) -> String {
        let count = |severity: Severity| {
            let of = self.changes.iter().enumerate().filter(|(_, c)| c.severity == severity);
            let (all, approved) = of.fold((0, 0), |(all, approved), (at, _)| {
                (all + 1, approved + usize::from(self.judged.approved[at].is_some()))
            });
            match (all, approved) {
                (0, _) => None,
                (all, 0) => Some(format!("{all} {}", severity.as_str())),
                (all, some) => Some(format!("{all} {} ({some} approved)", severity.as_str())),
            }
        };
        let counts: Vec<String> = [Severity::Breaking, Severity::Risky, Severity::Safe]
            .into_iter()
            .filter_map(count)
            .collect();
        let what = if counts.is_empty() { "no change".to_owned() } else { counts.join(", ") };
        format!("{what}: {} → {}", self.before, self.after)
    }
}
