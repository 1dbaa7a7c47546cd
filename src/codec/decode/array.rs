//! Arrays of SOAP encoding (SOAP 1.1, section 5.4.2; SOAP 1.2 part 2, section 3.1.6): items
//! by place and not by name, some of them left out, several dimensions in one row.

use std::borrow::Cow;
use std::sync::Arc;

use super::super::graph::{Child, Graph, Node, Object};
use super::super::rules::{ArrayRule, Rules};
use super::DecodeError;
use super::decoder::State;
use super::path::Where;
use crate::diagnostic::Code;
use crate::xml::{NsId, Scope, StartTag, XmlError};

/// Items of all arrays of one message that nothing came for and that are written as `null`.
const HOLES_MAX: u64 = 100_000;
/// Dimensions read of one array.
const DIMENSIONS_MAX: usize = 8;

/// An open array.
#[derive(Debug, Default)]
pub(super) struct OpenArray {
    /// Items written.
    next: u64,
    /// Where the first item stands (`offset`).
    offset: u64,
    /// The length of each dimension, where the message says it.
    sizes: Vec<Option<u64>>,
    /// How many items there are between two of one dimension; of the last one 1.
    strides: Vec<u64>,
    /// Items of the type the message names, where the contract names none.
    item: Option<Arc<Child>>,
}

impl OpenArray {
    fn new(rank: u32, sizes: Vec<Option<u64>>) -> Self {
        let rank = rank.max(1) as usize;
        // Of another number of dimensions than the contract says: one row of all items.
        let sizes = if sizes.len() == rank { sizes } else { vec![None; rank] };
        let mut strides = vec![1_u64; rank];
        for at in (0..rank.saturating_sub(1)).rev() {
            // An unknown length is one that is never reached.
            strides[at] = sizes[at + 1].map_or(u64::MAX, |n| strides[at + 1].saturating_mul(n));
        }
        Self { sizes, strides, ..Self::default() }
    }

    /// The place of the last item in each dimension; none before the first.
    pub(super) fn indexes(&self) -> Vec<u64> {
        let Some(mut rest) = self.next.checked_sub(1) else { return Vec::new() };
        let index = |stride: &u64| {
            let stride = (*stride).max(1);
            let index = rest / stride;
            rest %= stride;
            index
        };
        self.strides.iter().map(index).collect()
    }

    /// Items in all, where every length is known.
    fn total(&self) -> Option<u64> {
        self.sizes.iter().try_fold(1_u64, |all, size| Some(all.saturating_mul((*size)?)))
    }

    /// How many dimensions begin a new row with an item: brackets to open before it.
    fn rows_at(&self, item: u64) -> usize {
        let inner = self.strides.len().saturating_sub(1);
        self.strides[..inner].iter().filter(|stride| item.is_multiple_of((**stride).max(1))).count()
    }

    /// The place of an item from its indexes.
    fn place(&self, indexes: &[Option<u64>]) -> Option<u64> {
        if indexes.len() != self.strides.len() {
            return None;
        }
        indexes.iter().zip(&self.strides).try_fold(0_u64, |place, (index, stride)| {
            let index = (*index)?;
            if index == 0 { Some(place) } else { place.checked_add(index.checked_mul(*stride)?) }
        })
    }
}

impl State {
    /// Opens an array: the bracket of its first dimension.
    #[cold]
    pub(super) fn begin_array(&mut self, object: &Object) {
        self.out.push(b'[');
        let rank = object.array.as_ref().map_or(1, |rule| rule.rank);
        self.arrays.push(OpenArray::new(rank, Vec::new()));
    }

    /// What the start tag of an array says of it.
    pub(super) fn array_attributes(
        &mut self,
        graph: &Graph,
        object: &Object,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let Some(rule) = object.array.as_deref() else { return Ok(()) };
        if tag.is_bare() {
            return Ok(());
        }
        let said = |local| tag.attribute(rule.encoding, local);
        let (item, sizes) = if let Some(text) = said("arrayType")? {
            let (item, sizes) = text.rsplit_once('[').unwrap_or((&text, ""));
            (Some(item.to_owned()), numbers(sizes.trim_end().trim_end_matches(']'), ','))
        } else {
            let sizes = said("arraySize")?.map(|text| numbers(text.trim(), ' '));
            (said("itemType")?.map(Cow::into_owned), sizes.unwrap_or_default())
        };
        let mut array = OpenArray::new(rule.rank, sizes);
        if let Some(text) = said("offset")? {
            let offset = bracketed(&text).and_then(|indexes| array.place(&indexes));
            if offset.is_none() {
                self.violation(graph, Code::ViolationValue, Where::Value, || text.to_string())?;
            }
            array.offset = offset.unwrap_or(0);
        }
        array.item = item.and_then(|item| named_item(graph, object, rule, &item, scope));
        if let Some(last) = self.arrays.last_mut() {
            *last = array;
        }
        Ok(())
    }

