"""The schema set of a contract as files that a validator can compile.

Contracts leave imports out, import one namespace from several places, say locations that only a
catalogue knows, and define the same component twice. Two validators that know nothing of that would
each refuse a part of them. So every document is written with an import for every namespace there is,
one file for each namespace includes the documents of that namespace, and the second definition
of a name is left out. What the documents say about instances is not changed, but for one thing:
an occurrence bound above `HIGH_MAX` is written as none, as automata of such sizes take gigabytes.
"""

import pathlib

from lxml import etree

from contract.names import XSD, split, xsd

HIGH_MAX = 200
SYNTHETIC = "urn:conformance:synthetic"


class Written:
    """Files under `folder`; `main` is the one to compile. `roots` maps a type's name to the element of
    that type that is declared for judging parts and leaves that no global element stands for."""

    def __init__(self, documents, extra, folder, types=()):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.extra = extra
        self.namespaces = {}
        for document in documents.all:
            if document.namespace != XSD:
                self.namespaces.setdefault(document.namespace, len(self.namespaces))
        for document in documents.all:
            self._document(document)
        for namespace, number in self.namespaces.items():
            self._collect(documents, namespace, number)
        self.roots = {}
        self.main = self._main(types)

    def _import_all(self, root, own):
        for number, namespace in enumerate(
                sorted((n for n in self.namespaces if n != own), key=str)):
            node = etree.Element(xsd("import"))
            if namespace:
                node.set("namespace", namespace)
            node.set("schemaLocation", f"ns{self.namespaces[namespace]}.xsd")
            root.insert(number, node)

    def _document(self, document):
        root = _copy(document.root)
        dropped = {index for index, node in enumerate(document.root)
                   if (document.number, node) in self.extra}
        for index, node in enumerate(list(root)):
            if index in dropped or node.tag in (xsd("import"), xsd("include")):
                root.remove(node)
        targets = [found for _, found in document.redefines]
        for node, found in zip(root.iterchildren(xsd("redefine")), targets):
            node.set("schemaLocation", f"doc{found.number}.xsd")
        for node in root.iter(xsd("element"), xsd("any"), xsd("sequence"), xsd("choice"),
                              xsd("group")):
            high = node.get("maxOccurs", "1").strip()
            if high == "*" or high.isdigit() and int(high) > HIGH_MAX:
                node.set("maxOccurs", "unbounded")
        self._import_all(root, document.namespace)
        self._write(f"doc{document.number}.xsd", root)

    def _collect(self, documents, namespace, number):
        root = etree.Element(xsd("schema"), nsmap={"xs": XSD})
        if namespace:
            root.set("targetNamespace", namespace)
        for document in documents.all:
            if document.namespace == namespace and not document.redefined:
                etree.SubElement(root, xsd("include"),
                                 schemaLocation=f"doc{document.number}.xsd")
        self._write(f"ns{number}.xsd", root)

    def _main(self, types):
        used = sorted({split(name)[0] or "" for name in types} - {"", XSD})
        prefixes = {f"n{number}": namespace for number, namespace in enumerate(used)}
        root = etree.Element(xsd("schema"), nsmap={"xs": XSD, **prefixes})
        root.set("targetNamespace", SYNTHETIC)
        by_namespace = {namespace: prefix for prefix, namespace in prefixes.items()}
        by_namespace[XSD] = "xs"
        for name in types:
            namespace, local = split(name)
            prefix = by_namespace.get(namespace)
            self.roots[name] = f"{{{SYNTHETIC}}}t{len(self.roots)}"
            etree.SubElement(root, xsd("element"), name=split(self.roots[name])[1],
                             type=f"{prefix}:{local}" if prefix else local)
        self._import_all(root, SYNTHETIC)
        return self._write("main.xsd", root)

    def _write(self, name, root):
        path = self.folder / name
        path.write_bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))
        return path


def _copy(root):
    """A copy that declares the prefixes its ancestors do."""
    parser = etree.XMLParser(huge_tree=True)
    made = etree.fromstring(etree.tostring(root, with_tail=False, encoding="utf-8"), parser)
    for node in made.iter("{%s}*" % XSD):
        for name in ("ref", "type", "base"):
            if node.get(name) is not None:
                node.set(name, node.get(name).strip())
    return made
