"""Builds instances of elements and types.

Three kinds: `minimal` has only what is required, `typical` what a service would send, `full` every
optional member, repetitions, nil, derived types, substitutes and foreign content. What makes an
instance harder is a feature that can be left out, so that where a schema forbids one of them (by
`block`, a key, or an ambiguity), the rest still gets tested.
"""

from dataclasses import dataclass, field

from lxml import etree

from contract.names import XSI, split, xsd
from schema.heights import INFINITE
from schema.model import ComplexType

from .choose import Chooser
from .typed import set_type
from .values import NoValue
from .wildcards import Wildcards

DEPTH_MAX = {"minimal": 60, "typical": 6, "full": 8}
ELEMENTS_MAX = {"minimal": 2000, "typical": 150, "full": 400}
FEATURES = ("derived", "substitute", "nil", "foreign", "foreign-attribute", "mixed", "multiref",
            "spelling", "order", "cdata")


@dataclass
class Plan:
    """What kind of instance to build, and with which features."""
    kind: str
    features: set = field(default_factory=set)

    def has(self, feature):
        """Whether a feature is wanted."""
        return feature in self.features


class Builder:
    """Builds one instance."""

    def __init__(self, components, heights, values, plan):
        self.components = components
        self.heights = heights
        self.values = values
        self.plan = plan
        self.choose = Chooser(self)
        self.wildcards = Wildcards(self)
        self.built = 0
        self.nils = 0
        self.depth = 0
        self.open_types = []

    def element(self, parent, declaration, name=None):
        """Appends an instance of an element declaration; `name` is that of an rpc part."""
        declaration = self.choose.substitute(declaration)
        if self.heights.of_element(declaration) >= INFINITE:
            raise NoValue(f"{declaration.name} has no instance that ends")
        node = etree.SubElement(parent, name or declaration.name)
        if declaration.name == xsd("schema"):
            # What a .NET DataSet carries: its own schema, before its rows.
            row = etree.SubElement(node, xsd("element"))
            row.set("name", "Row")
            row.set("type", "xs:string")
            return node
        self.typed(node, declaration.type, declaration)
        return node

    def typed(self, node, type_, declaration=None):
        """Fills an element of a type."""
        self.built += 1
        if declaration is not None and self._nil(declaration, type_):
            node.set(f"{{{XSI}}}nil", "true")
            if isinstance(type_, ComplexType):
                self._attributes(node, type_)
            return
        chosen = self.choose.derived(type_, declaration)
        if chosen is not type_:
            set_type(node, chosen.name)
        if isinstance(chosen, ComplexType):
            self._complex(node, chosen, declaration)
        else:
            text = self._simple(chosen, declaration)
            # CDATA is another way to write text, and no more than that.
            apart = self.plan.has("cdata") and self.built % 5 == 0 and text
            node.text = etree.CDATA(text) if apart else text

    def _nil(self, declaration, type_):
        if not declaration.nillable or declaration.fixed is not None or self.depth == 0:
            return False
        if isinstance(type_, ComplexType) and type_.abstract:
            return False
        if self.heights.of_type(type_) > self._room():
            return True
        if self.plan.has("nil") and self.nils < 2 and self.values.random.random() < 0.3:
            self.nils += 1
            return True
        return False

    def _simple(self, type_, declaration):
        if declaration is not None and declaration.fixed is not None:
            return declaration.fixed
        if type_ is None:
            raise NoValue("simple content of a type that has none")
        return self.values.value(type_)

    def _complex(self, node, type_, declaration):
        self._attributes(node, type_)
        if type_.content == "simple":
            node.text = self._simple(type_.simple, declaration)
            return
        if declaration is not None and declaration.fixed is not None:
            node.text = declaration.fixed
            return
        if split(type_.name or "")[1] == "anyType" and type_.base is None:
            node.text = self.values.value(self.components.builtin("string"))
            return
        if type_.particle is not None:
            self.depth += 1
            self.open_types.append(type_)
            try:
                self.particle(node, type_.particle)
            finally:
                self.open_types.pop()
                self.depth -= 1
        if type_.mixed and self.plan.has("mixed"):
            node.text = self.values.value(self.components.builtin("string"))

    def _attributes(self, node, type_):
        for attribute in type_.attributes.values():
            if not attribute.required and (self.small() or attribute.array_type):
                continue
            if attribute.fixed is not None:
                node.set(attribute.name, attribute.fixed)
                continue
            try:
                node.set(attribute.name, self.values.value(attribute.type))
            except NoValue:
                if attribute.required:
                    raise
        if type_.any_attribute is not None and self.plan.has("foreign-attribute"):
            self.wildcards.attribute(node, type_.any_attribute)

    def small(self):
        """Whether only what is required is wanted, or has room."""
        return (self.plan.kind == "minimal" or self._room() <= 0
                or self.built > ELEMENTS_MAX[self.plan.kind])

    def _room(self):
        return DEPTH_MAX[self.plan.kind] - self.depth

    def particle(self, node, particle):
        """Appends what a particle asks for, as often as is wanted."""
        for number in range(self._times(particle)):
            before = len(node)
            try:
                self._once(node, particle)
            except NoValue:
                # What is optional and has no value, a service would leave out.
                if number < particle.low:
                    raise
                del node[before:]
                return

    def _once(self, node, particle):
        if particle.kind == "element":
            self.element(node, particle.term)
        elif particle.kind == "any":
            self.wildcards.element(node, particle)
        elif particle.kind == "choice":
            branch = self.choose.branch(particle)
            if branch is not None:
                self.particle(node, branch)
        else:
            turned = particle.kind == "all" and self.plan.has("order")
            for child in reversed(particle.children) if turned else particle.children:
                self.particle(node, child)

    def _times(self, particle):
        if particle.high == 0:
            return 0
        if self.small():
            return particle.low
        if particle.low == 0 and not self._optional(particle):
            return 0
        if particle.kind == "any" and not self.plan.has("foreign"):
            return particle.low
        wanted = max(particle.low, 1)
        if particle.high > wanted:
            wide = particle.kind == "choice" and self.plan.kind == "full"
            wanted = max(wanted, min(particle.high, 4 if wide else 2))
        return wanted

    def _optional(self, particle):
        """Whether an optional particle is taken: not where it would recurse, or has no end."""
        if self.heights.of_particle(particle, once=True) > self._room():
            return False
        allowed = 2 if self.plan.kind == "full" else 1
        for element in particle.elements():
            if element.abstract and not self.components.substitutes(element.name):
                return False
            type_ = element.type
            if isinstance(type_, ComplexType) and self.open_types.count(type_) >= allowed:
                return False
        return True
