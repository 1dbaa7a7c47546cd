"""Whether text keeps the facets of a simple type. The validator has the last word; this only spares it
texts that are plainly wrong.
"""

import re
from decimal import Decimal, InvalidOperation

from schema.model import is_a

from .patterns import compiled

LEXICAL = {"date": r"\d{4}-\d\d-\d\d(Z|[+-]\d\d:\d\d)?", "boolean": "true|false|0|1",
           "dateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
           "time": r"\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"}


def bounds(type_):
    """The inclusive or exclusive bounds as numbers; None where there is none."""
    found = []
    for names in (("minInclusive", "minExclusive"), ("maxInclusive", "maxExclusive")):
        values = [type_.facet(name) for name in names if type_.facet(name) is not None]
        try:
            found.append(Decimal(values[0]) if values else None)
        except InvalidOperation:
            found.append(None)
    return found


def fits(type_, text):
    """Whether text keeps the facets this generator knows; the validator has the last word."""
    if type_.builtin in LEXICAL and not re.fullmatch(LEXICAL[type_.builtin], text):
        return False
    for step in type_.steps:
        for alternatives in [step["pattern"]] if "pattern" in step else []:
            expressions = [compiled(p) for p in alternatives]
            if not any(e is None or e.fullmatch(text) for e in expressions):
                return False
        if not _long_enough(type_, step, text) or not _in_range(type_, step, text):
            return False
    return True


def _long_enough(type_, step, text):
    size = len(text)
    if type_.variety == "list":
        size = len(text.split())
    elif type_.builtin == "hexBinary":
        size = len(text) // 2
    elif type_.builtin == "base64Binary":
        size = len(re.sub(r"\s|=", "", text)) * 3 // 4
    elif type_.builtin == "QName":
        return True
    return (step.get("minLength", 0) <= size <= step.get("maxLength", size)
            and step.get("length", size) == size)


def _in_range(type_, step, text):
    if not (is_a(type_.builtin, "decimal") or type_.builtin in ("float", "double")):
        return True
    try:
        number = Decimal(text)
    except InvalidOperation:
        return False
    limits = {}
    for name in ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive"):
        try:
            limits[name] = Decimal(step[name]) if name in step else None
        except InvalidOperation:
            limits[name] = None
    whole, _, fraction = text.lstrip("+-").partition(".")
    fraction = fraction.rstrip("0")
    digits = len(whole.lstrip("0") + fraction)
    return not (limits["minInclusive"] is not None and number < limits["minInclusive"]
                or limits["maxInclusive"] is not None and number > limits["maxInclusive"]
                or limits["minExclusive"] is not None and number <= limits["minExclusive"]
                or limits["maxExclusive"] is not None and number >= limits["maxExclusive"]
                or digits > step.get("totalDigits", digits)
                or len(fraction) > step.get("fractionDigits", len(fraction)))
