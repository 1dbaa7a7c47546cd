"""The measuring half of benches/load/run. Standard library only.

The system under test is pinned to core 0; the stub and wrk to core 1. Rounds go A B C, A B C, …;
a ratio compares neighbours of one round, and the median over rounds is reported.
"""

import argparse
import datetime
import json
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
import urllib.error
import urllib.request
from decimal import Decimal

SYSTEM_CORE, LOAD_CORE = "0", "1"
START_SECONDS_MAX = 20
CALL_SECONDS_MAX = 120
POLL_SECONDS = 0.02
PER_REQUESTS = 10_000
LIST_50_KB, LIST_10_MB, LIST_100_MB = 34, 7_200, 72_000
BASELINE = "handwritten"
TITLES = {
    "figleaf": "figleaf",
    "handwritten": "hand-written",
    "nginx": "nginx, SOAP passed through",
}
MARKS = ("<!-- load:begin -->", "<!-- load:end -->")
TICKS = os.sysconf("SC_CLK_TCK")
ENVELOPE = (
    '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
    '<{0} xmlns="urn:figleaf:load:orders">{1}</{0}></soap:Body></soap:Envelope>'
)
NGINX = """worker_processes 1;
daemon off;
pid {work}/nginx.pid;
error_log {work}/nginx.log warn;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {work}/nginx-body;
  proxy_temp_path {work}/nginx-proxy;
  fastcgi_temp_path {work}/nginx-fastcgi;
  uwsgi_temp_path {work}/nginx-uwsgi;
  scgi_temp_path {work}/nginx-scgi;
  keepalive_requests 100000000;
  upstream stub {{ server {stub}; keepalive 256; keepalive_requests 100000000; }}
  server {{
    listen {listen};
    location / {{
      proxy_pass http://stub;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_max_temp_file_size 0;
    }}
  }}
}}
"""


def die(message):
    sys.exit(f"load: {message}")


def free_port():
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def core_busy_seconds():
    """What the measured core has worked since the machine started, whoever for."""
    stat = pathlib.Path("/proc/stat").read_text()
    ticks = re.search(rf"^cpu{SYSTEM_CORE} (.*)", stat, re.MULTILINE).group(1).split()
    idle, waiting = int(ticks[3]), int(ticks[4])
    return (sum(map(int, ticks[:8])) - idle - waiting) / TICKS


class Process:
    """A server on one core, stopped when the block ends."""

    def __init__(self, name, core, command, work, cwd=None, variables=None, origin=None):
        self.name, self.origin, self.log = name, origin, work / f"{name}.log"
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                ["taskset", "-c", core, *map(str, command)], stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, cwd=cwd, env={**os.environ, **(variables or {})},
            )

    def __enter__(self):
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.origin is None:
                said = re.search(r"listening on (http://[\d.:]+)\s", self.log.read_text())
                self.origin = said and said.group(1)
            elif self.answers():
                return self
            time.sleep(POLL_SECONDS)
        self.__exit__()
        die(f"{self.name} did not start:\n{self.log.read_text()}")

    def answers(self):
        try:
            urllib.request.urlopen(self.origin + "/", timeout=1).close()
        except urllib.error.HTTPError:
            return True
        except OSError as error:
            return not isinstance(getattr(error, "reason", error), ConnectionRefusedError)
        return True

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(START_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def tree(self):
        """The process and all its descendants."""
        children = {}
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        found, queue = [], [self.process.pid]
        while queue:
            found.append(queue.pop())
            queue.extend(children.get(found[-1], []))
        return found

    def cpu_seconds(self):
        """User and system time of the tree, with that of children it has waited for."""
        ticks = 0
        for pid in self.tree():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15]))
        return ticks / TICKS

    def peak_mb(self):
        total = 0
        for pid in self.tree():
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            total += int(re.search(r"VmHWM:\s+(\d+)", status).group(1))
        return total / 1024


