//! Values that stand for each other: ids of two systems.

use std::collections::HashMap;

use super::pattern::Path;

/// Pairs of values, by the name of their bijection. Which of them contradict each other is
/// known when all have been seen, so that no order of places decides it.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    seen: Vec<Pair>,
    known: HashMap<(String, String, String), usize>,
    there: HashMap<(String, String), Partners>,
    back: HashMap<(String, String), Partners>,
}

/// The first partner of a value, and whether it has others.
#[derive(Debug)]
struct Partners {
    first: String,
    others: bool,
}

/// Two values that were found in one place.
#[derive(Debug)]
pub(super) struct Pair {
    pub name: String,
    pub legacy: String,
    pub candidate: String,
    /// Where they were found first, as JSON, and whether one of their places is critical.
    pub path: Path,
    pub shown: [String; 2],
    pub critical: bool,
    /// The rule that tells of them.
    pub rule: Option<usize>,
    /// Places they were found in.
    pub count: u64,
}

impl Pairs {
    /// Whether two values may stand for each other, as far as is known.
    pub(super) fn allows(&self, name: &str, legacy: &str, candidate: &str) -> bool {
        let is = |partners: &HashMap<(String, String), Partners>, value: &str, other: &str| {
            let key = (name.to_owned(), value.to_owned());
            partners.get(&key).is_none_or(|partners| partners.first == other)
        };
        is(&self.there, legacy, candidate) && is(&self.back, candidate, legacy)
    }

    pub(super) fn add(&mut self, pair: Pair) {
        let Pair { name, legacy, candidate, .. } = &pair;
        let key = (name.clone(), legacy.clone(), candidate.clone());
        if let Some(known) = self.known.get(&key).and_then(|at| self.seen.get_mut(*at)) {
            known.count += 1;
            known.critical |= pair.critical;
            return;
        }
        let partners = [(&mut self.there, legacy, candidate), (&mut self.back, candidate, legacy)];
        for (partners, value, other) in partners {
            let of = partners.entry((name.clone(), value.clone()));
            let of = of.or_insert_with(|| Partners { first: other.clone(), others: false });
            of.others |= of.first != *other;
        }
        self.known.insert(key, self.seen.len());
        self.seen.push(pair);
    }

    /// All pairs, and whether another one contradicts each.
    pub(super) fn judged(self) -> Vec<(Pair, bool)> {
        let Self { seen, there, back, .. } = self;
        let several = |partners: &HashMap<(String, String), Partners>, name: &str, value: &str| {
            partners.get(&(name.to_owned(), value.to_owned())).is_some_and(|of| of.others)
        };
        let judge = |pair: Pair| {
            let wrong = several(&there, &pair.name, &pair.legacy)
                || several(&back, &pair.name, &pair.candidate);
            (pair, wrong)
        };
        seen.into_iter().map(judge).collect()
    }
}
