//! XML that a caller gives, on its way into a message.

use super::super::lexical::trim;
use crate::xml::{
    NsId, Scope, StartTag, StreamHandler, XmlError, write_attribute_value, write_text,
};

/// Writes a fragment anew, with every namespace declared where it is used.
#[derive(Debug, Default)]
pub(super) struct FragmentCopy {
    pub(super) out: Vec<u8>,
    open: Vec<String>,
    pub(super) bad: Option<&'static str>,
    /// Names of the outermost elements.
    pub(super) roots: Vec<(NsId, String)>,
    /// Whether text stands beside them.
    pub(super) has_text: bool,
}

impl StreamHandler for FragmentCopy {
    type Error = XmlError;

    fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), XmlError> {
        if tag.depth == 1 {
            return Ok(());
        }
        if self.open.is_empty() {
            self.roots.push((tag.namespace, tag.local.to_owned()));
        }
        let name = if tag.prefix.is_empty() {
            tag.local.to_owned()
        } else {
            format!("{}:{}", tag.prefix, tag.local)
        };
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        let mut declared = vec!["xml".to_owned()];
        let declare = |out: &mut Vec<u8>, prefix: &str| {
            let colon = if prefix.is_empty() { "" } else { ":" };
            out.extend_from_slice(format!(" xmlns{colon}{prefix}=\"").as_bytes());
            let _ = write_attribute_value(out, scope.uri(prefix).unwrap_or(""));
            out.push(b'"');
        };
        declare(&mut self.out, tag.prefix);
        declared.push(tag.prefix.to_owned());
        for attribute in tag.attributes() {
            if !attribute.prefix.is_empty() && !declared.iter().any(|d| d == attribute.prefix) {
                declare(&mut self.out, attribute.prefix);
                declared.push(attribute.prefix.to_owned());
            }
            let colon = if attribute.prefix.is_empty() { "" } else { ":" };
            self.out.extend_from_slice(
                format!(" {}{colon}{}=\"", attribute.prefix, attribute.local).as_bytes(),
            );
            let value = attribute.value()?;
            let _ = write_attribute_value(&mut self.out, &value);
            self.out.push(b'"');
            // A QName in a value (xsi:type) needs its prefix as well.
            if let Some((prefix, _)) = value.split_once(':')
                && scope.uri(prefix).is_some()
                && !declared.iter().any(|d| d == prefix)
            {
                declare(&mut self.out, prefix);
                declared.push(prefix.to_owned());
            }
        }
        self.out.push(b'>');
        self.open.push(name);
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), XmlError> {
        self.has_text |= self.open.is_empty() && !trim(text).is_empty();
        if write_text(&mut self.out, text).is_err() {
            self.bad = Some("has a character XML cannot carry");
        }
        Ok(())
    }

    fn end(&mut self, _scope: &Scope) -> Result<(), XmlError> {
        if let Some(name) = self.open.pop() {
            self.out.extend_from_slice(b"</");
            self.out.extend_from_slice(name.as_bytes());
            self.out.push(b'>');
        }
        Ok(())
    }
}
