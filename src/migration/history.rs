//! What happened over time.

use super::{MigrationError, Migrations, clock};

/// Minutes that may be one point; the first of which there are few enough is taken.
const WIDTHS: [u64; 6] = [1, 5, 30, 2 * 60, 6 * 60, 24 * 60];
/// Points of a history.
const POINTS_MAX: u64 = 60;
/// Minutes that are looked back on: 60 days.
const MINUTES_MAX: u64 = 60 * 24 * 60;

/// One stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moment {
    /// When it begins: seconds since the epoch.
    pub at: u64,
    /// Pairs compared.
    pub compared: u64,
    /// Of these, those that differed.
    pub mismatched: u64,
    /// Callers the legacy system answered.
    pub legacy: u64,
    /// Callers the candidate answered.
    pub candidate: u64,
}

/// Stretches of one length, without a gap, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct History {
    /// Minutes of each.
    pub minutes: u64,
    /// All from the first count to now.
    pub moments: Vec<Moment>,
}

impl Migrations {
    /// What happened on a route, or on all of them, whatever stage it was in.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn history(&self, route: Option<&str>) -> Result<History, MigrationError> {
        let mut routes: Vec<String> = self.routes.load().keys().cloned().collect();
        routes.retain(|name| route.is_none_or(|route| route == name));
        let now = clock::minute();
        let oldest = now.saturating_sub(MINUTES_MAX);
        let mut first = None;
        for name in &routes {
            let found = self.store.first_minute(name, oldest).await?;
            first = [first, found].into_iter().flatten().min();
        }
        let Some(first) = first else { return Ok(History::default()) };
        let mut history = empty(first, now);
        let minutes = history.minutes;
        let begin = history.moments.first().map_or(0, |moment| moment.at / 60);
        for name in &routes {
            for stretch in self.store.history(name, (begin, minutes)).await? {
                let at = stretch.minute.saturating_sub(begin) / minutes;
                let moment = usize::try_from(at).ok().and_then(|at| history.moments.get_mut(at));
                let Some(moment) = moment else { continue };
                match stretch.name.as_str() {
                    "compared" => moment.compared += stretch.value,
                    "mismatched" => moment.mismatched += stretch.value,
                    "legacy.callers" => moment.legacy += stretch.value,
                    "candidate.callers" => moment.candidate += stretch.value,
                    _ => {}
                }
            }
        }
        Ok(history)
    }
}

/// The stretches from one minute to another, with nothing in them.
fn empty(first: u64, now: u64) -> History {
    let span = now.saturating_sub(first) + 1;
    let fits = |width: &&u64| span.div_ceil(**width) < POINTS_MAX;
    let minutes = WIDTHS.iter().find(fits).copied().unwrap_or(WIDTHS[WIDTHS.len() - 1]);
    let begin = first / minutes;
    let end = now.max(first) / minutes;
    let moment = |at| Moment { at: at * minutes * 60, ..Moment::default() };
    let from = begin.max(end.saturating_sub(POINTS_MAX - 1));
    History { minutes, moments: (from..=end).map(moment).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_has_few_points_and_reaches_from_the_first_to_the_last() {
        for (first, now) in [(100, 100), (100, 158), (7, 1_000), (0, 10_080), (3, MINUTES_MAX)] {
            let history = empty(first, now);
            let (from, to) = (history.moments[0].at, history.moments.last().unwrap().at);
            let width = history.minutes * 60;
            assert!(history.moments.len() as u64 <= POINTS_MAX, "{}", history.moments.len());
            assert!(to <= now * 60 && now * 60 < to + width, "{first} {now}");
            let whole = now - first < (POINTS_MAX - 1) * WIDTHS[5];
            assert!(!whole || (from <= first * 60 && first * 60 < from + width), "{first} {now}");
        }
    }
}
