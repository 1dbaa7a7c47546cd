"""Imports one contract over HTTP with figleaf, serves it, and calls every operation through REST.

Each case of a cases file names an operation, its arguments and the answer, all as JSON. Where an
operation is found and how its arguments travel is read from the facade's own OpenAPI document.
Numbers are compared as they are written: 33.00 is not 33.0. Standard library only.

What `import` leaves to a person, the parts of a SOAP header, is under `feeds`: the line of `in:` that
the person would write. `headers` are those of the HTTP request. `violations` is how often the answer
deviates from the contract: by the facade's log, and 0 where nothing is said.
"""

import argparse
import hashlib
import http.client
import json
import pathlib
import re
import signal
import subprocess
import sys
import time
import urllib.parse

START_SECONDS_MAX = 30
CALL_SECONDS_MAX = 30
IMPORT_SECONDS_MAX = 120
POLL_SECONDS = 0.05
LISTENING = "listening on "
ACCEPTED = 202
METHODS = ("get", "put", "post", "delete", "patch")


class Failed(Exception):
    """One check did not hold."""


class Number(str):
    """A JSON number as it was written."""


def read_json(text):
    return json.loads(text, parse_int=Number, parse_float=Number, parse_constant=Number)


def write_json(value):
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        members = (f"{json.dumps(key)}:{write_json(one)}" for key, one in value.items())
        return "{" + ",".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(write_json, value)) + "]"
    return json.dumps(value)


def difference(expected, got, place=""):
    """The first place where two values differ, or None. Member order has no meaning."""
    where = place or "/"
    if type(expected) is not type(got):
        return f"{where}: expected {write_json(expected)}, got {write_json(got)}"
    if isinstance(expected, dict):
        for key in expected.keys() | got.keys():
            if key not in got:
                return f"{where}: `{key}` is missing"
            if key not in expected:
                return f"{where}: `{key}` is not expected: {write_json(got[key])}"
            found = difference(expected[key], got[key], f"{place}/{key}")
            if found:
                return found
        return None
    if isinstance(expected, list):
        if len(expected) != len(got):
            return f"{where}: expected {len(expected)} items, got {len(got)}"
        pairs = enumerate(zip(expected, got))
        return next((d for i, (a, b) in pairs if (d := difference(a, b, f"{place}/{i}"))), None)
    if expected != got:
        return f"{where}: expected {write_json(expected)}, got {write_json(got)}"
    return None


class Api:
    """The OpenAPI document, by operation of the contract."""

    def __init__(self, document):
        self.document = document
        self.operations = {}
        for path, item in document.get("paths", {}).items():
            for method in METHODS:
                if method in item:
                    operation = item[method]
                    shared = item.get("parameters", [])
                    self.operations[name_of(operation)] = (method.upper(), path, operation, shared)

    def resolve(self, schema):
        seen = 0
        while "$ref" in schema and seen < 32:
            seen += 1
            node = self.document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                node = node[step.replace("~1", "/").replace("~0", "~")]
            schema = node
        return schema

    def request(self, name, arguments):
        """Method, target and body of a call."""
        if name not in self.operations:
            raise Failed(f"`{name}` is not in the OpenAPI document")
        method, path, operation, shared = self.operations[name]
        rest, query = dict(arguments), []
        for parameter in map(self.resolve, shared + operation.get("parameters", [])):
            key = parameter["name"]
            if key not in rest or parameter["in"] not in ("path", "query"):
                continue
            value = rest.pop(key)
            text = value if isinstance(value, str) else write_json(value)
            if parameter["in"] == "path":
                path = path.replace("{" + key + "}", urllib.parse.quote(text, safe=""))
            else:
                query.append((key, text))
        if "{" in path:
            raise Failed(f"no argument for a parameter of {path}")
        target = path + ("?" + urllib.parse.urlencode(query) if query else "")
        return method, target, self.body(operation, rest)

    def body(self, operation, rest):
        if "requestBody" not in operation:
            if rest:
                raise Failed(f"nothing takes the arguments {sorted(rest)}")
            return None
        content = self.resolve(operation["requestBody"])["content"]["application/json"]
        known = self.resolve(content.get("schema", {})).get("properties", {})
        # `body: member` in the mapping makes the one member the whole body.
        if len(rest) == 1 and next(iter(rest)) not in known:
            rest = next(iter(rest.values()))
        return write_json(rest).encode()


def name_of(operation):
    """`x-figleaf-operation` is `backend.Operation`; without it, the operationId."""
    name = operation.get("x-figleaf-operation") or operation.get("operationId") or ""
    if isinstance(name, dict):
        return name["operation"]
    return name.rpartition(".")[2]