    /// An item starts, whatever its name is.
    #[cold]
    pub(super) fn start_item(
        &mut self,
        graph: &Graph,
        tag: &StartTag<'_>,
        scope: &Scope,
    ) -> Result<(), DecodeError> {
        let Some(Node::Object(object)) = self.frames.last().map(|f| graph.node(f.node)) else {
            return Ok(());
        };
        let Some(rule) = object.array.as_deref() else { return Ok(()) };
        let Some(array) = self.arrays.last() else { return Ok(()) };
        let first = if array.next == 0 { array.offset } else { array.next };
        let mut place = first;
        if let Some(text) = tag.attribute(rule.encoding, "position")? {
            match bracketed(&text).and_then(|indexes| array.place(&indexes)) {
                Some(said) if said >= array.next => place = said,
                // A place before the last item's cannot be gone back to.
                Some(_) => self
                    .violation(graph, Code::ViolationOrder, Where::Element, || text.to_string())?,
                None => self
                    .violation(graph, Code::ViolationValue, Where::Element, || text.to_string())?,
            }
        }
        let total = self.arrays.last().and_then(OpenArray::total);
        if total.is_some_and(|total| place >= total) {
            self.violation(graph, Code::ViolationOccurs, Where::Element, || tag.local.to_owned())?;
            // Of several dimensions there is no row it belongs into.
            if rule.rank > 1 {
                self.skip = 1;
                return Ok(());
            }
        }
        self.holes_until(place)?;
        self.place_item();
        let named = self.arrays.last().and_then(|array| array.item.clone());
        match named.as_deref().or_else(|| graph.array_item(object, rule)) {
            Some(child) => self.open_value(graph, child, None, 0, tag, scope),
            None => Ok(()),
        }
    }

    /// The array ends: what is left of its rows, and its brackets.
    pub(super) fn close_items(&mut self) -> Result<(), DecodeError> {
        let Some(array) = self.arrays.last() else { return Ok(()) };
        let inner = array.strides.len().saturating_sub(1);
        if inner > 0 {
            match array.total() {
                Some(0) => self.empty_rows()?,
                Some(total) => self.holes_until(total)?,
                None => {}
            }
            if self.arrays.last().is_some_and(|array| array.next > 0) {
                self.out.extend(std::iter::repeat_n(b']', inner));
            }
        }
        self.arrays.pop();
        self.out.push(b']');
        Ok(())
    }

    /// Writes commas and brackets before an item, and counts it.
    fn place_item(&mut self) {
        let Some(array) = self.arrays.last_mut() else { return };
        let rows = array.rows_at(array.next);
        if array.next > 0 {
            self.out.extend(std::iter::repeat_n(b']', rows));
            self.out.push(b',');
        }
        self.out.extend(std::iter::repeat_n(b'[', rows));
        array.next += 1;
    }

    /// Items that were left out are null.
    fn holes_until(&mut self, place: u64) -> Result<(), DecodeError> {
        let next = self.arrays.last().map_or(place, |array| array.next);
        let holes = place.saturating_sub(next);
        self.spend_holes(holes)?;
        for _ in 0..holes {
            self.place_item();
            self.out.extend_from_slice(b"null");
        }
        Ok(())
    }

    /// `[2,0]` is two rows without items.
    fn empty_rows(&mut self) -> Result<(), DecodeError> {
        let Some(array) = self.arrays.last() else { return Ok(()) };
        let mut text = String::new();
        // From inside out, without the outermost bracket, which is written.
        for size in array.sizes.iter().rev().skip(1) {
            let size = size.unwrap_or(0);
            let row = format!("[{text}]");
            let bytes = size.saturating_mul(row.len() as u64 + 1);
            if bytes > HOLES_MAX {
                return Err(too_many_holes());
            }
            text = vec![row; usize::try_from(size).unwrap_or(0)].join(",");
        }
        self.out.extend_from_slice(text.as_bytes());
        Ok(())
    }

    fn spend_holes(&mut self, holes: u64) -> Result<(), DecodeError> {
        self.holes = self.holes.saturating_add(holes);
        if self.holes > HOLES_MAX { Err(too_many_holes()) } else { Ok(()) }
    }
}

fn too_many_holes() -> DecodeError {
    XmlError::limit("items left out of arrays", HOLES_MAX, 0).into()
}

/// The type the message names for items that are anything by the contract.
fn named_item(
    graph: &Graph,
    object: &Object,
    rule: &ArrayRule,
    name: &str,
    scope: &Scope,
) -> Option<Arc<Child>> {
    let item = graph.array_item(object, rule)?;
    let Node::Any(rules @ Rules::Encoded(encoding)) = *graph.node(item.node) else { return None };
    // Items that are arrays themselves say what they hold.
    let node = if name.contains('[') {
        graph.named(rules, encoding, "Array")?
    } else {
        let (namespace, local) = scope.resolve_qname(name)?;
        graph.named(rules, namespace, local)?
    };
    Some(Arc::new(Child { node, ..item.clone() }))
}

/// `[2,3]` → 2, 3.
fn bracketed(text: &str) -> Option<Vec<Option<u64>>> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(']')?;
    Some(numbers(inner, ','))
}

/// The numbers of a list; what is none is unknown (`*`, nothing at all).
fn numbers(text: &str, separator: char) -> Vec<Option<u64>> {
    let number = |text: &str| text.trim().parse().ok();
    text.split(separator).take(DIMENSIONS_MAX).map(number).collect()
}

/// Whether an element of no declared type is an array by its looks.
pub(super) fn looks_like_array(tag: &StartTag<'_>, encoding: NsId) -> bool {
    let says = |local| tag.attributes().any(|a| a.namespace == encoding && a.local == local);
    tag.is(encoding, "Array") || says("arrayType") || says("itemType") || says("arraySize")
}
