"""SOAP encoding as a way to read types: which are arrays and of what, what a struct has."""

from contract.names import ENCODING, split

from .model import UNBOUNDED, ComplexType

ARRAYS = {f"{{{uri}}}Array" for uri in ENCODING.values()}


def is_array(type_):
    """Whether a type is `soapenc:Array` or restricts it."""
    while isinstance(type_, ComplexType):
        if type_.name in ARRAYS:
            return True
        type_ = type_.base
    return False


def array_of(components, type_):
    """The type of the items of an array and its dimensions as they are written: `[]`, `[,]`,
    `[][]`. An array that does not say is one of anything."""
    for attribute in type_.attributes.values():
        if attribute.array_type and split(attribute.name)[1] == "arrayType":
            name, _, rest = attribute.array_type.partition("[")
            return components.type(name), "[" + (rest or "]")
    if type_.name not in ARRAYS and type_.particle is not None:
        elements = list(type_.particle.elements())
        if len(elements) == 1:
            return elements[0].type, "[]"
    return components.builtin("anyType"), "[]"


def named(type_):
    """The nearest type with a name, for xsi:type."""
    while type_.name is None:
        type_ = type_.base if type_.base is not None else type_.simple
    return type_


def members(type_):
    """The members of a struct: pairs of an element and how often it may come. A choice offers all
    of its branches."""
    return list(_members(type_.particle, 1)) if type_.particle is not None else []


def _members(particle, times):
    high = min(times * particle.high, UNBOUNDED)
    if particle.kind == "element" and high:
        yield particle.term, high
    for child in particle.children:
        yield from _members(child, high)


def accessor_name(element):
    """Local elements of a struct have no namespace; what is declared globally keeps its own."""
    return element.name if element.is_global else split(element.name)[1]


def derives(components, type_, base):
    """Whether a type may stand where another is declared."""
    if base.name and split(base.name)[1] in ("anyType", "anySimpleType"):
        return True
    while type_ is not None:
        if type_ is base:
            return True
        type_ = type_.base
    return False
