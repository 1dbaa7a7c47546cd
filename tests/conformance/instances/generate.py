"""Answers for one contract: every instance is judged valid before it is written."""

import random
import zlib

from contract.names import BrokenContract

from . import encoded, envelopes
from .builder import FEATURES, Builder, Plan
from .values import NoValue, Values

# What to leave out, one after the other, where a full instance is not valid.
RETREATS = ((), ("spelling", "order", "cdata"), ("derived", "substitute"), ("foreign", "foreign-attribute"), ("nil",),
            ("derived", "substitute", "foreign", "foreign-attribute"), FEATURES)
SAME_PLAN_TRIES = 2


def answers(case, lines=None):
    """One line for each operation that answers: of those the Rust driver listed, or of all."""
    for port, operation, keys in _wanted(case, lines):
        if operation.output is None:
            continue
        found, failed = [], []
        for kind in ("typical", "minimal", "full"):
            try:
                made = _valid(case, port, operation, kind)
                if all(made != other["xml"] for other in found):
                    found.append({"kind": kind, "xml": made})
            except (NoValue, BrokenContract, RecursionError) as error:
                failed.append(f"{kind}: {type(error).__name__} {error}")
        yield {**keys, "style": operation.style, "use": operation.output.use,
               "envelopes": found, "failed": failed}


def _wanted(case, lines):
    if lines is None:
        for port, operation in case.operations():
            yield port, operation, {"service": port.service, "port": port.name,
                                    "operation": operation.name,
                                    "input_name": operation.input_name}
        return
    for line in lines:
        port, operation = case.find(line)
        yield port, operation, {key: line.get(key) for key in
                                ("service", "port", "operation", "input_name")}


def _valid(case, port, operation, kind):
    plans = [Plan(kind)] if kind != "full" else [
        Plan(kind, set(FEATURES) - set(without)) for without in RETREATS]
    problem = None
    for plan in plans:
        for attempt in range(SAME_PLAN_TRIES):
            name = f"{case.id} {operation.name} {kind} {attempt}"
            values = Values(random.Random(zlib.crc32(name.encode())), case.prefixes(),
                            plan.has("spelling"))
            try:
                root, problem = _one(case, port, operation, values, plan)
            except NoValue as error:
                problem = str(error)
                continue
            if not problem:
                return envelopes.text(root)
    raise NoValue(problem)


def _one(case, port, operation, values, plan):
    if operation.output.use == "encoded":
        return encoded.answer(case, port, operation, values, plan)
    builder = Builder(case.components, case.heights, values, plan)
    root, judged = envelopes.answer(case, port, operation, builder)
    for element, type_name in judged:
        errors = (case.validator.errors(element) if type_name is None
                  else case.validator.errors_of_type(element, type_name))
        if errors:
            return root, errors[0]
    return root, None
