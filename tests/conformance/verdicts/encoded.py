"""Whether a body keeps the rules of SOAP encoding and the types of its contract."""

import re

from lxml import etree

from contract.names import ENCODING, ENVELOPE, XSI, BrokenContract, clark, resolve, split
from schema.encoding import accessor_name, array_of, derives, is_array, members, named
from schema.model import ComplexType

TYPE, NIL = clark(XSI, "type"), clark(XSI, "nil")


class Checker:
    """Checks one message; a problem is a path and what is wrong there."""

    def __init__(self, case, soap):
        self.case = case
        self.components = case.components
        self.soap = soap
        self.encoding = ENCODING[soap]
        self.problems = []
        self.by_id = {}

    def message(self, body, operation, bound, is_answer):
        """What is wrong with the body of a message."""
        for node in body.iter(etree.Element):
            if node.get("id"):
                self.by_id[node.get("id")] = node
        parts = {part.name: part for part in bound.parts}
        if operation.style == "rpc":
            wrapper = next(iter(body), None)
            if wrapper is None:
                return ["no wrapper"]
            name = operation.name + ("Response" if is_answer else "")
            allowed = {clark(n, name) for n in ([bound.namespace] if bound.namespace
                                                else ["", bound.target])}
            if wrapper.tag not in allowed:
                return [f"the wrapper is {wrapper.tag}, not {sorted(allowed)}"]
            self._style(wrapper)
            accessors = list(wrapper)
        else:
            accessors = [node for node in body if node.tag != "multiRef"]
            for node in accessors:
                self._style(node)
        order = list(parts)
        seen = []
        for node in accessors:
            part = parts.get(node.tag) or next(
                (p for p in bound.parts
                 if operation.style != "rpc" and p.element == node.tag), None)
            if part is None:
                self._say(node.tag, "is no part of the message")
                continue
            seen.append(order.index(part.name))
            type_ = (self.components.element(part.element).type if part.element
                     else self.components.type(part.type))
            self.value(node, type_, part.name)
        if seen != sorted(seen):
            self._say("body", "parts are not in order")
        return self.problems

    def _style(self, node):
        if node.get(clark(ENVELOPE[self.soap], "encodingStyle")) != self.encoding:
            self._say(node.tag, "has no encodingStyle of its SOAP version")

    def _say(self, path, what):
        self.problems.append(f"{path}: {what}")

    def value(self, node, declared, path):
        """Checks a value against its declared type."""
        href = node.get("href") or node.get(clark(self.encoding, "ref"))
        if href:
            node = self.by_id.get(href.lstrip("#"))
            if node is None:
                self._say(path, f"{href} leads nowhere")
                return
        if node.get(NIL) in ("true", "1"):
            return
        type_ = self._said(node, declared, path)
        if type_ is None:
            return
        if not isinstance(type_, ComplexType):
            self._leaf(node, type_, path)
        elif is_array(type_) or node.get(clark(self.encoding, "arrayType")):
            self._array(node, type_, declared, path)
        elif type_.content == "simple":
            self._leaf(node, type_.simple, path)
        elif split(type_.name or "")[1] == "anyType":
            return
        else:
            self._struct(node, type_, path)

    def _said(self, node, declared, path):
        """The type that xsi:type says, if it may stand for the declared one."""
        text = node.get(TYPE)
        if text is None:
            if isinstance(declared, ComplexType) and (declared.name is None or is_array(declared)):
                return declared
            self._say(path, "has no xsi:type")
            return None
        try:
            found = self.components.type(resolve(text, node))
        except BrokenContract as error:
            self._say(path, f"xsi:type {text}: {error}")
            return None
        if is_array(found) and is_array(declared):
            return declared
        wanted = named(declared) if not isinstance(declared, ComplexType) else declared
        if not derives(self.components, found, wanted) and wanted.name is not None:
            self._say(path, f"xsi:type {text} may not stand for {wanted.name}")
            return None
        return declared if wanted.name is None else (
            declared if found is wanted else found)

    def _array(self, node, type_, declared, path):
        item, dimensions = array_of(self.components, type_)
        text = node.get(clark(self.encoding, "arrayType"))
        children = list(node)
        if text is not None:
            name, rest = re.fullmatch(r"([^\[]+)(.*)", text).groups()
            sizes = re.search(r"\[([\d,]*)\]$", rest)
            count = 1
            for size in sizes.group(1).split(",") if sizes and sizes.group(1) else []:
                count *= int(size)
            if not sizes or not sizes.group(1) or count != len(children):
                self._say(path, f"{len(children)} items in {text}")
            said = self.components.type(resolve(name, node))
            if not derives(self.components, said, item):
                self._say(path, f"arrayType {text} is no array of {item.name}")
            item = item if said is item or item.name is None else said
            if rest.count("[") > 1:
                return
        elif self.soap == "1.1":
            self._say(path, "has no arrayType")
        if dimensions.count("[") > 1:
            return
        for number, child in enumerate(children):
            self.value(child, item, f"{path}[{number}]")

    def _struct(self, node, type_, path):
        allowed = {accessor_name(element): (element, high) for element, high in members(type_)}
        counts = {}
        for child in node.iterchildren(etree.Element):
            found = allowed.get(child.tag)
            if found is None:
                self._say(f"{path}/{child.tag}", f"is no member of {type_.name}")
                continue
            counts[child.tag] = counts.get(child.tag, 0) + 1
            if counts[child.tag] > found[1]:
                self._say(f"{path}/{child.tag}", "comes too often")
            self.value(child, found[0].type, f"{path}/{child.tag}")

    def _leaf(self, node, type_, path):
        wanted = named(type_)
        bare = etree.Element("leaf", nsmap=node.nsmap)
        bare.text = node.text
        if len(node):
            self._say(path, "has elements where there is a value")
            return
        for error in self.case.validator.errors_of_type(bare, wanted.name)[:1]:
            self._say(path, error)
