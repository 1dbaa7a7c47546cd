"""The component model: what a schema says about instances, and no more than instances need."""

from dataclasses import dataclass, field
from typing import Any

UNBOUNDED = 1 << 30


@dataclass(eq=False)
class SimpleType:
    """A simple type. `builtin` is the nearest type of XML Schema itself (`int`), `steps` the facets
    of each restriction on the way there, the nearest first."""
    name: str
    variety: str
    builtin: str
    base: Any = None
    item: Any = None
    members: list = field(default_factory=list)
    steps: list = field(default_factory=list)
    abstract: bool = False

    def facet(self, name):
        """The value of a facet that counts; None where no step has it."""
        return next((step[name] for step in self.steps if name in step), None)


@dataclass(eq=False)
class Attribute:
    """The use of an attribute; its type is asked for when it is needed."""
    name: str
    type_of: Any
    required: bool = False
    fixed: str = None
    default: str = None
    array_type: str = None

    @property
    def type(self):
        """The simple type."""
        return self.type_of()


@dataclass(eq=False)
class ComplexType:
    """A complex type with its whole content: that of its base types is in it. `content` is
    `empty`, `simple` or `elements`."""
    name: str
    abstract: bool = False
    base: Any = None
    derivation: str = "restriction"
    mixed: bool = False
    content: str = "empty"
    simple: SimpleType = None
    particle: Any = None
    attributes: dict = field(default_factory=dict)
    any_attribute: Any = None
    block: str = ""


@dataclass(eq=False)
class Element:
    """An element declaration. Its type is asked for when it is needed: types may be recursive."""
    name: str
    type_of: Any
    nillable: bool = False
    abstract: bool = False
    fixed: str = None
    default: str = None
    block: str = ""
    is_global: bool = False
    keyed: bool = False

    @property
    def type(self):
        """The type, simple or complex."""
        return self.type_of()


@dataclass(eq=False)
class Wildcard:
    """`xs:any` or `xs:anyAttribute`."""
    namespaces: str
    process: str
    target: str


@dataclass(eq=False)
class Particle:
    """What may stand in content and how often. `kind` is `element`, `any`, `sequence`, `choice` or
    `all`; `term` an element or a wildcard, `children` the particles of a group."""
    kind: str
    low: int = 1
    high: int = 1
    term: Any = None
    children: list = field(default_factory=list)

    def elements(self):
        """Every element declaration in it, in order."""
        if self.kind == "element":
            yield self.term
        for child in self.children:
            yield from child.elements()


# The built-in types and what each derives from; lists come with their item.
BUILTIN_BASE = {
    "normalizedString": "string", "token": "normalizedString", "language": "token",
    "NMTOKEN": "token", "Name": "token", "NCName": "Name", "ID": "NCName", "IDREF": "NCName",
    "ENTITY": "NCName", "integer": "decimal", "nonPositiveInteger": "integer",
    "negativeInteger": "nonPositiveInteger", "long": "integer", "int": "long", "short": "int",
    "byte": "short", "nonNegativeInteger": "integer", "unsignedLong": "nonNegativeInteger",
    "unsignedInt": "unsignedLong", "unsignedShort": "unsignedInt", "unsignedByte": "unsignedShort",
    "positiveInteger": "nonNegativeInteger",
}
PRIMITIVES = ("string", "boolean", "decimal", "float", "double", "duration", "dateTime", "time",
              "date", "gYearMonth", "gYear", "gMonthDay", "gDay", "gMonth", "hexBinary",
              "base64Binary", "anyURI", "QName", "NOTATION", "anySimpleType", "anyAtomicType")
BUILTIN_LISTS = {"NMTOKENS": "NMTOKEN", "IDREFS": "IDREF", "ENTITIES": "ENTITY"}


def is_builtin(local):
    """Whether XML Schema itself has a type of this name."""
    return local in PRIMITIVES or local in BUILTIN_BASE or local in BUILTIN_LISTS \
        or local == "anyType"


def is_a(builtin, ancestor):
    """Whether a built-in type is, or derives from, another."""
    while builtin is not None:
        if builtin == ancestor:
            return True
        builtin = BUILTIN_BASE.get(builtin)
    return False
