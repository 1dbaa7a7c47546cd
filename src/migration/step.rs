//! The step a route stands before.

use super::live::Live;
use crate::plan::{Effect, WriteShadow};
use crate::strangler::{Compared, Share, Stage, Step};

/// The next step of a route, and what can be known before it.
pub(super) fn ahead(live: &Live) -> Step {
    let stage = live.standing.load().position.stage;
    of(stage, live.effect, &live.plan.shadow.writes, &live.plan.steps)
}

fn of(stage: Stage, effect: Effect, writes: &WriteShadow, steps: &[Share]) -> Step {
    let is_write = effect == Effect::Write;
    let answers = stage > Stage::Shadow;
    let compared = match (is_write, answers, writes) {
        (false, ..) | (true, false, WriteShadow::DryRun(..)) => Compared::Both,
        (true, true, _) => Compared::Once,
        (true, false, WriteShadow::Off) => Compared::Nothing,
        (true, false, WriteShadow::Render | WriteShadow::ReadBack { .. }) => Compared::Effects,
    };
    Step {
        to: stage.next(steps).unwrap_or(Stage::Retired),
        compared,
        // What is rendered or read back calls no candidate of the write.
        asks_candidate: !is_write || answers || matches!(writes, WriteShadow::DryRun(..)),
        asks_legacy: match stage {
            Stage::Legacy | Stage::Shadow | Stage::Canary(_) => true,
            Stage::Primary => !is_write,
            Stage::Standby | Stage::Retired => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_write_is_known_by_less() {
        let check = |stage: &str, writes: WriteShadow, expected: (&str, Compared, bool, bool)| {
            let stage = Stage::parse(stage).unwrap();
            let found = of(stage, Effect::Write, &writes, &[]);
            let (to, compared, asks_candidate, asks_legacy) = expected;
            let to = Stage::parse(to).unwrap();
            assert_eq!(found, Step { to, compared, asks_candidate, asks_legacy }, "{stage}");
        };
        let dry_run = WriteShadow::DryRun("x".to_owned(), "y".to_owned());
        check("shadow", WriteShadow::Off, ("primary", Compared::Nothing, false, true));
        check("shadow", WriteShadow::Render, ("primary", Compared::Effects, false, true));
        check("shadow", dry_run, ("primary", Compared::Both, true, true));
        check("canary 5%", WriteShadow::Render, ("primary", Compared::Once, true, true));
        check("primary", WriteShadow::Off, ("standby", Compared::Once, true, false));
        check("standby", WriteShadow::Off, ("retired", Compared::Once, true, false));
    }
}
