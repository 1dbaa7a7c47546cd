//! The queue of types, and the nodes they become.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::super::graph::{
    Child, Graph, Member, MemberSource, Node, NodeId, Numbers, Object, json_key,
};
use super::super::naming::Naming;
use super::super::rules::{NamedTypes, Rules, Shape};
use crate::xml::{Namespaces, NsId, QName};
use crate::xsd::{ElementDeclaration, ElementId, SchemaSet, TypeDefinition, TypeId};

/// How JSON looks.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// How members are named.
    pub naming: Naming,
    /// How numbers are written.
    pub numbers: Numbers,
    /// Explicit names: `Type.name` or `name` as in the schema → JSON name.
    pub names: HashMap<String, String>,
}

/// Types an `anyType` may turn out to be are lowered up to this number.
pub(super) const NAMED_TYPES_MAX: usize = 5_000;

/// Lowers types on demand.
#[derive(Debug)]
pub struct Builder<'s> {
    pub(super) schema: &'s SchemaSet,
    pub(super) options: Options,
    pub(super) namespaces: Namespaces,
    pub(super) prefixes: HashMap<Arc<str>, Arc<str>>,
    pub(super) types: Vec<Node>,
    pub(super) by_type: HashMap<(TypeId, Rules), NodeId>,
    pub(super) by_array: HashMap<(Option<TypeId>, Vec<u32>, Rules), NodeId>,
    pub(super) queue: Vec<(TypeId, NodeId, Rules)>,
    /// The rules of what is being lowered.
    pub(super) rules: Rules,
    pub(super) globals: HashMap<(NsId, Box<str>), Child>,
    /// The rules under which `anyType` occurs.
    pub(super) any: HashSet<Rules>,
}

impl<'s> Builder<'s> {
    /// A builder over a schema. `prefixes` are (prefix, namespace) pairs as the authors
    /// wrote them; they make envelopes readable.
    #[must_use]
    pub fn new(schema: &'s SchemaSet, prefixes: &[(Arc<str>, Arc<str>)], options: Options) -> Self {
        let mut by_uri = HashMap::new();
        for (prefix, uri) in prefixes {
            if !prefix.is_empty() {
                by_uri.entry(Arc::clone(uri)).or_insert_with(|| Arc::clone(prefix));
            }
        }
        Self {
            schema,
            options,
            namespaces: Namespaces::default(),
            prefixes: by_uri,
            types: Vec::new(),
            by_type: HashMap::new(),
            by_array: HashMap::new(),
            queue: Vec::new(),
            rules: Rules::Literal,
            globals: HashMap::new(),
            any: HashSet::new(),
        }
    }

