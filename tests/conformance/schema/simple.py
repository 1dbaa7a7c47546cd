"""Simple types: restriction, list, union, and their facets."""

from contract.names import BrokenContract, resolve, xsd

from .model import SimpleType

NUMBERS = ("length", "minLength", "maxLength", "totalDigits", "fractionDigits")
BOUNDS = ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive", "whiteSpace")


def simple_type(components, node, document, name, key):
    """Makes the simple type at `node` and enters it under `key`."""
    for child in node.iterchildren(xsd("restriction"), xsd("list"), xsd("union")):
        kind = child.tag.split("}")[1]
        made = {"restriction": _restriction, "list": _list, "union": _union}[kind](
            components, child, document, name)
        components.of_node[key] = made
        return
    raise BrokenContract(f"the simple type {name} says nothing")


def _restriction(components, node, document, name):
    if node.get("base"):
        base = components.type(resolve(node.get("base"), node, document.namespace),
                               node.getparent())
    else:
        base = components.type_at(next(node.iterchildren(xsd("simpleType"))), document)
    if not isinstance(base, SimpleType):
        raise BrokenContract(f"the simple type {name} restricts a complex one")
    return restrict(base, node, document, name)


def restrict(base, node, document, name):
    """`base` with the facets that are children of `node`."""
    return SimpleType(name, base.variety, base.builtin, base, base.item, base.members,
                      [facets(node, document)] + base.steps)


def facets(node, document):
    """The facets of one restriction. Patterns of one step are alternatives."""
    step = {}
    for child in node.iterchildren():
        kind = child.tag.split("}")[1] if isinstance(child.tag, str) else ""
        value = child.get("value")
        if value is None:
            continue
        if kind == "enumeration":
            step.setdefault(kind, []).append((value, dict(child.nsmap)))
        elif kind == "pattern":
            step.setdefault(kind, []).append(value)
        elif kind in NUMBERS:
            step[kind] = int(value)
        elif kind in BOUNDS:
            step[kind] = value.strip()
    return step


def _list(components, node, document, name):
    if node.get("itemType"):
        item = components.type(resolve(node.get("itemType"), node, document.namespace))
    else:
        item = components.type_at(next(node.iterchildren(xsd("simpleType"))), document)
    return SimpleType(name, "list", "list", components.builtin("anySimpleType"), item=item)


def _union(components, node, document, name):
    members = [components.type(resolve(member, node, document.namespace))
               for member in node.get("memberTypes", "").split()]
    members += [components.type_at(child, document)
                for child in node.iterchildren(xsd("simpleType"))]
    return SimpleType(name, "union", "union", components.builtin("anySimpleType"),
                      members=members)
