"""One contract with everything that judging it needs, made when it is first asked for."""

import functools
import pathlib

from schema.components import Components
from schema.heights import Heights
from schema.validators import Validator
from schema.written import Written

from .documents import Documents
from .files import Library
from .names import XML, XSD, BrokenContract, split, xsd
from .wsdl import Definitions

LEAVES = ("string", "boolean", "decimal", "integer", "int", "long", "short", "byte", "float",
          "double", "dateTime", "date", "time", "duration", "anyURI", "QName", "base64Binary",
          "hexBinary", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte", "anyType",
          "anySimpleType", "normalizedString", "token", "positiveInteger", "nonNegativeInteger",
          "negativeInteger", "nonPositiveInteger", "gYear", "gYearMonth", "gMonth", "gMonthDay",
          "gDay", "language", "Name", "NCName", "ID", "IDREF", "NMTOKEN", "NMTOKENS")


class Case:
    """A row of the index, read."""

    def __init__(self, corpus, row, folder):
        self.id = row["id"]
        self.folder = pathlib.Path(folder)
        library = Library(corpus)
        path = (library.corpus / "wsdl" / row["slug"] / row["root"]).resolve()
        self.definitions = Definitions(library, path)
        self.documents = Documents(self.definitions)
        self.components = Components(self.documents)
        self.heights = Heights(self.components)

    @functools.cached_property
    def ports(self):
        """The SOAP ports."""
        return list(self.definitions.ports())

    @functools.cached_property
    def validator(self):
        """The validator of the contract's schemas."""
        types = [name for kind, name in self.components.entries
                 if kind == "type" and split(name)[0] != XSD]
        types += [xsd(local) for local in LEAVES]
        return Validator(Written(self.documents, self.components.extra, self.folder, types))

    def operations(self):
        """Every operation of every SOAP port, with its port."""
        for port in self.ports:
            for operation in port.operations:
                yield port, operation

    def find(self, line):
        """The operation that a line of the Rust driver is about."""
        found = [(port, operation) for port, operation in self.operations()
                 if port.name == line["port"] and operation.name == line["operation"]
                 and (not port.service or port.service == line["service"])]
        if len(found) > 1:
            exact = [pair for pair in found if pair[1].input_name == line.get("input_name")]
            found = exact or found
        if not found:
            raise BrokenContract(f"no operation {line['operation']} at port {line['port']}")
        return found[0]

    def prefixes(self):
        """A prefix for every namespace of the contract, so that xsi:type can be written."""
        return {f"n{number}": namespace for namespace, number
                in sorted(self.validator.written.namespaces.items(), key=lambda i: i[1])
                if namespace and namespace != XML}
