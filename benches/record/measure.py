"""The measuring half of benches/record/run. Standard library only.

Rounds go plain, recording, plain, recording, …; before each the machine has to be at rest, so that
what one round left to be written does not count for the next. A ratio compares neighbours of one
round; the median over rounds is reported.
"""

import argparse
import datetime
import os
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from open_loop import Process, cpu, load, median, publish, ratio, rest  # noqa: E402

WARM_SECONDS = 2
KNOWN = 1_000
MARKS = ("<!-- record:begin -->", "<!-- record:end -->")
LOADS = {
    "new": ("every request another one: each is written", 0),
    "known": (f"the same {KNOWN:,} requests again and again: each has its fixture", KNOWN),
}


def measure(options, plain, recording, which):
    modulus, first = LOADS[which][1], 1_000_000
    rows = []
    for process in (plain, recording):
        load(options, process, WARM_SECONDS, first, modulus)
        rest(process)
    first += options.rate * WARM_SECONDS if not modulus else 0
    for number in range(options.rounds):
        row = {}
        for process in (plain, recording):
            rest(recording)
            row[process.name] = load(options, process, options.seconds, first, modulus)
        first += options.rate * options.seconds if not modulus else 0
        rows.append(row)
        shown = "  ".join(
            f"{name} p50 {of['p50']} p99 {of['p99']}" for name, of in row.items()
        )
        print(f"record: {which}, round {number + 1}: {shown} µs", file=sys.stderr)
    rest(recording)
    return rows


def table(options, results, said):
    lines = [
        f"Measured on {datetime.date.today()}, {os.cpu_count()} cores of {cpu()}, "
        f"{options.rounds} rounds of {options.seconds} s, {options.rate} requests a second in an open "
        "loop; figleaf with and without `--record`, the backend and the load all share the two cores. "
        "Again: `benches/record/run`.",
        "",
        "| load | | p50 | p99 |",
        "|---|---|---|---|",
    ]
    for which, rows in results.items():
        for name in ("plain", "recording"):
            p50, p99 = median(rows, name, "p50"), median(rows, name, "p99")
            lines.append(f"| {LOADS[which][0]} | {name} | {p50:.2f} ms | {p99:.2f} ms |")
        sides = ("recording", "plain")
        (p50, *_), (p99, least, most) = ratio(rows, "p50", *sides), ratio(rows, "p99", *sides)
        lines.append(
            f"| | recording : plain, median of rounds | {p50:.3f} | {p99:.3f} ({least:.2f}–{most:.2f}) |"
        )
    lines += ["", f"The recorder said: {said}."]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    for name in ("rounds", "seconds", "rate"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("figleaf", "build", "work", "project"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--publish", type=pathlib.Path)
    options = parser.parse_args()
    fixtures = options.work / "fixtures"
    shutil.rmtree(fixtures, ignore_errors=True)
    serve = [options.figleaf, "serve", "--listen", "127.0.0.1:0", "--no-watch", "--log-level", "warn"]
    record = [*serve, "--record", "--fixtures", fixtures]
    results = {}
    with Process("stub", [options.build / "load-stub", "127.0.0.1:0"], options.work) as stub:
        variables = {"STUB_URL": f"http://{stub.origin}/orders"}
        cwd = options.project
        with Process("plain", serve, options.work, cwd, variables) as plain:
            with Process("recording", record, options.work, cwd, variables) as recording:
                for which in LOADS:
                    results[which] = measure(options, plain, recording, which)
            said = re.search(r"recorded \d.*", recording.log.read_text())
    text = table(options, results, said.group(0) if said else "nothing")
    print(text)
    shutil.rmtree(fixtures, ignore_errors=True)
    if options.publish:
        publish(options.publish, MARKS, text)


if __name__ == "__main__":
    main()
