//! References inside a body with SOAP encoding (SOAP 1.1, section 5.4.1; SOAP 1.2 part 2,
//! section 3.1.5): `href="#id"` stands for the element with that `id`, wherever it is.
//!
//! An answer is read as it comes until an element refers or can be referred to. From there
//! on the body is kept, within limits, and read when all of it is there, every reference
//! replaced by what it refers to. Reading again costs what is read, so a few bytes that
//! refer to each other cannot become many.

use std::collections::{HashMap, HashSet};

use super::error::SoapError;
use crate::codec::DecodeError;
use crate::xml::{NsId, Scope, StartTag, StreamHandler, TagCopy, XmlError};

/// Bytes kept of one body.
const KEPT_BYTES_MAX: usize = 64 << 20;
/// Elements read from what was kept, those behind references each time.
const READ_ELEMENTS_MAX: u64 = 2_000_000;
/// Bytes read from it in the same way.
const READ_BYTES_MAX: usize = 256 << 20;
/// References inside what others refer to.
const REFERENCES_DEPTH_MAX: usize = 64;
/// The depth of a body: an envelope is around it.
const BODY_DEPTH: u32 = 2;
/// References in a row that lead to nothing but the next.
const CHAIN_MAX: usize = 16;

/// An event that was kept.
#[derive(Debug)]
enum Event {
    Start(u32),
    Text(String),
    End,
}

/// An element that was kept.
#[derive(Debug)]
struct Kept {
    tag: TagCopy,
    /// Namespaces it declares itself.
    bindings: Vec<(Box<str>, Box<str>)>,
    /// The kept element around it.
    parent: Option<u32>,
    /// Its own start among the events; what is inside follows.
    start: usize,
    /// The event after its end.
    after: usize,
}

/// What a kept body is read into.
pub(super) trait Reading: StreamHandler<Error = SoapError> {
    /// The element that started last refers to something that is not there.
    fn leads_nowhere(&mut self, reference: &str) -> Result<(), SoapError>;
}

/// A body from its first reference on.
#[derive(Debug)]
pub(super) struct References {
    encoding: NsId,
    /// The namespaces in scope where keeping began.
    base: Scope,
    /// The depth of the innermost element that was open there.
    base_depth: u32,
    /// Elements that were open there and still are, the body among them.
    outer: u32,
    events: Vec<Event>,
    kept: Vec<Kept>,
    open: Vec<u32>,
    ids: HashMap<Box<str>, u32>,
    /// Ids something refers to.
    wanted: HashSet<Box<str>>,
    bytes: usize,
}

/// Whether an element refers to another, or can be referred to.
pub(super) fn takes_part(tag: &StartTag<'_>, encoding: NsId) -> bool {
    !tag.is_bare()
        && tag.attributes().any(|a| match a.local {
            "href" => a.namespace == NsId::NONE,
            "id" => a.namespace == NsId::NONE || a.namespace == encoding,
            "ref" => a.namespace == encoding,
            _ => false,
        })
}

impl References {
    /// Begins keeping before an element starts, at a place with these namespaces in scope.
    pub(super) fn new(encoding: NsId, scope: &Scope, depth: u32) -> Self {
        let mut base = scope.clone();
        base.leave(depth);
        let base_depth = depth.saturating_sub(1);
        Self {
            encoding,
            base,
            base_depth,
            outer: (base_depth + 1).saturating_sub(BODY_DEPTH),
            events: Vec::new(),
            kept: Vec::new(),
            open: Vec::new(),
            ids: HashMap::new(),
            wanted: HashSet::new(),
            bytes: 0,
        }
    }

    /// Keeps the start of an element.
    pub(super) fn start(&mut self, tag: &StartTag<'_>, scope: &Scope) -> Result<(), DecodeError> {
        let at = u32::try_from(self.kept.len()).unwrap_or(u32::MAX);
        let id = match tag.attribute(NsId::NONE, "id")? {
            Some(id) => Some(id),
            None => tag.attribute(self.encoding, "id")?,
        };
        if let Some(id) = id {
            // Two of one id: the first is meant, as with XML's own.
            self.ids.entry(id.trim().into()).or_insert(at);
        }
        if let Some(target) = self.target(tag)? {
            self.wanted.insert(target.into());
        }
        let tag = tag.copied();
        let own = |(prefix, uri): (&str, &str)| (prefix.into(), uri.into());
        let mut bindings: Vec<(Box<str>, Box<str>)> = scope.bound_at(tag.depth).map(own).collect();
        bindings.reverse();
        let declared: usize = bindings.iter().map(|(p, u)| p.len() + u.len() + 32).sum();
        self.spend(tag.bytes() + declared + std::mem::size_of::<Kept>())?;
        let (parent, start) = (self.open.last().copied(), self.events.len());
        self.kept.push(Kept { tag, bindings, parent, start, after: start });
        self.open.push(at);
        self.events.push(Event::Start(at));
        Ok(())
    }

