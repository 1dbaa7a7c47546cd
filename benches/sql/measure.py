"""The measuring half of benches/sql/run. Standard library only; it shares the processes, the
tables and the rules of benches/load/measure.py.

The system under test is pinned to core 0; PostgreSQL and wrk to core 1. Rounds go A B, A B, …; a
ratio compares neighbours of one round, and the median over rounds is reported.
"""

import argparse
import http.client
import json
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from decimal import Decimal

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "load"))
import measure as common  # noqa: E402
from postgres import Postgres, die  # noqa: E402

ROWS, LIST_ROWS, DEPTH = 500_000, 200_000, 490_000
WALK_PAGE, PAGE = 500, 50
CONNECTIONS, PAGE_CONNECTIONS = 32, 8
LISTS = 3
MARKS = ("<!-- sql:begin -->", "<!-- sql:end -->")
ONE, PAGES = "/api/v1/invoices/250001", f"/api/v1/invoices?limit={PAGE}"
LIST = f"/api/v1/exports/invoices?count={LIST_ROWS}"
COLUMNS = "invoice_no, customer_no, issued_on, amount, currency, paid, note"
TARGETS = {"cpu": 1.15, "mb": 64, "rate": 0.8, "ms": 2}


def middle(runs):
    """The median of each figure."""
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


