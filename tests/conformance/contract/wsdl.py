"""WSDL 1.1: services, ports, bindings, messages, and what a SOAP binding makes of them."""

from .messages import Bound, Header, Operation, Part, Port
from .names import MIME_BINDING, SOAP_BINDING, WSDL, BrokenContract, clark, resolve


class Definitions:
    """All documents of one contract, by name."""

    def __init__(self, library, root_path):
        self.library = library
        self.documents = []
        self.schemas = []
        self.services = []
        self.index = {}
        self._read(root_path, set())

    def _read(self, path, seen):
        if path in seen:
            return
        seen.add(path)
        root = self.library.read(path)
        if root.tag != clark(WSDL, "definitions"):
            # Some contracts import a schema as if it were a WSDL.
            self.schemas.append((path, root))
            return
        self.documents.append((path, root))
        namespace = root.get("targetNamespace")
        for child in root.iterchildren("{%s}*" % WSDL):
            local = child.tag.split("}")[1]
            if local == "import":
                target = self.library.locate(child.get("location", ""), path)
                if target is not None and child.get("location"):
                    self._read(target, seen)
            elif child.get("name"):
                key = (local, clark(namespace, child.get("name").strip()))
                self.index.setdefault(key, child)
                if local == "service":
                    # Two documents may each have a part of one service.
                    self.services.append(child)

    def find(self, kind, text, element):
        """The component a QName attribute refers to."""
        name = resolve(text, element)
        if (kind, name) in self.index:
            return self.index[kind, name]
        # Contracts exist that leave the prefix away where no default namespace is declared.
        local = name.split("}")[-1]
        found = [node for (k, n), node in self.index.items()
                 if k == kind and n.split("}")[-1] == local]
        if len(found) == 1:
            return found[0]
        raise BrokenContract(f"there is no {kind} `{text}`")

    def ports(self):
        """Every SOAP port of every service. Where there is none, a SOAP binding counts as a port of
        its own name."""
        found_any = False
        for service in self.services:
            for port in service.iterchildren(clark(WSDL, "port")):
                binding = self.find("binding", port.get("binding"), port)
                found = self._port(service.get("name"), port.get("name"), binding)
                if found:
                    found_any = True
                    yield found
        if found_any:
            return
        for (kind, _), binding in self.index.items():
            if kind == "binding":
                found = self._port("", binding.get("name"), binding)
                if found:
                    yield found

    def _port(self, service, name, binding):
        soap = next((child for child in binding if _soap(child) == "binding"), None)
        if soap is None:
            return None
        style = soap.get("style") or "document"
        port_type = self.find("portType", binding.get("type"), binding)
        operations, taken = [], set()
        for node in binding.iterchildren(clark(WSDL, "operation")):
            abstract = _abstract(port_type, node, taken)
            if abstract is None:
                continue
            taken.add(abstract)
            operations.append(self._operation(node, abstract, style))
        version = SOAP_BINDING[soap.tag[1:].split("}")[0]]
        return Port(service, name, version, operations)

    def _operation(self, node, abstract, style):
        soap = next((child for child in node if _soap(child) == "operation"), None)
        if soap is not None:
            style = soap.get("style") or style
        bound = {}
        for direction in ("input", "output"):
            message = abstract.find(clark(WSDL, direction))
            binding = node.find(clark(WSDL, direction))
            bound[direction] = None if message is None else self._bound(message, binding)
        message = abstract.find(clark(WSDL, "input"))
        given = None if message is None else message.get("name")
        return Operation(node.get("name").strip(), given, style, bound["input"], bound["output"])

    def _bound(self, message, binding):
        target = message.getroottree().getroot().get("targetNamespace") or ""
        bound = Bound(parts=self._parts(message), target=target)
        if binding is None:
            return bound
        in_header = set()
        for child in binding.iter():
            what = _soap(child)
            if what == "body":
                bound.use = child.get("use") or "literal"
                bound.namespace = child.get("namespace")
                if child.get("parts") is not None:
                    wanted = child.get("parts").split()
                    named = [part for part in bound.parts if part.name in wanted]
                    # Names of no part at all are a slip of the pen.
                    bound.parts = named if named or not wanted else bound.parts
            elif what == "header" and child.get("message") and child.get("part"):
                try:
                    source = self.find("message", child.get("message"), child)
                except BrokenContract:
                    # The body does not depend on it; its block is then one nobody declared.
                    continue
                part = next((p for p in _parts(source) if p.name == child.get("part")), None)
                if part is not None:
                    bound.headers.append(Header(part, child.get("use") or "literal",
                                                child.get("namespace") or ""))
                    if source is self.find("message", message.get("message"), message):
                        in_header.add(part.name)
        attached = {child.get("part") for child in binding.iter(clark(MIME_BINDING, "content"))}
        bound.parts = [part for part in bound.parts
                       if part.name not in attached and part.name not in in_header]
        return bound

    def _parts(self, message):
        return _parts(self.find("message", message.get("message"), message))


def _parts(message):
    parts = []
    for node in message.iterchildren(clark(WSDL, "part")):
        element, type_ = node.get("element"), node.get("type")
        # WSDL 1.1 allows one of the two; of a part that has both, everyone takes the element.
        parts.append(Part(node.get("name"), element and resolve(element, node),
                          None if element else type_ and resolve(type_, node)))
    return parts


def _soap(node):
    """The local name of an element of the SOAP binding; None for any other."""
    if not isinstance(node.tag, str) or not node.tag.startswith("{"):
        return None
    namespace, local = node.tag[1:].split("}")
    return local if namespace in SOAP_BINDING else None


def _abstract(port_type, node, taken):
    """The operation of the port type that a binding's operation is about: by name, then by the
    name of its input, then by order."""
    found = [op for op in port_type.iterchildren(clark(WSDL, "operation"))
             if op.get("name").strip() == node.get("name").strip()]
    if len(found) > 1:
        bound = node.find(clark(WSDL, "input"))
        wanted = None if bound is None else bound.get("name")
        for op in found:
            message = op.find(clark(WSDL, "input"))
            if wanted and message is not None and message.get("name") == wanted:
                return op
    return next((op for op in found if op not in taken), None)
