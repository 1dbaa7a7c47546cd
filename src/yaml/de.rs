//! Nodes as serde asks for them.

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, IntoDeserializer, Visitor};

use super::json::{JSON, json};
use super::node::{Entry, Node, Scalar, Spanned, Value};
use super::read::State;
use crate::diagnostic::{Diagnostic, Span, did_you_mean};

/// Why a value does not fit.
#[derive(Debug)]
pub(super) struct Wrong {
    /// Where; `None` until the value that failed is known.
    pub span: Option<Span>,
    pub message: String,
    pub help: Option<String>,
}

impl Wrong {
    fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self { span: None, message: message.to_string(), help: None }
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let help = match did_you_mean(variant, expected.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the choices are {}", list(expected)),
        };
        Self { span: None, message: format!("`{variant}` is no choice here"), help: Some(help) }
    }
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A node that is read.
#[derive(Clone, Copy)]
pub(super) struct Reading<'n> {
    pub node: &'n Node,
    /// The key it stands under.
    pub at: &'n str,
    pub state: &'n State<'n>,
}

impl<'n> Reading<'n> {
    fn expected(&self, what: &str) -> Wrong {
        let found = match &self.node.value {
            Value::Scalar(scalar) if !scalar.is_nothing() => format!("`{}`", short(scalar)),
            value => value.noun().to_owned(),
        };
        let message = format!("`{}` has to be {what}, not {found}", self.at);
        Wrong { span: Some(self.node.span), message, help: None }
    }

    fn scalar(&self, what: &str) -> Result<&'n Scalar, Wrong> {
        match &self.node.value {
            Value::Scalar(scalar) if !scalar.is_nothing() => Ok(scalar),
            _ => Err(self.expected(what)),
        }
    }

    fn number<T: std::str::FromStr>(&self, what: &str) -> Result<T, Wrong> {
        let scalar = self.scalar(what)?;
        let number = scalar.text.parse().ok().filter(|_| !scalar.quoted);
        number.ok_or_else(|| self.expected(what))
    }

    fn entries(&self) -> Result<&'n [Entry], Wrong> {
        match &self.node.value {
            Value::Mapping(entries) => Ok(entries),
            value if matches!(value, Value::Scalar(scalar) if scalar.is_nothing()) => Ok(&[]),
            _ => Err(self.expected("an object")),
        }
    }

    fn is_left_out(&self, node: &Node) -> bool {
        self.state.left_out.borrow().contains(&node.span)
    }

    fn under<'m>(&self, at: &'m str, node: &'m Node) -> Reading<'m>
    where
        'n: 'm,
    {
        Reading { node, at, state: self.state }
    }

    fn unknown(&self, key: &Spanned<String>, fields: &'static [&'static str]) {
        let help = match did_you_mean(&key.value, fields.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys here are {}", list(fields)),
        };
        let message = format!("`{}` is not a key of `{}`", key.value, self.at);
        let words = self.state.words;
        self.state.tell(Diagnostic::error(words.unknown_key, key.span, message).help(help));
    }
}

const SHOWN_CHARS_MAX: usize = 60;

fn short(scalar: &Scalar) -> String {
    let mut text: String = scalar.text.chars().take(SHOWN_CHARS_MAX).collect();
    if text.len() < scalar.text.len() {
        text.push('…');
    }
    text
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty, $what:literal;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
            let number = self.number::<$type>($what)?;
            visitor.$visit(number).map_err(|wrong: Wrong| wrong.at(self.node.span))
        }
    )*};
}

