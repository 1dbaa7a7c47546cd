"""Text that matches a pattern facet.

elementpath translates the pattern into Python's dialect; the parse tree of Python's own `re` is then
walked, choosing at random. Characters are chosen from those a reader can see, where the pattern lets.
"""

import re
import re._constants as ops
import re._parser as parser

from elementpath.regex import translate_pattern

PLAIN = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789-_. "


def compiled(pattern):
    """The pattern as Python's, to match whole text; None where it cannot be translated."""
    try:
        text = translate_pattern(pattern, back_references=False, lazy_quantifiers=False,
                                 anchors=False)
        return re.compile(text)
    except Exception:  # elementpath raises several kinds, and so does `re`
        return None


def matching(pattern, random, longest=64, stretch=3):
    """A text for the pattern; it may fail other facets."""
    expression = compiled(pattern)
    if expression is None:
        return None
    return _walk(parser.parse(expression.pattern), random, (longest, stretch))


def _walk(tree, random, size):
    out = []
    for op, value in tree:
        out.append(_one(op, value, random, size))
    return "".join(out)


def _one(op, value, random, size):
    if op is ops.LITERAL:
        return chr(value)
    if op is ops.NOT_LITERAL:
        return next(c for c in _shuffled(random) if ord(c) != value)
    if op is ops.ANY:
        return random.choice(PLAIN[:-4])
    if op is ops.IN:
        return _class(value, random)
    if op is ops.BRANCH:
        return _walk(random.choice(value[1]), random, size)
    if op is ops.SUBPATTERN:
        return _walk(value[-1], random, size)
    if op in (ops.MAX_REPEAT, ops.MIN_REPEAT, ops.POSSESSIVE_REPEAT):
        low, high, inner = value
        most = min(int(high), low + size[1], max(low, size[0]))
        count = most if size[1] > 3 else random.randint(low, most)
        return "".join(_walk(inner, random, size) for _ in range(count))
    return ""


def _shuffled(random):
    characters = list(PLAIN)
    random.shuffle(characters)
    return characters


def _class(items, random):
    negated = any(op is ops.NEGATE for op, _ in items)
    test = [(op, value) for op, value in items if op is not ops.NEGATE]
    for character in _shuffled(random):
        if any(_has(op, value, ord(character)) for op, value in test) != negated:
            return character
    for op, value in test:
        if op is ops.LITERAL:
            return chr(value)
        if op is ops.RANGE:
            return chr(value[0])
    return "x"


def _has(op, value, code):
    if op is ops.LITERAL:
        return code == value
    if op is ops.RANGE:
        return value[0] <= code <= value[1]
    if op is ops.CATEGORY:
        character = chr(code)
        return {ops.CATEGORY_DIGIT: character.isdigit(),
                ops.CATEGORY_NOT_DIGIT: not character.isdigit(),
                ops.CATEGORY_SPACE: character.isspace(),
                ops.CATEGORY_NOT_SPACE: not character.isspace(),
                ops.CATEGORY_WORD: character.isalnum() or character == "_",
                ops.CATEGORY_NOT_WORD: not (character.isalnum() or character == "_")}[value]
    return False
