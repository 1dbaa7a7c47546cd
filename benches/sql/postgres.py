"""A PostgreSQL of our own: found as the tests find it, gone with the block. Standard library only."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

UNPRIVILEGED = 65534
START_SECONDS_MAX = 60
SETTINGS = """
fsync = off
full_page_writes = off
synchronous_commit = off
shared_buffers = 256MB
max_connections = 100
autovacuum = off
jit = off
listen_addresses = '127.0.0.1'
"""


def die(message):
    sys.exit(f"sql: {message}")


def programs():
    """The folder of initdb and postgres: PATH, pg_config, where distributions put them."""
    folders = [pathlib.Path(one) for one in os.environ.get("PATH", "").split(":") if one]
    if shutil.which("pg_config"):
        said = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        folders.append(pathlib.Path(said.stdout.strip() or "."))
    installed = [*pathlib.Path("/usr/lib/postgresql").glob("*/bin"), *pathlib.Path("/usr").glob("pgsql-*/bin")]
    folders += sorted(installed, key=lambda path: -int(re.sub(r"\D", "", path.parent.name) or 0))
    for folder in folders:
        if all((folder / name).is_file() for name in ("initdb", "postgres", "psql")):
            return folder
    return die("no initdb, postgres and psql on this machine")


class Postgres:
    """One server with one database, on one core."""

    def __init__(self, core, port):
        self.core, self.port, self.programs = core, port, programs()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="figleaf-sql-"))
        self.server = None
        self.user = {"user": UNPRIVILEGED, "group": UNPRIVILEGED, "extra_groups": []} if os.getuid() == 0 else {}
        if self.user:
            os.chown(self.folder, UNPRIVILEGED, UNPRIVILEGED)
        self.url = f"postgres://postgres@127.0.0.1:{port}/postgres?sslmode=disable"

    def __enter__(self):
        try:
            data = self.folder / "data"
            self.call("initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "--locale=C", "--encoding=UTF8")
            with (data / "postgresql.conf").open("a") as settings:
                settings.write(SETTINGS)
            with (self.folder / "log").open("w") as log:
                self.server = subprocess.Popen(
                    ["taskset", "-c", self.core, self.programs / "postgres", "-D", data, "-k", self.folder,
                     "-p", str(self.port)],
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, **self.user)
            deadline = time.monotonic() + START_SECONDS_MAX
            while self.psql("select 1", check=False).returncode:
                if time.monotonic() > deadline or self.server.poll() is not None:
                    die(f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}")
                time.sleep(0.05)
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        if self.server and self.server.poll() is None:
            self.server.terminate()
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                self.server.kill()
                self.server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, name, *arguments, check=True):
        done = subprocess.run([self.programs / name, *map(str, arguments)], capture_output=True, text=True,
                              cwd=self.folder, check=False, **self.user)
        if check and done.returncode:
            die(f"{name} failed:\n{done.stdout}{done.stderr}")
        return done

    def psql(self, statements, check=True):
        return self.call("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-c", statements, check=check)

    def load(self, path):
        """Runs the statements of a file."""
        for statement in re.split(r";\s*\n", path.read_text()):
            if statement.strip():
                self.psql(statement)

    def version(self):
        return self.psql("show server_version").stdout.strip()

    def milliseconds(self, statement, times=5):
        """The median of what the server itself says a statement took."""
        runs = []
        for _ in range(times):
            said = self.psql(f"explain (analyze, timing off, costs off) {statement}").stdout
            runs.append(float(re.search(r"Execution Time: ([\d.]+) ms", said).group(1)))
        return sorted(runs)[times // 2]