    /// The schema being lowered.
    #[must_use]
    pub fn schema(&self) -> &'s SchemaSet {
        self.schema
    }

    /// The JSON name of an XML name.
    #[must_use]
    pub fn json_name(&self, name: &str) -> String {
        self.options.names.get(name).cloned().unwrap_or_else(|| self.options.naming.apply(name))
    }

    /// The id of a namespace, added to the table if it is new.
    pub fn namespace(&mut self, uri: &str) -> NsId {
        let wish = self.prefixes.get(uri).cloned();
        self.namespaces.add(uri, wish.as_deref().unwrap_or(""))
    }

    /// The id of the namespace of a SOAP encoding.
    pub fn encoding(&mut self, uri: &str) -> NsId {
        let wish = self.prefixes.get(uri).cloned();
        self.namespaces.add(uri, wish.as_deref().unwrap_or("soapenc"))
    }

    /// The namespaces met so far.
    #[must_use]
    pub fn namespaces(&self) -> &Namespaces {
        &self.namespaces
    }

    /// The node of a type; lowered later, once.
    pub fn node(&mut self, ty: TypeId) -> NodeId {
        if let Some(id) = self.by_type.get(&(ty, self.rules)) {
            return *id;
        }
        let id = self.push(Node::Any(self.rules));
        self.by_type.insert((ty, self.rules), id);
        self.queue.push((ty, id, self.rules));
        id
    }

    /// Runs with everything asked for under these rules. Types that both rules use become
    /// two nodes.
    pub fn under<T>(&mut self, rules: Rules, run: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.rules, rules);
        let result = run(self);
        self.rules = before;
        result
    }

    /// Adds a node that is no type of the schema (a body, an rpc wrapper).
    pub fn push(&mut self, node: Node) -> NodeId {
        let id = NodeId(u32::try_from(self.types.len()).unwrap_or(u32::MAX));
        self.types.push(node);
        id
    }

    /// The child and member that an element declaration becomes in some parent.
    pub fn element(&mut self, id: ElementId) -> (Child, Member) {
        let declaration = self.schema.element(id);
        let child = self.child(declaration);
        let name = self.options.naming.apply(&declaration.name.local);
        let member = Member {
            documentation: declaration.documentation.clone(),
            default: declaration.default.clone(),
            fixed: declaration.fixed.clone(),
            nillable: child.nillable,
            ..Member::element(&name, child.node)
        };
        (child, member)
    }

    /// The namespace an element is written in. In SOAP encoding, local ones have none
    /// (SOAP 1.1, section 5.1, rule 2).
    pub(super) fn element_namespace(&mut self, declaration: &ElementDeclaration) -> NsId {
        if self.rules != Rules::Literal && !declaration.global {
            return NsId::NONE;
        }
        self.namespace(&declaration.name.namespace)
    }

    pub(super) fn child(&mut self, declaration: &ElementDeclaration) -> Child {
        let namespace = self.element_namespace(declaration);
        let node = self.node(declaration.ty);
        let mut child = self.named_child(namespace, &declaration.name.local, node);
        child.nillable |= declaration.nillable;
        child.default = declaration.default.clone().or_else(|| declaration.fixed.clone());
        child.is_abstract = declaration.is_abstract;
        child
    }

    /// A child element by name and type. Under SOAP encoding it says its type and may be nil.
    #[must_use]
    pub fn named_child(&self, namespace: NsId, local: &str, node: NodeId) -> Child {
        let prefix = self.namespaces.prefix(namespace);
        let colon = if prefix.is_empty() { "" } else { ":" };
        Child {
            namespace,
            local: local.into(),
            node,
            member: 0,
            nillable: self.rules != Rules::Literal,
            label: None,
            discriminator: "type".into(),
            key: Box::default(),
            default: None,
            is_abstract: false,
            typed: self.rules != Rules::Literal,
            open: format!("<{prefix}{colon}{local}").into_bytes().into(),
            close: format!("</{prefix}{colon}{local}>").into_bytes().into(),
        }
    }

    /// Lowers everything reachable and hands the graph over.
    #[must_use]
    pub fn finish(mut self) -> Graph {
        self.drain();
        let mut named = HashMap::new();
        // Naming types under one of the rules may meet `anyType` under the other.
        while let Some(rules) = self.any.iter().copied().find(|rules| !named.contains_key(rules)) {
            let types: Vec<(QName, TypeId)> = self
                .schema
                .type_by_name
                .iter()
                .take(NAMED_TYPES_MAX)
                .map(|(name, ty)| (name.clone(), *ty))
                .collect();
            let mut of_rules = NamedTypes::default();
            for (name, ty) in types {
                let namespace = self.namespace(&name.namespace);
                let node = self.under(rules, |builder| builder.node(ty));
                let label = Arc::clone(&name.local);
                of_rules.by_name.insert((namespace, (&*name.local).into()), (node, label));
            }
            named.insert(rules, of_rules);
            self.drain();
        }
        for of_rules in named.values_mut() {
            self.label_types(of_rules);
        }
        let global_labels = self.label_globals();
        self.open_alternatives();
        self.name_discriminators();
        Graph {
            namespaces: Arc::new(self.namespaces),
            types: self.types,
            globals: self.globals,
            global_labels,
            named,
            numbers: self.options.numbers,
        }
    }

    pub(super) fn drain(&mut self) {
        let before = self.rules;
        while let Some((ty, id, rules)) = self.queue.pop() {
            self.rules = rules;
            let node = match self.schema.ty(ty) {
                TypeDefinition::Simple(simple) => Node::Text(self.text(simple)),
                TypeDefinition::Complex(complex) if complex.base.is_none() => self.any(),
                TypeDefinition::Complex(complex) => self.complex(ty, complex),
                TypeDefinition::Missing { .. } => self.any(),
            };
            self.types[id.0 as usize] = node;
        }
        self.rules = before;
    }

    pub(super) fn any(&mut self) -> Node {
        self.any.insert(self.rules);
        Node::Any(self.rules)
    }

    /// Global elements a wildcard lets in are typed; they are lowered when one is met.
    pub(super) fn open_globals(&mut self) {
        if !self.globals.is_empty() {
            return;
        }
        let ids: Vec<ElementId> = self.schema.element_by_name.values().copied().collect();
        self.under(Rules::Literal, |builder| {
            for id in ids {
                let (mut child, member) = builder.element(id);
                child.key = member.key;
                child.label = Some(member.name);
                builder.globals.insert((child.namespace, child.local.clone()), child);
            }
        });
    }
}

