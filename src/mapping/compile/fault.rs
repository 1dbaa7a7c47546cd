//! Rules for faults: members of a detail are looked up in the faults a rule can be about.

use super::Compiler;
use crate::codec::{Graph, NodeId};
use crate::mapping::{FaultPattern, FaultRule, MemberPath, Route};
use crate::plan::FaultRulePlan;
use crate::soap::FaultElement;

impl Compiler<'_> {
    pub(super) fn fault_rules(
        &mut self,
        route: &Route,
        faults: &[FaultElement],
        graph: &Graph,
    ) -> Vec<FaultRulePlan> {
        let rules = route.faults.iter();
        rules.map(|rule| self.fault_rule(rule, faults, graph)).collect()
    }

    fn fault_rule(
        &mut self,
        rule: &FaultRule,
        faults: &[FaultElement],
        graph: &Graph,
    ) -> FaultRulePlan {
        let pattern = &rule.pattern.value;
        let is_meant =
            |f: &&FaultElement| pattern.matches(&f.name) || pattern.matches(&f.child.local);
        let meant = faults.iter().filter(is_meant).map(|f| f.child.node);
        let mut details: Vec<NodeId> = meant.collect();
        if details.is_empty() {
            // A code says nothing of the detail: any of the declared ones may come with it.
            details.extend(faults.iter().map(|f| f.child.node));
        }
        let members = rule.members.iter().filter_map(|(path, value)| {
            let names = self.detail_member(&path.value, &details, graph)?;
            let FaultPattern(pattern) = value;
            Some((names, pattern.clone()))
        });
        let members = members.collect();
        FaultRulePlan {
            pattern: pattern.0.clone(),
            text: rule.text.as_ref().map(|text| text.value.0.clone()),
            members,
            status: rule.status.value,
            title: rule.title.as_ref().map(|t| t.value.clone()),
            expose: rule.expose.as_ref().is_some_and(|e| e.value),
        }
    }

    fn detail_member(
        &mut self,
        path: &MemberPath,
        details: &[NodeId],
        graph: &Graph,
    ) -> Option<Vec<Box<str>>> {
        let names: Vec<&str> = path.names.iter().map(|n| n.value.as_str()).collect();
        let found: Vec<_> = details.iter().map(|node| graph.find(*node, &names)).collect();
        if let Some(found) = found.iter().find_map(|found| found.as_ref().ok()) {
            return Some(found.names.clone());
        }
        let (mut step, mut known) = (0, Vec::new());
        for missing in found.into_iter().filter_map(Result::err) {
            step = missing.step;
            known.extend(missing.candidates);
        }
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        self.unknown(path, step, &known);
        None
    }
}
