"""Envelopes of answers, document and rpc, literal use."""

from lxml import etree

from contract.names import ENCODING, ENVELOPE, XSD, XSI, clark

from .values import VALUES
from .wildcards import FOREIGN


def envelope(case, soap):
    """An empty envelope and its body. Every prefix an instance may need is declared on it."""
    nsmap = {"soap": ENVELOPE[soap], "xsi": XSI, "xs": XSD, "v": VALUES, "f": FOREIGN, "enc": ENCODING[soap],
             **case.prefixes()}
    root = etree.Element(clark(ENVELOPE[soap], "Envelope"), nsmap=nsmap)
    return root, etree.SubElement(root, clark(ENVELOPE[soap], "Body"))


def wrapper_namespace(bound):
    """The namespace of an rpc wrapper."""
    return bound.target if bound.namespace is None else bound.namespace


def answer(case, port, operation, builder):
    """An answer of an operation, as a tree, with the elements to validate: pairs of an element and
    the name of its type, which is None where the element is a global one."""
    root, body = envelope(case, port.soap)
    bound = operation.output
    judged = []
    if operation.style == "rpc":
        name = clark(wrapper_namespace(bound), operation.name + "Response")
        parent = etree.SubElement(body, name)
        judged += [_part(case, builder, parent, part) for part in bound.parts]
    elif len(bound.parts) == 1 and bound.parts[0].type:
        # WSDL 1.1, section 3.5: the type of the part is that of the body.
        builder.typed(body, case.components.type(bound.parts[0].type))
        judged.append((body, bound.parts[0].type))
    else:
        judged += [_part(case, builder, body, part) for part in bound.parts]
    return root, judged


def _part(case, builder, parent, part):
    if part.element:
        builder.depth = 0
        return builder.element(parent, case.components.element(part.element)), None
    node = etree.SubElement(parent, part.name)
    builder.depth = 0
    builder.typed(node, case.components.type(part.type))
    return node, part.type


def text(root):
    """The document as text."""
    return etree.tostring(root, encoding="unicode")
