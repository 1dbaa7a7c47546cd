"""The measuring half of benches/shadow/run. Standard library only.

Rounds go off, stalled, off, answering, …: a ratio compares a window with the mean of the two `off`
windows of its round, and the second of these beside the first tells how much the machine itself
moves. The median over rounds is reported.
"""

import argparse
import asyncio
import datetime
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
from open_loop import Process, cpu, load, median, publish, ratio, rest  # noqa: E402

WARM_SECONDS = 3
KNOWN = 1_000
FIRST = 1_000_000
STALLED_SECONDS = 30
MARKS = ("<!-- shadow:begin -->", "<!-- shadow:end -->")
SAID = {
    "off": "stage `legacy`: shadow off",
    "stalled": f"stage `shadow`, the candidate stalls for {STALLED_SECONDS} s",
    "again": "shadow off again: what the machine itself does",
    "answering": "stage `shadow`, the candidate answers at once, every answer compared",
}
MAPPING = """\
figleaf: 1
api: load
version: v1
title: The orders of the shadow run

backends:
  stub:
    soap: {wsdl}
    url: {stub}
    timeout: {{ connect: 1s, total: 60s }}
    limits: {{ in_flight: 512 }}
  next:
    http: {candidate}
    timeout: {{ connect: 1s, total: 60s }}

routes:
  GET /orders/{{orderId}}:
    soap: stub.GetOrder
    candidate: {{ http: next, path: "{path}" }}
    stage: {stage}
    shadow: {{ timeout: {seconds}s }}
"""


async def stall():
    """Takes every connection and says nothing."""

    async def hold(_, writer):
        await asyncio.sleep(STALLED_SECONDS)
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    print("listening on http://%s:%d" % server.sockets[0].getsockname(), flush=True)
    await server.serve_forever()


def measure(options, processes):
    for process in processes.values():
        load(options, process, WARM_SECONDS, FIRST, KNOWN)
    rows = []
    for number in range(options.rounds):
        row = {}
        for name, process in processes.items():
            # The one before may still compare; calls that stall take no time of the machine.
            for other in processes.values():
                rest(other)
            row[name] = load(options, process, options.seconds, FIRST, KNOWN)
        both = [row["off"][figure] + row["again"][figure] for figure in ("p50", "p99")]
        row["both"] = {"p50": both[0] / 2, "p99": both[1] / 2}
        rows.append(row)
        shown = "  ".join(f"{name} p50 {of['p50']} p99 {of['p99']}" for name, of in row.items() if name != "both")
        print(f"shadow: round {number + 1}: {shown} µs", file=sys.stderr)
    return rows


def table(options, rows):
    lines = [
        f"Measured on {datetime.date.today()}, {os.cpu_count()} cores of {cpu()}, "
        f"{options.rounds} rounds of {options.seconds} s, {options.rate} requests a second in an open "
        "loop; figleaf, the legacy system, the candidate and the load all share the two cores. "
        "Again: `benches/shadow/run`.",
        "",
        "| | p50 | p99 | p50 : shadow off | p99 : shadow off, median of rounds |",
        "|---|---|---|---|---|",
    ]
    for name, said in SAID.items():
        times = f"{median(rows, name, 'p50'):.2f} ms | {median(rows, name, 'p99'):.2f} ms"
        told = "| "
        if name != "off":
            base = "off" if name == "again" else "both"
            p50, *_ = ratio(rows, "p50", name, base)
            middle, least, most = ratio(rows, "p99", name, base)
            told = f"{p50:.3f} | {middle:.3f} ({least:.2f}–{most:.2f})"
        lines.append(f"| {said} | {times} | {told} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser()
    for name in ("rounds", "seconds", "rate"):
        parser.add_argument(f"--{name}", type=int, required=True)
    for name in ("figleaf", "build", "work", "project"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--publish", type=pathlib.Path)
    options = parser.parse_args()

    def serve(name, stub, stage, candidate, path):
        file = options.work / f"{name}.yaml"
        wsdl = os.path.relpath(options.project / "wsdl/orders/OrderService.wsdl", options.work)
        file.write_text(
            MAPPING.format(
                wsdl=wsdl, stub=f"http://{stub}/orders", candidate=f"http://{candidate}", path=path,
                stage=stage, seconds=STALLED_SECONDS,
            )
        )
        command = [options.figleaf, "serve", "--listen", "127.0.0.1:0", "--console", "off",
                   "--mappings", file, "--no-watch", "--log-level", "error"]
        return Process(name, command, options.work)

    stub_command = [options.build / "load-stub", "127.0.0.1:0"]
    stall_command = [sys.executable, pathlib.Path(__file__), "--stall"]
    orders, any_path = "/api/v1/orders/{orderId}", "/{orderId}"
    with Process("stub", stub_command, options.work) as stub, \
            Process("stall", stall_command, options.work) as stalls, \
            serve("off", stub.origin, "legacy", stalls.origin, any_path) as off, \
            serve("candidate", stub.origin, "legacy", stalls.origin, any_path) as candidate, \
            serve("stalled", stub.origin, "shadow", stalls.origin, any_path) as stalled, \
            serve("answering", stub.origin, "shadow", candidate.origin, orders) as answering:
        processes = {"off": off, "stalled": stalled, "again": off, "answering": answering}
        rows = measure(options, processes)
    text = table(options, rows)
    print(text)
    if options.publish:
        publish(options.publish, MARKS, text)


if __name__ == "__main__":
    if sys.argv[1:] == ["--stall"]:
        asyncio.run(stall())
    else:
        main()