class Bench:
    def __init__(self, options):
        self.options, self.work = options, options.work
        self.stub = None

    def start_stub(self):
        command = [self.options.build / "load-stub", "127.0.0.1:0"]
        return Process("stub", LOAD_CORE, command, self.work)

    def start(self, system):
        stub = self.stub.origin
        if system == "figleaf":
            command = [self.options.figleaf, "serve", "--listen", "127.0.0.1:0"]
            variables = {"STUB_URL": stub + "/orders"}
            return Process(system, SYSTEM_CORE, command, self.work, self.options.project, variables)
        if system == "handwritten":
            command = [self.options.build / "load-handwritten", "127.0.0.1:0", stub + "/orders"]
            return Process(system, SYSTEM_CORE, command, self.work)
        listen = f"127.0.0.1:{free_port()}"
        config = self.work / "nginx.conf"
        bare = stub.removeprefix("http://")
        config.write_text(NGINX.format(work=self.work, stub=bare, listen=listen))
        nginx = shutil.which("nginx") or "/usr/sbin/nginx"
        command = [nginx, "-c", config, "-p", self.work, "-e", self.work / "nginx.log"]
        return Process(system, SYSTEM_CORE, command, self.work, origin=f"http://{listen}")

    def request(self, system, count=None):
        """Path and body of GetOrder, or of ListOrders with a count."""
        if system != "nginx":
            return ("/api/v1/orders/7" if count is None else f"/api/v1/orders?count={count}"), None
        if count is None:
            return "/orders", ENVELOPE.format("GetOrder", "<orderId>7</orderId>")
        return "/orders", ENVELOPE.format("ListOrders", f"<count>{count}</count>")

    def load(self, system, process, connections, count=None, seconds=None):
        """Requests per second, CPU seconds per 10,000 requests, and the median latency in ms."""
        path, body = self.request(system, count)
        script = []
        if body:
            lua = self.work / "post.lua"
            lua.write_text(
                'wrk.method = "POST"\nwrk.headers["Content-Type"] = "text/xml; charset=utf-8"\n'
                f"wrk.body = [[{body}]]\n"
            )
            script = ["-s", str(lua)]
        busy, before, begun = core_busy_seconds(), process.cpu_seconds(), time.monotonic()
        done = subprocess.run(
            ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{connections}",
             f"-d{seconds or self.options.seconds}s", "--latency", *script, process.origin + path],
            capture_output=True, text=True, check=False,
        )
        took, used = time.monotonic() - begun, process.cpu_seconds() - before
        others = max(0.0, core_busy_seconds() - busy - used) / took
        said = done.stdout
        requests = re.search(r"(\d+) requests in", said)
        if done.returncode or not requests or int(requests.group(1)) == 0:
            die(f"wrk against {system} failed:\n{said}{done.stderr}")
        wrong = re.search(r"Non-2xx or 3xx responses: .*|Socket errors: .*", said)
        if wrong:
            die(f"{system} answered with errors under load: {wrong.group(0)}")
        number = int(requests.group(1))
        latency = re.search(r"50%\s+([\d.]+)(us|ms|s)", said)
        factor = {"us": 0.001, "ms": 1, "s": 1000}[latency.group(2)]
        return {
            "rate": number / took, "cpu": used / number * PER_REQUESTS,
            "p50": float(latency.group(1)) * factor, "others": others,
        }

    def long_list(self, system, count):
        """Seconds, CPU seconds and peak memory of a fresh process for one long list."""
        path, body = self.request(system, count)
        with self.start(system) as process:
            headers = {"Content-Type": "text/xml; charset=utf-8"} if body else {}
            request = urllib.request.Request(
                process.origin + path, data=body.encode() if body else None, headers=headers)
            before, begun, length, first = process.cpu_seconds(), time.monotonic(), 0, None
            with urllib.request.urlopen(request, timeout=CALL_SECONDS_MAX) as answer:
                while piece := answer.read1(1 << 20):
                    first = first or time.monotonic() - begun
                    length += len(piece)
            return {
                "s": time.monotonic() - begun, "first": first, "mb": process.peak_mb(),
                "cpu": process.cpu_seconds() - before, "length": length / 1e6,
            }

    def same_answers(self, systems):
        """Refuses to go on when two systems do not say the same; numbers by value."""
        rest = [one for one in systems if one != "nginx"]
        told = {}
        for system in rest:
            with self.start(system) as process:
                for count in (None, 0, 1, 2, LIST_50_KB):
                    path, _ = self.request(system, count)
                    with urllib.request.urlopen(process.origin + path, timeout=30) as answer:
                        text = answer.read().decode()
                    value = json.loads(text, parse_float=Decimal, parse_int=Decimal)
                    expected, by = told.setdefault(count, (value, system))
                    if value != expected:
                        die(f"{system} and {by} differ on {path}; nothing is measured\n"
                            f"{by}: {str(expected)[:1500]}\n{system}: {str(value)[:1500]}")
        if len(rest) > 1:
            print(f"load: {' and '.join(rest)} give the same JSON", file=sys.stderr)

    def run(self):
        systems = self.options.systems
        rows = {system: [] for system in systems}
        with self.start_stub() as self.stub:
            self.same_answers(systems)
            for number in range(self.options.rounds):
                for system in systems:
                    with self.start(system) as process:
                        self.load(system, process, 32, seconds=1)
                        row = {
                            "one": self.load(system, process, 32),
                            "list": self.load(system, process, 8, LIST_50_KB),
                        }
                    row["10"] = self.long_list(system, LIST_10_MB)
                    row["100"] = self.long_list(system, LIST_100_MB)
                    rows[system].append(row)
                print(f"load: round {number + 1} of {self.options.rounds}", file=sys.stderr)
        return rows


