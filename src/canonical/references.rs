//! References inside a body with SOAP encoding (SOAP 1.1, section 5.4.1; SOAP 1.2 part 2, section
//! 3.1.5): `href="#id"` stands for the element with that `id`, wherever it is.

use std::collections::{HashMap, HashSet};

use super::plumbing::is_encoding;
use super::scope::Prefixes;
use super::tree::Element;

/// Elements read behind references, each time one is followed.
const FOLLOWED_ELEMENTS_MAX: u64 = 1_000_000;
/// The depth at which none is followed any more.
const FOLLOWED_DEPTH_MAX: u32 = 100;

/// What the references of one body lead to.
#[derive(Debug)]
pub(super) struct References<'m> {
    targets: HashMap<&'m str, (&'m Element, Prefixes<'m>)>,
    /// Children of the body that are only there to be referred to.
    independent: HashSet<*const Element>,
    following: Vec<*const Element>,
    /// Elements that may still be read behind references.
    left: u64,
}

/// Where a reference leads.
pub(super) enum Leads<'m> {
    /// To an element, with what is in scope around it.
    To(&'m Element, Prefixes<'m>),
    /// Back to where this many others have been followed since.
    Back(usize),
    /// Nowhere, or further than is followed.
    Nowhere,
}

impl<'m> References<'m> {
    /// All that something in a body may refer to.
    pub(super) fn of(body: &'m Element, around: &Prefixes<'m>) -> Self {
        let mut all = Self {
            targets: HashMap::new(),
            independent: HashSet::new(),
            following: Vec::new(),
            left: FOLLOWED_ELEMENTS_MAX,
        };
        let mut wanted = HashSet::new();
        all.collect(body, around, &mut wanted);
        let mut is_rooted = false;
        for child in body.elements() {
            let is_independent = match encoded(child, "root").map(str::trim) {
                Some(root) => matches!(root, "0" | "false"),
                None => id(child).is_some_and(|id| is_rooted || wanted.contains(id)),
            };
            if is_independent {
                all.independent.insert(child);
            }
            is_rooted |= !is_independent;
        }
        all
    }

    /// Depth is bounded by that of the tree.
    fn collect(
        &mut self,
        element: &'m Element,
        around: &Prefixes<'m>,
        wanted: &mut HashSet<&'m str>,
    ) {
        if let Some(id) = id(element) {
            // Two of one id: the first is meant, as with XML's own.
            self.targets.entry(id).or_insert_with(|| (element, around.clone()));
        }
        wanted.extend(target(element));
        let inside = around.inside(element);
        for child in element.elements() {
            self.collect(child, &inside, wanted);
        }
    }

    /// Whether an element of the body is only there to be referred to.
    pub(super) fn is_independent(&self, element: &Element) -> bool {
        self.independent.contains(&std::ptr::from_ref(element))
    }

    /// Where an element leads; `None` where it refers to nothing. Behind [`Leads::To`], say when
    /// it is read with [`leave`](Self::leave).
    pub(super) fn follow(&mut self, element: &'m Element, depth: u32) -> Option<Leads<'m>> {
        let id = target(element)?;
        let Some((found, around)) = self.targets.get(id) else { return Some(Leads::Nowhere) };
        let (found, around) = (*found, around.clone());
        if let Some(at) = self.following.iter().rposition(|open| std::ptr::eq(*open, found)) {
            return Some(Leads::Back(self.following.len() - at));
        }
        if depth > FOLLOWED_DEPTH_MAX || self.left == 0 {
            return Some(Leads::Nowhere);
        }
        self.following.push(found);
        Some(Leads::To(found, around))
    }

    /// What was followed last is read.
    pub(super) fn leave(&mut self) {
        self.following.pop();
    }

    /// An element is read.
    pub(super) fn count(&mut self) {
        if !self.following.is_empty() {
            self.left = self.left.saturating_sub(1);
        }
    }
}

fn encoded<'e>(element: &'e Element, local: &str) -> Option<&'e str> {
    let found = element
        .attributes
        .iter()
        .find(|a| &*a.name.local == local && is_encoding(&a.name.namespace));
    found.map(|attribute| attribute.value.as_str())
}

fn id(element: &Element) -> Option<&str> {
    element.attribute("", "id").or_else(|| encoded(element, "id")).map(str::trim)
}

/// The id an element refers to; a reference to something outside of the message is not one.
fn target(element: &Element) -> Option<&str> {
    if let Some(href) = element.attribute("", "href") {
        return href.trim().strip_prefix('#');
    }
    encoded(element, "ref").map(|id| id.trim().trim_start_matches('#'))
}
