//! What SOAP encoding adds to an element: its type, and the size of an array
//! (SOAP 1.1, section 5; SOAP 1.2 part 2, section 3).

use std::fmt::Write as _;

use super::super::graph::{Node, NodeId, Object};
use super::super::json::Json;
use super::super::rules::{ArrayRule, Rules};
use super::{Encoder, Step};
use crate::xml::{NsId, ns};

impl<'g> Encoder<'g> {
    /// Writes the `xsi:type` of a type that has a name to give.
    pub(super) fn own_type(&mut self, node: NodeId) {
        let graph = self.graph;
        match graph.node(node) {
            Node::Text(text) => {
                // Of no use to a reader, and not the name of any type a value can have.
                let says_nothing = |ns: NsId, local: &str| {
                    ns == NsId::XSD && matches!(local, "anySimpleType" | "anyType")
                };
                if let Some((namespace, local)) = &text.name
                    && !says_nothing(*namespace, local)
                {
                    self.xsi_type(*namespace, local);
                }
            }
            Node::Object(object) => self.object_type(object),
            Node::Opened(opened) => {
                if let Some((namespace, local)) = &opened.name {
                    self.xsi_type(*namespace, local);
                }
            }
            Node::Any(_) | Node::Tree => {}
        }
    }

    /// Writes the `xsi:type` of an object, unless it is anonymous or cannot be sent.
    pub(super) fn object_type(&mut self, object: &Object) {
        match (&object.name, &object.array) {
            (Some((namespace, local)), _) if !object.is_abstract => {
                self.xsi_type(*namespace, local);
            }
            (None, Some(rule)) => self.xsi_type(rule.encoding, "Array"),
            _ => {}
        }
    }

    /// Writes the rest of the start tag and the items of an array.
    pub(super) fn array(
        &mut self,
        is_typed: bool,
        object: &'g Object,
        rule: &'g ArrayRule,
        value: &Json<'_>,
    ) {
        let mut sizes = vec![None; rule.rank as usize];
        let mut items = Vec::new();
        let is_regular = self.flatten(value, &mut sizes, &mut items);
        if is_typed {
            self.object_type(object);
        }
        let sizes: Vec<usize> = sizes.into_iter().map(|size| size.unwrap_or(0)).collect();
        let item_type = rule.item_type.as_ref().map(|(ns, local)| (*ns, &**local));
        // In literal use the size is seen; how it falls into rows is not.
        if is_typed || rule.rank > 1 {
            self.array_type(rule.encoding, item_type, &rule.item_rank, &sizes);
        }
        self.out.push(b'>');
        let Some(item) = self.graph.array_item(object, rule).filter(|_| is_regular) else { return };
        let depth = self.pointer.len();
        for (at, value) in items.into_iter().enumerate() {
            let mut rest = at;
            let start = self.pointer.len();
            for size in sizes.iter().rev() {
                self.pointer.insert(start, Step::Index(rest % (*size).max(1)));
                rest /= (*size).max(1);
            }
            self.element(item, value, None);
            self.pointer.truncate(depth);
        }
    }

    /// Writes the rest of the start tag and the items of an array nothing is known of.
    pub(super) fn any_array(&mut self, encoding: NsId, local: &str, items: &[Json<'_>]) {
        self.xsi_type(encoding, "Array");
        self.array_type(encoding, None, "", &[items.len()]);
        self.out.push(b'>');
        for (at, value) in items.iter().enumerate() {
            self.out.extend_from_slice(format!("<{local}").as_bytes());
            self.at(Step::Index(at), |e| e.any_element(Rules::Encoded(encoding), value));
            self.out.extend_from_slice(format!("</{local}>").as_bytes());
        }
    }

    /// Collects the items of arrays inside each other in the order of the wire, and the
    /// length of the arrays of each dimension. Rows of one dimension must be of one length:
    /// where they are not, that is a problem, and the answer is `false`.
    fn flatten<'j>(
        &mut self,
        value: &'j Json<'j>,
        sizes: &mut [Option<usize>],
        items: &mut Vec<&'j Json<'j>>,
    ) -> bool {
        let Some((size, rest)) = sizes.split_first_mut() else {
            items.push(value);
            return true;
        };
        let inside = match value {
            Json::Array(inside) => &inside[..],
            // A parameter of a path or a query is its only item.
            Json::Lexical(_) => std::slice::from_ref(value),
            other => {
                self.problem(format!("must be an array, is {}", other.kind()));
                return false;
            }
        };
        let known = *size.get_or_insert(inside.len());
        if known != inside.len() {
            let found = inside.len();
            self.problem(format!("must have {known} items like the rows before it, has {found}"));
            return false;
        }
        let mut is_regular = true;
        for (at, value) in inside.iter().enumerate() {
            is_regular &= self.at(Step::Index(at), |e| e.flatten(value, rest, items));
        }
        is_regular
    }

    /// `soapenc:arrayType="ns:T[2,3]"` in SOAP 1.1, `itemType` and `arraySize` in SOAP 1.2.
    fn array_type(
        &mut self,
        encoding: NsId,
        item: Option<(NsId, &str)>,
        item_rank: &str,
        sizes: &[usize],
    ) {
        let namespaces = &self.graph.namespaces;
        let is_11 = namespaces.uri(encoding) == ns::SOAPENC11;
        let of_arrays = !is_11 && !item_rank.is_empty();
        let (item_ns, local) = match item {
            // There is no name for an array of something in SOAP 1.2.
            Some(_) if of_arrays => (encoding, "Array"),
            Some(item) => item,
            None => (NsId::XSD, "anyType"),
        };
        let (own, prefix) = (namespaces.prefix(encoding), namespaces.prefix(item_ns));
        let colon = if prefix.is_empty() { "" } else { ":" };
        let name = format!("{prefix}{colon}{local}");
        let separator = if is_11 { "," } else { " " };
        let mut size = String::new();
        for (at, length) in sizes.iter().enumerate() {
            let before = if at > 0 { separator } else { "" };
            let _ = write!(size, "{before}{length}");
        }
        let attributes = if is_11 {
            format!(" {own}:arrayType=\"{name}{item_rank}[{size}]\"")
        } else {
            format!(" {own}:itemType=\"{name}\" {own}:arraySize=\"{size}\"")
        };
        self.uses(encoding);
        self.uses(item_ns);
        // Names and numbers only: nothing in it is the caller's.
        self.out.extend_from_slice(attributes.as_bytes());
    }
}
