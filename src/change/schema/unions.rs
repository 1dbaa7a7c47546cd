//! Several kinds of value: which one stands for which.

use serde_json::Value;

use super::local::{Edge, Local};
use super::same::{likeness, same};
use super::view::{Alternative, Union, View};
use crate::change::rules;
use crate::change::text::shown;

/// Members two kinds of value have to share, of those either has, to be one that changed.
const LIKE_MIN: f64 = 0.5;

impl<'d> Local<'d> {
    /// Compares kinds of value; whether that was all there is to compare.
    pub(super) fn unions(
        &mut self,
        b: &View<'d>,
        a: &View<'d>,
        before: &[&'d Value],
        after: &[&'d Value],
    ) -> bool {
        match (&*b.unions, &*a.unions) {
            ([], [new]) => {
                let kinds: Vec<&Value> = new.alternatives.iter().map(|a| a.schema).collect();
                let Some(own) = self.nearest(before, &kinds, true) else { return false };
                self.same_place(before.to_vec(), vec![kinds[own]]);
                for (_, kind) in new.alternatives.iter().enumerate().filter(|(at, _)| *at != own) {
                    self.added(kind);
                }
                true
            }
            ([old], []) => {
                let kinds: Vec<&Value> = old.alternatives.iter().map(|a| a.schema).collect();
                let Some(own) = self.nearest(after, &kinds, false) else { return false };
                self.same_place(vec![kinds[own]], after.to_vec());
                for (_, kind) in old.alternatives.iter().enumerate().filter(|(at, _)| *at != own) {
                    self.removed(kind);
                }
                true
            }
            (old, new) => {
                self.several(old, new);
                false
            }
        }
    }

    fn same_place(&mut self, before: Vec<&'d Value>, after: Vec<&'d Value>) {
        self.edges.push(Edge { step: String::new(), before, after });
    }

    /// Unions that hold at once: each with the first that is like it, or else the next.
    fn several(&mut self, old: &[Union<'d>], new: &[Union<'d>]) {
        if old.len() != new.len() {
            let (was, is) = (old.len().to_string(), new.len().to_string());
            let text = format!("{was} lists of kinds of value held at once, and {is} do");
            self.push(
                &rules::KEYWORD_CHANGED,
                text,
                &format!("oneOf {was}"),
                &format!("oneOf {is}"),
            );
            return;
        }
        let mut free: Vec<&Union<'d>> = new.iter().collect();
        for union in old {
            let shape = |u: &Union<'d>| (u.discriminator.map(str::to_owned), u.alternatives.len());
            let like = free.iter().position(|other| shape(other) == shape(union));
            let other = free.remove(like.unwrap_or(0));
            self.both(union, other);
        }
    }

    fn both(&mut self, old: &Union<'d>, new: &Union<'d>) {
        if old.discriminator != new.discriminator {
            let name = |union: &Union<'d>| union.discriminator.unwrap_or_default().to_owned();
            let (was, is) = (name(old), name(new));
            let words =
                |name: &str| if name.is_empty() { "nothing".to_owned() } else { shown(name) };
            let text =
                format!("{} told the kinds of value apart, and {} does", words(&was), words(&is));
            self.push(&rules::DISCRIMINATOR_CHANGED, text, &was, &is);
        }
        let mut free: Vec<&Alternative<'d>> = new.alternatives.iter().collect();
        let mut left = Vec::new();
        for kind in &old.alternatives {
            let same_label =
                |other: &&Alternative<'d>| kind.label.is_some() && other.label == kind.label;
            let same_kind = |other: &&Alternative<'d>| {
                let is_same = || same(self.before, kind.schema, self.after, other.schema);
                kind.label.is_none() && (self.by_order || is_same())
            };
            let place =
                free.iter().position(same_label).or_else(|| free.iter().position(same_kind));
            match place {
                Some(place) => {
                    let other = free.remove(place);
                    self.inside(kind, other);
                }
                None => left.push(kind),
            }
        }
        for kind in left {
            let schemas: Vec<&Value> = free.iter().map(|other| other.schema).collect();
            // A label names a kind for good: another label is another kind.
            let near = if kind.label.is_some() {
                None
            } else {
                self.nearest(&[kind.schema], &schemas, true)
            };
            match near {
                Some(place) => {
                    let other = free.remove(place);
                    self.inside(kind, other);
                }
                None => self.removed(kind),
            }
        }
        for kind in free {
            self.added(kind);
        }
    }

    fn inside(&mut self, before: &Alternative<'d>, after: &Alternative<'d>) {
        let step = before.label.map_or(String::new(), |label| format!("({label})"));
        self.edges.push(Edge { step, before: vec![before.schema], after: vec![after.schema] });
    }

    /// The kind of value that is most like another, if any is at all; `forward`: the kinds are
    /// of the later document.
    fn nearest(&self, one: &[&'d Value], kinds: &[&'d Value], forward: bool) -> Option<usize> {
        let (of_one, of_kinds) =
            if forward { (self.before, self.after) } else { (self.after, self.before) };
        let scores = kinds.iter().map(|kind| likeness(of_one, one, of_kinds, &[kind]));
        let best = scores.enumerate().max_by(|(_, a), (_, b)| a.total_cmp(b));
        best.filter(|(_, score)| *score >= LIKE_MIN).map(|(at, _)| at)
    }

    fn added(&mut self, kind: &Alternative<'d>) {
        let name = name(kind);
        let rules = (&rules::REQUEST_ALTERNATIVE_ADDED, &rules::RESPONSE_ALTERNATIVE_ADDED);
        self.either(rules, format!("{} is a new kind of value", shown(&name)), "", &name);
    }

    fn removed(&mut self, kind: &Alternative<'d>) {
        let name = name(kind);
        let rules = (&rules::REQUEST_ALTERNATIVE_REMOVED, &rules::RESPONSE_ALTERNATIVE_REMOVED);
        self.either(rules, format!("{} is no longer a kind of value", shown(&name)), &name, "");
    }
}

fn name(kind: &Alternative<'_>) -> String {
    let component = || kind.schema["$ref"].as_str().and_then(|r| r.rsplit('/').next());
    let title = || kind.schema["title"].as_str().or(kind.schema["type"].as_str());
    kind.label.or_else(component).or_else(title).unwrap_or("another").to_owned()
}
