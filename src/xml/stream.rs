//! Messages as they arrive: chunks in, events out, memory bounded by the longest token.
//!
//! quick-xml is a tokenizer; whether what it finds is *one whole document* is judged here:
//! names match, exactly one root, nothing after it, no document type declaration, every
//! prefix bound, every character allowed, every limit kept.
//!
//! A chunk is tokenized where it lies. Only an incomplete last token is carried over, and
//! only looked at again when as much again has arrived, so the work stays linear.

use std::sync::Arc;

use memchr::memmem;
use quick_xml::errors::{Error as QuickError, IllFormedError};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::attribute::{AttributeTable, StartTag};
use super::well_formed::{
    check_characters, is_declaration, is_name, is_suspicious, resolve_reference, split_name,
};
use super::{Namespaces, Scope, XmlError, XmlLimits};

/// Receives the events of a document.
pub trait StreamHandler {
    /// What stops the reading.
    type Error: From<XmlError>;

    /// An element starts. `depth` of the root is 1.
    fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), Self::Error>;
    /// A piece of text; one run of text may come in several pieces.
    fn text(&mut self, text: &str) -> Result<(), Self::Error>;
    /// An element ends; its own bindings are still in scope.
    fn end(&mut self, scope: &Scope) -> Result<(), Self::Error>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Prolog,
    Root,
    Epilog,
}

/// Reads one document from chunks.
#[derive(Debug)]
pub struct StreamReader {
    limits: XmlLimits,
    scope: Scope,
    attributes: AttributeTable,
    open: String,
    open_starts: Vec<u32>,
    carry: Vec<u8>,
    /// Not worth tokenizing the carry again before it is this long.
    carry_wanted: usize,
    consumed: u64,
    elements: u64,
    phase: Phase,
    /// Whether the XML declaration may still come.
    at_start: bool,
    /// What stood outside the document and was passed over.
    outside: Option<&'static str>,
    /// Whether the window has a byte that may be no character, a carriage return or `]]>`: then
    /// each text is looked at, else none needs to be.
    suspicious: bool,
    /// Where in the window the event at hand starts.
    at: usize,
}

impl StreamReader {
    /// A reader for a document whose interesting namespaces are those of a table.
    #[must_use]
    pub fn new(names: Arc<Namespaces>, limits: XmlLimits) -> Self {
        Self {
            limits,
            scope: Scope::new(names),
            attributes: AttributeTable::default(),
            open: String::new(),
            open_starts: Vec::new(),
            carry: Vec::new(),
            carry_wanted: 0,
            consumed: 0,
            elements: 0,
            phase: Phase::Prolog,
            at_start: true,
            outside: None,
            suspicious: true,
            at: 0,
        }
    }

    /// Takes the next bytes (UTF-8, without a byte order mark).
    pub fn feed<H: StreamHandler>(
        &mut self,
        chunk: &[u8],
        handler: &mut H,
    ) -> Result<(), H::Error> {
        if self.carry.is_empty() {
            let used = self.window(chunk, false, handler)?;
            self.keep(&chunk[used..])?;
            return Ok(());
        }
        self.carry.extend_from_slice(chunk);
        if self.carry.len() < self.carry_wanted {
            return Ok(());
        }
        let carry = std::mem::take(&mut self.carry);
        let used = self.window(&carry, false, handler)?;
        self.carry = carry;
        self.carry.drain(..used);
        self.after_keep()?;
        Ok(())
    }

    /// Says that nothing more will come. The document must be whole.
    pub fn finish<H: StreamHandler>(&mut self, handler: &mut H) -> Result<(), H::Error> {
        let carry = std::mem::take(&mut self.carry);
        self.window(&carry, true, handler)?;
        if self.phase == Phase::Epilog {
            Ok(())
        } else {
            Err(XmlError::Truncated { offset: self.consumed }.into())
        }
    }

    /// Bytes read so far.
    #[must_use]
    pub fn consumed(&self) -> u64 {
        self.consumed
    }

