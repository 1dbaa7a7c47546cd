"""Other ways to write the same value, all of them allowed by XML Schema.

Services write +5, 007, 1 for true and dates without a zone; a reader that copies such digits into JSON
writes something that is no JSON.
"""

from schema.model import is_a

EVERY = 3


def spelled(type_, text, count):
    """The value in another spelling, for some values; the same text for the others."""
    if count % EVERY or any(name in step for step in type_.steps
                            for name in ("pattern", "enumeration", "length", "maxLength")):
        return text
    builtin, turn = type_.builtin, count // EVERY
    if builtin == "boolean":
        return {"true": "1", "false": "0"}[text]
    if is_a(builtin, "decimal"):
        if text.startswith(("-", "+")):
            return text
        if is_a(builtin, "integer"):
            return ("+", "00", "0")[turn % 3] + text
        return ("+" + text, "0" + text, text + "00" if "." in text else text + ".00")[turn % 3]
    if builtin in ("float", "double") and not type_.steps:
        return ("1.25E3", "-2e-1", "INF", "+7", "NaN", "-INF")[turn % 6]
    if builtin == "dateTime" and not type_.steps:
        return ("2024-02-29T23:59:59.5+02:00", "2024-02-29T23:59:59")[turn % 2]
    if builtin == "date" and not type_.steps:
        return ("2024-02-29Z", "2024-02-29-05:00")[turn % 2]
    return text
