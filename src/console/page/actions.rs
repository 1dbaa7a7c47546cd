//! The form that moves a route.

use maud::{Markup, html};

use super::words;
use crate::console::action::{Action, MEANT, REASON_CHARS_MAX, Refused, Why};
use crate::console::listener::Console;
use crate::console::principal::Principal;
use crate::console::{link, same_origin};
use crate::migration::{MigrationError, RouteStatus};
use crate::strangler::{Share, Stage, Verdict};

/// What may be done to a route, with a field for the reason. What somebody's role does not
/// reach is shown, and cannot be pressed.
pub(super) fn form(
    console: &Console,
    who: &Principal,
    status: &RouteStatus,
    refused: Option<&Refused>,
) -> Markup {
    let steps = steps(console, &status.route);
    let button = |action: Action, label: Markup, class: &str| {
        let needs = action.needs(status.position);
        let off = who.role < needs;
        html! {
            button class=(class) name="action" value=(action.word()) disabled[off]
                title=[off.then(|| format!("needs the role {needs}"))] { (label) }
        }
    };
    let position = status.position;
    let retires = status.next == Some(Stage::Retired);
    html! {
        form class="move" method="post" action=(link::of_route(&status.route)) {
            input type="hidden" name="proof" value=(same_origin::proof(&console.key, &who.bound));
            label for="reason" { "Reason" span class="dim" { " – goes into the audit under " b { (who.name) } } }
            textarea id="reason" name="reason" rows="2" required maxlength=(REASON_CHARS_MAX) {
                (refused.map(|refused| refused.reason.as_str()).unwrap_or_default())
            }
            @if retires {
                label class="check" { input type="checkbox" name="meant" value=(MEANT);
                    " There is no way back from retired: I mean it." }
            }
            div class="buttons" {
                @if let Some(next) = status.next {
                    div { span class="dim" { "Forward" }
                        (button(Action::To(next), html! { "Move to " (next) }, if retires { "danger" } else { "primary" })) }
                }
                @if !back(position.stage, &steps).is_empty() {
                    div { span class="dim" { "Back" }
                        @for stage in back(position.stage, &steps) { (button(Action::To(stage), html! { (stage) }, "")) } }
                }
                div { span class="dim" { "Latches" }
                    @if position.held { (button(Action::LetGo, html! { "Let go" }, "")) }
                    @else { (button(Action::Hold, html! { "Hold" }, "")) }
                    @if position.rolled_back { (button(Action::Acknowledge, html! { "Acknowledge the rollback" }, "")) }
                }
            }
        }
    }
}

/// Every stage before one, the nearest first. `retired` is left by the mapping alone.
fn back(stage: Stage, steps: &[Share]) -> Vec<Stage> {
    if stage == Stage::Retired {
        return Vec::new();
    }
    let canaries = steps.iter().map(|share| Stage::Canary(*share));
    let fixed = [Stage::Legacy, Stage::Shadow, Stage::Primary, Stage::Standby];
    let mut all: Vec<Stage> = fixed.into_iter().chain(canaries).filter(|s| *s < stage).collect();
    all.sort_by(|a, b| b.cmp(a));
    all
}

fn steps(console: &Console, route: &str) -> Vec<Share> {
    let running = console.running();
    let route = running.plan.routes.iter().find(|planned| planned.id == route);
    route.and_then(|route| Some(route.migration.as_ref()?.steps.clone())).unwrap_or_default()
}

/// Why nothing was done.
pub(super) fn notice(refused: &Refused) -> Markup {
    html! {
        div class="notice bad" role="alert" {
            p { b { "Nothing was changed. " } @match &refused.why {
                Why::Said(words) => (words),
                Why::Change(MigrationError::Gate(judged)) => { "The gate says " (judged.verdict) "." },
                Why::Change(error) => { (capital(&error.to_string())) "." },
            } }
            @if let Why::Change(MigrationError::Gate(judged)) = &refused.why {
                ul {
                    @for reason in judged.reasons.iter().filter(|r| r.verdict != Verdict::Pass) {
                        li { (words::verdict(reason.verdict)) " " b { (reason.what) } ": " (reason.measured) "; wanted: " (reason.wanted) }
                    }
                }
            }
        }
    }
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_every_stage_before() {
        let steps: Vec<Share> = ["5%", "25%"].into_iter().filter_map(Share::parse).collect();
        let check = |stage: &str, expected: &[&str]| {
            let found = back(Stage::parse(stage).unwrap(), &steps);
            assert_eq!(found.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
        };
        check("legacy", &[]);
        check("canary 25%", &["canary 5%", "shadow", "legacy"]);
        check("standby", &["primary", "canary 25%", "canary 5%", "shadow", "legacy"]);
        check("retired", &[]);
    }
}
