"""Whether everything an answer said is in the JSON it became.

Texts and attribute values of the body are looked up among the strings, numbers and booleans of the
JSON, each as often as it came. Names are not compared: how members are named is for the OpenAPI
document to say, and the Rust driver has judged the JSON against that.
"""

import collections
import json
import re
from decimal import Decimal, InvalidOperation

from lxml import etree

from contract.names import ENCODING, ENVELOPE, SOAP_BINDING, XML, XSI

# Attributes that are the format's own, not the caller's.
FORMAT = {XSI, *ENVELOPE.values(), *ENCODING.values(), *SOAP_BINDING}
FORMAT_LOCAL = {"id", "href"}
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


def lost(envelope, text):
    """The texts and attribute values of an envelope's body that the JSON does not have."""
    root = etree.fromstring(envelope.encode(), etree.XMLParser(huge_tree=True))
    body = next(node for node in root if etree.QName(node).localname == "Body")
    found = collections.Counter()
    long_texts = []
    if text is not None:
        _collect(json.loads(text, parse_float=_Digits, parse_int=_Digits), found, long_texts)
    missing = []
    for where, value, names in leaves(body):
        if not _take(value, names, found, long_texts):
            missing.append(f"{where}: {value[:60]!r}")
    return missing


class _Digits(str):
    """A number of the JSON as it is written."""


def leaves(body):
    """Path, value and prefixes of each text and attribute of a body."""
    for node in body.iter(etree.Element):
        path = "/".join(etree.QName(n).localname for n in
                        [*reversed(list(node.iterancestors()))][2:] + [node])
        for name, value in node.attrib.items():
            namespace = etree.QName(name).namespace
            if namespace in FORMAT or value.strip() == "":
                continue
            if namespace is None and name in FORMAT_LOCAL and _refers(node, name, value):
                continue
            local = "xml:lang" if namespace == XML else etree.QName(name).localname
            yield f"{path}/@{local}", _collapsed(value), node.nsmap
        for text in (node.text, *(child.tail for child in node)):
            if text and text.strip():
                yield path, _collapsed(text), node.nsmap


def _refers(node, name, value):
    """Whether `id` or `href` is that of SOAP encoding."""
    return value.startswith("#") if name == "href" else (
        etree.QName(node).localname == "multiRef")


def _collapsed(text):
    return " ".join(text.split())


def _key(text):
    """A value such that two ways to write one number are one key."""
    if NUMBER.fullmatch(text):
        try:
            return ("number", Decimal(text).normalize())
        except InvalidOperation:
            return text
    return text


def _collect(value, found, long_texts):
    if isinstance(value, dict):
        for inner in value.values():
            _collect(inner, found, long_texts)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, found, long_texts)
    elif isinstance(value, bool):
        found["true" if value else "false"] += 1
    elif isinstance(value, str):
        collapsed = _collapsed(value)
        found[_key(collapsed)] += 1
        if "<" in collapsed or not isinstance(value, _Digits) and " " in collapsed:
            long_texts.append(collapsed)


def _take(value, names, found, long_texts):
    """Finds a value and takes it away; XML handed on as text is searched, and a list may have
    become an array."""
    for spelled in _spellings(value, names):
        if found.get(_key(spelled), 0) > 0:
            found[_key(spelled)] -= 1
            return True
    if value in ("INF", "-INF", "NaN", "+INF"):
        return True  # JSON has no such numbers: null, by the rules of wire.md
    escaped = value.replace("&", "&amp;").replace("<", "&lt;")
    if any(value in text or escaped in text for text in long_texts):
        return True
    tokens = value.split()
    if len(tokens) > 1 and all(_take(token, names, found, ()) for token in tokens):
        return True
    return False


def _spellings(value, names):
    yield value
    if value in ("1", "0"):
        yield {"1": "true", "0": "false"}[value]
    prefix, colon, local = value.partition(":")
    if colon and prefix in names:
        yield f"{{{names[prefix]}}}{local}"
