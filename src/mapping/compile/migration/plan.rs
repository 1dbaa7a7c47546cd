//! The plan of a migration, and its candidate among the routes.

use std::sync::Arc;
use std::time::Duration;

use super::super::Compiler;
use super::super::ports::Ports;
use super::super::route::effect;
use super::compare::Bodies;
use super::identity::identity;
use super::shown::{Graphs, body};
use crate::mapping::{ApiVersion, GateKeys, Migration, Route, Shadow, Spanned};
use crate::plan::{
    Effect, MigrationPlan, OnTrouble, Plan, RouteId, RoutePlan, ShadowPlan, StateModel, WriteShadow,
};
use crate::strangler::{Gate, STEPS, Share, Stage};

/// A route with a candidate.
pub(in super::super) struct Migrating<'c> {
    /// The version it is in.
    pub version: &'c ApiVersion,
    /// The route.
    pub route: &'c Route,
    /// What it says about its candidate.
    pub migration: &'c Migration,
    /// The route in the plan, and the candidate; `None` where either is wrong, which has been
    /// reported.
    pub compiled: Option<(RouteId, RoutePlan)>,
}

impl Migrating<'_> {
    /// Whether calls change anything.
    pub(super) fn is_write(&self) -> bool {
        effect(self.route) == Effect::Write
    }

    /// Whether both sides see the same data.
    pub(super) fn state(&self) -> StateModel {
        self.migration.state.as_ref().map(|state| state.value).unwrap_or_default()
    }

    /// The stage the mapping says.
    pub(super) fn stage(&self) -> Stage {
        self.migration.stage.as_ref().map(|stage| stage.value).unwrap_or_default()
    }
}

impl<'c> Compiler<'c> {
    /// Puts the candidates behind all routes of the plan, and tells their routes of them.
    pub(in super::super) fn migrations(
        &mut self,
        plan: &mut Plan,
        all: Vec<Migrating<'c>>,
        ports: &Ports,
    ) {
        self.groups(&all);
        let graphs = Graphs { set: self.set, ports };
        let mut plans = Vec::new();
        for one in &all {
            let bodies = match &one.compiled {
                Some((id, candidate)) => {
                    let legacy = &plan.route(*id).translator;
                    self.parameters(one, legacy);
                    let candidate = body(&candidate.translator, graphs);
                    Bodies { legacy: body(legacy, graphs), candidate }
                }
                None => Bodies::UNKNOWN,
            };
            plans.push(self.migration(one, &all, bodies));
        }
        for (one, migration) in all.into_iter().zip(plans) {
            let Some((id, compiled)) = one.compiled else { continue };
            let candidate = RouteId(u32::try_from(plan.routes.len()).unwrap_or(u32::MAX));
            let Some(route) = plan.routes.get_mut(id.0 as usize) else { continue };
            if let Some(migration) = migration {
                route.migration = Some(Arc::new(MigrationPlan { candidate, ..migration }));
            }
            let id = format!("{} (candidate)", route.id);
            // To callers it is the route.
            let route = RoutePlan {
                id,
                timeout: compiled.timeout,
                place: compiled.place,
                translator: compiled.translator,
                migration: None,
                is_candidate: true,
                ..route.clone()
            };
            plan.routes.push(route);
        }
    }

    /// `None` where something is wrong, which has been reported.
    fn migration(
        &mut self,
        one: &Migrating<'c>,
        all: &[Migrating<'c>],
        bodies: Bodies<'_>,
    ) -> Option<MigrationPlan> {
        let migration = one.migration;
        let ceiling = self.ceiling(one);
        self.keys(one, ceiling);
        let writes = self.writes(one, all);
        let comparer = self.comparer(one, bodies);
        self.lacks(one, bodies);
        let (write, state) = (one.is_write(), one.state());
        let on_trouble = match (write, state) {
            (true, StateModel::Separate) => OnTrouble::Freeze,
            _ => OnTrouble::RollBack,
        };
        Some(MigrationPlan {
            // Set when the candidate has its place.
            candidate: one.compiled.as_ref()?.0,
            identity: identity(one),
            stage: one.stage(),
            ceiling,
            steps: steps(migration),
            salt: salt(one),
            keys: migration.canary.keys.iter().map(|key| key.key.clone()).collect(),
            state,
            shadow: shadow(&migration.shadow, writes?),
            comparer: comparer?,
            rules: migration.compare.rules.iter().map(|rule| rule.written.clone()).collect(),
            gate: gate(&migration.gate),
            on_trouble: migration.on_trouble.as_ref().map_or(on_trouble, |on| on.value),
        })
    }
}

/// A canary that is waived has no steps.
fn steps(migration: &Migration) -> Vec<Share> {
    match &migration.canary {
        canary if canary.waive.is_some() => Vec::new(),
        canary if canary.steps.is_empty() => {
            STEPS.iter().filter_map(|points| Share::of_basis_points(*points)).collect()
        }
        canary => canary.steps.iter().map(|step| step.value).collect(),
    }
}

/// Routes of a group assign their callers together; any other spreads its own.
fn salt(one: &Migrating<'_>) -> String {
    match &one.migration.group {
        Some(group) => format!("{}/{}", one.version.api.value, group.value),
        None => format!("v{} {}", one.version.version.value.0, one.route.key.shape()),
    }
}

fn shadow(authored: &Shadow, writes: WriteShadow) -> ShadowPlan {
    let share = |given: &Option<Spanned<Share>>, points| {
        given.map_or_else(|| Share::of_basis_points(points).unwrap_or_default(), |s| s.value)
    };
    ShadowPlan {
        sample: share(&authored.sample, 10_000),
        timeout: authored.timeout.map_or(Duration::from_secs(5), |t| t.value),
        in_flight: authored.in_flight.map_or(16, |n| n.value),
        queue: authored.queue.map_or(64, |n| n.value),
        budget: share(&authored.budget, 200),
        noise: share(&authored.noise, 100),
        writes,
    }
}

fn gate(authored: &GateKeys) -> Gate {
    let base = Gate::default();
    let rate = |given: &Option<Spanned<Share>>, default| {
        given.map_or(default, |share| f64::from(share.value.basis_points()) / 10_000.0)
    };
    let count = |given: &Option<Spanned<u32>>, default| given.map_or(default, |n| n.value.into());
    let slower = authored.slower.map_or(base.slower_max.0, |f| f64::from(f.value) / 100.0);
    Gate {
        match_rate: rate(&authored.match_rate, base.match_rate),
        match_rate_all: rate(&authored.match_rate_all, base.match_rate_all),
        shapes_min: count(&authored.shapes, base.shapes_min),
        span_min: authored.span.map_or(base.span_min, |span| span.value),
        hidden_max: rate(&authored.hidden, base.hidden_max),
        dropped_max: rate(&authored.dropped, base.dropped_max),
        slower_max: (slower, authored.slower_by.map_or(base.slower_max.1, |by| by.value)),
        times_min: count(&authored.times, base.times_min),
        failed_max: rate(&authored.failed, base.failed_max),
        fails_more_max: rate(&authored.fails_more, base.fails_more_max),
        hold_min: authored.hold.map_or(base.hold_min, |hold| hold.value),
    }
}
