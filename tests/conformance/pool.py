"""Contracts side by side: one process for each, with a limit on its time and memory.

A process of its own can be ended in the middle of a compilation by libxml2, which no exception
reaches, and gives its memory back when it is done.
"""

import multiprocessing
import os
import resource
import sys
import time
import traceback

from contract.names import BrokenContract

MEMORY_BYTES_MAX = 4 << 30
SECONDS_MAX = 180
POLL_SECONDS = 0.02
REPORT_EVERY = 50


def each(rows, work, processes=None, what="contracts"):
    """Calls `work(row)` for every row; yields the row, its result, and what went wrong (None when
    nothing did), in the order they end."""
    waiting, running, done, began = list(rows), {}, 0, time.monotonic()
    total, processes = len(waiting), processes or os.cpu_count() or 2
    waiting.reverse()
    try:
        while waiting or running:
            while waiting and len(running) < processes:
                _start(running, waiting.pop(), work)
            for process in list(running):
                outcome = _finished(process, *running[process])
                if outcome is None:
                    continue
                del running[process]
                done += 1
                _progress(done, total, began, what)
                yield outcome
            time.sleep(POLL_SECONDS)
    finally:
        for process in running:
            process.kill()
            process.join()


def _start(running, row, work):
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=_run, args=(work, row, sender), daemon=True)
    process.start()
    sender.close()
    running[process] = (row, receiver, time.monotonic())


def _run(work, row, sender):
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    sys.setrecursionlimit(5000)
    try:
        sender.send((work(row), None))
    except BrokenContract as error:
        sender.send((None, f"broken contract: {error}"))
    except MemoryError:
        sender.send((None, f"more than {MEMORY_BYTES_MAX >> 20} MiB"))
    except Exception:
        sender.send((None, "defect of the judge: " + traceback.format_exc()))


def _finished(process, row, receiver, since):
    if receiver.poll():
        try:
            result, problem = receiver.recv()
        except EOFError:
            result, problem = None, "its process broke off"
        process.join()
        return row, result, problem
    if not process.is_alive():
        process.join()
        if receiver.poll():
            return None
        return row, None, f"its process ended with {process.exitcode}"
    if time.monotonic() - since > SECONDS_MAX:
        process.kill()
        process.join()
        print(f"conformance: {row['id']} took more than {SECONDS_MAX} s", file=sys.stderr)
        return row, None, f"more than {SECONDS_MAX} s"
    return None


def _progress(done, total, began, what):
    seconds = time.monotonic() - began
    line = f"conformance: {done}/{total} {what}, {seconds:.0f} s"
    if sys.stderr.isatty():
        print("\r" + line, end="\n" if done == total else "", file=sys.stderr, flush=True)
    elif done % REPORT_EVERY == 0 or done == total:
        print(line, file=sys.stderr, flush=True)
