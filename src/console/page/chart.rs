//! Charts, drawn here: no script, and every bar says its numbers.

use maud::{Markup, html};

use super::words;
use crate::migration::{History, Moment, STAGES};

/// The size of a chart, in its own units.
const WIDTH: u64 = 720;
const HEIGHT: u64 = 140;
/// Columns of the burn-down.
const COLUMNS: u64 = 120;

/// How many routes were in each stage, in the order of [`STAGES`].
pub(super) type Routes = [u64; STAGES.len()];

/// Routes by stage, from the first change to now: `changes` are moments and what held from each
/// on, the oldest first.
pub(super) fn burn_down(changes: &[(u64, Routes)], now: u64) -> Markup {
    let (Some((first, _)), Some((_, last))) = (changes.first(), changes.last()) else {
        return html! {};
    };
    let span = now.saturating_sub(*first).max(1);
    let most = changes.iter().map(|(_, routes)| routes.iter().sum::<u64>()).max().unwrap_or(1);
    let at = |column: u64| first + span * (column + 1) / COLUMNS;
    let routes = |time: u64| {
        let held = changes.iter().rev().find(|(from, _)| *from <= time);
        held.map_or([0; STAGES.len()], |(_, routes)| *routes)
    };
    // Columns that are alike are one rectangle.
    let mut runs: Vec<(u64, u64, Routes)> = Vec::new();
    for column in 0..COLUMNS {
        let held = routes(at(column));
        match runs.last_mut() {
            Some((_, end, before)) if *before == held => *end = column + 1,
            _ => runs.push((column, column + 1, held)),
        }
    }
    let said: Vec<String> =
        STAGES.iter().zip(last).map(|(word, n)| format!("{n} {word}")).collect();
    html! {
        figure class="chart" {
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) preserveAspectRatio="none" role="img"
                aria-label=(format!("Routes by stage over time; now {}", said.join(", "))) {
                @for (begin, end, held) in &runs {
                    @for (word, y, height) in stacked(held, most) {
                        rect class={ "s-" (word) } x=(begin * WIDTH / COLUMNS) y=(y)
                            width=((end - begin) * WIDTH / COLUMNS) height=(height) {
                            title { (word) }
                        }
                    }
                }
            }
            (ends(*first, now))
        }
    }
}

/// What lies on what: the legacy system on top, so that it burns down.
fn stacked(held: &Routes, most: u64) -> Vec<(&'static str, u64, u64)> {
    let mut below = 0;
    let mut parts = Vec::new();
    for (word, count) in STAGES.iter().zip(held).rev() {
        let (from, to) = (below * HEIGHT / most.max(1), (below + count) * HEIGHT / most.max(1));
        below += count;
        if to > from {
            parts.push((*word, HEIGHT - to, to - from));
        }
    }
    parts
}

/// What a chart of moments shows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown {
    /// The name of the whole and of its part.
    pub names: (&'static str, &'static str),
    /// Both of a moment.
    pub of: fn(&Moment) -> (u64, u64),
    /// The class of the part.
    pub class: &'static str,
    /// Whether every bar is as high as the chart: shares.
    pub shares: bool,
}

/// Bars, each a whole with a part of it.
pub(super) fn bars(history: &History, shown: Shown, label: &str) -> Markup {
    let moments = &history.moments;
    let (Some(first), Some(last)) = (moments.first(), moments.last()) else { return html! {} };
    let most = moments.iter().map(|m| (shown.of)(m).0).max().unwrap_or(0);
    if most == 0 {
        return html! {};
    }
    let (slot, end) = (WIDTH / moments.len() as u64, last.at + history.minutes * 60);
    html! {
        figure class="chart" {
            svg viewBox=(format!("0 0 {} {HEIGHT}", slot * moments.len() as u64)) preserveAspectRatio="none"
                role="img" aria-label=(label) {
                @for (at, moment) in (0_u64..).zip(moments) {
                    @let (whole, part) = (shown.of)(moment);
                    @let scale = if shown.shares { whole.max(1) } else { most };
                    @let (high, low) = (whole * HEIGHT / scale, (part * HEIGHT).div_ceil(scale));
                    @if whole > 0 {
                        g {
                            rect class="whole" x=(at * slot) y=(HEIGHT - high.max(1)) width=(slot.saturating_sub(1).max(1)) height=(high.max(1)) {}
                            rect class=(shown.class) x=(at * slot) y=(HEIGHT - low) width=(slot.saturating_sub(1).max(1)) height=(low) {}
                            title {
                                (words::rfc3339(moment.at)) ": " (words::number(whole)) " " (shown.names.0)
                                ", " (words::number(part)) " " (shown.names.1)
                            }
                        }
                    }
                }
            }
            (ends(first.at, end.min(words::now().max(first.at))))
        }
    }
}

fn ends(from: u64, to: u64) -> Markup {
    html! {
        figcaption {
            span { (words::time(&words::rfc3339(from))) }
            span { (words::time(&words::rfc3339(to))) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burn_down_is_as_high_as_its_routes() {
        let parts = stacked(&[3, 1, 0, 0, 0, 0], 4);
        assert_eq!(parts, [("shadow", 105, 35), ("legacy", 0, 105)]);
        assert_eq!(stacked(&[0; 6], 0), []);
    }

    #[test]
    fn stretches_that_are_alike_are_one_rectangle() {
        let changes = [(0, [2, 0, 0, 0, 0, 0]), (60, [1, 1, 0, 0, 0, 0])];
        let drawn = burn_down(&changes, 120).into_string();
        assert_eq!(drawn.matches("<rect").count(), 3, "{drawn}");
        assert!(drawn.contains("now 1 legacy, 1 shadow, 0 canary"), "{drawn}");
    }
}
