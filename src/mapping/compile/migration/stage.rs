//! Stages, ceilings, canaries and groups.

use super::super::Compiler;
use super::plan::Migrating;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::mapping::{CanaryKey, Spanned};
use crate::plan::{AssignmentKey, StateModel};
use crate::strangler::Stage;

impl Compiler<'_> {
    /// How far live changes may take a route: as the mapping says, else as far as a canary can
    /// follow.
    pub(super) fn ceiling(&mut self, one: &Migrating<'_>) -> Stage {
        let (migration, stage) = (one.migration, one.stage());
        let canary = &migration.canary;
        let splits = one.is_write() && one.state() == StateModel::Separate;
        let assigns = !canary.keys.is_empty();
        let waived = canary.waive.is_some();
        let errors = self.report.error_count();
        if let Some(waive) = canary.waive.filter(|_| one.is_write()) {
            let message = "the canary of a write cannot be waived";
            let help = "write `canary: { key: [path.x] }`, by what the write is about";
            self.report.push(Diagnostic::error(Code::MappingCanary, waive, message).help(help));
        }
        let reach = if splits || !(assigns || waived || stage > Stage::Shadow) {
            Stage::Shadow
        } else {
            Stage::Retired
        };
        for named in [&migration.stage, &migration.ceiling].into_iter().flatten() {
            if splits && named.value > Stage::Shadow {
                self.splits(named);
            }
        }
        if let Some(stage) = migration.stage.filter(|s| matches!(s.value, Stage::Canary(_)))
            && !assigns
        {
            self.nobody_is_assigned(&stage, waived);
        }
        let Some(ceiling) = migration.ceiling else { return reach };
        if stage > ceiling.value {
            let message = format!("`{stage}` is above the ceiling, `{}`", ceiling.value);
            self.report.push(
                Diagnostic::error(Code::MappingStage, migration.stage_span(), message)
                    .note(ceiling.span, "the ceiling")
                    .help("raise `ceiling:`, or lower `stage:`"),
            );
        } else if ceiling.value > reach && self.report.error_count() == errors {
            self.nobody_is_assigned(&ceiling, waived);
        }
        ceiling.value
    }

    fn splits(&mut self, stage: &Spanned<Stage>) {
        let message = format!(
            "in `{}`, writes would go to two systems of which neither sees the other's",
            stage.value
        );
        self.report.push(
            Diagnostic::error(Code::MappingSplit, stage.span, message)
                .label("`state` is `separate`")
                .help("write `state: shared` if both see the same data; figleaf does not write to both, `dual_write` is not built"),
        );
    }

    fn nobody_is_assigned(&mut self, stage: &Spanned<Stage>, waived: bool) {
        let (message, help) = if waived {
            (format!("`{}`, and the canary is waived", stage.value), "remove `waive:`")
        } else {
            (
                format!("`{}`, and nothing says whom the candidate answers", stage.value),
                "add `canary: { key: [header.X-Tenant] }`; of a write, the path parameter it is about",
            )
        };
        self.report.push(Diagnostic::error(Code::MappingCanary, stage.span, message).help(help));
    }

    /// The key of a canary: there is such a thing, and it is no caller where writes are assigned.
    pub(super) fn keys(&mut self, one: &Migrating<'_>, ceiling: Stage) {
        for key in &one.migration.canary.keys {
            match &key.key {
                AssignmentKey::Path(name) => self.path_key(one, key, name),
                AssignmentKey::Claim(_) if one.version.auth.is_none() => {
                    let message = "there are no claims: callers do not say who they are";
                    self.report.push(
                        Diagnostic::error(Code::MappingCanary, key.span, message)
                            .help("add `auth: { jwt: … }` to the version, or take another key"),
                    );
                }
                AssignmentKey::Body(_) if !one.route.key.method.value.has_body() => {
                    let message = "a request of this method has no body";
                    let help = "assign it by `path.x`; a group may take it from the path here and from the body there";
                    self.report
                        .push(Diagnostic::error(Code::MappingCanary, key.span, message).help(help));
                }
                AssignmentKey::Claim(_) | AssignmentKey::Header(_) | AssignmentKey::Body(_) => {}
            }
            let is_caller = !key.key.is_entity();
            if one.is_write() && is_caller && ceiling > Stage::Shadow {
                let message = "writes of one thing by two callers would go to two systems";
                self.report.push(
                    Diagnostic::error(Code::MappingCanary, key.span, message)
                        .label("this is a caller")
                        .help("assign a write by what it is about: `key: [path.x]` or `[body.x]`"),
                );
            }
        }
    }

    fn path_key(&mut self, one: &Migrating<'_>, key: &CanaryKey, name: &str) {
        let names = || one.route.key.parameters().map(|parameter| parameter.value);
        if names().any(|known| known == name) {
            return;
        }
        let message = format!("the path has no parameter `{name}`");
        let diagnostic = Diagnostic::error(Code::MappingCanary, key.name, message)
            .note(one.route.key.span, "the path");
        self.report.push(match did_you_mean(name, names()) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic,
        });
    }

    /// Routes of a group: where one of them writes, all have its key, and all its stage.
    pub(super) fn groups(&mut self, all: &[Migrating<'_>]) {
        for one in all {
            let Some(group) = &one.migration.group else { continue };
            let same = |other: &&Migrating<'_>| {
                other.version.api.value == one.version.api.value
                    && other.version.version.value == one.version.version.value
                    && other.migration.group.as_ref().is_some_and(|g| g.value == group.value)
            };
            let mut members = all.iter().filter(same);
            let writes = all.iter().filter(same).any(Migrating::is_write);
            let Some(first) = members.next().filter(|first| !std::ptr::eq(first.route, one.route))
            else {
                continue;
            };
            let keys = |one: &Migrating<'_>| {
                let keys = one.migration.canary.keys.iter();
                keys.map(|key| key.key.clone()).collect::<Vec<_>>()
            };
            // One takes from its body what the other has in its path.
            let alike = |a: &[AssignmentKey], b: &[AssignmentKey]| {
                let from_body = |key: &AssignmentKey| matches!(key, AssignmentKey::Body(_));
                a == b
                    || a.len() == b.len()
                        && a.iter().chain(b).all(AssignmentKey::is_entity)
                        && a.iter().chain(b).any(from_body)
            };
            if writes && !alike(&keys(first), &keys(one)) {
                let message = format!("routes of `{}` are assigned by different keys", group.value);
                self.report.push(
                    Diagnostic::error(Code::MappingCanary, group.span, message)
                        .note(first.migration.candidate.key.span, "the first of the group")
                        .help("where one of them writes, reads have to follow it: write one key for all"),
                );
            }
            if first.stage() != one.stage() {
                let message = format!("routes of `{}` are in different stages", group.value);
                self.report.push(
                    Diagnostic::warning(Code::MappingStage, one.migration.stage_span(), message)
                        .note(first.migration.stage_span(), "the first of the group")
                        .help("routes of a group move together"),
                );
            }
        }
    }
}
