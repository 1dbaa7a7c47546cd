"""Values of simple types, within their facets.

Where facets allow, no two values are alike: what is lost or mixed up on the way shows then.
"""

from decimal import Decimal

from schema.model import is_a

from .facets import bounds, fits
from .patterns import matching
from .spellings import spelled

TRIES_MAX = 60
# How many more than it must a repetition in a pattern has: small at first, then what a length asks.
EXTRA_REPEATS = (3, 1, 8, 0, 16, 32)
VALUES = "urn:conformance:values"
# What a time looks like; `{n}` is a number of two digits that differs from value to value.
TIMES = {"dateTime": "2024-03-{d}T10:{n}:05Z", "date": "2024-03-{d}", "time": "10:{n}:07",
         "gYear": "20{n}", "gYearMonth": "20{n}-05", "gMonth": "--{m}", "gMonthDay": "--04-{d}",
         "gDay": "---{d}", "duration": "P{n}DT2H"}
WHOLE_MAX = {"byte": 127, "unsignedByte": 255, "short": 32767, "unsignedShort": 65535}


class NoValue(Exception):
    """No value of a type was found; the message says of which."""


class Values:
    """Makes values; one for each instance, so that its values differ."""

    def __init__(self, random, prefixes=(), other_spellings=False):
        self.random = random
        self.other_spellings = other_spellings
        self.prefix_of = {uri: prefix for prefix, uri in dict(prefixes).items()}
        self.count = 0
        self.ids = []

    def value(self, type_):
        """A value of the simple type."""
        self.count += 1
        enumeration = type_.facet("enumeration")
        if enumeration is not None:
            return self._listed(type_, enumeration)
        if type_.variety == "list":
            low = type_.facet("length") or max(type_.facet("minLength") or 0, 2)
            high = type_.facet("maxLength")
            size = low if high is None else min(low, high)
            items = [self.value(type_.item) for _ in range(size)]
            return " ".join("-".join(item.split()) for item in items)
        if type_.variety == "union":
            for member in type_.members[self.count % len(type_.members):] + type_.members:
                try:
                    return self.value(member)
                except NoValue:
                    continue
            raise NoValue(f"the union {type_.name}")
        return self._atomic(type_)

    def _listed(self, type_, enumeration):
        offset = self.count % len(enumeration)
        for value, names in enumeration[offset:] + enumeration[:offset]:
            if type_.builtin in ("QName", "NOTATION"):
                return self._qualified(value.strip(), names)
            if fits(type_, value.strip()):
                return value
        raise NoValue(f"the enumeration of {type_.name} and its other facets allow nothing")

    def _qualified(self, value, names):
        """A name of the schema with the prefix that the instance has for its namespace."""
        prefix, _, local = value.rpartition(":")
        namespace = names.get(prefix or None)
        if namespace is None:
            return local
        if namespace not in self.prefix_of:
            raise NoValue(f"no prefix is declared for {namespace}")
        return f"{self.prefix_of[namespace]}:{local}"

    def _atomic(self, type_):
        for attempt in range(TRIES_MAX):
            text = self._candidate(type_, attempt)
            if text is not None and fits(type_, text):
                if type_.builtin == "ID":
                    self.ids.append(text)
                if self.other_spellings:
                    other = spelled(type_, text, self.count)
                    return other if fits(type_, other) else text
                return text
        raise NoValue(f"{type_.name or type_.builtin} with facets {_said(type_)}")

    def _candidate(self, type_, attempt):
        patterns = [p for step in type_.steps for p in [step.get("pattern")] if p]
        if patterns and not (attempt == 0 and type_.builtin in TIMES):
            alternatives = patterns[attempt % len(patterns)]
            longest = type_.facet("maxLength") or type_.facet("length") or 64
            text = matching(self.random.choice(alternatives), self.random, longest,
                            stretch=EXTRA_REPEATS[attempt % len(EXTRA_REPEATS)])
            if text is not None:
                return text
        builtin = type_.builtin
        if is_a(builtin, "decimal"):
            return self._number(type_, attempt)
        if builtin in TIMES:
            return self._time(type_, attempt)
        if builtin in ("float", "double"):
            low, high = bounds(type_)
            if low is not None or high is not None:
                return self._number(type_, attempt)
            return f"{self.count}.5"
        if builtin == "boolean":
            return "true" if self.count % 2 else "false"
        return self._text(type_, builtin, attempt)

    def _text(self, type_, builtin, attempt):
        low = type_.facet("length") or type_.facet("minLength") or 0
        high = type_.facet("length") or type_.facet("maxLength")
        n = self.count
        if builtin == "QName":
            return f"v:name{n}"
        if builtin == "hexBinary":
            size = max(low, 2) if high is None else min(max(low, 2), high)
            return "".join(f"{(n + i) % 256:02X}" for i in range(size))
        if builtin == "base64Binary":
            import base64
            size = max(low, 4) if high is None else min(max(low, 4), high)
            return base64.b64encode(bytes((n + i) % 256 for i in range(size))).decode()
        text = {"anyURI": f"urn:x:{n}", "language": ("en", "de", "fr", "pt-BR")[n % 4],
                "Name": f"n{n}", "NCName": f"n{n}", "ID": f"id{n}", "ENTITY": f"e{n}",
                "NMTOKEN": f"t{n}"}.get(builtin, f"Text {n}")
        if builtin == "IDREF":
            text = self.ids[-1] if self.ids else f"id{n}"
        if high is not None and len(text) > high:
            text = f"{n}{text}"[:high] if builtin not in ("Name", "NCName", "ID") else text[:high]
        filler = "abcdefgh" if builtin != "language" else ""
        while filler and len(text) < low:
            text += filler[:low - len(text)]
        if text == text.strip():
            return text
        return text.strip() if low == 0 else text.replace(" ", "-")

    def _time(self, type_, attempt):
        low, high = (type_.facet(name) for name in ("minInclusive", "maxInclusive"))
        if attempt > 1 and (low or high):
            return low or high
        n = (self.count + attempt) % 59
        return TIMES[type_.builtin].format(n=f"{n:02d}", d=f"{n % 28 + 1:02d}",
                                           m=f"{n % 12 + 1:02d}")

    def _number(self, type_, attempt):
        low, high = bounds(type_)
        digits, fraction = type_.facet("totalDigits"), type_.facet("fractionDigits")
        whole = is_a(type_.builtin, "integer")
        number = Decimal(self.count + 10 * attempt)
        if not whole and fraction != 0 and attempt < 20:
            number += Decimal("0.5")
        if is_a(type_.builtin, "nonPositiveInteger"):
            number = -number
        if digits and attempt < 40:
            number %= Decimal(10) ** max(digits - (0 if number == int(number) else 1), 0)
        top = WHOLE_MAX.get(type_.builtin)
        if top:
            number %= top
        if attempt > 3 and attempt % 2 and low is not None:
            number = low + Decimal(attempt // 2 - 2)
        elif attempt > 3 and high is not None:
            number = high - Decimal(attempt // 2 - 2)
        elif low is not None and number < low:
            number += low.to_integral_value(rounding="ROUND_CEILING")
        return format(number, "f")


def _said(type_):
    return {name: step[name] for step in reversed(type_.steps) for name in step}
