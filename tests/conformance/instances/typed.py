"""Writing xsi:type."""

from contract.names import XSI, split

from .values import NoValue


def set_type(node, name):
    """Writes xsi:type with a prefix that is declared where the element stands."""
    namespace, local = split(name)
    if namespace is None:
        node.set(f"{{{XSI}}}type", local)
        return
    prefix = next((p for p, uri in node.nsmap.items() if uri == namespace and p), None)
    if prefix is None:
        raise NoValue(f"no prefix is declared for {namespace}")
    node.set(f"{{{XSI}}}type", f"{prefix}:{local}")
