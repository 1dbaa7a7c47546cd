//! All routes, below one another.

use super::super::table::{self, Cell, Page};
use super::run::Found;
use super::words;
use crate::migration::RouteStatus;

/// Reasons shown of one route; the rest is counted.
const BLOCKED_SHOWN_MAX: usize = 2;

/// A row a route, where the page is wide enough; else each route's name has a line of its own.
pub(super) fn text(found: &Found, page: Page) -> String {
    if found.routes.is_empty() {
        return "no route of these mappings has a `candidate`\n".to_owned();
    }
    let names = ["ROUTE", "STAGE", "CALLERS", "MATCHED", "LEGACY ASKED", "NEXT"].map(Cell::head);
    let rows: Vec<Vec<Cell>> = found.routes.iter().map(row).collect();
    let whole: Vec<Vec<Cell>> = std::iter::once(names.to_vec()).chain(rows).collect();
    let fits = page.width.is_none_or(|width| table::width(&whole) <= width);
    let lines = if fits { table::text(&whole, page) } else { below(&whole, page) };
    let per_route = if fits { 1 } else { 2 };
    let mut lines = lines.lines();
    let mut text = String::new();
    for _ in 0..per_route {
        text.extend(lines.next().map(|line| format!("{line}\n")));
    }
    for status in &found.routes {
        for _ in 0..per_route {
            text.extend(lines.next().map(|line| format!("{line}\n")));
        }
        text.push_str(&blocked(status, page));
    }
    text.push_str(&format!("\n{}\n{}\n", burn_down(&found.routes), words::instances(found)));
    text
}

fn row(status: &RouteStatus) -> Vec<Cell> {
    vec![
        Cell::bold(status.route.clone()),
        words::stage(status),
        Cell::plain(words::callers(status)),
        Cell::plain(words::matched(status)),
        Cell::plain(words::last_legacy_call(status)),
        words::next(status),
    ]
}

/// Each name above the rest of its row.
fn below(rows: &[Vec<Cell>], page: Page) -> String {
    let rest: Vec<Vec<Cell>> = rows
        .iter()
        .map(|row| std::iter::once(Cell::plain(" ")).chain(row.iter().skip(1).cloned()).collect())
        .collect();
    let rest = table::text(&rest, page);
    let names = rows.iter().filter_map(|row| row.first()).map(|name| name.shown(page.colours));
    names.zip(rest.lines()).map(|(name, rest)| format!("{name}\n{rest}\n")).collect()
}

fn blocked(status: &RouteStatus, page: Page) -> String {
    let shown = status.blocked.iter().take(BLOCKED_SHOWN_MAX);
    let mut text: String = shown.map(|why| words::wrapped(why, "    ", page.width)).collect();
    let more = status.blocked.len().saturating_sub(BLOCKED_SHOWN_MAX);
    if more > 0 {
        text.push_str(&format!("    and {more} more; see --route '{}'\n", status.route));
    }
    text
}

/// How much of the legacy system is left.
fn burn_down(routes: &[RouteStatus]) -> String {
    use crate::strangler::Stage::{Legacy, Primary, Retired, Shadow};
    let count = |fits: &dyn Fn(&RouteStatus) -> bool| routes.iter().filter(|r| fits(r)).count();
    let legacy = count(&|r| matches!(r.position.stage, Legacy | Shadow));
    let candidate = count(&|r| r.position.stage >= Primary);
    let retired = count(&|r| r.position.stage == Retired);
    let quiet = count(&|r| r.safe_to_retire);
    let mixed = routes.len() - legacy - candidate;
    format!(
        "of {} routes the legacy system answers {legacy}, both {mixed}, the candidate {candidate}; \
         {retired} retired, {quiet} safe to retire",
        routes.len()
    )
}
