"""What everyone reads in contracts that break a rule of XML Schema's own grammar.

A validator refuses such a schema, or drops what it does not understand and then calls right messages
wrong. Only slips with one plain reading are mended: a complex type with several content models, or
with elements outside of one, has them in the order they are written.
"""

from lxml import etree

from .names import xsd

MODELS = [xsd(name) for name in ("sequence", "choice", "all", "group", "element", "any")]
PLAIN = {xsd(name) for name in ("sequence", "choice", "all", "group")}


def mend(schema):
    """Mends a schema document in place."""
    for holder in list(schema.iter(xsd("complexType"), xsd("extension"), xsd("restriction"))):
        models = list(holder.iterchildren(*MODELS))
        if not models or len(models) == 1 and models[0].tag in PLAIN:
            continue
        around = etree.Element(xsd("sequence"))
        holder.insert(holder.index(models[0]), around)
        for model in models:
            around.append(model)
            if model.tag == xsd("all"):
                model.tag = xsd("sequence")