    /// What stands before the XML declaration or behind the root though nothing may, and
    /// was passed over: white space and byte order marks before, NUL bytes behind.
    #[must_use]
    pub fn outside(&self) -> Option<&'static str> {
        self.outside
    }

    /// The bindings in scope.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    fn keep(&mut self, rest: &[u8]) -> Result<(), XmlError> {
        self.carry.extend_from_slice(rest);
        self.after_keep()
    }

    fn after_keep(&mut self) -> Result<(), XmlError> {
        if self.carry.len() > self.limits.token_bytes {
            return Err(XmlError::limit("text", self.limits.token_bytes as u64, self.consumed));
        }
        self.carry_wanted = self.carry.len() * 2;
        Ok(())
    }

    /// Tokenizes a window from its start; returns how many bytes were used up.
    fn window<H: StreamHandler>(
        &mut self,
        window: &[u8],
        last: bool,
        handler: &mut H,
    ) -> Result<usize, H::Error> {
        self.suspicious = is_suspicious(window) || memmem::find(window, CDATA_END).is_some();
        let mut skipped = 0;
        if self.consumed > 0 && window.starts_with(BOM) {
            // The tokenizer takes a mark at its start away, but here it is a character.
            self.text("\u{FEFF}", handler)?;
            skipped = BOM.len();
        }
        let mut reader = Reader::from_reader(&window[skipped..]);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        let mut before;
        let used = loop {
            before = skipped + usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            self.at = before;
            let event = reader.read_event();
            let at = skipped + usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
            match event {
                Ok(Event::Text(_)) if !last && at >= window.len() => break before,
                Ok(Event::Text(text)) => self.text(&text, handler)?,
                Ok(Event::Start(tag)) => self.start(&tag, false, handler)?,
                Ok(Event::Empty(tag)) => self.start(&tag, true, handler)?,
                Ok(Event::End(tag)) => self.end(tag.name().as_ref(), before, handler)?,
                Ok(Event::Eof) => break window.len(),
                Ok(Event::CData(text)) if self.phase == Phase::Root => {
                    self.text(&text, handler)?;
                }
                Ok(Event::GeneralRef(name)) if self.phase == Phase::Root => {
                    let mut utf8 = [0; 4];
                    let text = resolve_reference(&name, &mut utf8)
                        .ok_or_else(|| self.ill_formed(before, "an undefined entity reference"))?;
                    // Not the way of text: a carriage return written so is meant.
                    handler.text(text)?;
                }
                Ok(Event::Comment(text)) => {
                    let good = !text.contains("--") && !text.ends_with('-');
                    self.passed_over(&text, good)?;
                }
                Ok(Event::PI(content)) => {
                    let target = content.split([' ', '\t', '\r', '\n']).next().unwrap_or("");
                    let good = is_name("", target) && !target.eq_ignore_ascii_case("xml");
                    self.passed_over(&content, good)?;
                }
                Ok(Event::Decl(declaration)) if self.at_start => {
                    if !is_declaration(&declaration) {
                        return Err(self.ill_formed(0, "a malformed XML declaration").into());
                    }
                    self.at_start = false;
                    if self.consumed > 0 || before > 0 {
                        self.outside = Some("white space before the XML declaration");
                    }
                }
                Ok(Event::DocType(_)) => {
                    return Err(XmlError::Doctype { offset: self.consumed + before as u64 }.into());
                }
                Ok(_) => return Err(self.ill_formed(before, "text outside the root").into()),
                Err(error) if !last && may_be_incomplete(&error, at, window.len()) => break before,
                Err(error) => return Err(self.failed(before, last, &error).into()),
            }
        };
        self.consumed += used as u64;
        Ok(used)
    }

    #[inline]
    fn text<H: StreamHandler>(&mut self, text: &str, handler: &mut H) -> Result<(), H::Error> {
        self.fits(text)?;
        if self.phase != Phase::Root {
            if text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')) {
                return Ok(());
            }
            return Ok(self.text_outside(text)?);
        }
        if self.suspicious {
            check_characters(text).map_err(|what| self.ill_formed(0, what))?;
            // XML 1.0, section 2.4.
            if memmem::find(text.as_bytes(), CDATA_END).is_some() {
                return Err(self.ill_formed(0, "`]]>` in text").into());
            }
            if memchr::memchr(b'\r', text.as_bytes()).is_some() {
                let normal = text.replace("\r\n", "\n").replace('\r', "\n");
                return handler.text(&normal);
            }
        }
        handler.text(text)
    }

    #[cold]
    fn text_outside(&mut self, text: &str) -> Result<(), XmlError> {
        // PHP's files have blank lines and marks before their first tag, buffers of C have
        // zeros behind their text.
        let space = |c: char| matches!(c, ' ' | '\t' | '\r' | '\n');
        if self.at_start && text.chars().all(|c| c == '\u{FEFF}' || space(c)) {
            self.outside = Some("a byte order mark inside the text");
            return Ok(());
        }
        if self.phase == Phase::Epilog && text.chars().all(|c| c == '\0' || space(c)) {
            self.outside = Some("NUL bytes behind the envelope");
            return Ok(());
        }
        Err(self.ill_formed(0, "text outside the root"))
    }

    fn start<H: StreamHandler>(
        &mut self,
        tag: &BytesStart<'_>,
        empty: bool,
        handler: &mut H,
    ) -> Result<(), H::Error> {
        match self.phase {
            Phase::Prolog => {
                self.at_start = false;
                self.phase = Phase::Root;
            }
            Phase::Root => {}
            Phase::Epilog => return Err(self.ill_formed(0, "a second root element").into()),
        }
        self.elements += 1;
        let depth = u32::try_from(self.open_starts.len()).unwrap_or(u32::MAX) + 1;
        if depth > self.limits.depth {
            return Err(XmlError::limit("depth", self.limits.depth.into(), self.consumed).into());
        }
        if self.elements > self.limits.elements {
            return Err(XmlError::limit("elements", self.limits.elements, self.consumed).into());
        }
        let raw = tag.attributes_raw();
        self.fits(raw)?;
        self.attributes.clear();
        if !raw.is_empty() {
            self.attributes.read(tag, raw, depth, &mut self.scope, &self.limits, self.consumed)?;
        }
        let name = tag.name().0;
        let (prefix, local) = split_name(name);
        let Some(namespace) = self.scope.resolve(prefix) else {
            return Err(self.ill_formed(0, "an undeclared prefix").into());
        };
        if !is_name(prefix, local) {
            return Err(self.ill_formed(0, "a malformed element name").into());
        }
        let start = StartTag { namespace, prefix, local, depth, raw, table: &self.attributes };
        handler.start(&start, &self.scope)?;
        if empty {
            handler.end(&self.scope)?;
            self.scope.leave(depth);
            if depth == 1 {
                self.phase = Phase::Epilog;
            }
        } else {
            self.open_starts.push(u32::try_from(self.open.len()).unwrap_or(u32::MAX));
            self.open.push_str(name);
        }
        Ok(())
    }

    #[inline]
    fn end<H: StreamHandler>(
        &mut self,
        name: &str,
        before: usize,
        handler: &mut H,
    ) -> Result<(), H::Error> {
        let matched = self
            .open_starts
            .pop()
            .filter(|start| self.open.as_bytes().get(*start as usize..) == Some(name.as_bytes()));
        let Some(start) = matched else {
            return Err(self.ill_formed(before, "an end tag that closes nothing").into());
        };
        handler.end(&self.scope)?;
        self.open.truncate(start as usize);
        let depth = u32::try_from(self.open_starts.len()).unwrap_or(u32::MAX) + 1;
        self.scope.leave(depth);
        if depth == 1 {
            self.phase = Phase::Epilog;
        }
        Ok(())
    }

    /// A token is as long as it is, however its bytes arrived.
    #[inline]
    fn fits(&self, token: &str) -> Result<(), XmlError> {
        if token.len() > self.limits.token_bytes {
            return Err(XmlError::limit("text", self.limits.token_bytes as u64, self.consumed));
        }
        Ok(())
    }

    /// Comments and processing instructions say nothing, but have to be well-formed.
    fn passed_over(&mut self, text: &str, is_good: bool) -> Result<(), XmlError> {
        self.fits(text)?;
        self.at_start = false;
        if !is_good {
            return Err(self.ill_formed(0, "a malformed comment or processing instruction"));
        }
        check_characters(text).map_err(|what| self.ill_formed(0, what))
    }

    fn ill_formed(&self, before: usize, what: &'static str) -> XmlError {
        XmlError::IllFormed {
            offset: self.consumed + before.max(self.at) as u64,
            what: what.into(),
        }
    }

    fn failed(&self, before: usize, last: bool, error: &QuickError) -> XmlError {
        let offset = self.consumed + before as u64;
        match error {
            QuickError::Syntax(_) if last && self.phase != Phase::Epilog => {
                XmlError::Truncated { offset }
            }
            QuickError::Encoding(_) => XmlError::NotUtf8 { offset },
            other => XmlError::IllFormed { offset, what: other.to_string().into() },
        }
    }
}

const CDATA_END: &[u8] = b"]]>";
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Whether more bytes could turn an error into a token.
fn may_be_incomplete(error: &QuickError, at: usize, len: usize) -> bool {
    match error {
        QuickError::Syntax(_) => true,
        QuickError::IllFormed(IllFormedError::UnclosedReference) | QuickError::Encoding(_) => {
            at >= len
        }
        _ => false,
    }
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
