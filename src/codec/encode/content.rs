//! Content models: which elements to write, in which order, and whether they may.

use super::super::facet::compare_decimals;
use super::super::graph::{Child, Member, MemberSource, Node, Object, Particle, ParticleTerm};
use super::super::json::Json;
use super::super::lexical::{boolean, trim};
use super::{Encoder, Step};

/// The values of an object's members while it is written.
#[derive(Debug)]
pub(super) struct Values<'j> {
    values: Vec<Option<&'j Json<'j>>>,
    /// Items written so far.
    written: Vec<u32>,
    /// Members whose items count one by one; an array elsewhere is one value.
    repeats: Vec<bool>,
    /// Whether the only member is the value itself: it has no key in the pointer.
    unwrapped: bool,
}

impl<'j> Values<'j> {
    pub(super) fn none(object: &Object) -> Self {
        let len = object.members.len();
        let repeats = object.members.iter().map(|m| m.repeats).collect();
        Self { values: vec![None; len], written: vec![0; len], repeats, unwrapped: false }
    }

    pub(super) fn only(object: &Object, member: u16, value: &'j Json<'j>) -> Self {
        let mut values = Self::none(object);
        values.unwrapped = true;
        let empty = match value {
            Json::Null => object.members[usize::from(member)].repeats,
            _ => false,
        };
        if !empty {
            values.set(usize::from(member), value);
        }
        values
    }

    pub(super) fn set(&mut self, at: usize, value: &'j Json<'j>) {
        self.values[at] = Some(value);
    }

    pub(super) fn get(&self, at: u16) -> Option<&'j Json<'j>> {
        self.values.get(usize::from(at)).copied().flatten()
    }

    /// Whether something of a member is still to be written.
    fn waits(&self, at: u16) -> bool {
        let written = self.written[usize::from(at)];
        match self.get(at) {
            None => false,
            Some(Json::Array(items)) if self.repeats[usize::from(at)] => {
                (written as usize) < items.len()
            }
            Some(_) => written == 0,
        }
    }

    fn any_waits(&self, members: &[u16]) -> bool {
        members.iter().any(|at| self.waits(*at))
    }
}

impl<'g> Encoder<'g> {
    /// Writes the content of an object and checks that nothing is left over.
    pub(super) fn body(&mut self, object: &'g Object, values: &mut Values<'_>) {
        if let Some((node, member)) = object.text {
            match (values.get(member), self.graph.node(node)) {
                (Some(value), Node::Text(text)) => {
                    let name = object.members[usize::from(member)].name.to_string();
                    let text = self.at(Step::Key(name), |e| e.text_value(text, value));
                    if let Some(text) = text {
                        self.write(&text);
                    }
                }
                _ => self.missing(&object.members[usize::from(member)]),
            }
            return;
        }
        if let Some(member) = object.mixed {
            if let Some(value) = values.get(member) {
                let member = &object.members[usize::from(member)];
                self.member(member, values.unwrapped, |e| e.mixed(value));
            }
            return;
        }
        if let Some(content) = &object.content {
            self.particle(object, content, values);
        }
        for (at, member) in object.members.iter().enumerate() {
            let at = u16::try_from(at).unwrap_or(u16::MAX);
            let is_attribute =
                matches!(member.source, MemberSource::Attribute | MemberSource::AnyAttribute);
            if !is_attribute && values.waits(at) {
                self.left_over(member, values, at);
            }
        }
    }

    fn left_over(&mut self, member: &Member, values: &Values<'_>, at: u16) {
        let written = values.written[usize::from(at)];
        let detail = match (member.repeats, written) {
            (true, 1..) => format!("has too many items; at most {written}"),
            _ => "is not allowed together with the other members".to_owned(),
        };
        self.member(member, values.unwrapped, |e| e.problem(detail));
    }

    /// Runs with the pointer at a member.
    fn member<T>(
        &mut self,
        member: &Member,
        unwrapped: bool,
        run: impl FnOnce(&mut Self) -> T,
    ) -> T {
        if unwrapped { run(self) } else { self.at(Step::Key(member.name.to_string()), run) }
    }

