//! Texts of simple types, by their facets, and the JSON that each of them is.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use figleaf::codec::{
    Form, Lexical, Node, NodeId, NumberForm, Text, TextKind, apply_white_space, boolean,
    write_number,
};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::generate::{Generator, quoted};

/// Lists and unions inside each other.
const TEXT_DEPTH_MAX: u32 = 16;
/// Texts made of one pattern.
const PATTERN_TEXTS: usize = 12;
/// Characters of a text made longer because its type wants that.
const TEXT_CHARS_MAX: u64 = 5_000;

const TEXTS: &[&str] = &[
    "x",
    "",
    " ",
    "a b",
    "<b>&amp;</b>",
    "]]>",
    "\"'",
    "line\nbreak",
    "tab\there",
    "\r\n",
    "ü€😀",
    "</t:Echo>",
    "  two  spaces  ",
    "{urn:t}x",
    "&#x41;",
    "\u{FFFD}",
    "\u{85}\u{2028}\u{FEFF}",
    "<!--",
    "%s\\",
    "0123",
    "true",
    "<&>",
    "7",
];
const INTEGERS: &[&str] =
    &["0", "1", "-1", "42", "127", "12345678901234567890123456789", "-9007199254740993", "2024"];
const DECIMALS: &[&str] = &[
    "0",
    "12.340",
    "33.00",
    "-0.5",
    "0.1",
    "99",
    "100000000000000000000.000000000000000000001",
    "1.5",
];
const FLOATS: &[&str] = &["0", "1.5", "-2.5E10", "1e-7", "3.0"];

thread_local! {
    /// Texts of each pattern met so far.
    static PATTERNS: RefCell<HashMap<String, Rc<[String]>>> = RefCell::default();
}

impl Generator<'_, '_> {
    /// JSON of a value of a simple type; `None` where none was found.
    pub fn simple(&mut self, ty: &Text) -> Option<String> {
        if let TextKind::Atomic(Lexical::QName) = ty.kind {
            return Some(quoted(&self.qname()));
        }
        let text = self.lexical(ty, TEXT_DEPTH_MAX)?;
        self.rendered(ty, &text, TEXT_DEPTH_MAX)
    }

    /// An expanded name in a namespace that has a prefix, or a name in none.
    fn qname(&mut self) -> String {
        let names = &self.graph.namespaces;
        let declared = (0..64)
            .map(figleaf::xml::NsId)
            .filter(|id| !names.uri(*id).is_empty() && !names.prefix(*id).is_empty())
            .map(|id| names.uri(id).to_owned());
        let mut uris: Vec<String> = declared.collect();
        uris.dedup();
        let local = self.pick(&["x", "y"]);
        match uris.get(self.entropy.below(uris.len() + 1)) {
            Some(uri) => format!("{{{uri}}}{local}"),
            None => local.to_owned(),
        }
    }

