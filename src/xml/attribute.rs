//! The attributes of one start tag, without an allocation per tag.

use std::borrow::Cow;
use std::ops::Range;

use quick_xml::events::BytesStart;

use super::well_formed::{check_characters, is_name};
use super::{NsId, Scope, XmlError, XmlLimits};

#[derive(Debug, Clone)]
struct Row {
    prefix: Range<usize>,
    local: Range<usize>,
    value: Range<usize>,
    namespace: NsId,
}

/// Reusable storage: ranges into the raw text of the current tag.
#[derive(Debug, Default, Clone)]
pub struct AttributeTable {
    rows: Vec<Row>,
}

/// A start tag with its names resolved.
#[derive(Debug, Clone, Copy)]
pub struct StartTag<'t> {
    /// Its namespace.
    pub namespace: NsId,
    /// Its prefix as written; empty for none.
    pub prefix: &'t str,
    /// Its local name.
    pub local: &'t str,
    /// Its depth; the root's is 1.
    pub depth: u32,
    pub(super) raw: &'t str,
    pub(super) table: &'t AttributeTable,
}

/// One attribute that is not a namespace declaration.
#[derive(Debug, Clone, Copy)]
pub struct TagAttribute<'t> {
    /// Its namespace; an unprefixed attribute has none.
    pub namespace: NsId,
    /// Its prefix as written.
    pub prefix: &'t str,
    /// Its local name.
    pub local: &'t str,
    raw: &'t str,
}

impl<'t> TagAttribute<'t> {
    /// Its value: references resolved, line ends and tabs as spaces (XML 1.0, section 3.3.3).
    pub fn value(&self) -> Result<Cow<'t, str>, XmlError> {
        if !self.raw.bytes().any(|b| matches!(b, b'&' | b'\t' | b'\r' | b'\n')) {
            return Ok(Cow::Borrowed(self.raw));
        }
        let spaced = self.raw.replace("\r\n", " ").replace(['\t', '\r', '\n'], " ");
        let value = quick_xml::escape::unescape(&spaced)
            .map_err(|error| XmlError::IllFormed { offset: 0, what: error.to_string().into() })?;
        check_characters(&value)
            .map_err(|what| XmlError::IllFormed { offset: 0, what: what.into() })?;
        Ok(Cow::Owned(value.into_owned()))
    }
}

impl<'t> StartTag<'t> {
    /// Whether it is this name.
    #[inline]
    #[must_use]
    pub fn is(&self, namespace: NsId, local: &str) -> bool {
        self.namespace == namespace && self.local == local
    }

    /// Whether there is no attribute besides namespace declarations.
    #[inline]
    #[must_use]
    pub fn is_bare(&self) -> bool {
        self.table.rows.is_empty()
    }

    /// The attributes in order, namespace declarations left out.
    pub fn attributes(&self) -> impl Iterator<Item = TagAttribute<'t>> {
        let raw = self.raw;
        self.table.rows.iter().map(move |row| TagAttribute {
            namespace: row.namespace,
            prefix: &raw[row.prefix.clone()],
            local: &raw[row.local.clone()],
            raw: &raw[row.value.clone()],
        })
    }

    /// The value of one attribute.
    pub fn attribute(
        &self,
        namespace: NsId,
        local: &str,
    ) -> Result<Option<Cow<'t, str>>, XmlError> {
        self.attributes()
            .find(|a| a.namespace == namespace && a.local == local)
            .map(|a| a.value())
            .transpose()
    }
}

/// A start tag that outlives the event it came with.
#[derive(Debug, Clone)]
pub struct TagCopy {
    /// Its namespace.
    pub namespace: NsId,
    /// Its prefix as written.
    pub prefix: Box<str>,
    /// Its local name.
    pub local: Box<str>,
    /// Its depth.
    pub depth: u32,
    raw: String,
    table: AttributeTable,
}

impl StartTag<'_> {
    /// A copy with everything it points to.
    #[must_use]
    pub fn copied(&self) -> TagCopy {
        TagCopy {
            namespace: self.namespace,
            prefix: self.prefix.into(),
            local: self.local.into(),
            depth: self.depth,
            raw: self.raw.to_owned(),
            table: self.table.clone(),
        }
    }
}

impl TagCopy {
    /// The start tag.
    #[must_use]
    pub fn tag(&self) -> StartTag<'_> {
        StartTag {
            namespace: self.namespace,
            prefix: &self.prefix,
            local: &self.local,
            depth: self.depth,
            raw: &self.raw,
            table: &self.table,
        }
    }

    /// The same element with the attributes of another.
    #[must_use]
    pub fn with_attributes_of(&self, other: &Self) -> Self {
        Self { raw: other.raw.clone(), table: other.table.clone(), ..self.clone() }
    }

    /// The same element without attributes.
    #[must_use]
    pub fn bare(&self) -> Self {
        Self { raw: String::new(), table: AttributeTable::default(), ..self.clone() }
    }

    /// The same element with one attribute more. The value is taken as it is: it must have
    /// nothing in it that XML escapes.
    #[must_use]
    pub fn with_attribute(mut self, namespace: NsId, local: &str, value: &str) -> Self {
        let start = self.raw.len();
        self.raw.push_str(local);
        let split = self.raw.len();
        self.raw.push_str(value);
        self.table.rows.push(Row {
            prefix: start..start,
            local: start..split,
            value: split..self.raw.len(),
            namespace,
        });
        self
    }

    /// Bytes it takes, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        std::mem::size_of::<Self>()
            + self.prefix.len()
            + self.local.len()
            + self.raw.len()
            + self.table.rows.len() * std::mem::size_of::<Row>()
    }
}