class Bench:
    def __init__(self, options):
        self.options, self.work = options, options.work
        self.postgres = None

    def start(self, system):
        if system == "figleaf":
            command = [self.options.figleaf, "serve", "--listen", "127.0.0.1:0", "--no-watch"]
            variables = {"LEDGER_URL": self.postgres.url}
            return common.Process(system, common.SYSTEM_CORE, command, self.work, self.options.project, variables)
        command = [self.options.build / "sql-handwritten", "127.0.0.1:0", self.postgres.url]
        return common.Process(system, common.SYSTEM_CORE, command, self.work)

    def load(self, process, path, connections, seconds=None):
        """CPU microseconds a request, requests per second, median and 99th percentile in ms."""
        busy, before, begun = common.core_busy_seconds(), process.cpu_seconds(), time.monotonic()
        done = subprocess.run(
            ["taskset", "-c", common.LOAD_CORE, "wrk", "-t1", f"-c{connections}",
             f"-d{seconds or self.options.seconds}s", "--latency", process.origin + path],
            capture_output=True, text=True, check=False)
        took, used = time.monotonic() - begun, process.cpu_seconds() - before
        others = max(0.0, common.core_busy_seconds() - busy - used) / took
        requests = re.search(r"(\d+) requests in", done.stdout)
        if done.returncode or not requests or int(requests.group(1)) == 0:
            die(f"wrk against {process.name} failed:\n{done.stdout}{done.stderr}")
        wrong = re.search(r"Non-2xx or 3xx responses: .*|Socket errors: .*", done.stdout)
        if wrong:
            die(f"{process.name} answered with errors under load: {wrong.group(0)}")
        number = int(requests.group(1))

        def latency(share):
            value, unit = re.search(rf"{share}%\s+([\d.]+)(us|ms|s)\b", done.stdout).groups()
            return float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]

        return {"cpu": used / number * 1e6, "rate": number / took, "p50": latency(50), "p99": latency(99),
                "others": others}

    def list(self, system):
        """Seconds, time to the first byte, CPU seconds and peak memory of a fresh process."""
        with self.start(system) as process:
            # The connection and the statement are made before.
            urllib.request.urlopen(process.origin + LIST.replace(str(LIST_ROWS), "1")).read()
            before, begun, length, first = process.cpu_seconds(), time.monotonic(), 0, None
            with urllib.request.urlopen(process.origin + LIST, timeout=120) as answer:
                while piece := answer.read1(1 << 20):
                    first = first or time.monotonic() - begun
                    length += len(piece)
            took = time.monotonic() - begun
            return {"s": took, "rows": LIST_ROWS / took, "first": first, "mb": process.peak_mb(),
                    "cpu": process.cpu_seconds() - before, "length": length / 1e6}

    def driver(self):
        done = subprocess.run(
            ["taskset", "-c", common.SYSTEM_CORE, self.options.build / "sql-handwritten", "driver",
             self.postgres.url, str(LIST_ROWS)], capture_output=True, text=True, check=False)
        if done.returncode:
            die(f"the driver's loop failed:\n{done.stderr}")
        rows, values = re.fullmatch(r"rows ([\d.]+) values ([\d.]+)", done.stdout.strip()).groups()
        return {"rows": LIST_ROWS / float(rows), "values": LIST_ROWS / float(values)}

    def deep(self, process):
        """The target of the page that begins behind row 490,000, by following `Link`."""
        origin = urllib.parse.urlsplit(process.origin)
        connection = http.client.HTTPConnection(origin.hostname, origin.port, timeout=30)
        target, last = f"/api/v1/invoices?limit={WALK_PAGE}", 0
        for _ in range(DEPTH // WALK_PAGE):
            connection.request("GET", target)
            answer = connection.getresponse()
            body, link = answer.read(), answer.getheader("Link") or ""
            found = re.search(r'<([^>]*)>;\s*rel="?next"?', link)
            if answer.status != 200 or not found:
                die(f"{process.name} has no next page behind {last} rows: {answer.status} {body[:300]!r}")
            last += len(json.loads(body))
            target = found.group(1)
            if target.startswith("http"):
                target = target.removeprefix(process.origin)
        connection.close()
        if last != DEPTH:
            die(f"{process.name} walked {last} rows, not {DEPTH}")
        return target.replace(f"limit={WALK_PAGE}", f"limit={PAGE}")

    def same_answers(self, systems):
        """Refuses to go on when two systems do not say the same; numbers with all digits."""
        told = {}
        for system in systems:
            with self.start(system) as process:
                deep = self.deep(process)
                paths = {"one": ONE, "none": "/api/v1/exports/invoices?count=0", "first page": PAGES, "deep page": deep,
                         "list": "/api/v1/exports/invoices?count=1000"}
                for what, path in paths.items():
                    with urllib.request.urlopen(process.origin + path, timeout=30) as answer:
                        value = json.loads(answer.read(), parse_float=Decimal, parse_int=Decimal)
                    expected, by = told.setdefault(what, (value, system))
                    if value != expected:
                        die(f"{system} and {by} differ on {what}; nothing is measured\n"
                            f"{by}: {str(expected)[:1000]}\n{system}: {str(value)[:1000]}")
        if len(systems) > 1:
            print(f"sql: {' and '.join(systems)} give the same JSON", file=sys.stderr)

    def run(self):
        systems = self.options.systems
        rows = {system: [] for system in systems}
        rows["driver"] = []
        with Postgres(common.LOAD_CORE, common.free_port()) as self.postgres:
            print(f"sql: loading {ROWS:,} rows", file=sys.stderr)
            self.postgres.load(self.options.project / "tables.sql")
            self.same_answers(systems)
            for number in range(self.options.rounds):
                for system in systems:
                    with self.start(system) as process:
                        deep = self.deep(process)
                        self.load(process, ONE, CONNECTIONS, seconds=1)
                        row = {
                            "one": self.load(process, ONE, CONNECTIONS),
                            "page": self.load(process, PAGES, PAGE_CONNECTIONS),
                            "deep": self.load(process, deep, 1),
                        }
                    row["list"] = middle([self.list(system) for _ in range(LISTS)])
                    rows[system].append(row)
                rows["driver"].append({"driver": middle([self.driver() for _ in range(LISTS)])})
                print(f"sql: round {number + 1} of {self.options.rounds}", file=sys.stderr)
            database = self.in_the_database()
        return rows, database

    def in_the_database(self):
        """What the server itself says of the two ways to page, and of JSON made by it."""
        ordered = f"select {COLUMNS} from invoice {{}} order by issued_on, invoice_no limit {PAGE} {{}}"
        bound = self.postgres.psql(
            "select format('(%L, %s)', issued_on, invoice_no) from invoice "
            f"order by issued_on, invoice_no limit 1 offset {DEPTH - 1}").stdout.strip()
        listed = f"from (select {COLUMNS} from invoice where invoice_no <= {LIST_ROWS} order by invoice_no) t"
        megabytes = self.postgres.psql(f"select length(json_agg(t)::text) / 1e6 {listed}").stdout
        return {
            "version": self.postgres.version(),
            "offset": self.postgres.milliseconds(ordered.format("", f"offset {DEPTH}")),
            "keyset": self.postgres.milliseconds(ordered.format(f"where (issued_on, invoice_no) > {bound}", "")),
            "json_agg": self.postgres.milliseconds(f"select json_agg(t) {listed}", times=3),
            "json_mb": float(megabytes),
        }


def met(value, target, least=False):
    return "met" if (value >= target if least else value <= target) else "not met"


def verdicts(rows):
    """The targets of figleaf, and whether these rounds meet them."""
    mine = rows["figleaf"]

    def ratios(top, bottom):
        return statistics.median(t / b for t, b in zip(top, bottom))

    lines = []
    if "handwritten" in rows:
        cpu = ratios([r["one"]["cpu"] for r in mine], [r["one"]["cpu"] for r in rows["handwritten"]])
        lines.append(["one row: CPU a request, of the hand-written program's", f"at most {TARGETS['cpu']}×",
                      f"{cpu:.2f}×", met(cpu, TARGETS["cpu"])])
    peak = max(r["list"]["mb"] for r in mine)
    rate = ratios([r["list"]["rows"] for r in mine], [r["driver"]["rows"] for r in rows["driver"]])
    deep = statistics.median(r["deep"]["p50"] for r in mine)
    lines += [
        [f"{LIST_ROWS:,} rows: peak memory", f"below {TARGETS['mb']} MB", f"{peak:.0f} MB",
         met(peak, TARGETS["mb"])],
        [f"{LIST_ROWS:,} rows: rate, of the driver's counting rows",
         f"at least {TARGETS['rate']:.0%}", f"{rate:.0%}", met(rate, TARGETS["rate"], least=True)],
        [f"page behind row {DEPTH:,}: median", f"at most {TARGETS['ms']} ms", f"{deep:.2f} ms", met(deep, TARGETS["ms"])],
    ]
    return common.table(["what", "target", "here", ""], lines)


def report(rows, database, options):
    many = f"{options.rounds} rounds" if options.rounds > 1 else "1 round"
    systems = [system for system in rows if system != "driver"]
    cell, ratio = common.cell, common.ratio
    short = [[
        common.TITLES[s],
        cell(rows[s], "one", "cpu", "{:.0f}"), ratio(rows, s, "one", "cpu"),
        cell(rows[s], "one", "rate", "{:,.0f}"), cell(rows[s], "one", "p50", "{:.2f}"), cell(rows[s], "one", "p99", "{:.2f}"),
        cell(rows[s], "page", "cpu", "{:.0f}"), ratio(rows, s, "page", "cpu"),
        cell(rows[s], "deep", "p50", "{:.2f}"), cell(rows[s], "deep", "p99", "{:.2f}"),
    ] for s in systems]
    long = [[
        common.TITLES[s], cell(rows[s], "list", "s", "{:.2f}"), cell(rows[s], "list", "rows", "{:,.0f}"),
        cell(rows[s], "list", "first", "{:.3f}"), cell(rows[s], "list", "mb", "{:.0f}"),
        cell(rows[s], "list", "cpu", "{:.2f}"),
    ] for s in systems]
    long += [
        ["the driver, taking every value", "–", cell(rows["driver"], "driver", "values", "{:,.0f}"), "–", "–", "–"],
        ["the driver, counting rows", "–", cell(rows["driver"], "driver", "rows", "{:,.0f}"), "–", "–", "–"],
    ]
    others = [row[part]["others"] for s in systems for row in rows[s] for part in ("one", "page")]
    return "\n".join([
        f"Taken {common.facts()}, PostgreSQL {database['version']}; {ROWS:,} rows of seven columns.",
        "The system under test is alone on one core, PostgreSQL and wrk on the other;",
        f"{many} of {options.seconds} s windows, systems in turn; median (least–most).",
        "CPU is user and system time of the system's processes, without PostgreSQL; × is the median of the",
        f"rounds' ratios to the hand-written program. Again: `benches/sql/run`. Other work took {statistics.median(others):.0%}",
        f"of the measured core (at most {max(others):.0%}).",
        "",
        common.table(["system", f"one row, c={CONNECTIONS}: CPU µs", "×", "req/s", "p50 ms", "p99 ms",
                      f"page of {PAGE}, c={PAGE_CONNECTIONS}: CPU µs", "×",
                      f"page behind row {DEPTH:,}, c=1: p50 ms", "p99 ms"], short),
        "",
        f"One list of {LIST_ROWS:,} rows, a fresh process each time, {LISTS} times a round; peak is VmHWM, first is the time to the first byte.",
        "",
        common.table(["system", "s", "rows/s", "first s", "peak MB", "CPU s"], long),
        *(["", verdicts(rows)] if "figleaf" in rows else []),
        "",
        "In the database alone, by its own clock: the page of "
        f"{PAGE} behind row {DEPTH:,} takes {database['offset']:.0f} ms by `offset` and {database['keyset']:.2f} ms by a",
        f"comparison of rows; the list as one value of `json_agg` takes {database['json_agg']:.0f} ms and is"
        f" {database['json_mb']:.0f} MB.",
    ])


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
    unknown = [one for one in chosen.systems if one not in ("figleaf", "handwritten")]
    if unknown:
        die(f"unknown system {unknown[0]}; there are figleaf and handwritten")
    rows, database = Bench(chosen).run()
    text = report(rows, database, chosen)
    print(text)
    if chosen.publish and {"figleaf", "handwritten"} <= set(chosen.systems):
        common.publish(chosen.publish, text, MARKS)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    main()