impl<'de> de::Deserializer<'de> for Reading<'_> {
    type Error = Wrong;

    numbers! {
        deserialize_u16 visit_u16 u16, "a whole number up to 65535";
        deserialize_u32 visit_u32 u32, "a whole number";
        deserialize_u64 visit_u64 u64, "a whole number";
        deserialize_i64 visit_i64 i64, "a whole number";
        deserialize_f64 visit_f64 f64, "a number";
        deserialize_bool visit_bool bool, "`true` or `false`";
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match &self.node.value {
            Value::Scalar(_) => self.deserialize_str(visitor),
            Value::Sequence(_) => self.deserialize_seq(visitor),
            Value::Mapping(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        // Nothing in quotes is a text, too.
        let text = self.scalar("a text")?;
        visitor.visit_str(&text.text).map_err(|wrong: Wrong| wrong.at(self.node.span))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match &self.node.value {
            Value::Scalar(scalar) if scalar.is_nothing() => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        if name == JSON {
            return visitor.visit_newtype_struct(json(self.node).into_deserializer());
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let items = match &self.node.value {
            Value::Sequence(items) => items.as_slice(),
            Value::Scalar(scalar) if scalar.is_nothing() => &[],
            _ => return Err(self.expected("a list")),
        };
        visitor.visit_seq(Items { items: items.iter(), of: self })
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        let entries = self.entries()?.iter();
        visitor.visit_map(Entries { entries, value: None, fields: None, of: self })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let entries = self.entries()?.iter();
        let all = Entries { entries, value: None, fields: Some(fields), of: self };
        visitor.visit_map(all).map_err(|wrong: Wrong| wrong.at(self.node.span))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        let done = match &self.node.value {
            Value::Scalar(_) => {
                let word = self.scalar("a word")?;
                visitor.visit_enum(Choice { name: &word.text, value: None, of: self })
            }
            Value::Mapping(entries) if entries.len() == 1 => {
                let (name, value) = (&entries[0].key.value, Some(&entries[0].value));
                visitor.visit_enum(Choice { name, value, of: self })
            }
            _ => Err(self.expected("a word, or one key with its value")),
        };
        done.map_err(|wrong| Wrong { span: Some(self.node.span), ..wrong })
    }

    serde::forward_to_deserialize_any! {
        i8 i16 i32 u8 f32 char string bytes byte_buf unit unit_struct tuple tuple_struct
        identifier ignored_any
    }
}

struct Items<'n> {
    items: std::slice::Iter<'n, Node>,
    of: Reading<'n>,
}

impl<'de> de::SeqAccess<'de> for Items<'_> {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Wrong> {
        let Some(node) = self.items.find(|node| !self.of.is_left_out(node)) else {
            return Ok(None);
        };
        seed.deserialize(self.of.under(self.of.at, node)).map(Some)
    }
}

struct Entries<'n> {
    entries: std::slice::Iter<'n, Entry>,
    value: Option<&'n Entry>,
    /// Keys that are known; `None` where any is.
    fields: Option<&'static [&'static str]>,
    of: Reading<'n>,
}

impl<'n> Entries<'n> {
    fn next(&mut self) -> Option<&'n Entry> {
        loop {
            let entry = self.entries.next()?;
            if let Some(fields) = self.fields {
                if !fields.contains(&entry.key.value.as_str()) {
                    self.of.unknown(&entry.key, fields);
                    continue;
                }
                // A key with nothing behind it says nothing.
                if matches!(&entry.value.value, Value::Scalar(scalar) if scalar.is_nothing()) {
                    continue;
                }
            }
            if !self.of.is_left_out(&entry.value) {
                return Some(entry);
            }
        }
    }
}

impl<'de> de::MapAccess<'de> for Entries<'_> {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Wrong> {
        let Some(entry) = self.next() else { return Ok(None) };
        self.value = Some(entry);
        seed.deserialize(StrDeserializer::new(&entry.key.value)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Wrong> {
        let Some(entry) = self.value.take() else {
            return Err(de::Error::custom("a key has no value"));
        };
        let place = if entry.value.span.start == entry.value.span.end {
            entry.key.span
        } else {
            entry.value.span
        };
        let value = self.of.under(&entry.key.value, &entry.value);
        seed.deserialize(value).map_err(|wrong| wrong.at(place))
    }
}

struct Choice<'n> {
    name: &'n str,
    value: Option<&'n Node>,
    of: Reading<'n>,
}

impl<'n> Choice<'n> {
    fn value(&self) -> Result<Reading<'n>, Wrong> {
        let needs =
            || de::Error::custom(format!("`{}` needs a value: `{}: …`", self.name, self.name));
        self.value.map(|node| self.of.under(self.name, node)).ok_or_else(needs)
    }
}

impl<'de> de::EnumAccess<'de> for Choice<'_> {
    type Error = Wrong;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Wrong> {
        Ok((seed.deserialize(StrDeserializer::<Wrong>::new(self.name))?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Choice<'_> {
    type Error = Wrong;

    fn unit_variant(self) -> Result<(), Wrong> {
        match self.value {
            None => Ok(()),
            Some(_) => Err(de::Error::custom(format!("`{}` has no value", self.name))),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Wrong> {
        seed.deserialize(self.value()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Wrong> {
        de::Deserializer::deserialize_seq(self.value()?, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Wrong> {
        de::Deserializer::deserialize_struct(self.value()?, "", fields, visitor)
    }
}