impl AttributeTable {
    pub(super) fn clear(&mut self) {
        self.rows.clear();
    }

    /// Reads a tag's attributes: declarations go to the scope, the rest stays here.
    #[expect(clippy::too_many_arguments, reason = "one call, on the hot path")]
    pub(super) fn read(
        &mut self,
        tag: &BytesStart<'_>,
        raw: &str,
        depth: u32,
        scope: &mut Scope,
        limits: &XmlLimits,
        offset: u64,
    ) -> Result<(), XmlError> {
        let mut count = 0;
        let fail = |what: &str| XmlError::IllFormed { offset, what: what.to_owned().into() };
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| fail(&error.to_string()))?;
            count += 1;
            if count > limits.attributes {
                return Err(XmlError::limit("attributes", limits.attributes.into(), offset));
            }
            if attribute.value.len() > limits.attribute_bytes {
                return Err(XmlError::limit("attribute", limits.attribute_bytes as u64, offset));
            }
            let key = range_in(raw, attribute.key.0);
            let value = range_in(raw, &attribute.value);
            let before = raw.as_bytes()[..key.start].last();
            if !before.is_some_and(u8::is_ascii_whitespace) {
                return Err(fail("no space before an attribute"));
            }
            // Checked even where nobody will ask for the value: the document has to be XML.
            let text = checked(&raw[value.clone()]).map_err(|what| fail(&what))?;
            let name = &raw[key.clone()];
            let (prefix, local) = name.split_once(':').unwrap_or(("", name));
            if !is_name(prefix, local) {
                return Err(fail("a malformed attribute name"));
            }
            if name == "xmlns" || prefix == "xmlns" {
                let prefix = if name == "xmlns" { "" } else { local };
                if scope.len() >= limits.bindings {
                    return Err(XmlError::limit("namespaces", limits.bindings as u64, offset));
                }
                may_bind(scope, depth, prefix, &text).map_err(fail)?;
                scope.bind(depth, prefix, &text);
                continue;
            }
            let split = key.start + prefix.len();
            let local = if prefix.is_empty() { key.clone() } else { split + 1..key.end };
            self.rows.push(Row { prefix: key.start..split, local, value, namespace: NsId::NONE });
        }
        self.resolve(raw, scope).map_err(fail)
    }

    /// Prefixes may be declared after their use in the same tag, so they are resolved last.
    fn resolve(&mut self, raw: &str, scope: &Scope) -> Result<(), &'static str> {
        for row in &mut self.rows {
            if !row.prefix.is_empty() {
                row.namespace =
                    scope.resolve(&raw[row.prefix.clone()]).ok_or("an undeclared prefix")?;
            }
        }
        for (at, row) in self.rows.iter().enumerate() {
            let twin = self.rows[..at].iter().any(|other| {
                raw[other.local.clone()] == raw[row.local.clone()]
                    && (raw[other.prefix.clone()] == raw[row.prefix.clone()]
                        || (other.namespace == row.namespace && row.namespace != NsId::UNKNOWN))
            });
            if twin {
                return Err("an attribute that stands twice");
            }
        }
        Ok(())
    }
}

/// An attribute value with its references resolved, if all of it is allowed there.
fn checked(raw: &str) -> Result<Cow<'_, str>, String> {
    if raw.contains('<') {
        return Err("`<` in an attribute value".to_owned());
    }
    check_characters(raw)?;
    if memchr::memchr(b'&', raw.as_bytes()).is_none() {
        return Ok(Cow::Borrowed(raw));
    }
    let text = quick_xml::escape::unescape(raw).map_err(|error| error.to_string())?;
    check_characters(&text)?;
    Ok(text)
}

/// What a declaration may not do (Namespaces in XML 1.0, sections 2.2 and 3).
fn may_bind(scope: &Scope, depth: u32, prefix: &str, uri: &str) -> Result<(), &'static str> {
    if scope.binds_at(depth, prefix) {
        return Err("a namespace declaration that stands twice");
    }
    let reserved = (prefix == "xml") != (uri == super::ns::XML);
    if reserved || prefix == "xmlns" || uri == super::ns::XMLNS {
        return Err("a declaration of a reserved prefix or namespace");
    }
    if uri.is_empty() && !prefix.is_empty() {
        return Err("a prefix that is declared to be nothing");
    }
    Ok(())
}

/// Where a part lies in the whole it was borrowed from.
fn range_in(whole: &str, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).wrapping_sub(whole.as_ptr() as usize);
    if start <= whole.len() && start + part.len() <= whole.len() {
        start..start + part.len()
    } else {
        0..0
    }
}
