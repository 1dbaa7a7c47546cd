//! JSON names from XML names.

/// How JSON members are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Naming {
    /// lowerCamelCase with an acronym rule.
    #[default]
    Camel,
    /// As in the schema.
    Preserve,
}

impl Naming {
    /// The JSON name of an XML name.
    #[must_use]
    pub fn apply(self, name: &str) -> String {
        match self {
            Self::Camel => camel(name),
            Self::Preserve => name.to_owned(),
        }
    }
}

/// `CustomerID` → `customerId`, `VATNumber` → `vatNumber`, `URL` → `url`.
#[must_use]
pub fn camel(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in words(name) {
        let mut chars = word.chars();
        let Some(first) = chars.next() else { continue };
        if out.is_empty() {
            out.extend(first.to_lowercase());
        } else {
            out.extend(first.to_uppercase());
        }
        out.extend(chars.flat_map(char::to_lowercase));
    }
    if out.is_empty() { name.to_owned() } else { out }
}

/// The words of a name: at separators, before a capital after a small letter or digit, and
/// before the last capital of a run that goes on in small letters.
pub(crate) fn words(name: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = name.char_indices().collect();
    let mut words = Vec::new();
    let mut start = 0;
    for (i, &(at, c)) in chars.iter().enumerate() {
        let separator = !c.is_alphanumeric();
        let previous = i.checked_sub(1).and_then(|p| chars.get(p)).map(|p| p.1);
        let next = chars.get(i + 1).map(|n| n.1);
        let begins = c.is_uppercase()
            && previous.is_some_and(|p| {
                p.is_lowercase()
                    || p.is_numeric()
                    || (p.is_uppercase()
                        && next.is_some_and(char::is_lowercase)
                        && !plural(&chars[i + 1..]))
            });
        if separator || begins {
            if start < at {
                words.push(&name[start..at]);
            }
            start = if separator { at + c.len_utf8() } else { at };
        }
    }
    if start < name.len() {
        words.push(&name[start..]);
    }
    words
}

/// Whether what follows a run of capitals is only a plural `s`: `IDs`, `URLs`.
fn plural(rest: &[(usize, char)]) -> bool {
    rest.first().is_some_and(|c| c.1 == 's') && rest.get(1).is_none_or(|c| !c.1.is_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_lower_camel_case_with_an_acronym_rule() {
        let check = |given: &str, expected: &str| assert_eq!(camel(given), expected, "{given}");
        check("CustomerID", "customerId");
        check("VATNumber", "vatNumber");
        check("URL", "url");
        check("orderId", "orderId");
        check("ORDER_LINE", "orderLine");
        check("order-line.no", "orderLineNo");
        check("CustomerIDs", "customerIds");
        check("HTTPSProxyURL2", "httpsProxyUrl2");
        check("street2Name", "street2Name");
        check("Address1Line", "address1Line");
        check("eMail", "eMail");
        check("Größe", "größe");
        check("_", "_");
        check("A", "a");
    }
}
