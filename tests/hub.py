"""A class on a hub: throw-away Unix accounts, a course, an exchange, and the hub of grader/hub on loopback."""

import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.conftest import ROOT

BIN = Path(sys.executable).parent
CONFIG = ROOT / "grader" / "hub" / "jupyterhub_config.py"
RECIPE = (ROOT / "docs" / "hub.md").read_text(encoding="utf-8")
# Lays an open folder over one that only root may enter, for this command alone, and in it what is needed of it again.
LEND = """set -e
closed=$1 needed=$2 kept=$3; shift 3
mount --bind "$needed" "$kept"
mount -t tmpfs -o mode=755 none "$closed"
mkdir -p "$needed"
mount --bind "$kept" "$needed"
exec "$@"
"""


class Class:
    """A teacher and two students, each with an account, a password and a home that nobody else can enter."""

    def __init__(self, folder):
        self.folder = folder
        tag = f"bbh{secrets.token_hex(3)}"
        self.group, self.teacher, self.right, self.wrong = (f"{tag}-{name}" for name in ("all", "teach", "ada", "bob"))
        self.passwords = {name: secrets.token_hex(16) for name in (self.teacher, self.right, self.wrong)}
        self.exchange, self.course = folder / "exchange", self.home(self.teacher) / "backprop"

    def home(self, name):
        return self.folder / "home" / name

    def admit(self):
        """Do what docs/hub.md tells the administrator."""
        hub, exchange = (_said(rf"install -d -m (\d+) /srv/{name}") for name in ("hub", "exchange"))
        for name, mode in {"home": "755", "hub": hub, "python": "755", "exchange": exchange}.items():
            (self.folder / name).mkdir()
            (self.folder / name).chmod(int(mode, 8))
        _run("groupadd", self.group)
        for name in self.passwords:
            home = ["-b", self.folder / "home", "-K", _said(r"-K (HOME_MODE=\d+)")]
            _run("useradd", "-m", *home, "-G", self.group, name)
        _run("chpasswd", input="\n".join(map(":".join, self.passwords.items())))
        shutil.copytree(ROOT / "source", self.course / "source", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
        config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
        line = 'c.Exchange.root = str(root / "course" / "exchange")'
        assert line in config
        (self.course / "nbgrader_config.py").write_text(config.replace(line, f'c.Exchange.root = "{self.exchange}"'))
        _run("chown", "-R", f"{self.teacher}:", self.course)

    def dismiss(self):
        """Remove the accounts, and what still runs for them."""
        for name in self.passwords:
            with suppress(KeyError):
                _end_all_of(pwd.getpwnam(name).pw_uid)
                _run("userdel", "-r", name, check=False)
        _run("groupdel", self.group, check=False)

    def lent(self):
        """Return the words before a command by which the accounts reach a Python that lies in a home of root's."""
        base = Path(sys.base_prefix).resolve()
        closed = [path for path in reversed(base.parents) if not path.stat().st_mode & 0o001]
        if not closed:
            return []
        lend = ["sh", "-c", LEND, "lend", closed[0], base, self.folder / "python"]
        return ["unshare", "--mount", "--propagation", "private", *lend]

    def do(self, name, *command):
        """Return what came of a command that one of them gave in their home, or the teacher in the course."""
        folder = self.course if name == self.teacher else self.home(name)
        words = [*self.lent(), "runuser", "-u", name, "--", "env", "-C", folder, *command]
        return subprocess.run(
            list(map(str, words)), env=_environment(self.home(name)), capture_output=True, text=True, timeout=300
        )


def _said(pattern):
    """Return what docs/hub.md says, the same each time."""
    (value,) = set(re.findall(pattern, RECIPE))
    return value


def _environment(home, **more):
    """Return the environment of a new login, in which this Python's commands come first."""
    kept = {key: os.environ[key] for key in ("PYTHONPATH", "LANG") if key in os.environ}
    return {**kept, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}", "HOME": str(home), **more}


def _run(*command, input=None, check=True):
    return subprocess.run(list(map(str, command)), input=input, check=check, capture_output=True, text=True, timeout=60)


def _end_all_of(uid):
    """End what an account that is ours alone still runs, process by process."""
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):
            if entry.stat().st_uid == uid:
                os.kill(int(entry.name), signal.SIGKILL)


@contextmanager
def class_of_two():
    """Give a Class that has been admitted, and leave nothing of it."""
    folder = Path(tempfile.mkdtemp(prefix="backprop-hub-"))
    folder.chmod(0o755)
    them = Class(folder)
    try:
        them.admit()
        yield them
    finally:
        them.dismiss()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def hub_of(them, longest=60):
    """Run the hub of the recipe for a Class; give its address and its log."""
    port, *others = _free_ports(3)
    address, log = f"http://127.0.0.1:{port}", them.folder / "hub" / "log.txt"
    words = [
        *(*them.lent(), sys.executable, "-m", "jupyterhub", "-f", CONFIG),
        f"--JupyterHub.bind_url={address}",
        f"--JupyterHub.hub_port={others[0]}",
        f"--ConfigurableHTTPProxy.api_url=http://127.0.0.1:{others[1]}",
    ]
    ours = {"HUB_GROUP": them.group, "HUB_INSTRUCTORS": them.teacher, "HUB_EXCHANGE": str(them.exchange)}
    with log.open("w") as out:
        hub = subprocess.Popen(
            list(map(str, words)),
            cwd=log.parent,
            env=_environment(log.parent, **ours),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + longest
        while "JupyterHub is now running" not in log.read_text():
            assert hub.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        yield address, log
    finally:
        _stop(hub)


def _free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _stop(hub):
    """Let the hub end the servers and its proxy, for which it takes some seconds; else end them all."""
    hub.terminate()
    with suppress(subprocess.TimeoutExpired):
        hub.wait(60)
    with suppress(ProcessLookupError):
        os.killpg(hub.pid, signal.SIGKILL)
    hub.wait()