    /// Keeps a text.
    pub(super) fn text(&mut self, text: &str) -> Result<(), DecodeError> {
        self.spend(text.len() + std::mem::size_of::<Event>())?;
        if let Some(Event::Text(before)) = self.events.last_mut() {
            before.push_str(text);
        } else {
            self.events.push(Event::Text(text.to_owned()));
        }
        Ok(())
    }

    /// Keeps the end of an element; `false` where it is the body that ends.
    pub(super) fn end(&mut self) -> bool {
        let ended = self.open.pop();
        if ended.is_none() {
            self.outer = self.outer.saturating_sub(1);
            if self.outer == 0 {
                return false;
            }
        }
        self.events.push(Event::End);
        if let Some(at) = ended {
            self.kept[at as usize].after = self.events.len();
        }
        true
    }

    /// Reads everything that was kept, every reference followed.
    ///
    /// `is_rooted`: an element of the body came before; others that nothing refers to are
    /// passed over then, as far as they have an id.
    pub(super) fn read<R: Reading>(&self, into: &mut R, is_rooted: bool) -> Result<(), SoapError> {
        let base = Stretch {
            target: None,
            next: 0,
            depths: Vec::new(),
            scope: self.base.clone(),
            outer_depth: self.base_depth,
        };
        Walk { references: self, elements: 0, bytes: 0, is_rooted, stretches: vec![base] }.run(into)
    }

    /// Whether an element of the body is only there to be referred to: `soapenc:root="0"`,
    /// or something refers to it.
    fn is_independent(&self, tag: &StartTag<'_>, is_rooted: bool) -> Result<bool, DecodeError> {
        if let Some(root) = tag.attribute(self.encoding, "root")? {
            return Ok(matches!(root.trim(), "0" | "false"));
        }
        let id = match tag.attribute(NsId::NONE, "id")? {
            Some(id) => Some(id),
            None => tag.attribute(self.encoding, "id")?,
        };
        Ok(id.is_some_and(|id| is_rooted || self.wanted.contains(id.trim())))
    }

    /// The id an element refers to; a reference to something outside of the message is not one.
    fn target(&self, tag: &StartTag<'_>) -> Result<Option<String>, XmlError> {
        if let Some(href) = tag.attribute(NsId::NONE, "href")? {
            return Ok(Some(
                href.trim().strip_prefix('#').map_or_else(|| href.to_string(), Into::into),
            ));
        }
        Ok(tag.attribute(self.encoding, "ref")?.map(|id| id.trim().to_owned()))
    }

    /// The element an id leads to, over elements that only refer to the next.
    fn follow(&self, id: &str) -> Result<Option<u32>, DecodeError> {
        let mut id = id.to_owned();
        for _ in 0..CHAIN_MAX {
            let Some(at) = self.ids.get(&*id) else { return Ok(None) };
            match self.target(&self.kept[*at as usize].tag.tag())? {
                Some(next) => id = next,
                None => return Ok(Some(*at)),
            }
        }
        Err(DecodeError::Reference(id, "it leads to nothing but references"))
    }

    fn spend(&mut self, bytes: usize) -> Result<(), XmlError> {
        self.bytes += bytes;
        if self.bytes > KEPT_BYTES_MAX {
            return Err(XmlError::limit(
                "bytes of a body with references",
                KEPT_BYTES_MAX as u64,
                0,
            ));
        }
        Ok(())
    }

    /// The namespaces in scope around a kept element.
    fn scope_around(&self, at: u32) -> Scope {
        let mut around = Vec::new();
        let mut outermost = at;
        let mut parent = self.kept[at as usize].parent;
        while let Some(at) = parent {
            around.push(at);
            outermost = at;
            parent = self.kept[at as usize].parent;
        }
        let mut scope = self.base.clone();
        // What was open when keeping began may have ended before.
        scope.leave(self.kept[outermost as usize].tag.depth);
        for at in around.into_iter().rev() {
            self.kept[at as usize].bind(&mut scope);
        }
        scope
    }
}

impl Kept {
    fn bind(&self, scope: &mut Scope) {
        for (prefix, uri) in &self.bindings {
            scope.bind(self.tag.depth, prefix, uri);
        }
    }
}

/// Events being read: all that were kept, or what one reference leads to.
struct Stretch {
    /// The element referred to.
    target: Option<u32>,
    /// The next event.
    next: usize,
    /// The depths of the kept elements open in it.
    depths: Vec<u32>,
    scope: Scope,
    /// The depth of the innermost open element that was not kept.
    outer_depth: u32,
}