def exchange(origin, method, target, body=None, more=None):
    headers = {"Accept": "application/json", **(more or {})}
    if body is not None:
        headers["Content-Type"] = "application/json"
    url = urllib.parse.urlsplit(origin)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=CALL_SECONDS_MAX)
    try:
        connection.request(method, target, body=body, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers.get("Content-Type", ""), answer.read().decode()
    finally:
        connection.close()


def check_case(api, origin, case):
    name = case["operation"]
    method, target, body = api.request(name, case["args"])
    if case.get("method", method) != method:
        raise Failed(f"expected {case['method']}, the mapping proposes {method} {target}")
    status, media, text = exchange(origin, method, target, body, case.get("headers"))
    told = f"{method} {target} -> {status} {text[:600]}"
    expected = int(case.get("status", 200))
    # A POST that makes something may say 201.
    if status != expected and not (expected == 200 and status == 201 and method == "POST"):
        raise Failed(f"expected {expected}: {told}")
    if expected == ACCEPTED:
        if text:
            raise Failed(f"expected no body: {told}")
        return
    try:
        got = read_json(text)
    except ValueError as error:
        raise Failed(f"not JSON ({error}): {told}") from error
    if "answer" in case:
        found = difference(case["answer"], got)
        if found or not media.startswith("application/json"):
            raise Failed(f"{found or media}\n       {told}")
        return
    if not media.startswith("application/problem+json"):
        raise Failed(f"expected a problem, got {media}: {told}")
    for key, value in case["problem"].items():
        found = difference(value, got.get(key), f"/{key}")
        if found:
            raise Failed(f"{found}\n       {told}")


def figleaf(binary, project, *arguments, expect=0):
    done = subprocess.run(
        [binary, *arguments], cwd=project, capture_output=True, text=True, check=False,
        stdin=subprocess.DEVNULL, timeout=IMPORT_SECONDS_MAX,
    )
    if done.returncode != expect:
        said = (done.stdout + done.stderr).strip()
        raise Failed(f"`figleaf {' '.join(arguments)}` ended with {done.returncode}:\n{said}")
    return done.stdout


def contents(project):
    return {
        str(path.relative_to(project)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(project.rglob("*")) if path.is_file()
    }


class Serving:
    """`figleaf serve` on a free port, for as long as the block lasts."""

    def __init__(self, binary, project, log, *options):
        self.command = [binary, "serve", "--listen", "127.0.0.1:0", *options]
        self.project, self.log = project, log

    def __enter__(self):
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                self.command, cwd=self.project, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT,
            )
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            for line in self.log.read_text().splitlines(keepends=True):
                if LISTENING in line and line.endswith("\n"):
                    return line.split(LISTENING, 1)[1].split()[0].rstrip("/")
            if self.process.poll() is not None:
                break
            time.sleep(POLL_SECONDS)
        self.__exit__()
        raise Failed(f"`figleaf serve` did not say `{LISTENING}…`:\n{self.log.read_text()}")

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(START_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Tally:
    def __init__(self, contract):
        self.contract, self.passed, self.failed = contract, 0, 0

    def __call__(self, title, check):
        """Runs one check; its value, or None where it failed."""
        try:
            value = check()
        except (Failed, OSError, ValueError, KeyError, http.client.HTTPException,
                subprocess.TimeoutExpired) as error:
            self.failed += 1
            print(f"FAILED {self.contract}: {title}\n       {type(error).__name__}: {error}")
            return None
        self.passed += 1
        print(f"ok     {self.contract}: {title}")
        return True if value is None else value


def check_verdicts(output, wanted):
    verdicts = {one["operation"]: one["verdict"] for one in json.loads(output)["operations"]}
    if verdicts.keys() != wanted:
        raise Failed(f"expected {sorted(wanted)}, got {sorted(verdicts)}")
    refused = sorted(name for name, verdict in verdicts.items() if verdict == "refused")
    if refused:
        raise Failed(f"refused: {refused}")


def check_again(binary, project, wsdl):
    before = contents(project)
    figleaf(binary, project, "import", wsdl)
    after = contents(project)
    changed = sorted(k for k in before.keys() | after.keys() if before.get(k) != after.get(k))
    if changed:
        raise Failed(f"importing twice changed {changed}")


def feed(project, cases):
    """Adds the lines of `feeds` to the routes of their operations."""
    feeds = {case["operation"]: case["feeds"] for case in cases if "feeds" in case}
    for mapping in sorted((project / "mappings").glob("*.yaml")):
        lines = []
        left = mapping.read_text(encoding="utf-8").splitlines()
        while left:
            lines.append(left.pop(0))
            soap = lines[-1].strip().startswith("soap: ")
            fed = soap and feeds.pop(lines[-1].rpartition(".")[2], None)
            if fed:
                if left and left[0] == "    in:":
                    left.pop(0)
                lines += ["    in:", *(f"      {path}: {source}" for path, source in fed.items())]
        mapping.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if feeds:
        raise Failed(f"no route to feed for {sorted(feeds)}")


def check_nothing_written(project):
    if contents(project):
        raise Failed(f"--dry-run wrote {sorted(contents(project))}")


def check_violations(log, cases):
    expected, got = {}, {}
    for case in cases:
        name, count = case["operation"], int(case.get("violations", 0))
        expected[name] = expected.get(name, 0) + count
    for name in re.findall(r'operation="(\w+)".* code="violation-', log.read_text(encoding="utf-8")):
        got[name] = got.get(name, 0) + 1
    wrong = {k: v for k, v in expected.items() if got.get(k, 0) != v}
    if wrong:
        raise Failed(f"expected {wrong}, got {({k: got.get(k, 0) for k in wrong})}; see {log}")


def served(tally, origin, cases, wanted):
    status, _, text = exchange(origin, "GET", "/openapi.json")
    if status != 200:
        raise Failed(f"GET /openapi.json -> {status} {text[:600]}")
    api = Api(json.loads(text))

    def same_operations():
        if api.operations.keys() != wanted:
            raise Failed(f"expected {sorted(wanted)}, got {sorted(api.operations)}")

    tally("the OpenAPI document has every operation of the contract", same_operations)
    for case in cases:
        tally(f"{case['operation']}: {case['case']}", lambda: check_case(api, origin, case))


def all_answers(origin, cases):
    """What every case gets: status, media type and body, as they are."""
    api = Api(json.loads(exchange(origin, "GET", "/openapi.json")[2]))
    answers = []
    for case in cases:
        method, target, body = api.request(case["operation"], case["args"])
        status, media, text = exchange(origin, method, target, body, case.get("headers"))
        if media.startswith("application/problem+json"):
            # Whose request it was is another each time.
            text = re.sub(r'"correlationId":"[^"]*"', "", text)
        answers.append((f"{case['operation']}: {case['case']}: {method} {target}", status, media, text))
    return answers


def unplug(project):
    """Sends every call nowhere: port 9 discards, and nobody listens there."""
    for mapping in sorted((project / "mappings").glob("*.yaml")):
        text = mapping.read_text(encoding="utf-8")
        text, count = re.subn(r"(?m)^(    url: ).*$", r"\1http://127.0.0.1:9/", text)
        if not count:
            text = re.sub(r"(?m)^(    soap: .*\.wsdl.*)$", r"\1\n    url: http://127.0.0.1:9/", text)
        mapping.write_text(text, encoding="utf-8")


def check_same(recorded, replayed):
    wrong = [f"{a[0]}\n       recorded {a[1:]}\n       replayed {b[1:]}"
             for a, b in zip(recorded, replayed) if a != b]
    if wrong:
        raise Failed(f"{len(wrong)} of {len(recorded)} differ:\n       " + "\n       ".join(wrong))


def replayed(tally, binary, project, cases):
    """Records every case, takes the service away, and asks for the same again."""
    log = project.with_suffix(".record.log")
    with Serving(binary, project, log, "--record=all") as origin:
        recorded = all_answers(origin, cases)
    unplug(project)
    log = project.with_suffix(".replay.log")
    with Serving(binary, project, log, "--replay") as origin:
        again = all_answers(origin, cases)
    tally("replayed without the service, every answer is the same, byte for byte",
          lambda: check_same(recorded, again))
    tally("verify", lambda: figleaf(binary, project, "verify") or True)
    tally("no secret is in the fixtures", lambda: figleaf(binary, project, "fixtures", "lint") or True)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--figleaf", required=True, help="the binary")
    options.add_argument("--wsdl", required=True, help="where the contract is published")
    options.add_argument("--cases", required=True, type=pathlib.Path)
    options.add_argument("--title", help="what to call it in the output")
    options.add_argument("--project", required=True, type=pathlib.Path, help="an empty folder")
    chosen = options.parse_args()
    cases = read_json(chosen.cases.read_text(encoding="utf-8"))
    wanted = {case["operation"] for case in cases}
    binary, project, wsdl = chosen.figleaf, chosen.project, chosen.wsdl
    tally = Tally(chosen.title or chosen.cases.stem)

    dry = ("import", wsdl, "--dry-run", "--format", "json")
    tally("import --dry-run gives each operation a verdict, none refused, and the cases name all",
          lambda: check_verdicts(figleaf(binary, project, *dry), wanted))
    tally("import --dry-run writes nothing", lambda: check_nothing_written(project))
    if tally("import", lambda: figleaf(binary, project, "import", wsdl) or True):
        tally("importing twice changes nothing", lambda: check_again(binary, project, wsdl))
        if any("feeds" in case for case in cases):
            tally("header parts are fed", lambda: feed(project, cases))
        tally("check", lambda: figleaf(binary, project, "check") or True)

        def serve():
            log = project.with_suffix(".serve.log")
            with Serving(binary, project, log) as origin:
                served(tally, origin, cases, wanted)
            tally("violations of the contract are those of the cases", lambda: check_violations(log, cases))

        tally("serve", serve)
        tally("record and replay", lambda: replayed(tally, binary, project, cases))
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    # Ends `figleaf serve` too when the run is stopped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sys.exit(main())
