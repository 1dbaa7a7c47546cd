"""Whether what figleaf made of answers is right: nothing lost, nothing complained about."""

from lxml import etree

from .leaves import lost
from .requests import reason

KEYS = ("service", "port", "operation", "input_name")


def verdicts(answers, decoded):
    """One verdict for each operation that has an answer; `decoded` is None where the Rust driver
    wrote no file."""
    by_key = {}
    for line in decoded or []:
        by_key.setdefault(_key(line), line)
    for line in answers:
        found = {key: line.get(key) for key in KEYS}
        found.update(style=line["style"], use=line["use"])
        if not line["envelopes"]:
            why = line["failed"][0].split(": ", 1)[-1] if line["failed"] else "no instance"
            yield {**found, "ok": False, "reason": "no valid instance: " + reason(why)[:80],
                   "detail": " | ".join(line["failed"]), "kinds": {}}
            continue
        yield {**found, **_judge(line["envelopes"], by_key.get(_key(line)))}


def _key(line):
    return tuple(line.get(key) for key in KEYS)


def _judge(envelopes, line):
    results = {result["kind"]: result for result in (line or {}).get("results", [])}
    kinds, problems = {}, []
    for envelope in envelopes:
        kind = envelope["kind"]
        problem = _one(envelope["xml"], results.get(kind))
        kinds[kind] = problem is None
        if problem:
            problems.append((kind, *problem))
    first = problems[0] if problems else ("", "", "")
    return {"ok": not problems, "reason": first[1], "kinds": kinds,
            "detail": " | ".join(f"{kind}: {why}: {detail}" for kind, why, detail in problems)}


def _one(xml, result):
    """What is wrong with one result: a short reason and the detail; None if nothing is."""
    if result is None:
        return "the Rust driver says nothing", ""
    if result.get("problem"):
        return "problem: " + reason(_code(result["problem"])), str(result["problem"])
    if result.get("status") not in (200, 202, 204):
        return f"status {result.get('status')}", str(result.get("json"))[:300]
    if result.get("violations"):
        first = result["violations"][0]
        said = "; ".join(map(str, result["violations"][:5]))
        return "violation " + str(first).split(" ")[0], said
    if result.get("schema_errors"):
        first = str(result["schema_errors"][0])
        return "not the OpenAPI schema", "; ".join(map(str, result["schema_errors"][:3]))[:600]
    try:
        missing = lost(xml, result.get("json"))
    except (ValueError, etree.XMLSyntaxError) as error:
        return "the JSON cannot be read", str(error)
    if missing:
        what = "attribute" if "/@" in missing[0].split(":")[0] else "text"
        return f"lost: {what}", f"{len(missing)} lost: " + "; ".join(missing[:5])
    return None


def _code(problem):
    text = problem if isinstance(problem, str) else str(problem)
    return text.split(":")[0]
