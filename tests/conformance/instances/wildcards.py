"""What wildcards let in: an element or attribute the contract does not know, where that is allowed."""

from lxml import etree

from contract.names import SOAPENC, XML, XSD, BrokenContract, clark, split

from .values import NoValue

STRICT_DEPTH_MAX = 12
FOREIGN = "urn:conformance:foreign"


class Wildcards:
    """Fills the wildcards of one builder."""

    def __init__(self, builder):
        self.builder = builder
        self.strict = {}

    def element(self, parent, particle):
        """Appends an element for a wildcard."""
        b, wildcard = self.builder, particle.term
        if wildcard.process == "strict":
            declaration = self._known(wildcard)
            if declaration is None:
                if particle.low == 0:
                    return
                raise NoValue(f"no known element for a strict wildcard ({wildcard.namespaces})")
            if b.depth > STRICT_DEPTH_MAX:
                if particle.low == 0:
                    return
                raise NoValue(f"strict wildcards inside one another, {b.depth} deep")
            b.element(parent, declaration)
            return
        namespace = _namespace(wildcard)
        node = etree.SubElement(parent, clark(namespace, "note"))
        inner = etree.SubElement(node, clark(namespace, "line"))
        inner.text = b.values.value(b.components.builtin("string"))
        b.built += 2

    def attribute(self, node, wildcard):
        """Sets an attribute for a wildcard; none where only declared ones are allowed."""
        namespace = _namespace(wildcard)
        if wildcard.process == "strict" or namespace in (XML, None):
            return
        value = self.builder.values.value(self.builder.components.builtin("string"))
        node.set(clark(namespace, "hint"), value)

    def _known(self, wildcard):
        if wildcard not in self.strict:
            self.strict[wildcard] = self._search(wildcard)
        return self.strict[wildcard]

    def _search(self, wildcard):
        b = self.builder
        best = None
        for kind, name in b.components.entries:
            namespace = split(name)[0]
            if kind != "element" or namespace in (SOAPENC, XSD) \
                    or not allows(wildcard, namespace):
                continue
            try:
                declaration = b.components.element(name)
                height = b.heights.of_element(declaration)
            except BrokenContract:
                continue
            if not declaration.abstract and (best is None or height < best[0]):
                best = (height, declaration)
                if height == 1:
                    break
        return best[1] if best and best[0] < 5 else None


def _namespace(wildcard):
    names = wildcard.namespaces.split()
    if "##any" in names or "##other" in names:
        return FOREIGN
    if not names or "##local" in names:
        return None
    return wildcard.target if names[0] == "##targetNamespace" else names[0]


def allows(wildcard, namespace):
    """Whether a wildcard lets a namespace in."""
    names = wildcard.namespaces.split()
    if "##any" in names:
        return True
    if "##other" in names:
        return namespace is not None and namespace != wildcard.target
    spelled = {"##local": None, "##targetNamespace": wildcard.target}
    return namespace in [spelled.get(name, name) for name in names]
