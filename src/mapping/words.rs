//! Names into words, words into paths.

/// `GetOrderByID` → `Get Order By ID`; `URLForId2` → `URL For Id2`; `get_order` → `get
/// order`. A run of capitals is one word up to the last, which begins the next; digits stay
/// with the word before them.
pub fn split(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for (at, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
            continue;
        }
        let before = at.checked_sub(1).and_then(|at| chars.get(at)).copied();
        let after = chars.get(at + 1).copied();
        if before.is_some_and(|before| begins_word(before, c, after)) {
            words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
        }
        word.push(c);
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

fn begins_word(before: char, c: char, after: Option<char>) -> bool {
    if !c.is_uppercase() {
        return false;
    }
    if before.is_uppercase() {
        // The plural of an acronym, `URLs`, is no new word.
        return after.is_some_and(char::is_lowercase) && after != Some('s');
    }
    before.is_lowercase() || before.is_numeric()
}

/// Words in lower case, joined by hyphens.
pub fn kebab<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|word| word.as_ref().to_lowercase()).collect::<Vec<_>>().join("-")
}

/// Nouns that have no plural, or whose plural is written the same.
const UNCOUNTED: &[&str] = &[
    "access",
    "advice",
    "availability",
    "data",
    "equipment",
    "feedback",
    "health",
    "history",
    "info",
    "information",
    "inventory",
    "metadata",
    "money",
    "news",
    "progress",
    "series",
    "software",
    "stock",
    "traffic",
    "weather",
];

const IRREGULAR: &[(&str, &str)] = &[
    ("child", "children"),
    ("index", "indexes"),
    ("man", "men"),
    ("person", "people"),
    ("woman", "women"),
];

/// The plural of an English noun in lower case; what is one already stays.
pub fn plural(noun: &str) -> String {
    if UNCOUNTED.contains(&noun) || IRREGULAR.iter().any(|(_, many)| *many == noun) {
        return noun.to_owned();
    }
    if let Some((_, many)) = IRREGULAR.iter().find(|(one, _)| *one == noun) {
        return (*many).to_owned();
    }
    if is_plural(noun) {
        return noun.to_owned();
    }
    if let Some(stem) = noun.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'i', 'o', 'u'])
        && !stem.is_empty()
    {
        return format!("{stem}ies");
    }
    let hissing = ["s", "x", "z", "ch", "sh"].iter().any(|end| noun.ends_with(end));
    format!("{noun}{}", if hissing { "es" } else { "s" })
}

/// The singular of an English noun in lower case; what is one already stays.
pub fn singular(noun: &str) -> String {
    if let Some((one, _)) = IRREGULAR.iter().find(|(_, many)| *many == noun) {
        return (*one).to_owned();
    }
    if UNCOUNTED.contains(&noun) || !is_plural(noun) {
        return noun.to_owned();
    }
    if let Some(stem) = noun.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    for end in ["sses", "shes", "ches", "xes", "tuses", "nuses", "puses"] {
        if noun.ends_with(end) {
            return noun[..noun.len() - 2].to_owned();
        }
    }
    noun[..noun.len() - 1].to_owned()
}

fn is_plural(noun: &str) -> bool {
    let singular_ends = ["ss", "us", "is", "as"];
    noun.len() > 2 && noun.ends_with('s') && !singular_ends.iter().any(|end| noun.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_at_capitals_acronyms_and_underscores() {
        let check = |name, expected: &str| assert_eq!(split(name).join(" "), expected, "{name}");
        check("GetOrder", "Get Order");
        check("getURLForId", "get URL For Id");
        check("HTMLToPDF", "HTML To PDF");
        check("get_order_by_id", "get order by id");
        check("GetOrderV2", "Get Order V2");
        check("Base64Encode", "Base64 Encode");
        check("ListURLs", "List URLs");
        check("CHECK_VAT", "CHECK VAT");
        check("__x--Y", "x Y");
        check("größeÄndern", "größe Ändern");
        check("", "");
    }

    #[test]
    fn nouns_have_plurals_and_singulars() {
        let check = |one: &str, many: &str| {
            assert_eq!(plural(one), many);
            assert_eq!(plural(many), many);
            assert_eq!(singular(many), one);
            assert_eq!(singular(one), one);
        };
        check("order", "orders");
        check("country", "countries");
        check("day", "days");
        check("address", "addresses");
        check("status", "statuses");
        check("box", "boxes");
        check("branch", "branches");
        check("invoice", "invoices");
        check("house", "houses");
        check("person", "people");
        check("weather", "weather");
    }
}
