"""Namespaces and qualified names.

A qualified name is lxml's Clark notation, `{namespace}local`, or `local` where there is no
namespace: the form in which elements are compared, so nothing has to be converted.
"""

XSD = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
WSDL = "http://schemas.xmlsoap.org/wsdl/"
SOAP_BINDING = {
    "http://schemas.xmlsoap.org/wsdl/soap/": "1.1",
    "http://schemas.xmlsoap.org/wsdl/soap12/": "1.2",
}
MIME_BINDING = "http://schemas.xmlsoap.org/wsdl/mime/"
ENVELOPE = {
    "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
    "1.2": "http://www.w3.org/2003/05/soap-envelope",
}
ENCODING = {
    "1.1": "http://schemas.xmlsoap.org/soap/encoding/",
    "1.2": "http://www.w3.org/2003/05/soap-encoding",
}
SOAPENC = ENCODING["1.1"]

# Drafts of XML Schema, which old contracts still use; read as the Recommendation.
DRAFTS = (
    b"http://www.w3.org/1999/XMLSchema",
    b"http://www.w3.org/2000/10/XMLSchema",
    b"http://www.w3.org/2000/08/XMLSchema",
)


def clark(namespace, local):
    """`{namespace}local`, or `local` without a namespace."""
    return f"{{{namespace}}}{local}" if namespace else local


def split(name):
    """The namespace (None without one) and the local name."""
    if name.startswith("{"):
        namespace, local = name[1:].split("}", 1)
        return namespace, local
    return None, name


def resolve(text, element, default=None):
    """The name that a QName in `element` means; `default` is the namespace of unprefixed names
    where no default namespace is declared (chameleon includes)."""
    text = text.strip()
    prefix, colon, local = text.rpartition(":")
    if not colon:
        return clark(element.nsmap.get(None) or default, local)
    if prefix == "xml":
        return clark(XML, local)
    if prefix not in element.nsmap:
        raise BrokenContract(f"the prefix of `{text}` is not declared")
    return clark(element.nsmap[prefix], local)


def xsd(local):
    """A name of XML Schema."""
    return f"{{{XSD}}}{local}"


class BrokenContract(Exception):
    """The contract says something that cannot be followed; the message says what."""
