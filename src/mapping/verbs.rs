//! What `import` proposes for an operation: method and path from its name and its inputs.
//!
//! Only the first word of the name counts as its verb. It is a proposal: the mapping
//! decides, and says how sure the proposal was and why.

use super::route_key::Method;
use super::thing::{Thing, noun};
use super::words::{kebab, plural, split};

/// What the proposal is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operation<'a> {
    /// The name in the contract.
    pub name: &'a str,
    /// JSON names of the required inputs with one simple value, in schema order.
    pub required_scalars: &'a [&'a str],
    /// Whether every input is a simple value.
    pub all_scalar: bool,
    /// Whether every input besides those that identify the thing is optional.
    pub all_optional: bool,
    /// Whether the answer carries nothing.
    pub void: bool,
}

/// How likely the proposal is to be what a person would have chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// A guess; look at it.
    Low,
    /// The verb is clear, the path may not be.
    Medium,
    /// Verb, noun and identifier all fit.
    High,
}

/// A method and a path for an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The method.
    pub method: Method,
    /// The path, `/orders/{orderId}`.
    pub path: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// Why, a lower-case fragment.
    pub reason: String,
}

/// What the first word of a name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerbClass {
    /// Gives one or many things back.
    Read,
    /// Answers a question about something: check, is, has, exists, count.
    Question,
    /// Makes a thing.
    Create,
    /// Changes a thing.
    Update,
    /// Removes a thing.
    Delete,
    /// Does something else to a thing.
    Action,
    /// Not a verb figleaf knows.
    Unknown,
}

const READ: &[&str] =
    &["get", "find", "list", "search", "query", "fetch", "read", "retrieve", "lookup"];
const QUESTION: &[&str] = &["count", "check", "is", "has", "exists"];
const CREATE: &[&str] = &["create", "add", "submit", "insert", "place", "register"];
const UPDATE: &[&str] = &["update", "modify", "change", "set", "edit"];
const DELETE: &[&str] = &["delete", "remove"];
const ACTION: &[&str] = &[
    "accept",
    "activate",
    "apply",
    "approve",
    "archive",
    "assign",
    "authorize",
    "begin",
    "block",
    "book",
    "calculate",
    "cancel",
    "capture",
    "close",
    "compute",
    "confirm",
    "convert",
    "copy",
    "deactivate",
    "disable",
    "dispatch",
    "enable",
    "execute",
    "export",
    "finish",
    "generate",
    "import",
    "lock",
    "login",
    "logout",
    "merge",
    "move",
    "notify",
    "open",
    "pause",
    "pay",
    "print",
    "process",
    "publish",
    "reject",
    "release",
    "renew",
    "reopen",
    "reset",
    "resend",
    "resolve",
    "restore",
    "resume",
    "return",
    "revoke",
    "run",
    "schedule",
    "send",
    "ship",
    "sign",
    "start",
    "stop",
    "suspend",
    "sync",
    "transfer",
    "unblock",
    "unlock",
    "upload",
    "validate",
    "verify",
    "withdraw",
];
impl VerbClass {
    /// The class of a word, in any case.
    pub fn of(word: &str) -> Self {
        let word = word.to_lowercase();
        let word = word.as_str();
        let classes = [
            (READ, Self::Read),
            (QUESTION, Self::Question),
            (CREATE, Self::Create),
            (UPDATE, Self::Update),
            (DELETE, Self::Delete),
            (ACTION, Self::Action),
        ];
        let found = classes.iter().find(|(words, _)| words.contains(&word));
        found.map_or(Self::Unknown, |(_, class)| *class)
    }
}

