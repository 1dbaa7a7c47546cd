//! What a table of keys is made of.

/// The keys an object may have.
#[derive(Debug)]
pub(in crate::mapping) struct Shape {
    /// What the object is called, with its article.
    pub noun: &'static str,
    /// Its keys, in the order people should write them.
    pub keys: &'static [Key],
    /// Keys of which exactly one must be there; empty where there is no such rule.
    pub one_of: &'static [&'static str],
    /// Keys that are decided but not built yet.
    pub later: &'static [&'static str],
}

/// One key.
#[derive(Debug)]
pub(in crate::mapping) struct Key {
    /// As it is written.
    pub name: &'static str,
    /// What may stand behind it.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// What it does, for editors.
    pub doc: &'static str,
    /// What holds where it is left out, as it would be written.
    pub default: Option<&'static str>,
    /// A value, as it could be written; `None` where the kind has one that will do.
    pub example: Option<&'static str>,
}

impl Key {
    pub(super) const fn default(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    pub(super) const fn example(self, example: &'static str) -> Self {
        Self { example: Some(example), ..self }
    }
}

/// What may stand behind a key.
#[derive(Debug)]
pub(in crate::mapping) enum Kind {
    /// Any single value, taken as text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// `true`; the other way is to leave the key out.
    True,
    /// A whole number in a range, ends included.
    Integer(i64, i64),
    /// One of some words.
    Words(&'static [&'static str]),
    /// `v1`.
    Version,
    /// `5s`.
    Duration,
    /// `10MiB`.
    Size,
    /// `2027-01-01`.
    Date,
    /// `canary 5%`.
    Stage,
    /// `0.5%`, from 0% to 100%.
    Share,
    /// `1.2`: a decimal of 1 or more, at most two digits behind its point.
    Factor,
    /// A list of texts.
    Texts,
    /// A JSON Schema, as it is.
    Schema,
    /// An object with known keys.
    Object(&'static Shape),
    /// An object with keys of the author's own; the pattern is what they look like.
    Map(&'static Kind, &'static str),
    /// A list of such values.
    List(&'static Kind),
    /// One spelling or the other.
    Either(&'static [Kind]),
}

pub(super) const fn key(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, kind, required: false, doc, default: None, example: None }
}

pub(super) const fn needed(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { required: true, ..key(name, kind, doc) }
}

pub(super) const fn shape(noun: &'static str, keys: &'static [Key]) -> Shape {
    Shape { noun, keys, one_of: &[], later: &[] }
}

/// A count of something.
pub(super) const COUNT: Kind = Kind::Integer(1, 1_000_000);
/// A name of the author's own, or a path of members, `a.b`.
pub(super) const ANY_KEY: &str = "^.+$";
