"""The measuring half of benches/record/run. Standard library only.

Rounds go plain, recording, plain, recording, …; before each the machine has to be at rest, so that
what one round left to be written does not count for the next. A ratio compares neighbours of one
round; the median over rounds is reported.
"""

import argparse
import datetime
import os
import pathlib
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time

CORES = "0,1"
START_SECONDS_MAX = 20
REST_SECONDS_MAX = 60
REST_TICKS_MAX = 1
WARM_SECONDS = 2
KNOWN = 1_000
MARKS = ("<!-- record:begin -->", "<!-- record:end -->")
LOADS = {
    "new": ("every request another one: each is written", 0),
    "known": (f"the same {KNOWN:,} requests again and again: each has its fixture", KNOWN),
}


def die(message):
    sys.exit(f"record: {message}")


class Process:
    """A server on the two cores, stopped when the block ends."""

    def __init__(self, name, command, work, cwd=None, variables=None):
        self.name, self.log, self.origin = name, work / f"{name}.log", None
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                ["taskset", "-c", CORES, *map(str, command)], stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, cwd=cwd, env={**os.environ, **(variables or {})},
            )

    def __enter__(self):
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline and self.process.poll() is None:
            said = re.search(r"listening on http://([\d.:]+)\s", self.log.read_text())
            if said:
                self.origin = said.group(1)
                return self
            time.sleep(0.02)
        self.__exit__()
        die(f"{self.name} did not start:\n{self.log.read_text()}")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def ticks(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])


def rest(process):
    """Waits until it has nothing left to do."""
    deadline = time.monotonic() + REST_SECONDS_MAX
    before = process.ticks()
    while time.monotonic() < deadline:
        time.sleep(0.3)
        now = process.ticks()
        if now - before <= REST_TICKS_MAX:
            return
        before = now
    die(f"{process.name} does not come to rest")


def load(options, process, seconds, first, modulus):
    command = [options.build / "record-load", process.origin, options.rate, seconds, first, modulus]
    said = subprocess.run(
        ["taskset", "-c", CORES, *map(str, command)], check=True, capture_output=True, text=True
    ).stdout
    figures = dict(zip(said.split()[::2], map(int, said.split()[1::2])))
    if figures["failed"]:
        die(f"{process.name}: {said}")
    return figures


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


def median(rows, name, figure):
    return statistics.median(row[name][figure] for row in rows) / 1000


def ratio(rows, figure):
    of = [row["recording"][figure] / row["plain"][figure] for row in rows]
    return statistics.median(of), min(of), max(of)


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
        (p50, *_), (p99, least, most) = ratio(rows, "p50"), ratio(rows, "p99")
        lines.append(
            f"| | recording : plain, median of rounds | {p50:.3f} | {p99:.3f} ({least:.2f}–{most:.2f}) |"
        )
    lines += ["", f"The recorder said: {said}."]
    return "\n".join(lines) + "\n"


def cpu():
    found = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return found.group(1).strip() if found else platform.machine()


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
        page = options.publish.read_text()
        start, end = page.index(MARKS[0]) + len(MARKS[0]), page.index(MARKS[1])
        options.publish.write_text(f"{page[:start]}\n{text}{page[end:]}")


if __name__ == "__main__":
    main()
