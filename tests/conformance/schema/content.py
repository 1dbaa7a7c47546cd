"""Complex types: content models and attributes, with what the base types bring."""

from contract.names import WSDL, BrokenContract, clark, resolve, xsd

from .model import (UNBOUNDED, Attribute, ComplexType, Particle, SimpleType, Wildcard)
from .simple import restrict

GROUPS = ("sequence", "choice", "all", "group", "element", "any")
ARRAY_TYPE = clark(WSDL, "arrayType")


def complex_type(components, node, document, made):
    """Fills `made` from the `xs:complexType` at `node`."""
    made.abstract = node.get("abstract") in ("true", "1")
    made.mixed = node.get("mixed") in ("true", "1")
    made.block = node.get("block", document.root.get("blockDefault", ""))
    for body in node.iterchildren(xsd("simpleContent"), xsd("complexContent")):
        for derivation in body.iterchildren(xsd("extension"), xsd("restriction")):
            _derive(components, body, derivation, document, made)
            return
    made.base = components.builtin("anyType")
    _own(components, node, document, made)
    made.content = "elements" if made.particle is not None else "empty"


def _derive(components, body, node, document, made):
    base_name = resolve(node.get("base"), node, document.namespace)
    made.derivation = node.tag.split("}")[1]
    made.base = base = components.type(base_name, body.getparent())
    if isinstance(base, ComplexType):
        made.attributes = dict(base.attributes)
        if made.derivation == "extension":
            made.any_attribute = base.any_attribute
    _own(components, node, document, made)
    if body.tag == xsd("simpleContent"):
        made.content = "simple"
        made.particle = None
        made.simple = _simple_content(components, node, document, base)
        return
    if body.get("mixed") is not None:
        made.mixed = body.get("mixed") in ("true", "1")
    if made.derivation == "extension" and isinstance(base, ComplexType):
        made.mixed = made.mixed or base.mixed
        parts = [p for p in (base.particle, made.particle) if p is not None]
        made.particle = parts[0] if len(parts) == 1 else (
            Particle("sequence", children=parts) if parts else None)
        if base.content == "simple":
            made.content, made.simple = "simple", base.simple
            return
    made.content = "elements" if made.particle is not None else "empty"


def _simple_content(components, node, document, base):
    if made_here := next(node.iterchildren(xsd("simpleType")), None):
        base_simple = components.type_at(made_here, document)
    elif isinstance(base, SimpleType):
        base_simple = base
    elif base.simple is not None:
        base_simple = base.simple
    else:
        raise BrokenContract("simpleContent of a type without simple content")
    if not isinstance(base_simple, SimpleType):
        raise BrokenContract("simpleContent of a type that is not simple")
    if node.tag == xsd("restriction"):
        return restrict(base_simple, node, document, None)
    return base_simple


def _own(components, node, document, made):
    for child in node.iterchildren(*[xsd(kind) for kind in GROUPS]):
        made.particle = particle(components, child, document)
        break
    attributes(components, node, document, made)


def particle(components, node, document):
    """The particle at a node."""
    kind = node.tag.split("}")[1]
    low = int(node.get("minOccurs", "1"))
    high = node.get("maxOccurs", "1").strip()
    high = UNBOUNDED if high in ("unbounded", "*") else int(high)
    if kind == "element":
        if node.get("ref"):
            term = components.element(resolve(node.get("ref"), node, document.namespace))
        else:
            term = components.declaration(node, document)
        return Particle("element", low, high, term)
    if kind == "any":
        return Particle("any", low, high, _wildcard(node, document))
    if kind == "group" and node.get("ref"):
        entry = components.entry("group", resolve(node.get("ref"), node, document.namespace))
        while _inside(node, entry.node) and entry.original is not None:
            entry = entry.original
        children = [particle(components, child, entry.document)
                    for child in entry.node.iterchildren(*[xsd(k) for k in GROUPS])]
        return Particle("sequence", low, high, None, children)
    children = [particle(components, child, document)
                for child in node.iterchildren(*[xsd(k) for k in GROUPS])]
    return Particle(kind if kind != "group" else "sequence", low, high, None, children)


def _inside(node, ancestor):
    return any(parent is ancestor for parent in node.iterancestors())


def _wildcard(node, document):
    return Wildcard(node.get("namespace", "##any"), node.get("processContents", "strict"),
                    document.namespace)


def attributes(components, node, document, made):
    """Adds the attributes that the children of a node declare."""
    for child in node.iterchildren(xsd("attribute"), xsd("attributeGroup"), xsd("anyAttribute")):
        kind = child.tag.split("}")[1]
        if kind == "anyAttribute":
            made.any_attribute = _wildcard(child, document)
        elif kind == "attributeGroup":
            name = resolve(child.get("ref"), child, document.namespace)
            entry = components.entry("attributeGroup", name)
            while _inside(child, entry.node) and entry.original is not None:
                entry = entry.original
            attributes(components, entry.node, entry.document, made)
        else:
            _attribute(components, child, document, made)


def _attribute(components, node, document, made):
    if node.get("ref"):
        name = resolve(node.get("ref"), node, document.namespace)
        entry = components.entries.get(("attribute", name))
        source, owner = (entry.node, entry.document) if entry else (node, document)
    else:
        qualified = node.get("form") == "qualified" or (
            node.get("form") is None and document.qualified("attribute"))
        name = clark(document.namespace if qualified else None, node.get("name").strip())
        source, owner = node, document
    if node.get("use") == "prohibited":
        made.attributes.pop(name, None)
        return
    array = node.get(ARRAY_TYPE)
    made.attributes[name] = Attribute(
        name, lambda: _attribute_type(components, source, owner), node.get("use") == "required",
        node.get("fixed", source.get("fixed")), node.get("default", source.get("default")),
        array and _array_type(array, node, document))


def _array_type(text, node, document):
    name, bracket, dimensions = text.strip().partition("[")
    return resolve(name, node, document.namespace) + bracket + dimensions


def _attribute_type(components, node, document):
    if node.get("type"):
        return components.type(resolve(node.get("type"), node, document.namespace))
    for child in node.iterchildren(xsd("simpleType")):
        return components.type_at(child, document)
    return components.builtin("anySimpleType")