/// Proposes a method and a path; any name gets one.
pub fn propose(operation: &Operation<'_>) -> Proposal {
    let words: Vec<String> = split(operation.name).iter().map(|w| w.to_lowercase()).collect();
    let Some((verb, rest)) = words.split_first() else {
        return bare(&["operation".to_owned()], "the name has no word in it");
    };
    let class = VerbClass::of(verb);
    let noun = noun(rest);
    if class == VerbClass::Unknown {
        return bare(&words, &format!("`{verb}` is not a verb figleaf knows"));
    }
    if noun.is_empty() {
        return bare(&words, &format!("`{}` names no thing", operation.name));
    }
    let thing = Thing::of(&noun, operation.required_scalars);
    match class {
        VerbClass::Read if operation.void => action(verb, &thing, "a read that answers nothing"),
        VerbClass::Read => read(verb, &thing, operation),
        VerbClass::Question => question(verb, &thing, operation),
        VerbClass::Create => create(verb, &thing),
        VerbClass::Update => update(verb, &thing, operation),
        VerbClass::Delete => delete(verb, &thing, operation),
        VerbClass::Action | VerbClass::Unknown => {
            action(verb, &thing, &format!("`{verb}` does something to it"))
        }
    }
}

fn read(verb: &str, thing: &Thing, operation: &Operation<'_>) -> Proposal {
    if !operation.all_scalar {
        return Proposal {
            method: Method::Post,
            path: format!("{}{}{}/search", thing.collection, thing.parameter, thing.part),
            confidence: Confidence::Medium,
            reason: format!("`{verb}` reads, but its input is more than single values"),
        };
    }
    let seeks = ["list", "search", "query", "find"].contains(&verb);
    let confidence = if thing.identified() || thing.many || seeks {
        Confidence::High
    } else {
        Confidence::Medium
    };
    let reason = if thing.identified() {
        format!("`{verb}` reads, and an input identifies the thing")
    } else {
        format!("`{verb}` reads; its inputs become query parameters")
    };
    Proposal { method: Method::Get, path: thing.path(), confidence, reason }
}

fn question(verb: &str, thing: &Thing, operation: &Operation<'_>) -> Proposal {
    if operation.void || !operation.all_scalar {
        return action(verb, thing, &format!("`{verb}` asks with more than single values"));
    }
    // The answer is about the thing, not a collection of it: no plural, except for a count.
    let (path, confidence) = if verb == "count" || thing.identified() {
        (format!("{}/{verb}", thing.path()), Confidence::Medium)
    } else {
        (format!("/{}{}", thing.plain, thing.part), Confidence::Low)
    };
    let reason = format!("`{verb}` asks and changes nothing");
    Proposal { method: Method::Get, path, confidence, reason }
}

fn create(verb: &str, thing: &Thing) -> Proposal {
    // Creating a part needs its owner; creating a thing does not need the thing's own name.
    let path = if thing.part.is_empty() {
        thing.collection.clone()
    } else {
        format!("{}{}{}", thing.collection, thing.parameter, plural(&thing.part))
    };
    let reason = format!("`{verb}` makes a new one");
    Proposal { method: Method::Post, path, confidence: Confidence::High, reason }
}

fn update(verb: &str, thing: &Thing, operation: &Operation<'_>) -> Proposal {
    let method = if operation.all_optional { Method::Patch } else { Method::Put };
    let (confidence, reason) = found(thing, format!("`{verb}` changes it"));
    Proposal { method, path: thing.path(), confidence, reason }
}

fn delete(verb: &str, thing: &Thing, operation: &Operation<'_>) -> Proposal {
    if !operation.all_scalar {
        return action(verb, thing, &format!("`{verb}` needs a body, which DELETE does not have"));
    }
    let (confidence, reason) = found(thing, format!("`{verb}` removes it"));
    Proposal { method: Method::Delete, path: thing.path(), confidence, reason }
}

fn found(thing: &Thing, reason: String) -> (Confidence, String) {
    if thing.identified() {
        (Confidence::High, reason)
    } else {
        (Confidence::Low, format!("{reason}, but no required input identifies it"))
    }
}

fn action(verb: &str, thing: &Thing, reason: &str) -> Proposal {
    let confidence = if thing.identified() { Confidence::High } else { Confidence::Medium };
    let path = format!("{}/{verb}", thing.path());
    Proposal { method: Method::Post, path, confidence, reason: reason.to_owned() }
}

fn bare(words: &[String], reason: &str) -> Proposal {
    Proposal {
        method: Method::Post,
        path: format!("/{}", kebab(words)),
        confidence: Confidence::Low,
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
#[path = "verbs_tests.rs"]
mod tests;