    fn simple_node(&self, node: NodeId) -> Option<&Text> {
        match self.graph.node(node) {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// A text of a type, in the form its white space rule leaves.
    fn lexical(&mut self, ty: &Text, depth: u32) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let graph = self.graph;
        let inner = |id: NodeId| match graph.node(id) {
            Node::Text(text) => Some(text),
            _ => None,
        };
        let enumeration = &ty.check.facets.enumeration;
        let candidates: Vec<String> = if enumeration.is_empty() {
            match &ty.kind {
                TextKind::Atomic(lexical) => self.candidates(ty, *lexical),
                TextKind::List(item) => {
                    let item = inner(*item)?;
                    (0..8).filter_map(|_| self.words(ty, item, depth)).collect()
                }
                TextKind::Union(members) => {
                    let from = self.entropy.below(members.len());
                    let turned = members[from..].iter().chain(&members[..from]);
                    turned.filter_map(|id| self.lexical(inner(*id)?, depth)).collect()
                }
            }
        } else {
            enumeration.iter().map(ToString::to_string).collect()
        };
        let from = self.entropy.below(candidates.len());
        let turned = candidates[from..].iter().chain(&candidates[..from]);
        turned.map(|text| normal(ty, text)).find(|text| self.fits(ty, text, depth)).filter(|text| {
            // An empty element would be its default.
            !(self.is_filled && text.is_empty())
        })
    }

    fn words(&mut self, ty: &Text, item: &Text, depth: u32) -> Option<String> {
        let facets = &ty.check.facets;
        let least = facets.length.or(facets.min_length).unwrap_or(u64::from(self.is_filled));
        let most = facets.length.or(facets.max_length).unwrap_or(least + 3).min(least + 3);
        let more = self.entropy.below(usize::try_from(most.saturating_sub(least) + 1).ok()?);
        let count = usize::try_from(least).ok()? + more;
        let is_word = |text: &String| !text.is_empty() && !text.contains([' ', '\t', '\n', '\r']);
        let words: Option<Vec<String>> = (0..count)
            .map(|_| (0..TEXTS.len()).find_map(|_| self.lexical(item, depth).filter(is_word)))
            .collect();
        Some(words?.join(" "))
    }

    /// Whether a text is a value of a type, by the specification.
    fn fits(&self, ty: &Text, text: &str, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let is_sound = match &ty.kind {
            TextKind::Atomic(lexical) => is_lexical(*lexical, text),
            TextKind::List(item) => self.simple_node(*item).is_some_and(|item| {
                text.split_ascii_whitespace().all(|w| self.fits(item, w, depth))
            }),
            TextKind::Union(members) => members
                .iter()
                .filter_map(|id| self.simple_node(*id))
                .any(|member| self.fits(member, &normal(member, text), depth)),
        };
        is_sound && (ty.check.is_empty() || ty.check.problem(text).is_none())
    }

    /// What `docs/wire.md` says a text is in JSON.
    fn rendered(&self, ty: &Text, text: &str, depth: u32) -> Option<String> {
        let depth = depth.checked_sub(1)?;
        let number = |form| {
            let mut out = Vec::new();
            write_number(&mut out, text, form).then(|| String::from_utf8(out).unwrap())
        };
        match &ty.kind {
            TextKind::Atomic(Lexical::Boolean) => boolean(text).map(|truth| truth.to_string()),
            TextKind::Atomic(Lexical::Integer { .. }) => number(NumberForm::Integer),
            TextKind::Atomic(Lexical::Decimal) => number(NumberForm::Decimal),
            TextKind::Atomic(Lexical::Float) => number(NumberForm::Float),
            TextKind::Atomic(_) => Some(quoted(text)),
            TextKind::List(item) => {
                let item = self.simple_node(*item)?;
                let words = text.split_ascii_whitespace();
                let items: Option<Vec<String>> =
                    words.map(|word| self.rendered(item, word, depth)).collect();
                Some(format!("[{}]", items?.join(",")))
            }
            // The first that accepts the text.
            TextKind::Union(members) => members
                .iter()
                .filter_map(|id| self.simple_node(*id))
                .find(|member| self.fits(member, &normal(member, text), depth))
                .and_then(|member| self.rendered(member, &normal(member, text), depth)),
        }
    }

    fn candidates(&mut self, ty: &Text, lexical: Lexical) -> Vec<String> {
        let facets = &ty.check.facets;
        let mut all: Vec<String> = match lexical {
            Lexical::Boolean => ["true", "false"].map(str::to_owned).into(),
            Lexical::Integer { min, max, .. } => {
                let bounds = min.into_iter().chain(max).map(|bound| bound.to_string());
                INTEGERS.iter().map(ToString::to_string).chain(bounds).collect()
            }
            Lexical::Decimal => DECIMALS.iter().map(ToString::to_string).collect(),
            Lexical::Float => FLOATS.iter().map(ToString::to_string).collect(),
            Lexical::Form(form) => forms(form),
            Lexical::String(_) | Lexical::QName => TEXTS.iter().map(ToString::to_string).collect(),
        };
        let bounds = [
            &facets.min_inclusive,
            &facets.max_inclusive,
            &facets.min_exclusive,
            &facets.max_exclusive,
        ];
        for bound in bounds.into_iter().flatten() {
            all.push(bound.to_string());
            if let Ok(number) = bound.parse::<i128>() {
                all.extend([-1, 1].map(|step| (number.saturating_add(step)).to_string()));
            } else if let Ok(number) = bound.parse::<f64>() {
                all.extend([-0.5, 0.5].map(|step| (number + step).to_string()));
            }
        }
        let digits = usize::try_from(facets.total_digits.unwrap_or(0).min(40)).unwrap();
        all.extend((1..=digits).map(|n| "1234567890".chars().cycle().take(n).collect()));
        all.extend(sized(ty, lexical));
        let from = self.entropy.below(all.len());
        all.rotate_left(from);
        let patterns = facets.patterns.iter().flatten();
        let mut by_pattern: Vec<String> = patterns.flat_map(|p| of_pattern(p).to_vec()).collect();
        let from = self.entropy.below(by_pattern.len());
        by_pattern.rotate_left(from);
        by_pattern.extend(all);
        by_pattern
    }
}

/// Texts of the lengths that a type allows.
fn sized(ty: &Text, lexical: Lexical) -> Vec<String> {
    let facets = &ty.check.facets;
    let lengths = [facets.length, facets.min_length, facets.max_length];
    let filling = match lexical {
        Lexical::String(_) => "a<ü&b c]",
        Lexical::Form(Form::Name | Form::NcName | Form::NmToken | Form::Language) => "abc",
        _ => "",
    };
    let text = |length: usize| -> String {
        match lexical {
            Lexical::Form(Form::Hex) => "0F".repeat(length),
            Lexical::Form(Form::Base64) => {
                format!("{}{}", "AbC+".repeat(length / 3), ["", "AA==", "AAA="][length % 3])
            }
            _ => {
                let cut: String = filling.chars().cycle().take(length).collect();
                if cut.ends_with(' ') { format!("{}.", &cut[..cut.len() - 1]) } else { cut }
            }
        }
    };
    let lengths = lengths.into_iter().flatten().filter(|length| *length <= TEXT_CHARS_MAX);
    lengths.filter_map(|length| usize::try_from(length).ok()).map(text).collect()
}

fn forms(form: Form) -> Vec<String> {
    let texts: &[&str] = match form {
        Form::Date => &["2024-02-29", "2023-12-31Z", "0001-01-01-14:00", "-0044-03-15"],
        Form::DateTime => &["2023-04-30T24:00:00Z", "2024-02-29T23:59:59.123456789+14:00"],
        Form::Time => &["00:00:00", "23:59:59.9Z"],
        Form::Duration => &["P1Y2M3DT4H5M6.7S", "-P1D", "PT0S"],
        Form::Hex => &["", "0fB7"],
        Form::Base64 => &["", "AA==", "Zm9v"],
        Form::Name | Form::NcName | Form::NmToken => &["a-b.c_1", "x", "ñame"],
        Form::Language => &["en", "de-CH-1996"],
        _ => &[],
    };
    texts.iter().copied().chain([form.example()]).map(str::to_owned).collect()
}

/// A text after the white space rule of its type.
fn normal(ty: &Text, text: &str) -> String {
    match ty.kind {
        TextKind::Atomic(Lexical::String(rule)) => apply_white_space(rule, text).into_owned(),
        TextKind::Union(_) => text.to_owned(),
        _ => text.split_ascii_whitespace().collect::<Vec<_>>().join(" "),
    }
}

fn is_lexical(lexical: Lexical, text: &str) -> bool {
    let number = |form| write_number(&mut Vec::new(), text, form);
    match lexical {
        Lexical::String(_) => text.chars().all(|c| {
            matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
        }),
        Lexical::QName => true,
        Lexical::Form(form) => form.accepts(text),
        Lexical::Boolean => boolean(text).is_some(),
        Lexical::Integer { min, max, .. } => {
            let value = text.trim_start_matches('+').parse::<i128>().ok();
            let in_range = value.is_none_or(|v| min.is_none_or(|m| v >= m) && max.is_none_or(|m| v <= m));
            number(NumberForm::Integer) && in_range
        }
        Lexical::Decimal => number(NumberForm::Decimal),
        Lexical::Float => number(NumberForm::Float),
    }
}

/// Texts that a pattern accepts, the same on every run.
fn of_pattern(pattern: &str) -> Rc<[String]> {
    if let Some(known) = PATTERNS.with_borrow(|all| all.get(pattern).cloned()) {
        return known;
    }
    let texts: Rc<[String]> = translated(pattern)
        .and_then(|pattern| proptest::string::string_regex(&pattern).ok())
        .map(|strategy| {
            let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
            let mut runner = TestRunner::new_with_rng(Config::default(), rng);
            let one = |_| strategy.new_tree(&mut runner).ok().map(|tree| tree.current());
            (0..PATTERN_TEXTS).filter_map(one).collect()
        })
        .unwrap_or_default();
    PATTERNS.with_borrow_mut(|all| all.insert(pattern.to_owned(), Rc::clone(&texts)));
    texts
}

/// A pattern of XML Schema as one of Rust, in ASCII where that is enough.
fn translated(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let (mut chars, mut depth) = (pattern.chars().peekable(), 0);
    while let Some(c) = chars.next() {
        let class = |depth: u32, members: &str| match depth {
            0 => format!("[{members}]"),
            _ => members.to_owned(),
        };
        match c {
            '\\' => match chars.next()? {
                'i' => out += &class(depth, "A-Za-z_:"),
                'c' => out += &class(depth, r"A-Za-z0-9_:.\-"),
                'd' => out += &class(depth, "0-9"),
                'w' => out += &class(depth, "A-Za-z0-9"),
                'p' | 'P' if chars.clone().take(3).collect::<String>() == "{Is" => return None,
                other => out.extend(['\\', other]),
            },
            '^' | '$' if depth == 0 => out.extend(['\\', c]),
            '.' if depth == 0 => out += "[ -~]",
            '[' if depth > 0 => out += "\\[",
            '-' if depth > 0 && chars.peek() == Some(&'[') => {
                chars.next();
                depth += 1;
                out += "--[";
            }
            '[' => {
                depth += 1;
                out.push('[');
            }
            ']' if depth > 0 => {
                depth -= 1;
                out.push(']');
            }
            '&' | '~' if depth > 0 => out.extend(['\\', c]),
            _ => out.push(c),
        }
    }
    Some(out)
}