def cell(rows, part, key, form):
    values = [row[part][key] for row in rows]
    middle = form.format(statistics.median(values))
    if len(values) == 1:
        return middle
    return f"{middle} ({form.format(min(values))}–{form.format(max(values))})"


def ratio(rows, system, part, key):
    if BASELINE not in rows:
        return "–"
    pairs = zip(rows[system], rows[BASELINE])
    values = [a[part][key] / b[part][key] for a, b in pairs if b[part][key]]
    return f"{statistics.median(values):.2f}×" if values else "–"


def table(heads, lines):
    rule = ["---"] * len(heads)
    return "\n".join("| " + " | ".join(line) + " |" for line in [heads, rule, *lines])


def facts():
    """When, and on what machine."""
    versions = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=False)
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return ", ".join([
        datetime.date.today().isoformat(), f"{os.cpu_count()} cores",
        model.group(1) if model else platform.machine(), f"{memory:.0f} GiB",
        f"{platform.system()} {platform.machine()}", versions.stdout.split(" (")[0].strip(),
    ])


def report(rows, options):
    many = f"{options.rounds} rounds" if options.rounds > 1 else "1 round"
    others = [row[part]["others"] for r in rows.values() for row in r for part in ("one", "list")]
    one = [[
        TITLES[s], cell(r, "one", "cpu", "{:.2f}"), ratio(rows, s, "one", "cpu"),
        cell(r, "one", "rate", "{:,.0f}"), cell(r, "one", "p50", "{:.2f}"),
        cell(r, "list", "cpu", "{:.1f}"), ratio(rows, s, "list", "cpu"),
        cell(r, "list", "rate", "{:,.0f}"),
    ] for s, r in rows.items()]
    long = [[
        TITLES[s], *(text for part in ("10", "100") for text in (
            cell(r, part, "mb", "{:.0f}"), ratio(rows, s, part, "mb"),
            cell(r, part, "s", "{:.2f}"), ratio(rows, s, part, "s"),
            cell(r, part, "first", "{:.3f}"))),
    ] for s, r in rows.items()]
    return "\n".join([
        f"Taken {facts()}.",
        "The system under test is alone on one core, the SOAP stub and wrk on the other;",
        f"{many} of {options.seconds} s windows, systems in turn; median (least–most).",
        "× is the median of the rounds' ratios to the hand-written program; CPU is user and system",
        f"time of the whole process tree for {PER_REQUESTS:,} requests. Again: `benches/load/run`.",
        f"Other work took {statistics.median(others):.0%} of the measured core (at most {max(others):.0%});"
        " rates and latencies suffer from it more than CPU seconds.",
        "",
        table(["system", "GetOrder 1.5 KB, c=32: CPU s", "×", "req/s", "p50 ms",
               "ListOrders 50 KB, c=8: CPU s", "×", "req/s"], one),
        "",
        "One long list, a fresh process each time; peak is VmHWM, first is the time to the first byte.",
        "",
        table(["system", "10 MB: peak MB", "×", "s", "×", "first s",
               "100 MB: peak MB", "×", "s", "×", "first s"], long),
    ])


def publish(path, text, marks=MARKS):
    """Puts the text between the marks; the rest of the page stays."""
    page = path.read_text() if path.exists() else f"# Performance\n\n{marks[0]}\n{marks[1]}\n"
    before, begin, rest = page.partition(marks[0])
    _, end, after = rest.partition(marks[1])
    if not begin or not end:
        die(f"{path.name} has no {marks[0]} … {marks[1]}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}")
    print(f"load: wrote {path.parent.name}/{path.name}", file=sys.stderr)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, required=True)
    options.add_argument("--seconds", type=int, required=True)
    options.add_argument("--systems", required=True, type=lambda text: text.split(","))
    options.add_argument("--figleaf")
    options.add_argument("--build", type=pathlib.Path, required=True)
    options.add_argument("--work", type=pathlib.Path, required=True)
    options.add_argument("--project", type=pathlib.Path, required=True)
    options.add_argument("--publish", type=pathlib.Path)
    chosen = options.parse_args()
    unknown = [one for one in chosen.systems if one not in TITLES]
    if unknown:
        die(f"unknown system {unknown[0]}; there are {', '.join(TITLES)}")
    text = report(Bench(chosen).run(), chosen)
    print(text)
    if chosen.publish and {"figleaf", BASELINE} <= set(chosen.systems):
        publish(chosen.publish, text)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
