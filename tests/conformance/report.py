"""Rates and reasons, on the terminal and as `report.md`."""

import collections

OPERATIONS_MIN = 6000
RATE_MIN = 0.99


class Tally:
    """Counts over all operations."""

    def __init__(self):
        self.operations = self.refused = 0
        self.styles = collections.defaultdict(collections.Counter)
        self.reasons = collections.Counter()
        self.examples = {}
        self.kinds = collections.Counter()
        self.engines = collections.Counter()
        self.engine_reasons = {}

    def operation(self, contract, request, answer):
        """Counts one operation; `answer` is None where it has none (one-way)."""
        style = f"{request.get('style')}/{request.get('use')}"
        if request["ok"] is None:
            self.refused += 1
            self._reason("left out", contract, request)
            return
        self.operations += 1
        counts = self.styles[style]
        counts["operations"] += 1
        counts["requests"] += request["ok"]
        counts["answers"] += answer is None or answer["ok"]
        counts["one-way"] += answer is None
        counts["both"] += request["ok"] and (answer is None or answer["ok"])
        if not request["ok"]:
            self._reason("request", contract, request)
        if answer is not None and not answer["ok"]:
            self._reason("answer", contract, answer)
        for kind, good in (answer or {}).get("kinds", {}).items():
            self.kinds[kind, good] += 1

    def _reason(self, side, contract, line):
        key = (side, line["reason"])
        self.reasons[key] += 1
        self.examples.setdefault(key, (contract, line["operation"], line.get("detail", "")))

    def engine(self, contract, name, why):
        """Counts the validator that a contract was judged by."""
        self.engines[name] += 1
        if why:
            self.engine_reasons[contract] = why

    @property
    def both(self):
        """How many operations are right in both directions."""
        return sum(counts["both"] for counts in self.styles.values())

    @property
    def rate(self):
        """The part of the operations that are right in both directions."""
        return self.both / self.operations if self.operations else 0.0

    def passed(self):
        """Whether the bar is reached."""
        return self.rate >= RATE_MIN and self.operations + self.refused >= OPERATIONS_MIN


def markdown(tally):
    """The report."""
    out = ["# Conformance", "",
           f"{tally.operations} operations judged, {tally.refused} left out because figleaf "
           f"refuses them by name. Right in both directions: {tally.both} ({tally.rate:.2%}).", "",
           "| style/use | operations | request right | answers right | one-way | both |",
           "|---|---|---|---|---|---|"]
    for style, counts in sorted(tally.styles.items()):
        total = counts["operations"]
        out.append(f"| {style} | {total} | {_share(counts['requests'], total)} | "
                   f"{_share(counts['answers'], total)} | {counts['one-way']} | "
                   f"{_share(counts['both'], total)} |")
    out += ["", "| kind of answer | right | wrong |", "|---|---|---|"]
    for kind in ("minimal", "typical", "full"):
        out.append(f"| {kind} | {tally.kinds[kind, True]} | {tally.kinds[kind, False]} |")
    out += ["", "## Reasons", "", "| side | reason | operations | for example |",
            "|---|---|---|---|"]
    for (side, reason), count in tally.reasons.most_common():
        contract, operation, detail = tally.examples[side, reason]
        out.append(f"| {side} | {_cell(reason)} | {count} | `{contract}` {operation}: "
                   f"{_cell(detail)[:240]} |")
    out += ["", "## Validators", "",
            ", ".join(f"{name}: {count} contracts" for name, count in tally.engines.most_common()),
            ""]
    for contract, why in sorted(tally.engine_reasons.items()):
        out.append(f"- `{contract}` by xmlschema, as libxml2 says: {_cell(why)[:200]}")
    return "\n".join(out) + "\n"


def _share(count, total):
    return f"{count} ({count / total:.1%})" if total else "0"


def _cell(text):
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "&lt;")
