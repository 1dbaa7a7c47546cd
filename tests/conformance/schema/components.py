"""From schema documents to the component model, each component when it is first asked for."""

from contract.documents import index
from contract.names import XSD, BrokenContract, clark, resolve, split, xsd

from . import content
from .model import (BUILTIN_BASE, BUILTIN_LISTS, PRIMITIVES, ComplexType, Element, Particle,
                    SimpleType, Wildcard, is_builtin)
from .simple import simple_type


class Components:
    """The components of one contract."""

    def __init__(self, documents):
        self.entries, self.extra = index(documents)
        self.cache = {}
        self.of_node = {}
        self._derived = None
        self._substitutes = None

    def element(self, name):
        """The global element of this name."""
        if name == xsd("schema") and ("element", name) not in self.entries:
            return Element(name, lambda: self.builtin("anyType"), is_global=True)
        entry = self.entry("element", name)
        return self.declaration(entry.node, entry.document)

    def entry(self, kind, name):
        """A global component; one that is not there breaks the contract."""
        found = self.entries.get((kind, name))
        if found is None:
            raise BrokenContract(f"there is no {kind} {name}")
        return found

    def type(self, name, within=None):
        """The type of this name. `within` is the node that asks: a redefining type means by its own
        name the one it redefines."""
        namespace, local = split(name)
        entry = self.entries.get(("type", name))
        if entry is None:
            if namespace == XSD and is_builtin(local):
                return self.builtin(local)
            # A wrong prefix, which only one type can have been meant by.
            same = [n for kind, n in self.entries if kind == "type" and split(n)[1] == local]
            if len(same) != 1:
                raise BrokenContract(f"there is no type {name}")
            name = same[0]
            entry = self.entries["type", name]
        if namespace == XSD and is_builtin(local):
            return self.builtin(local)
        while within is not None and entry.node is within and entry.original is not None:
            entry = entry.original
        return self.type_at(entry.node, entry.document, name)

    def type_at(self, node, document, name=None):
        """The type that a node defines."""
        key = (node, document.namespace)
        if key not in self.of_node:
            if node.tag == xsd("simpleType"):
                simple_type(self, node, document, name, key)
            else:
                self.of_node[key] = made = ComplexType(name)
                content.complex_type(self, node, document, made)
        return self.of_node[key]

    def builtin(self, local):
        """A type of XML Schema itself."""
        if local not in self.cache:
            self.cache[local] = self._builtin(local)
        return self.cache[local]

    def _builtin(self, local):
        name = xsd(local)
        if local == "anyType":
            anything = Wildcard("##any", "lax", None)
            return ComplexType(name, mixed=True, content="elements", any_attribute=anything,
                               particle=Particle("sequence", 1, 1, None,
                                                 [Particle("any", 0, 1 << 30, anything)]))
        if local in BUILTIN_LISTS:
            return SimpleType(name, "list", local, item=self.builtin(BUILTIN_LISTS[local]),
                              steps=[{"minLength": 1}])
        if local in PRIMITIVES:
            return SimpleType(name, "atomic", local)
        if local in BUILTIN_BASE:
            return SimpleType(name, "atomic", local, base=self.builtin(BUILTIN_BASE[local]))
        raise BrokenContract(f"XML Schema has no type {local}")

    def declaration(self, node, document):
        """The element declaration at a node, global or local."""
        key = (node, document.namespace, "element")
        if key not in self.of_node:
            self.of_node[key] = self._declaration(node, document)
        return self.of_node[key]

    def _declaration(self, node, document):
        is_global = node.getparent().tag in (xsd("schema"), xsd("redefine"))
        form = node.get("form")
        qualified = is_global or form == "qualified" or (
            form is None and document.qualified("element"))
        name = clark(document.namespace if qualified else None, node.get("name").strip())
        return Element(
            name, lambda: self._type_of(node, document),
            nillable=node.get("nillable") in ("true", "1"),
            abstract=node.get("abstract") in ("true", "1"),
            fixed=node.get("fixed"), default=node.get("default"), is_global=is_global,
            block=node.get("block", document.root.get("blockDefault", "")),
            keyed=any(True for _ in node.iterchildren(xsd("key"), xsd("keyref"), xsd("unique"))))

    def _type_of(self, node, document):
        if node.get("type"):
            return self.type(resolve(node.get("type"), node, document.namespace))
        for child in node.iterchildren(xsd("simpleType"), xsd("complexType")):
            return self.type_at(child, document)
        if node.get("substitutionGroup"):
            head = resolve(node.get("substitutionGroup"), node, document.namespace)
            return self.element(head).type
        return self.builtin("anyType")

    def derived(self, base):
        """Global types that derive from a type in any number of steps, itself left out."""
        if self._derived is None:
            self._derived = {}
            for (kind, name) in self.entries:
                if kind != "type":
                    continue
                try:
                    parent = self.type(name).base
                    if parent is not None:
                        self._derived.setdefault(parent, []).append(self.type(name))
                except BrokenContract:
                    continue
        found, queue = [], list(self._derived.get(base, ()))
        while queue:
            one = queue.pop(0)
            found.append(one)
            queue.extend(self._derived.get(one, ()))
        return found

    def substitutes(self, name):
        """Global elements that may stand for the element of this name, itself left out."""
        if self._substitutes is None:
            self._substitutes = {}
            for (kind, own), entry in self.entries.items():
                head = entry.node.get("substitutionGroup") if kind == "element" else None
                if head:
                    head = resolve(head, entry.node, entry.document.namespace)
                    self._substitutes.setdefault(head, []).append(own)
        found, queue = [], list(self._substitutes.get(name, ()))
        while queue:
            one = queue.pop(0)
            found.append(self.element(one))
            queue.extend(self._substitutes.get(one, ()))
        return found
