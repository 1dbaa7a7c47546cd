"""What a WSDL document comes to: ports, operations, and messages as a binding lays them out."""

from dataclasses import dataclass, field


@dataclass
class Part:
    """A part of a message; it has an element or a type."""
    name: str
    element: str = None
    type: str = None


@dataclass
class Header:
    """A part of any message that a binding puts into the header."""
    part: Part
    use: str
    namespace: str


@dataclass
class Bound:
    """A message as a binding lays it into an envelope."""
    use: str = "literal"
    namespace: str = None
    # The namespace of the definitions, which everyone means who leaves `namespace` out.
    target: str = ""
    parts: list = field(default_factory=list)
    headers: list = field(default_factory=list)


@dataclass
class Operation:
    """An operation of a port. `input` and `output` are None where there is none."""
    name: str
    input_name: str
    style: str
    input: Bound
    output: Bound


@dataclass
class Port:
    """A SOAP port."""
    service: str
    name: str
    soap: str
    operations: list
