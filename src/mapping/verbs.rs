//! What `import` proposes for an operation: method and path from its name and its inputs.
//!
//! Only the first word of the name counts as its verb. It is a proposal: the mapping
//! decides, and says how sure the proposal was and why.

use super::fold::fold;
use super::route_key::Method;
use super::words::{kebab, plural, singular, split};

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
/// Where a noun ends: `OrdersByCustomer` is about orders.
const PREPOSITIONS: &[&str] =
    &["by", "for", "from", "in", "of", "on", "at", "with", "to", "using", "between"];
/// Words after a noun that only say there are several.
const COLLECTIVES: &[&str] = &["list", "array", "collection"];

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

/// The words of the thing: without `all` before, and without what follows a preposition.
fn noun(rest: &[String]) -> Vec<String> {
    let skip = rest.iter().take_while(|word| ["all", "the"].contains(&word.as_str())).count();
    let rest = &rest[skip..];
    // A preposition in first place is part of the name: there is no other noun.
    let end = rest.iter().skip(1).position(|word| PREPOSITIONS.contains(&word.as_str()));
    let mut noun = rest[..end.map_or(rest.len(), |end| end + 1)].to_vec();
    while noun.len() > 1 && noun.last().is_some_and(|w| COLLECTIVES.contains(&w.as_str())) {
        noun.pop();
        if let Some(last) = noun.last_mut() {
            *last = plural(last);
        }
    }
    noun
}

/// The thing an operation is about, and the input that identifies it.
struct Thing {
    /// `/orders`.
    collection: String,
    /// `/{orderId}`, or empty.
    parameter: String,
    /// `/address`, where the identifier belongs to the words before; or empty.
    part: String,
    /// The words as they stand: `order-items`.
    plain: String,
    /// Whether the name speaks of several.
    many: bool,
}

impl Thing {
    fn of(noun: &[String], inputs: &[&str]) -> Self {
        // The longest run of leading words that an input identifies: in
        // UpdateCustomerAddress(customerId) the address is a part of the customer.
        for len in (1..=noun.len()).rev() {
            let (owner, part) = noun.split_at(len);
            if let Some(input) = inputs.iter().find(|input| identifies(input, owner, noun)) {
                return Self::new(owner, part, Some(input));
            }
        }
        Self::new(noun, &[], None)
    }

    fn new(owner: &[String], part: &[String], input: Option<&&str>) -> Self {
        let mut many = owner.to_vec();
        if let Some(last) = many.last_mut() {
            *last = plural(last);
        }
        let last = part.last().or(owner.last());
        Self {
            collection: format!("/{}", kebab(&many)),
            parameter: input.map(|name| format!("/{{{name}}}")).unwrap_or_default(),
            part: if part.is_empty() { String::new() } else { format!("/{}", kebab(part)) },
            plain: kebab(owner),
            many: last.is_some_and(|last| singular(last) != *last),
        }
    }

    fn identified(&self) -> bool {
        !self.parameter.is_empty()
    }

    fn path(&self) -> String {
        format!("{}{}{}", self.collection, self.parameter, self.part)
    }
}

/// Whether an input is the identifier of `owner`: `id`, `number` or `code` alone of the
/// whole noun, or after the owner's words.
fn identifies(input: &str, owner: &[String], noun: &[String]) -> bool {
    const ENDINGS: [&str; 3] = ["id", "number", "code"];
    let input = fold(input);
    if owner.len() == noun.len() && ENDINGS.contains(&input.as_str()) {
        return true;
    }
    let mut one = owner.to_vec();
    if let Some(last) = one.last_mut() {
        *last = singular(last);
    }
    let one = fold(&one.concat());
    input.strip_prefix(one.as_str()).is_some_and(|ending| ENDINGS.contains(&ending))
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
