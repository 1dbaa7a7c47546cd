//! From a request to its fixture, one rung after another.

use std::collections::HashMap;

use super::index::{Indexed, OperationIndex, redacted};
use super::near::Nearest;
use super::tokens::renumbered;
use super::{Asked, Collection, EntryId, Hit, Miss, OtherState, Rung, Scenario, Why};
use crate::canonical::{Element, Found, Identified, Key, Meaning, NotIdentified, Side, Vocabulary};
use crate::wsdl::SoapVersion;
use crate::xml::ns;

/// The state of a scenario that nobody has set.
pub const STARTED: &str = "started";

/// A request with its operation.
pub(super) struct Question<'a> {
    pub(super) asked: Asked<'a>,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) operation: usize,
    /// Its meaning as it would be written down.
    pub(super) meaning: Meaning,
}

/// Why a fixture with the key of a request is not for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unfit {
    /// Its scenario is in another state.
    State(OtherState),
    /// A text does not match its pattern.
    Where,
    /// It is for the other version of SOAP.
    Version,
}

impl Collection {
    /// The fixture of a request: that of the same meaning whose patterns, state and version fit.
    /// Of several, one in a scenario goes before one in none, one that leaves less out before
    /// others, then the one with the very tokens of the request, then the first by name. A
    /// lenient question gets the nearest of the operation where there is none.
    ///
    /// # Errors
    /// Where none fits, and what is nearest.
    pub fn find(&self, asked: Asked<'_>) -> Result<Hit, Box<Miss>> {
        let Some(vocabulary) = self.vocabularies.get(asked.backend) else {
            return Err(Box::new(Miss { why: Why::NoOperation, ..Miss::default() }));
        };
        let found = match vocabulary.identify(asked.envelope, asked.action) {
            Ok(found) => found,
            Err(error) => return Err(Box::new(self.unidentified(asked, vocabulary, &error))),
        };
        let question = self.question(asked, vocabulary, found.operation);
        let mut operation = vocabulary.operations[found.operation].name.to_string();
        operation.push_str(match found {
            Identified { found: Found::Body, .. } => ", by the element in the body",
            Identified { found: Found::Action, .. } => ", by the action",
        });
        let nothing = OperationIndex::default();
        let of_backend = self.index.backends.get(asked.backend);
        let index = of_backend.and_then(|all| all.get(&found.operation)).unwrap_or(&nothing);
        let unfit = match self.exact(&question, index) {
            Ok(hit) => return Ok(hit),
            Err(unfit) => unfit,
        };
        let mut nearest = Nearest::of(self, &question, index, &unfit);
        if asked.lenient
            && let Some(entry) = nearest.stand_in()
        {
            return Ok(Hit { entry, rung: Rung::Operation });
        }
        let mut why = nearest.why();
        if index.entries.is_empty() {
            (why, nearest) = Nearest::elsewhere(self, &question);
        }
        let operation = Some(operation);
        Err(Box::new(Miss { operation, nearest: nearest.into_three(), why }))
    }

