//! What an operation is about, read off its name.

use super::fold::fold;
use super::words::{kebab, plural, singular};

/// Where a noun ends: `OrdersByCustomer` is about orders.
const PREPOSITIONS: &[&str] =
    &["by", "for", "from", "in", "of", "on", "at", "with", "to", "using", "between"];
/// Words after a noun that only say there are several.
const COLLECTIVES: &[&str] = &["list", "array", "collection"];

/// The words of the thing: without `all` before, and without what follows a preposition.
pub(super) fn noun(rest: &[String]) -> Vec<String> {
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
pub(super) struct Thing {
    /// `/orders`.
    pub collection: String,
    /// `/{orderId}`, or empty.
    pub parameter: String,
    /// `/address`, where the identifier belongs to the words before; or empty.
    pub part: String,
    /// The words as they stand: `order-items`.
    pub plain: String,
    /// Whether the name speaks of several.
    pub many: bool,
}

impl Thing {
    pub fn of(noun: &[String], inputs: &[&str]) -> Self {
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

    pub fn identified(&self) -> bool {
        !self.parameter.is_empty()
    }

    pub fn path(&self) -> String {
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
