//! All keys of a migration together.

use super::super::fields::Fields;
use super::super::keys::NEED_CANDIDATE;
use super::super::node::Spanned;
use super::super::reader::Context;
use super::super::route::Route;
use super::super::route_key::RouteKey;
use super::super::values::parse_stage;
use super::canary::{Canary, canary};
use super::candidate::candidate;
use super::compare::{Compare, compare};
use super::gate::{GateKeys, gate};
use super::shadow::{Shadow, shadow};
use crate::diagnostic::{Code, Diagnostic, Span};
use crate::plan::{OnTrouble, StateModel};
use crate::strangler::Stage;

/// A route's candidate, and how it gets there. What is `None` or empty was not written, or
/// was wrong and is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    /// The candidate: a route with the key of the whole, whose span is that of `candidate:`.
    pub candidate: Box<Route>,
    /// How far it has come.
    pub stage: Option<Spanned<Stage>>,
    /// How far it may go.
    pub ceiling: Option<Spanned<Stage>>,
    /// Whom it answers first.
    pub canary: Canary,
    /// The name of the routes that share their callers.
    pub group: Option<Spanned<String>>,
    /// Whether both sides see the same data.
    pub state: Option<Spanned<StateModel>>,
    /// How the other side is asked.
    pub shadow: Shadow,
    /// What may differ.
    pub compare: Compare,
    /// What evidence has to show; what the file says by default is in it.
    pub gate: GateKeys,
    /// What happens when it fails.
    pub on_trouble: Option<Spanned<OnTrouble>>,
}

/// What a stage looks like.
const STAGE: &str = "a stage such as `shadow` or `canary 5%`";

/// Reads the keys of a migration; `None` where there is no candidate.
pub(in super::super) fn migration(
    cx: &mut Context<'_>,
    fields: &Fields<'_>,
    key: Option<&RouteKey>,
) -> Option<Box<Migration>> {
    let candidate = candidate(cx, fields, key);
    let stage = fields.parsed(cx, "stage", STAGE, parse_stage);
    let ceiling = fields.parsed(cx, "ceiling", STAGE, parse_stage);
    let canary = canary(cx, fields);
    let group = fields.string(cx, "group").filter(|name| is_name(cx, name));
    let state = fields.word(cx, "state", &[StateModel::Shared, StateModel::Separate]);
    let shadow = shadow(cx, fields);
    let compare = compare(cx, fields);
    let gate = gate(cx, fields);
    let troubles = [OnTrouble::RollBack, OnTrouble::Freeze, OnTrouble::Alert];
    let on_trouble = fields.word(cx, "on_trouble", &troubles);
    if fields.get("candidate").is_none() {
        without_candidate(cx, fields, stage);
        return None;
    }
    let candidate = Box::new(candidate?);
    Some(Box::new(Migration {
        candidate,
        stage,
        ceiling,
        canary,
        group,
        state,
        shadow,
        compare,
        gate,
        on_trouble,
    }))
}

impl Migration {
    /// Where the stage is written, or the candidate where it is not.
    pub fn stage_span(&self) -> Span {
        self.stage.as_ref().map_or(self.candidate.key.span, |stage| stage.span)
    }
}

fn is_name(cx: &mut Context<'_>, name: &Spanned<String>) -> bool {
    let good = !name.value.trim().is_empty();
    if !good {
        cx.error(Code::MappingValue, name.span, "a group needs a name");
    }
    good
}

fn without_candidate(cx: &mut Context<'_>, fields: &Fields<'_>, stage: Option<Spanned<Stage>>) {
    let help = "add `candidate:`, what is to take the route's place, or remove the key";
    if let Some(stage) = stage.filter(|stage| stage.value != Stage::Legacy) {
        let message = format!("there is no candidate that could be in stage `{}`", stage.value);
        cx.report.push(Diagnostic::error(Code::MappingStage, stage.span, message).help(help));
    }
    for entry in NEED_CANDIDATE.iter().filter_map(|name| fields.get(name)) {
        let message = format!("`{}` means nothing without a candidate", entry.key.value);
        cx.report
            .push(Diagnostic::error(Code::MappingCandidate, entry.key.span, message).help(help));
    }
}