    pub(super) fn question<'a>(
        &self,
        asked: Asked<'a>,
        vocabulary: &'a Vocabulary,
        operation: usize,
    ) -> Question<'a> {
        let redactor = self.redactors.get(asked.backend).map(|redactor| &**redactor);
        let envelope = redacted(asked.envelope, redactor);
        let meaning = vocabulary.meaning(Some(operation), Side::Request, &envelope, &[]);
        Question { asked, vocabulary, operation, meaning }
    }

    /// The fixture of the same meaning, or those that would be it but for something else.
    fn exact(
        &self,
        question: &Question<'_>,
        index: &OperationIndex,
    ) -> Result<Hit, Vec<(usize, Unfit)>> {
        let name = &question.vocabulary.operations[question.operation].name;
        let mut fitting: Vec<(&Indexed, bool)> = Vec::new();
        let mut unfit = Vec::new();
        for list in index.lists.iter().filter(|list| !list.by_key.is_empty()) {
            let mut own;
            let meaning = if list.paths.is_empty() {
                &question.meaning
            } else {
                own = question.meaning.clone();
                own.leave_out(&list.paths);
                &own
            };
            let (meaning, tokens) = renumbered(meaning);
            let Some(found) = list.by_key.get(&Key::of(name, &meaning)) else { continue };
            for at in found {
                let indexed = &index.entries[*at];
                match self.unfit(question, indexed) {
                    None => fitting.push((indexed, indexed.tokens == tokens)),
                    Some(why) => unfit.push((*at, why)),
                }
            }
        }
        let best = fitting.into_iter().min_by_key(|(indexed, has_tokens)| {
            let entry = self.entry(indexed.id);
            let left_out = index.lists[indexed.list].paths.len();
            let in_none = entry.fixture.scenario.is_none();
            (in_none, left_out, indexed.soap.is_none(), !has_tokens, &entry.name)
        });
        best.map(|(indexed, _)| Hit { entry: indexed.id, rung: Rung::Exact }).ok_or(unfit)
    }

    /// What beside its meaning keeps a request from a fixture.
    fn unfit(&self, question: &Question<'_>, indexed: &Indexed) -> Option<Unfit> {
        let fixture = &self.entry(indexed.id).fixture;
        if indexed.soap.is_some_and(|soap| soap != version(question.asked.envelope)) {
            return Some(Unfit::Version);
        }
        if !self.matches(question, indexed) {
            return Some(Unfit::Where);
        }
        other_state(fixture.scenario.as_ref(), question.asked.states).map(Unfit::State)
    }

    /// Whether every text that has a pattern matches it, as it came or as it is written down.
    fn matches(&self, question: &Question<'_>, indexed: &Indexed) -> bool {
        if indexed.patterns.is_empty() {
            return true;
        }
        let (operation, envelope) = (Some(question.operation), question.asked.envelope);
        let came = question.vocabulary.meaning(operation, Side::Request, envelope, &[]);
        indexed.patterns.iter().all(|(path, pattern)| {
            let is_it = |meaning: &Meaning| {
                let found = meaning.find(path);
                !found.is_empty() && found.iter().all(|node| pattern.is_match(node.text()))
            };
            is_it(&came) || is_it(&question.meaning)
        })
    }

    /// The miss of a request whose operation is not known.
    fn unidentified(
        &self,
        asked: Asked<'_>,
        vocabulary: &Vocabulary,
        error: &NotIdentified,
    ) -> Miss {
        let meant = match error {
            NotIdentified::NotSoap(_) | NotIdentified::Ambiguous(_) => None,
            // By its body alone; that the action says something else is told.
            NotIdentified::Conflict { .. } => {
                vocabulary.identify(asked.envelope, None).ok().map(|found| found.operation)
            }
            NotIdentified::Unknown(_) => by_local(vocabulary, asked.envelope),
        };
        let mut miss = Miss {
            operation: Some(error.to_string()),
            why: match error {
                NotIdentified::Conflict { .. } => Why::OtherOperation,
                NotIdentified::Unknown(_) if meant.is_some() => Why::Namespace,
                _ => Why::NoOperation,
            },
            ..Miss::default()
        };
        let index = self.index.backends.get(asked.backend);
        if let Some(operation) = meant
            && let Some(index) = index.and_then(|all| all.get(&operation))
        {
            let question = self.question(asked, vocabulary, operation);
            miss.nearest = Nearest::of(self, &question, index, &[]).into_three();
        }
        miss
    }

    /// Fixtures that no request can ever reach, each with the one that stands before it: they
    /// have the same request in meaning, with the same tokens, and want the same of version,
    /// patterns and state.
    #[must_use]
    pub fn shadowed(&self) -> Vec<(EntryId, EntryId)> {
        let mut shadowed = Vec::new();
        let indexes = self.index.backends.values().flat_map(HashMap::values);
        for index in indexes {
            for at in index.lists.iter().flat_map(|list| list.by_key.values()) {
                let mut all: Vec<&Indexed> = at.iter().map(|at| &index.entries[*at]).collect();
                all.sort_by_key(|indexed| &self.entry(indexed.id).name);
                for (at, one) in all.iter().enumerate() {
                    let before = all[..at].iter().find(|other| self.is_alike(one, other));
                    shadowed.extend(before.map(|other| (one.id, other.id)));
                }
            }
        }
        shadowed.sort_unstable();
        shadowed
    }

    fn is_alike(&self, one: &Indexed, other: &Indexed) -> bool {
        let (a, b) = (&self.entry(one.id).fixture, &self.entry(other.id).fixture);
        let wants = |scenario: &Option<Scenario>| {
            scenario.as_ref().map(|s| (s.name.clone(), needed(s).to_owned()))
        };
        one.tokens == other.tokens
            && one.soap == other.soap
            && a.where_ == b.where_
            && wants(&a.scenario) == wants(&b.scenario)
    }
}

fn needed(scenario: &Scenario) -> &str {
    scenario.needs.as_deref().unwrap_or(STARTED)
}

/// The state a scenario is in, where that is not the one that is needed.
pub(super) fn other_state(
    scenario: Option<&Scenario>,
    states: &HashMap<String, String>,
) -> Option<OtherState> {
    let scenario = scenario?;
    let needs = needed(scenario);
    let is = states.get(&scenario.name).map_or(STARTED, String::as_str);
    (needs != is).then(|| OtherState {
        scenario: scenario.name.clone(),
        needs: needs.to_owned(),
        is: is.to_owned(),
    })
}

fn version(envelope: &Element) -> SoapVersion {
    if &*envelope.name.namespace == ns::SOAP12 { SoapVersion::V12 } else { SoapVersion::V11 }
}

/// The operation whose body has an element of this local name, in another namespace.
fn by_local(vocabulary: &Vocabulary, envelope: &Element) -> Option<usize> {
    let body = envelope.child(&envelope.name.namespace, "Body")?;
    let payload = body.elements().next()?;
    vocabulary
        .operations
        .iter()
        .position(|words| words.request.iter().any(|name| name.local == payload.name.local))
}