    fn particle(&mut self, object: &'g Object, particle: &'g Particle, values: &mut Values<'_>) {
        match &particle.term {
            ParticleTerm::Element { member, children } => {
                self.elements(object, particle, *member, children, values);
            }
            ParticleTerm::Sequence(inner) | ParticleTerm::All(inner) => {
                if particle.min == 0 && !values.any_waits(&particle.members) {
                    return;
                }
                for particle in inner {
                    self.particle(object, particle, values);
                }
            }
            ParticleTerm::Choice(inner) => self.choice(object, particle, inner, values),
            ParticleTerm::Any(member, _) => self.entries(object, *member, &[], values),
            ParticleTerm::Group(at, children) => {
                let is_empty = match values.get(*at) {
                    None => true,
                    Some(Json::Array(items)) => items.is_empty(),
                    Some(_) => false,
                };
                if is_empty && particle.min > 0 && values.written[usize::from(*at)] == 0 {
                    let member = &object.members[usize::from(*at)];
                    self.member(member, values.unwrapped, |e| e.problem("is required"));
                    return;
                }
                self.entries(object, *at, children, values);
            }
        }
    }

    fn choice(
        &mut self,
        object: &'g Object,
        particle: &'g Particle,
        alternatives: &'g [Particle],
        values: &mut Values<'_>,
    ) {
        let waiting: Vec<u16> =
            particle.members.iter().copied().filter(|at| values.waits(*at)).collect();
        if waiting.is_empty() {
            let may_be_empty = particle.min == 0 || alternatives.iter().any(is_emptiable);
            if !may_be_empty && !alternatives.is_empty() {
                let names = names(object, &particle.members);
                self.problem(format!("needs one of {names}"));
            }
            return;
        }
        let covers = |p: &&Particle| waiting.iter().all(|at| p.members.contains(at));
        let complete = |p: &&Particle| requirements_met(p, values);
        let chosen = alternatives
            .iter()
            .filter(covers)
            .find(complete)
            .or_else(|| alternatives.iter().find(covers));
        match chosen {
            Some(chosen) => self.particle(object, chosen, values),
            None => {
                let names = names(object, &waiting);
                self.problem(format!("may have only one of {names}"));
                for at in waiting {
                    values.written[usize::from(at)] = u32::MAX;
                }
            }
        }
    }

    fn elements(
        &mut self,
        object: &'g Object,
        particle: &Particle,
        at: u16,
        children: &[u16],
        values: &mut Values<'_>,
    ) {
        let member = &object.members[usize::from(at)];
        let unwrapped = values.unwrapped;
        let Some(value) = values.get(at).filter(|_| !is_spent(values, at)) else {
            if particle.min == 0 || values.written[usize::from(at)] > 0 {
                return;
            }
            match (&member.fixed, member.repeats) {
                (Some(fixed), false) => {
                    let fixed = Json::Lexical((&**fixed).into());
                    self.stand_in(object, children, &fixed);
                }
                _ if unwrapped => self.problem("is required"),
                _ => self.missing(member),
            }
            return;
        };
        if !member.repeats {
            values.written[usize::from(at)] = u32::MAX;
            self.member(member, unwrapped, |e| {
                e.only_fixed(member, value);
                e.stand_in(object, children, value);
            });
            return;
        }
        let single;
        let items = match value {
            Json::Array(items) => &items[..],
            Json::Lexical(_) => {
                single = [value.clone()];
                &single[..]
            }
            other => {
                values.written[usize::from(at)] = u32::MAX;
                let detail = format!("must be an array, is {}", other.kind());
                self.member(member, unwrapped, |e| e.problem(detail));
                return;
            }
        };
        let from = values.written[usize::from(at)] as usize;
        let room = particle.max.map_or(usize::MAX, |max| max as usize);
        let taken = items.len().saturating_sub(from).min(room);
        if taken < particle.min as usize {
            let min = particle.min;
            self.member(member, unwrapped, |e| e.problem(format!("needs at least {min} items")));
        }
        self.member(member, unwrapped, |e| {
            for (index, item) in items.iter().enumerate().skip(from).take(taken) {
                e.at(Step::Index(index), |e| e.stand_in(object, children, item));
            }
        });
        values.written[usize::from(at)] += u32::try_from(taken).unwrap_or(u32::MAX);
    }

    /// Where the schema fixes a value, no other may be sent.
    pub(super) fn only_fixed(&mut self, member: &Member, value: &Json<'_>) {
        let Some(fixed) = &member.fixed else { return };
        let is_fixed = match value {
            Json::String(text) | Json::Lexical(text) => **text == **fixed,
            Json::Number(number) => {
                **number == **fixed
                    || compare_decimals(number, fixed) == Some(std::cmp::Ordering::Equal)
            }
            Json::Bool(truth) => boolean(trim(fixed)) == Some(*truth),
            Json::Null | Json::Array(_) | Json::Object(_) => true,
        };
        if !is_fixed {
            self.problem(format!("must be `{fixed}`"));
        }
    }

