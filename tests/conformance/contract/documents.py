"""The schema documents of a contract: inline ones, and those they import, include and redefine."""

import pathlib
from dataclasses import dataclass, field

from .mend import mend
from .names import ENCODING, SOAPENC, XML, XSD, clark, xsd

OWN_ENCODING = pathlib.Path(__file__).parent.parent / "schema" / "soap12-encoding.xsd"
# What makes a top-level component, and the name space of names it lives in.
KINDS = {"element": "element", "attribute": "attribute", "complexType": "type",
         "simpleType": "type", "group": "group", "attributeGroup": "attributeGroup"}


@dataclass(eq=False)
class Document:
    """One `xs:schema`, in the target namespace it has where it is used: a schema without one takes
    that of whoever includes it (a chameleon)."""
    root: object
    path: object
    namespace: str
    number: int
    redefined: bool = False
    # The redefining elements of this document and what each redefines.
    redefines: list = field(default_factory=list)

    def qualified(self, kind):
        """Whether local declarations of this kind are qualified by default."""
        return self.root.get(kind + "FormDefault") == "qualified"


class Documents:
    """All schema documents of one contract, in the order they were reached."""

    def __init__(self, definitions):
        self.library = definitions.library
        self.all = []
        self.known = {}
        self.missing = []
        for path, wsdl in definitions.documents + definitions.schemas:
            for schema in wsdl.iter(xsd("schema")):
                self._add(schema, path, schema.get("targetNamespace"))
        self._well_known()
        self.missing = [name for name in self.missing if not self._has(name)]

    def _add(self, root, path, namespace, redefined=False):
        key = (root, namespace)
        if key in self.known:
            return self.known[key]
        mend(root)
        document = Document(root, path, namespace or None, len(self.all), redefined)
        self.known[key] = document
        self.all.append(document)
        for node in root.iterchildren(xsd("include"), xsd("import"), xsd("redefine")):
            self._follow(node, document)
        return document

    def _follow(self, node, document):
        kind = node.tag.split("}")[1]
        location = node.get("schemaLocation")
        path = self.library.locate(location, document.path) if location else None
        if path is None and kind == "import":
            if self._has(node.get("namespace")):
                return
            path = self.library.by_namespace(node.get("namespace"))
        if path is None:
            self.missing.append(location or node.get("namespace") or "")
            return
        root = self.library.read(path)
        if root.tag != xsd("schema"):
            for schema in root.iter(xsd("schema")):
                self._add(schema, path, schema.get("targetNamespace"))
            return
        own = root.get("targetNamespace")
        if kind == "import":
            self._add(root, path, own)
            return
        found = self._add(root, path, own or document.namespace, kind == "redefine")
        if kind == "redefine":
            document.redefines.append((node, found))

    def _has(self, namespace):
        return any(document.namespace == (namespace or None) for document in self.all)

    def _well_known(self):
        """Schemas that contracts refer to without importing them."""
        used = set()
        for document in self.all:
            used.update(document.root.nsmap.values())
            for node in document.root.iter(xsd("import")):
                used.add(node.get("namespace"))
            for node in document.root.iter("{%s}attribute" % XSD):
                if node.get("ref", "").startswith("xml:"):
                    used.add(XML)
        for namespace in (SOAPENC, ENCODING["1.2"], XML):
            if namespace in used and not self._has(namespace):
                path = self.library.by_namespace(namespace)
                if namespace == ENCODING["1.2"]:
                    path = OWN_ENCODING
                if path is not None:
                    root = self.library.read(path)
                    self._add(root, path, root.get("targetNamespace"))


@dataclass(eq=False)
class Entry:
    """A global component: its node, its document, and what it redefines."""
    node: object
    document: Document
    original: object = None


def index(documents):
    """Global components by kind and name. The first of two with one name counts; the others are
    given back, as nodes, so that a validator can be kept from them."""
    entries, extra = {}, set()
    for document in sorted(documents.all, key=lambda d: (not d.redefined, d.number)):
        for node in document.root.iterchildren("{%s}*" % XSD):
            _enter(entries, extra, node, document)
    for document in documents.all:
        for redefine, _ in document.redefines:
            for node in redefine.iterchildren("{%s}*" % XSD):
                kind = KINDS.get(node.tag.split("}")[1])
                if kind and node.get("name"):
                    key = (kind, clark(document.namespace, node.get("name").strip()))
                    entries[key] = Entry(node, document, entries.get(key))
    return entries, extra


def _enter(entries, extra, node, document):
    kind = KINDS.get(node.tag.split("}")[1])
    if kind is None or not node.get("name"):
        return
    key = (kind, clark(document.namespace, node.get("name").strip()))
    if key in entries:
        extra.add((document.number, node))
    else:
        entries[key] = Entry(node, document)
