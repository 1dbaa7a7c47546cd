"""Whether the envelopes figleaf sends are what their contracts ask for."""

import re

from lxml import etree

from contract.names import ENVELOPE, BrokenContract, clark

from .encoded import Checker

PARSER = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)


def verdict(case, line):
    """The verdict of one line of the Rust driver."""
    found = {key: line.get(key) for key in ("service", "port", "operation", "input_name")}
    found.update(style=line.get("style"), use=line.get("use"), refused=line.get("refused"))
    if not line.get("served"):
        return {**found, "ok": None, "reason": f"refused: {line.get('refused')}", "detail": ""}
    if not line.get("envelope"):
        return {**found, "ok": False, "reason": "figleaf refuses its own example",
                "detail": str(line.get("problem"))}
    try:
        problems = check(case, line)
    except BrokenContract as error:
        problems = [f"the judge cannot follow the contract: {error}"]
    return {**found, "ok": not problems, "reason": reason(problems[0]) if problems else "",
            "detail": " | ".join(problems[:3])}


def reason(problem):
    """A problem without its names, so that alike ones count together."""
    text = re.sub(r"^line \d+: ", "", problem)
    text = re.sub(r"'[^']*'|\{[^}]*\}[\w.-]+", "…", text)
    text = re.sub(r"\( ?.*\)\.?$", "(…)", text)
    return re.sub(r"^[^ ]*(/[^ ]*)+: ", "", text)[:120]


def check(case, line):
    """What is wrong with the envelope of a line; an empty list if nothing is."""
    try:
        root = etree.fromstring(line["envelope"].encode(), PARSER)
    except etree.XMLSyntaxError as error:
        return [f"not well-formed: {error}"]
    port, operation = case.find(line)
    namespace = ENVELOPE[port.soap]
    if root.tag != clark(namespace, "Envelope"):
        return [f"the envelope is {root.tag}, the port is SOAP {port.soap}"]
    body = root.find(clark(namespace, "Body"))
    if body is None or root[-1] is not body:
        return ["there is no body at the end of the envelope"]
    header = root.find(clark(namespace, "Header"))
    problems = _headers(case, port, operation, header) if header is not None else []
    bound = operation.input
    if bound.use == "encoded":
        return problems + Checker(case, port.soap).message(body, operation, bound, False)
    return problems + literal(case, operation, bound, body, operation.name)


def literal(case, operation, bound, body, wrapper):
    """What is wrong with a body under literal use."""
    if operation.style == "rpc":
        return _wrapped(case, bound, body, wrapper)
    if len(bound.parts) == 1 and bound.parts[0].type:
        # WSDL 1.1, section 3.5: the type of the part is that of the body.
        return case.validator.errors_of_type(body, bound.parts[0].type)
    return _in_order(case, bound.parts, list(body))


def _wrapped(case, bound, body, name):
    if len(body) != 1:
        return [f"{len(body)} elements in the body of an rpc message"]
    # Where `namespace` is empty or left out, the letter says none, and most write the definitions'
    # own.
    spaces = [bound.namespace] if bound.namespace else ["", bound.target]
    allowed = {clark(space, name) for space in spaces}
    if body[0].tag not in allowed:
        return [f"the wrapper is {body[0].tag}, not {sorted(allowed)}"]
    return _in_order(case, bound.parts, list(body[0]))


def _in_order(case, parts, children):
    problems = []
    children = [child for child in children if isinstance(child.tag, str)]
    if len(parts) != len(children):
        problems.append(f"{len(children)} parts, not {len(parts)}: "
                        f"{[c.tag for c in children]} for {[p.name for p in parts]}")
    for part, child in zip(parts, children):
        problems += _part(case, part, child)
    return problems


def _part(case, part, child):
    if part.type:
        if child.tag != part.name:
            return [f"the part {part.name} is written as {child.tag}"]
        return case.validator.errors_of_type(child, part.type)
    if child.tag == part.element:
        return case.validator.errors(child)
    if child.tag == part.name and len(child) == 1 and child[0].tag == part.element:
        return case.validator.errors(child[0])
    return [f"the element part {part.name} is written as {child.tag}"]


def _headers(case, port, operation, header):
    problems = []
    for child in header.iterchildren(etree.Element):
        declared = next((h for h in operation.input.headers if _is(h, child)), None)
        if declared is None:
            problems.append(f"the header {child.tag} is not declared")
            continue
        for name in list(child.attrib):
            if name.startswith("{" + ENVELOPE[port.soap]):
                del child.attrib[name]
        if declared.use == "encoded":
            checker = Checker(case, port.soap)
            type_ = (case.components.element(declared.part.element).type if declared.part.element
                     else case.components.type(declared.part.type))
            checker.value(child, type_, child.tag)
            problems += checker.problems
        elif declared.part.element:
            problems += case.validator.errors(child)
        else:
            problems += case.validator.errors_of_type(child, declared.part.type)
    return problems


def _is(header, node):
    if header.part.element:
        return node.tag == header.part.element
    return etree.QName(node).localname == header.part.name
