"""A real PostgreSQL server for a test: its own, in a folder of its own, on a socket that nobody else sees."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

PATIENCE = 60  # seconds for the server to start or to stop


def missing():
    """Return what is missing for a test with PostgreSQL, or None."""
    if not programs():
        return "no PostgreSQL server here: make postgresql installs it where that takes one command"
    if not find_spec("psycopg"):
        return "no psycopg here, the driver of PostgreSQL: make test installs it"
    return None


def programs():
    """Return the folder of PostgreSQL's programs, the newest one's, or None: Debian keeps them off the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    path = found[-1] if found else shutil.which("initdb")
    return Path(path).parent if path else None


class Server:
    """A server that runs."""

    def __init__(self, folder, process):
        self.folder, self.process, self._numbers = folder, process, count(1)

    def database(self):
        """Return the address of a new, empty database."""
        import psycopg

        name = f"course{next(self._numbers)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.address(name)

    def address(self, name):
        return f"postgresql://grader@/{name}?host={self.folder}"

    def stop(self):
        self.process.send_signal(signal.SIGINT)  # a fast shutdown
        self.process.wait(PATIENCE)


@contextmanager
def server():
    """Run a server, as user postgres where we are root, which it refuses to be; it ends with this process."""
    folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
    user = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=QUIT"]
    command = [*user, programs() / "initdb", "--auth=trust", "--username=grader", "--encoding=UTF8", "--no-sync"]
    subprocess.run([*command, folder / "data"], check=True, capture_output=True, cwd="/")
    options = ["-D", folder / "data", "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen([*user, programs() / "postgres", *options], stdout=log, stderr=log, cwd="/")
    running = Server(folder, process)
    try:
        _wait_for(running)
        yield running
    finally:
        if process.poll() is None:
            running.stop()
        shutil.rmtree(folder)


def _wait_for(running):
    import psycopg

    end = time.monotonic() + PATIENCE
    while True:
        try:
            return psycopg.connect(running.address("postgres")).close()
        except psycopg.OperationalError:
            log = (running.folder / "log").read_text()
            assert running.process.poll() is None, f"PostgreSQL did not start: {log}"
            assert time.monotonic() < end, log
            time.sleep(0.1)
