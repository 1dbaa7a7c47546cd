"""Envelopes of answers under SOAP encoding (SOAP 1.1, section 5; SOAP 1.2 part 2, section 3)."""

import re

from lxml import etree

from contract.names import ENCODING, ENVELOPE, XSI, clark, split
from schema.encoding import accessor_name, array_of, is_array, members, named
from schema.heights import INFINITE
from schema.model import ComplexType
from verdicts.encoded import Checker

from . import envelopes
from .typed import set_type
from .values import NoValue

DEPTH_MAX = {"minimal": 3, "typical": 5, "full": 6}


def answer(case, port, operation, values, plan):
    """An answer and what is wrong with it, which is None for a valid one."""
    root, body = envelopes.envelope(case, port.soap)
    bound = operation.output
    style = clark(ENVELOPE[port.soap], "encodingStyle")
    writer = Writer(case, values, plan, port.soap, body)
    if operation.style == "rpc":
        name = clark(envelopes.wrapper_namespace(bound), operation.name + "Response")
        parent = etree.SubElement(body, name)
        parent.set(style, ENCODING[port.soap])
    else:
        parent = body
    for part in bound.parts:
        node = etree.SubElement(parent, part.name)
        if part.element:
            type_ = case.components.element(part.element).type
            if operation.style != "rpc":
                node.tag = part.element
        else:
            type_ = case.components.type(part.type)
        if parent is body:
            node.set(style, ENCODING[port.soap])
        writer.fill(node, type_, 0)
    for node in body.iterchildren():
        node.set(style, ENCODING[port.soap])
    problems = Checker(case, port.soap).message(body, operation, bound, is_answer=True)
    return root, problems[0] if problems else None


class Writer:
    """Writes accessors; those that others refer to go behind the wrapper."""

    def __init__(self, case, values, plan, soap, body):
        self.components = case.components
        self.heights = case.heights
        self.values = values
        self.plan = plan
        self.encoding = ENCODING[soap]
        self.soap = soap
        self.body = body
        self.references = 0

    def fill(self, node, type_, depth):
        """Fills an accessor of a type."""
        if isinstance(type_, ComplexType) and type_.abstract:
            type_ = next((one for one in self.components.derived(type_) if not one.abstract), type_)
        if isinstance(type_, ComplexType) and split(type_.name or "")[1] == "anyType":
            type_ = self.components.builtin("string")
        if self._apart(type_, depth):
            node = self._behind(node)
        if not isinstance(type_, ComplexType):
            set_type(node, _writable(named(type_)).name)
            node.text = self.values.value(type_)
        elif is_array(type_):
            self._array(node, type_, depth)
        else:
            if type_.name:
                set_type(node, type_.name)
            if type_.content == "simple":
                node.text = self.values.value(type_.simple)
            else:
                self._struct(node, type_, depth)

    def _apart(self, type_, depth):
        """SOAP 1.1 lets any value stand behind the wrapper, with a reference in its place."""
        return (self.plan.has("multiref") and isinstance(type_, ComplexType) and depth > 0
                and self.references < 4 and self.soap == "1.1" and type_.content != "simple")

    def _behind(self, node):
        self.references += 1
        node.set("href", f"#ref{self.references}")
        behind = etree.SubElement(self.body, "multiRef")
        behind.set("id", f"ref{self.references}")
        behind.set(clark(self.encoding, "root"), "0")
        return behind

    def _struct(self, node, type_, depth):
        for element, high in members(type_):
            inner = element.type
            deep = depth >= DEPTH_MAX[self.plan.kind] or self.heights.of_type(inner) >= INFINITE
            if deep and isinstance(inner, ComplexType):
                continue
            if _inside_choice(type_.particle, element):
                continue
            times = 2 if high > 1 and self.plan.kind != "minimal" else 1
            for _ in range(times):
                child = etree.SubElement(node, accessor_name(element))
                if self.plan.has("nil") and self.values.random.random() < 0.1:
                    child.set(f"{{{XSI}}}nil", "true")
                    continue
                self.fill(child, inner, depth + 1)

    def _array(self, node, type_, depth):
        item, dimensions = array_of(self.components, type_)
        outer, last = re.fullmatch(r"(.*)\[([^\]]*)\]", dimensions).groups()
        axes = last.count(",") + 1
        size = 0 if self.plan.kind == "minimal" or depth >= DEPTH_MAX[self.plan.kind] else 2
        if self.soap == "1.1":
            set_type(node, clark(self.encoding, "Array"))
            name = named(item).name
            prefix = next(p for p, uri in node.nsmap.items() if p and uri == split(name)[0])
            node.set(clark(self.encoding, "arrayType"),
                     f"{prefix}:{split(name)[1]}{outer}[{','.join([str(size)] * axes)}]")
        else:
            node.set(clark(self.encoding, "arraySize"), " ".join([str(size)] * axes))
        for _ in range(size ** axes):
            child = etree.SubElement(node, "item")
            if outer:
                self._rows(child, item, outer, depth + 1)
            else:
                self.fill(child, item, depth + 1)

    def _rows(self, node, item, dimensions, depth):
        """An array of arrays: each row says its own size."""
        name = named(item).name
        prefix = next(p for p, uri in node.nsmap.items() if p and uri == split(name)[0])
        if self.soap == "1.1":
            set_type(node, clark(self.encoding, "Array"))
            node.set(clark(self.encoding, "arrayType"), f"{prefix}:{split(name)[1]}[2]")
        if dimensions != "[]":
            raise NoValue(f"an array of arrays of arrays {dimensions}")
        for _ in range(2):
            self.fill(etree.SubElement(node, "item"), item, depth)


def _writable(type_):
    while type_.name is None:
        type_ = type_.base
    return type_


def _inside_choice(particle, element):
    """Whether an element is a branch of a choice, other than its first."""
    if particle.kind == "choice":
        return all(element is not e for child in particle.children[:1] for e in child.elements()) \
            and any(element is e for e in particle.elements())
    return any(_inside_choice(child, element) for child in particle.children)
