//! The walk through two messages that are brought together.

use std::collections::BTreeSet;

use super::leaves::{Leaves, own_text};
use super::merge::{Change, ChangeKind, MergeRules};
use super::places::{Placed, fits, is_just, join, placed};
use super::scope::{Scope, bind_prefix, bind_value, transplant};
use crate::canonical::{Attribute, Element, Item};

/// A place: as it is hashed, and as people read it.
#[derive(Clone, Copy)]
pub(super) struct Here<'h> {
    pub key: &'h str,
    pub shown: &'h str,
    pub scope: &'h Scope<'h>,
}

pub(super) struct Merging<'m> {
    pub rules: MergeRules<'m>,
    /// Whether additions are taken without leave.
    pub additions: bool,
    /// What was found so far.
    pub changes: Vec<Change>,
}

impl Merging<'_> {
    /// An element both have. The recursion is over messages, whose depth was bounded when they
    /// were read.
    pub fn element(&mut self, here: Here<'_>, ours: &Element, theirs: &Element) -> Element {
        let mut scope = here.scope.clone();
        scope.ours.extend(&ours.bindings);
        scope.theirs.extend(&theirs.bindings);
        let here = Here { scope: &scope, ..here };
        let mut merged = Element { content: Vec::new(), ..ours.clone() };
        self.attributes(here, ours, theirs, &mut merged);
        let is_leaf = |element: &Element| own_text(element).is_some();
        if is_leaf(ours) || is_leaf(theirs) {
            self.text(here, ours, theirs, &mut merged);
        } else {
            merged.content = self.children(here, ours, theirs);
        }
        merged
    }

    fn attributes(&mut self, here: Here<'_>, ours: &Element, theirs: &Element, into: &mut Element) {
        let find = |element: &Element, like: &Attribute| {
            element.attributes.iter().find(|a| a.name == like.name).cloned()
        };
        let added = theirs.attributes.iter().filter(|a| find(ours, a).is_none());
        let all: Vec<&Attribute> = ours.attributes.iter().chain(added).collect();
        into.attributes.clear();
        for attribute in all {
            let step = format!("@{}", attribute.name.local);
            let (key, shown) = (join(here.key, &step), join(here.shown, &step));
            let (left, right) = (find(ours, attribute), find(theirs, attribute));
            let value = |side: &Option<Attribute>| side.as_ref().map(|a| a.value.clone());
            let taken = self.decide((&key, &shown), value(&left), value(&right));
            let kept = if taken { right } else { left };
            if let Some(attribute) = kept {
                if taken {
                    bind_prefix(into, &attribute.prefix, here.scope);
                    bind_value(into, &attribute.value, here.scope);
                }
                into.attributes.push(attribute);
            }
        }
    }

    /// Content of which one side at least is text.
    fn text(&mut self, here: Here<'_>, ours: &Element, theirs: &Element, into: &mut Element) {
        let whole = |element: &Element| {
            let parts = Leaves::under("", element).into_iter().map(|(path, value)| {
                if path.is_empty() { value } else { format!("{path}={value}") }
            });
            let is_simple = element.elements().next().is_none();
            if is_simple { own_text(element) } else { Some(parts.collect::<Vec<_>>().join(" ")) }
        };
        let taken = self.decide((here.key, here.shown), whole(ours), whole(theirs));
        let from = if taken { theirs } else { ours };
        into.content.clone_from(&from.content);
        if taken {
            bind_value(into, &from.text(), here.scope);
            for item in &mut into.content {
                if let Item::Element(element) = item {
                    transplant(element, here.scope);
                }
            }
        }
    }

    fn children(&mut self, here: Here<'_>, ours: &Element, theirs: &Element) -> Vec<Item> {
        let (left, right) = (placed(ours), placed(theirs));
        let order = self.order(here, &left, &right);
        let several = |placed: &Placed<'_>| {
            let count = |all: &[Placed<'_>]| {
                all.iter().filter(|other| other.element.name == placed.element.name).count()
            };
            count(&left) > 1 || count(&right) > 1
        };
        let mut merged = Vec::new();
        for child in order {
            let index = if several(&child) { format!("[{}]", child.index) } else { String::new() };
            let key = child.key(here.key);
            let shown = join(here.shown, &format!("{}{index}", child.element.name.local));
            let inner = Here { key: &key, shown: &shown, scope: here.scope };
            let ours = left.iter().find(|other| other.is(&child));
            let theirs = right.iter().find(|other| other.is(&child));
            let kept = match (ours, theirs) {
                (Some(ours), Some(theirs)) => {
                    Some(self.element(inner, ours.element, theirs.element))
                }
                (ours, theirs) => {
                    self.one_sided(inner, ours.map(|o| o.element), theirs.map(|t| t.element))
                }
            };
            merged.extend(kept.map(Item::Element));
        }
        merged
    }

    /// The children of both, in the order they will have: that of ours, what is new behind what
    /// it stands behind there.
    fn order<'e>(
        &mut self,
        here: Here<'_>,
        ours: &[Placed<'e>],
        theirs: &[Placed<'e>],
    ) -> Vec<Placed<'e>> {
        let has = |all: &[Placed<'e>], one: &Placed<'e>| all.iter().any(|other| other.is(one));
        let common = |of: &[Placed<'e>], with: &[Placed<'e>]| {
            let names = of.iter().filter(|one| has(with, one)).map(|one| one.key(""));
            names.collect::<Vec<_>>()
        };
        let (left, right) = (common(ours, theirs), common(theirs, ours));
        let mut first = ours;
        let mut second = theirs;
        if left != right
            && (self.rules.differing)(here.key)
            && self.order_taken(here, &left, &right)
        {
            (first, second) = (theirs, ours);
        }
        let mut order = first.to_vec();
        let mut behind = 0;
        for one in second {
            match order.iter().position(|other| other.is(one)) {
                Some(at) => behind = at + 1,
                None => {
                    order.insert(behind, *one);
                    behind += 1;
                }
            }
        }
        order
    }

    fn order_taken(&mut self, here: Here<'_>, left: &[String], right: &[String]) -> bool {
        let taken = self.may_take(ChangeKind::Order, here.shown);
        self.changes.push(Change {
            path: here.shown.to_owned(),
            kind: ChangeKind::Order,
            ours: Some(left.join(" ")),
            theirs: Some(right.join(" ")),
            taken,
        });
        taken
    }

    /// An element only one side has; what of it the merged message has.
    fn one_sided(
        &mut self,
        here: Here<'_>,
        ours: Option<&Element>,
        theirs: Option<&Element>,
    ) -> Option<Element> {
        let element = ours.or(theirs)?;
        if self.is_volatile(here.shown) {
            return ours.cloned();
        }
        let leaves = Leaves::under(here.key, element);
        let recorded = |base: &Leaves| leaves.iter().filter(|(p, v)| base.has(p, v)).count();
        let recorded = self.rules.base.map(recorded);
        let kind = match (ours.is_some(), recorded) {
            // As it was recorded, and gone from one side.
            (true, Some(count)) if count == leaves.len() => ChangeKind::Removed,
            (false, Some(count)) if count == leaves.len() => ChangeKind::Kept,
            (true, Some(0)) => ChangeKind::Kept,
            (true, _) => ChangeKind::Conflict,
            (false, _) => ChangeKind::Added,
        };
        // Only a base can tell that an addition is no deletion by hand.
        let kind = if kind == ChangeKind::Added && recorded.is_none_or(|count| count > 0) {
            ChangeKind::Conflict
        } else {
            kind
        };
        let taken = self.may_take(kind, here.shown);
        let shown = |side: Option<&Element>| side.map(|_| inside(&leaves));
        self.changes.push(Change {
            path: here.shown.to_owned(),
            kind,
            ours: shown(ours),
            theirs: shown(theirs),
            taken,
        });
        match (taken, theirs) {
            (false, _) => ours.cloned(),
            (true, None) => None,
            (true, Some(theirs)) => {
                let mut element = theirs.clone();
                transplant(&mut element, here.scope);
                Some(element)
            }
        }
    }

    /// A value both, or one of them, has at a place; says whether theirs is taken.
    fn decide(
        &mut self,
        (key, shown): (&str, &str),
        ours: Option<String>,
        theirs: Option<String>,
    ) -> bool {
        if ours == theirs || !(self.rules.differing)(key) || self.is_volatile(shown) {
            return false;
        }
        let as_recorded = |value: &Option<String>| {
            let base = self.rules.base?;
            value.as_ref().map(|value| base.has(key, value))
        };
        let kind = match (as_recorded(&ours), as_recorded(&theirs)) {
            (_, Some(true)) | (Some(false), None) => ChangeKind::Kept,
            (Some(true), _) if theirs.is_none() => ChangeKind::Removed,
            (Some(true), _) => ChangeKind::Changed,
            (None, Some(false)) => ChangeKind::Added,
            _ => ChangeKind::Conflict,
        };
        let taken = self.may_take(kind, shown);
        self.changes.push(Change { path: shown.to_owned(), kind, ours, theirs, taken });
        taken
    }

    fn may_take(&self, kind: ChangeKind, path: &str) -> bool {
        let accepted = self.rules.accepted;
        let named = || accepted.paths.iter().any(|wanted| fits(wanted, path));
        match kind {
            ChangeKind::Kept => false,
            // Both sides have a claim: nothing wider than the place itself decides.
            ChangeKind::Conflict => accepted.paths.iter().any(|wanted| is_just(wanted, path)),
            ChangeKind::Added => self.additions || accepted.all || named(),
            ChangeKind::Removed | ChangeKind::Changed | ChangeKind::Order => {
                accepted.all || named()
            }
        }
    }

    fn is_volatile(&self, path: &str) -> bool {
        self.rules.volatile.iter().any(|volatile| fits(volatile, path))
    }
}

/// Values of a subtree, as people read them.
fn inside(leaves: &[(String, String)]) -> String {
    let values: BTreeSet<&str> =
        leaves.iter().map(|(_, value)| value.as_str()).filter(|value| !value.is_empty()).collect();
    values.into_iter().collect::<Vec<_>>().join(" ")
}
