"""What the benches of latency have in common: servers on the same two cores, an open loop of
requests (benches/record/load), ratios of neighbours. Standard library only."""

import os
import pathlib
import platform
import re
import signal
import statistics
import subprocess
import sys
import time

CORES = "0,1"
START_SECONDS_MAX = 20
REST_SECONDS_MAX = 60
REST_TICKS_MAX = 1


def die(message):
    sys.exit(f"{pathlib.Path(sys.argv[0]).parent.name}: {message}")


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
    """Figures of one window in microseconds; every request has to be answered with 200."""
    command = [options.build / "record-load", process.origin, options.rate, seconds, first, modulus]
    said = subprocess.run(
        ["taskset", "-c", CORES, *map(str, command)], check=True, capture_output=True, text=True
    ).stdout
    figures = dict(zip(said.split()[::2], map(int, said.split()[1::2])))
    if figures["failed"]:
        die(f"{process.name}: {said}")
    return figures


def median(rows, name, figure):
    """In milliseconds."""
    return statistics.median(row[name][figure] for row in rows) / 1000


def ratio(rows, figure, one, other):
    """The median over rounds of one : other, the least and the largest."""
    of = [row[one][figure] / row[other][figure] for row in rows]
    return statistics.median(of), min(of), max(of)


def cpu():
    found = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return found.group(1).strip() if found else platform.machine()


def publish(path, marks, text):
    """Puts a table where its marks stand."""
    page = path.read_text()
    start, end = page.index(marks[0]) + len(marks[0]), page.index(marks[1])
    path.write_text(f"{page[:start]}\n{text}{page[end:]}")
