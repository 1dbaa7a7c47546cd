//! Members of objects.

use super::local::{Edge, Local};
use super::pairs::{Direction, Found};
use super::view::{Others, View};
use crate::change::rules::{self, Rule};

/// A name as a step of a JSON pointer (RFC 6901).
pub(super) fn step(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}

impl<'d> Local<'d> {
    pub(super) fn objects(&mut self, b: &View<'d>, a: &View<'d>) {
        for (name, before) in &b.members {
            let required = (b.required.contains(name), a.required.contains(name));
            match a.member(name) {
                None => self.gone(b, a, name),
                Some(after) => {
                    self.presence(name, required);
                    let (before, after) = (before.clone(), after.clone());
                    self.edges.push(Edge { step: step(name), before, after });
                }
            }
        }
        for (name, _) in a.members.iter().filter(|(name, _)| b.member(name).is_none()) {
            let is_required = a.required.contains(name);
            let (rules, text) = if is_required {
                let rules = (&rules::REQUEST_MEMBER_ADDED_REQUIRED, &rules::RESPONSE_MEMBER_ADDED);
                (rules, format!("the member `{name}` is new, and required"))
            } else {
                let rules = (&rules::REQUEST_MEMBER_ADDED, &rules::RESPONSE_MEMBER_ADDED);
                (rules, format!("the member `{name}` is new"))
            };
            let content = if is_required { "required" } else { "optional" };
            self.at(self.direction.of(rules.0, rules.1), name, text, "", content);
        }
        self.unnamed_required(b, a);
        self.others(b, a);
    }

    fn at(&mut self, rule: &'static Rule, name: &str, text: String, before: &str, after: &str) {
        let (before, after) = (before.to_owned(), after.to_owned());
        self.found.push(Found { rule, place: step(name), text, before, after });
    }

    fn gone(&mut self, b: &View<'d>, a: &View<'d>, name: &str) {
        let content = if b.required.contains(name) { "required" } else { "optional" };
        let rule = match (self.direction, &a.others) {
            (Direction::Response, _) => &rules::RESPONSE_MEMBER_REMOVED,
            (Direction::Request, Others::Closed) => &rules::REQUEST_MEMBER_REMOVED,
            (Direction::Request, _) => &rules::REQUEST_MEMBER_IGNORED,
        };
        self.at(rule, name, format!("the member `{name}` is gone"), content, "");
    }

    fn presence(&mut self, name: &str, required: (bool, bool)) {
        let (rules, text) = match required {
            (false, true) => (
                (&rules::REQUEST_MEMBER_BECAME_REQUIRED, &rules::RESPONSE_MEMBER_BECAME_REQUIRED),
                format!("the member `{name}` was optional, and is required"),
            ),
            (true, false) => (
                (&rules::REQUEST_MEMBER_BECAME_OPTIONAL, &rules::RESPONSE_MEMBER_BECAME_OPTIONAL),
                format!("the member `{name}` was required, and is optional"),
            ),
            _ => return,
        };
        let content = |is_required| if is_required { "required" } else { "optional" };
        let rule = self.direction.of(rules.0, rules.1);
        self.at(rule, name, text, content(required.0), content(required.1));
    }

    /// Members that are required and not described.
    fn unnamed_required(&mut self, b: &View<'d>, a: &View<'d>) {
        let unnamed = |name: &&&str| b.member(name).is_none() && a.member(name).is_none();
        let old: Vec<&str> = b.required.difference(&a.required).filter(unnamed).copied().collect();
        let new: Vec<&str> = a.required.difference(&b.required).filter(unnamed).copied().collect();
        for name in old {
            self.presence(name, (true, false));
        }
        for name in new {
            self.presence(name, (false, true));
        }
    }

    fn others(&mut self, b: &View<'d>, a: &View<'d>) {
        let (old, new) = match (&b.others, &a.others) {
            (Others::Closed, Others::Closed) | (Others::Open, Others::Open) => return,
            (Others::Closed, Others::Typed(_)) => ("none", "some"),
            (Others::Closed, Others::Open) => ("none", "any"),
            (Others::Typed(_), Others::Closed) => ("some", "none"),
            (Others::Open, Others::Closed) => ("any", "none"),
            (old, new) => {
                let schemas = |others: &Others<'d>| match others {
                    Others::Typed(schemas) => schemas.clone(),
                    Others::Open | Others::Closed => Vec::new(),
                };
                let (before, after) = (schemas(old), schemas(new));
                self.edges.push(Edge { step: "/*".to_owned(), before, after });
                return;
            }
        };
        let (rules, text) = if new == "none" {
            let rules = (&rules::REQUEST_OTHERS_REFUSED, &rules::RESPONSE_OTHERS_REMOVED);
            (rules, "members it does not name are no longer possible".to_owned())
        } else {
            let rules = (&rules::REQUEST_OTHERS_TAKEN, &rules::RESPONSE_OTHERS_ADDED);
            (rules, "members it does not name are possible now".to_owned())
        };
        self.either(rules, text, old, new);
    }
}