impl Member {
    /// A required member that is one element.
    #[must_use]
    pub fn element(name: &str, node: NodeId) -> Self {
        Self {
            name: name.into(),
            key: json_key(name),
            source: MemberSource::Element,
            node,
            repeats: false,
            occurs: (1, Some(1)),
            nillable: false,
            required: true,
            conditional: false,
            dropped: false,
            default: None,
            fixed: None,
            documentation: None,
        }
    }

    /// Renames it.
    pub fn rename(&mut self, name: &str) {
        self.name = name.into();
        self.key = json_key(name);
    }
}

impl Object {
    /// An object without anything.
    #[must_use]
    pub fn empty(component: &str) -> Self {
        Self {
            component: component.into(),
            name: None,
            shape: Shape::Members,
            rules: Rules::Literal,
            members: Vec::new(),
            attributes: Vec::new(),
            children: Vec::new(),
            child_index: HashMap::new(),
            content: None,
            text: None,
            mixed: None,
            any: None,
            unwrap: None,
            closed: false,
            positional: false,
            array: None,
            alternatives: Vec::new(),
            discriminator: "type".into(),
            is_abstract: false,
            is_derived: false,
            member_index: HashMap::new(),
            required_bits: Vec::new(),
            array_bits: Vec::new(),
            documentation: None,
        }
    }

    /// Computes the lookups from members and children. Call after changing either.
    pub fn index(&mut self) {
        let words = self.members.len().div_ceil(64).max(1);
        self.required_bits = vec![0; words];
        self.array_bits = vec![0; words];
        for (at, member) in self.members.iter().enumerate() {
            let bit = 1_u64 << (at % 64);
            if member.required && !member.repeats {
                self.required_bits[at / 64] |= bit;
            }
            if member.repeats && !member.conditional && !member.dropped {
                self.array_bits[at / 64] |= bit;
            }
            // What SOAP encoding leaves out has no value (SOAP 1.1, section 5.1, rule 9), and
            // is null as if it were nil.
            let is_accessor = member.source == MemberSource::Element && member.nillable;
            if self.rules != Rules::Literal && is_accessor && !member.dropped {
                self.array_bits[at / 64] |= self.required_bits[at / 64] & bit;
                self.required_bits[at / 64] &= !bit;
            }
        }
        self.member_index.clear();
        if self.members.len() > 8 {
            for (at, member) in self.members.iter().enumerate() {
                let at = u16::try_from(at).unwrap_or(u16::MAX);
                self.member_index.insert(Arc::clone(&member.name), at);
            }
        }
        self.child_index.clear();
        if self.children.len() > 8 {
            for (at, child) in self.children.iter().enumerate() {
                let at = u16::try_from(at).unwrap_or(u16::MAX);
                self.child_index.entry(child.local.clone()).or_default().push(at);
            }
        }
    }
}