struct Walk<'r> {
    references: &'r References,
    elements: u64,
    bytes: usize,
    is_rooted: bool,
    /// What is being read, each for a reference in the one before it.
    stretches: Vec<Stretch>,
}

impl Walk<'_> {
    fn run<R: Reading>(&mut self, into: &mut R) -> Result<(), SoapError> {
        let references = self.references;
        while let Some(stretch) = self.stretches.last_mut() {
            let Some(event) = references.events.get(stretch.next) else { break };
            stretch.next += 1;
            match event {
                Event::Text(text) => {
                    into.text(text)?;
                    self.spend(0, text.len())?;
                }
                Event::Start(at) => self.element(&references.kept[*at as usize], into)?,
                Event::End => {
                    into.end(&stretch.scope)?;
                    if let Some(depth) = stretch.depths.pop() {
                        stretch.scope.leave(depth);
                    } else if stretch.target.is_some() {
                        self.stretches.pop();
                    } else {
                        stretch.scope.leave(stretch.outer_depth);
                        stretch.outer_depth = stretch.outer_depth.saturating_sub(1);
                    }
                }
            }
        }
        Ok(())
    }

    fn element<R: Reading>(&mut self, kept: &Kept, into: &mut R) -> Result<(), SoapError> {
        let references = self.references;
        self.spend(1, kept.tag.bytes())?;
        let tag = kept.tag.tag();
        let is_base = self.stretches.len() == 1;
        let Some(stretch) = self.stretches.last_mut() else { return Ok(()) };
        if is_base && tag.depth == BODY_DEPTH + 1 {
            if references.is_independent(&tag, self.is_rooted)? {
                stretch.next = kept.after;
                return Ok(());
            }
            self.is_rooted = true;
        }
        kept.bind(&mut stretch.scope);
        let Some(id) = references.target(&tag)? else {
            stretch.depths.push(tag.depth);
            return into.start(&tag, &stretch.scope);
        };
        // What stands inside an element that refers to another says nothing.
        stretch.next = kept.after;
        if let Some(target) = references.follow(&id)? {
            stretch.scope.leave(tag.depth);
            return self.enter(kept, target, &id, into);
        }
        // Nil, because null is what it becomes.
        let nil = self.places(kept, kept.tag.bare())?.with_attribute(NsId::XSI, "nil", "true");
        let Some(stretch) = self.stretches.last_mut() else { return Ok(()) };
        into.start(&nil.tag(), &stretch.scope)?;
        into.leads_nowhere(&id)?;
        into.end(&stretch.scope)?;
        stretch.scope.leave(nil.depth);
        Ok(())
    }

    /// Starts what is referred to under the name of what refers to it.
    fn enter<R: Reading>(
        &mut self,
        from: &Kept,
        target: u32,
        id: &str,
        into: &mut R,
    ) -> Result<(), SoapError> {
        let references = self.references;
        let refused = |why| Err(DecodeError::Reference(id.to_owned(), why).into());
        if self.stretches.iter().any(|stretch| stretch.target == Some(target)) {
            return refused("it leads back to itself");
        }
        if self.stretches.len() > REFERENCES_DEPTH_MAX {
            return refused("there are too many inside each other");
        }
        let kept = &references.kept[target as usize];
        let mut scope = references.scope_around(target);
        kept.bind(&mut scope);
        self.spend(1 + scope.len() as u64, kept.tag.bytes())?;
        let tag = self.places(from, from.tag.with_attributes_of(&kept.tag))?;
        into.start(&tag.tag(), &scope)?;
        let (next, depths) = (kept.start + 1, Vec::new());
        self.stretches.push(Stretch { target: Some(target), next, depths, scope, outer_depth: 0 });
        Ok(())
    }

    /// The place in an array is that of what refers, not of what is referred to.
    fn places(&self, from: &Kept, tag: TagCopy) -> Result<TagCopy, XmlError> {
        let encoding = self.references.encoding;
        Ok(match from.tag.tag().attribute(encoding, "position")? {
            Some(place) => tag.with_attribute(encoding, "position", &place),
            None => tag,
        })
    }

    fn spend(&mut self, elements: u64, bytes: usize) -> Result<(), XmlError> {
        self.elements += elements;
        self.bytes += bytes;
        if self.elements > READ_ELEMENTS_MAX {
            return Err(XmlError::limit("elements behind references", READ_ELEMENTS_MAX, 0));
        }
        if self.bytes > READ_BYTES_MAX {
            return Err(XmlError::limit("bytes behind references", READ_BYTES_MAX as u64, 0));
        }
        Ok(())
    }
}