    /// An ordered array of one-key objects: a repeating group, or what a wildcard takes.
    fn entries(&mut self, object: &'g Object, at: u16, children: &[u16], values: &mut Values<'_>) {
        let member = &object.members[usize::from(at)];
        let Some(value) = values.get(at).filter(|_| !is_spent(values, at)) else { return };
        values.written[usize::from(at)] = u32::MAX;
        let unwrapped = values.unwrapped;
        let Json::Array(items) = value else {
            let detail =
                format!("must be an array of objects with one member, is {}", value.kind());
            self.member(member, unwrapped, |e| e.problem(detail));
            return;
        };
        let is_wild = object.any == Some(at);
        self.member(member, unwrapped, |e| {
            let (least, most) = member.occurs;
            if items.len() < least as usize {
                e.problem(format!("needs at least {least} items"));
            } else if let Some(most) = most.filter(|most| items.len() > *most as usize) {
                e.problem(format!("has too many items; at most {most}"));
            }
            for (index, item) in items.iter().enumerate() {
                e.at(Step::Index(index), |e| e.entry(object, children, is_wild, item));
            }
        });
    }

    fn entry(&mut self, object: &'g Object, children: &[u16], is_wild: bool, item: &Json<'_>) {
        let entry = match item {
            Json::Object(entries) if entries.len() == 1 => entries.first(),
            _ => None,
        };
        let Some((key, value)) = entry else {
            self.problem("must be an object with one member");
            return;
        };
        let known = children
            .iter()
            .map(|at| &object.children[usize::from(*at)])
            .find(|c| c.label.as_deref() == Some(&**key) && !c.is_abstract);
        let graph = self.graph;
        let wild = || graph.globals.values().find(|c| c.label.as_deref() == Some(&**key));
        let child: Option<&'g Child> = known.or_else(|| if is_wild { wild() } else { None });
        if known.is_none() && child.is_some_and(|child| !object.lets_in(child.namespace)) {
            self.at(Step::Key(key.to_string()), |e| e.problem(NOT_LET_IN));
            return;
        }
        match (child, value) {
            (Some(child), _) => {
                self.at(Step::Key(key.to_string()), |e| e.element(child, value, None));
            }
            (None, Json::String(xml)) if is_wild => {
                self.at(Step::Key(key.to_string()), |e| e.wild_element(object, key, xml));
            }
            (None, _) => {
                let labels: Vec<&str> = children
                    .iter()
                    .map(|at| &object.children[usize::from(*at)])
                    .filter(|child| !child.is_abstract)
                    .filter_map(|child| child.label.as_deref())
                    .collect();
                self.at(Step::Key(key.to_string()), |e| {
                    e.problem(format!("is none of {}", labels.join(", ")));
                });
            }
        }
    }
}

/// What is wrong with an element that no wildcard here lets in.
pub(super) const NOT_LET_IN: &str = "is not in a namespace that is allowed here";

fn is_spent(values: &Values<'_>, at: u16) -> bool {
    values.written[usize::from(at)] == u32::MAX
        || (values.written[usize::from(at)] > 0 && !values.waits(at))
}

/// Whether a particle is satisfied by nothing at all.
fn is_emptiable(particle: &Particle) -> bool {
    particle.min == 0
        || match &particle.term {
            ParticleTerm::Element { .. } => false,
            ParticleTerm::Sequence(inner) | ParticleTerm::All(inner) => {
                inner.iter().all(is_emptiable)
            }
            ParticleTerm::Choice(inner) => inner.iter().any(is_emptiable),
            ParticleTerm::Any(..) | ParticleTerm::Group(..) => true,
        }
}

/// Whether every required element of a particle has a value.
fn requirements_met(particle: &Particle, values: &Values<'_>) -> bool {
    particle.min == 0
        || match &particle.term {
            ParticleTerm::Element { member, .. } => values.get(*member).is_some(),
            ParticleTerm::Sequence(inner) | ParticleTerm::All(inner) => {
                inner.iter().all(|p| requirements_met(p, values))
            }
            ParticleTerm::Choice(inner) => inner.iter().any(|p| requirements_met(p, values)),
            ParticleTerm::Any(..) | ParticleTerm::Group(..) => true,
        }
}

fn names(object: &Object, members: &[u16]) -> String {
    let names: Vec<String> = members
        .iter()
        .filter_map(|at| object.members.get(usize::from(*at)))
        .map(|m| format!("`{}`", m.name))
        .collect();
    names.join(", ")
}
