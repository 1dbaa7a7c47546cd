"""The judge's half of the conformance run; `run` calls its steps in order.

    main.py generate|judge-requests|judge-answers|report --corpus DIR --out DIR [--only ID]...
"""

import argparse
import functools
import json
import pathlib
import shutil
import signal
import sys
import tempfile

import pool
import report
from contract.case import Case
from contract.files import rows
from instances import generate as generator
from verdicts import answers, requests


def main():
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("step", choices=sorted(STEPS))
    parser.add_argument("--corpus", required=True, type=pathlib.Path)
    parser.add_argument("--out", required=True, type=pathlib.Path)
    parser.add_argument("--only", action="append", default=[], metavar="ID")
    parser.add_argument("--sample", type=int, metavar="N", help="every so many contracts, N in all")
    arguments = parser.parse_args()
    # So that the processes of the pool are ended with this one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    chosen = list(rows(arguments.corpus, arguments.only))
    if arguments.sample:
        chosen = chosen[:: max(1, len(chosen) // arguments.sample)][: arguments.sample]
    return STEPS[arguments.step](arguments, chosen)


def lines(path):
    """The objects of a file of JSON lines; None where there is no file."""
    if not path.is_file():
        return None
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def write(path, found):
    """Writes JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        for line in found:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


def _with_case(arguments, row, work):
    folder = tempfile.mkdtemp(prefix="schemas-", dir=arguments.out)
    try:
        return work(Case(arguments.corpus, row, folder), row)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def generate(arguments, chosen):
    """Writes `answers/`."""
    arguments.out.mkdir(parents=True, exist_ok=True)

    def one(case, row):
        asked = lines(arguments.out / "requests" / f"{row['id']}.jsonl")
        found = list(generator.answers(case, asked))
        write(arguments.out / "answers" / f"{row['id']}.jsonl", found)
        return [(len(line["envelopes"]), line["failed"], line["operation"]) for line in found]

    work = functools.partial(_with_case, arguments, work=one)
    total = made = envelopes = 0
    problems = []
    for row, result, problem in pool.each(chosen, work, what="contracts answered"):
        if problem:
            problems.append((row["id"], "", problem))
            continue
        for count, failed, operation in result:
            total += 1
            made += count > 0
            envelopes += count
            problems += [(row["id"], operation, why) for why in failed]
    write(arguments.out / "generate-problems.jsonl",
          [dict(zip(("id", "operation", "why"), one)) for one in problems])
    print(f"conformance: {made} of {total} operations have an answer, {envelopes} envelopes",
          file=sys.stderr)
    return 0


def judge_requests(arguments, chosen):
    """Writes `verdicts/requests-ID.jsonl`."""
    def one(case, row):
        asked = lines(arguments.out / "requests" / f"{row['id']}.jsonl")
        found = [requests.verdict(case, line) for line in asked or []]
        for line in found:
            line["engine"], line["why"] = case.validator.engine, case.validator.why
        return found

    return _judge(arguments, chosen, functools.partial(_with_case, arguments, work=one),
                  "requests")


def _judge(arguments, chosen, work, what):
    good = bad = refused = 0
    for row, found, problem in pool.each(chosen, work, what=f"contracts, {what} judged"):
        if problem:
            asked = lines(arguments.out / "requests" / f"{row['id']}.jsonl") or []
            found = [{**{key: line.get(key) for key in ("service", "port", "operation",
                                                        "input_name", "style", "use", "refused")},
                      "ok": False, "reason": "not judged", "detail": problem} for line in asked]
        write(arguments.out / "verdicts" / f"{what}-{row['id']}.jsonl", found)
        good += sum(line["ok"] is True for line in found)
        bad += sum(line["ok"] is False for line in found)
        refused += sum(line["ok"] is None for line in found)
    print(f"conformance: {what}: {good} right, {bad} wrong, {refused} left out", file=sys.stderr)
    return 0


def judge_answers(arguments, chosen):
    """Writes `verdicts/answers-ID.jsonl`."""
    def one(row):
        made = lines(arguments.out / "answers" / f"{row['id']}.jsonl")
        decoded = lines(arguments.out / "decoded" / f"{row['id']}.jsonl")
        return list(answers.verdicts(made or [], decoded))

    return _judge(arguments, chosen, one, "answers")


def make_report(arguments, chosen):
    """Writes `report.md` and prints it; fails below the bar."""
    tally = report.Tally()
    for row in chosen:
        judged = {}
        for line in lines(arguments.out / "verdicts" / f"answers-{row['id']}.jsonl") or []:
            judged.setdefault(_key(line), line)
        asked = lines(arguments.out / "verdicts" / f"requests-{row['id']}.jsonl") or []
        for line in asked:
            tally.operation(row["id"], line, judged.get(_key(line)))
        if asked:
            tally.engine(row["id"], asked[0].get("engine", "none"), asked[0].get("why"))
    text = report.markdown(tally)
    (arguments.out / "report.md").write_text(text, encoding="utf-8")
    print(text)
    right, wrong = tally.both, tally.operations - tally.both
    print(f"{right} passed, {wrong} failed")
    partly = arguments.only or arguments.sample
    return 0 if (wrong == 0 if partly else tally.passed()) else 1


def _key(line):
    return tuple(line.get(key) for key in answers.KEYS)


def chosen_ids(_, chosen):
    """Prints the contracts chosen as options of the Rust driver, one word a line."""
    for row in chosen:
        print("--only", row["id"], sep="\n")
    return 0


STEPS = {"chosen": chosen_ids, "generate": generate, "judge-requests": judge_requests,
         "judge-answers": judge_answers, "report": make_report}

if __name__ == "__main__":
    sys.exit(main())
