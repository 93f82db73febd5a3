"""Runs students' notebooks: the only program of the course in which student code runs.

It stands alone, beside a copy of ``helpers`` that holds no answers. It imports once what notebooks import, then forks
for each notebook a child that enters a sandbox and confines itself before it runs anything of a student's.
The grader hands over a channel for each notebook; on it go requests and replies, a line of JSON each. A child knows no
test, no expected output, no reference implementation: what it replies is a claim of the student's, which the grader
decodes strictly and judges.

    {"id", "do": "start", "seconds", "memory", "files", "filter", "beside"}  -> {"id", "ready"}
    {"id", "do": "run", "source", "seconds", "room"}                         -> {"id", "outputs", "count", "failed"}
    {"id", "do": "ask", "name", "kind", "given", "case", "seconds"}          -> {"id", "answer"} or {"id", "undefined"}

For each notebook the grader sends the command that opens a sandbox, a channel, and a lifeline: when the grader cuts it,
or ends, the sandbox ends with all that is in it.
"""

import asyncio
import ctypes
import gc
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
from base64 import b64decode

PR_SET_DUMPABLE, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 4, 22, 2
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, CAPABILITY_VERSION_3 = 24, 38, 0x20080522
NAMESPACES = {  # name in /proc: flag of setns
    "user": 0x10000000,
    "mnt": 0x00020000,
    "pid": 0x20000000,
    "net": 0x40000000,
    "ipc": 0x08000000,
    "uts": 0x04000000,
    "cgroup": 0x02000000,
}
# What notebooks do first, so that a child need not: imports, a figure, a traceback. Nothing of anybody's.
WARMING = (
    "import numpy as np, sympy as sp, matplotlib.pyplot as plt\nimport helpers.plots.drawing, helpers.equations\n"
    "sp.simplify(sp.diff(sp.Symbol('x') ** 2, sp.Symbol('x')))\nplt.plot([0, 1])\nplt.show()",
    "from helpers.asking import ask\nfrom helpers.reference import ACTIVATIONS\n"
    "def lines(w, x, f, f_prime, z):\n"
    "    return [sp.diff(f(z), z) * x, sp.Derivative(f(z), w), sp.Matrix([[f_prime(z) * x]])[0], sp.tanh(z) / x]\n"
    "ask('derivation', {'z': 'w*x'}, lines, {'w': 2.0, 'x': 3.0, 'f': ACTIVATIONS['tanh'],\n"
    "    'f_prime': ACTIVATIONS['tanh_prime']})",
    "def f(x):\n    return 1 / x\nf(0)",
)


class OutOfTime(KeyboardInterrupt):
    """The time for a cell or a call is over; like the interrupt of a kernel, no ``except Exception`` catches it."""


def confine(limits):
    """Take away from this process, for good, what student code must not have: memory, processes, privileges."""
    _limit(resource.RLIMIT_AS, limits["memory"])
    _limit(resource.RLIMIT_CPU, limits["seconds"])
    _limit(resource.RLIMIT_FSIZE, limits["files"])
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, 256)
    if limits.get("filter"):
        _filter_calls(b64decode(limits["filter"]))


def _limit(what, most):
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _filter_calls(program):
    """Install a seccomp filter, the instructions of a BPF program of 8 bytes each."""

    class Program(ctypes.Structure):
        _fields_ = [("count", ctypes.c_ushort), ("code", ctypes.c_char_p)]

    libc = ctypes.CDLL(None, use_errno=True)
    filter_ = Program(len(program) // 8, program)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(filter_), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "the filter of system calls was refused")


class Recorder:
    """The outputs of one cell, as in nbformat: up to ``most`` characters of text, and 8 times as much of the rest."""

    def __init__(self):
        self.begin(0)

    def begin(self, most):
        self.outputs, self.left, self.room, self.by_id = [], most, 8 * most, {}
        self.cut, self.clearing = False, False

    def made(self):
        """Return the outputs; the pieces of a stream are joined only here, since a cell may print a million times."""
        return [{**output, "text": "".join(output["text"])} if "text" in output else output for output in self.outputs]

    def stream(self, name, text):
        self._clear_if_due()
        text = self._fitting(text)
        last = self.outputs[-1] if self.outputs else {}
        if last.get("name") == name:
            last["text"].append(text)
        elif text:
            self.add({"output_type": "stream", "name": name, "text": [text]})

    def add(self, output, display_id=None):
        self._clear_if_due()
        if len(self.outputs) < 1000:
            self.outputs.append(output)
            if display_id:
                self.by_id[display_id] = output

    def display(self, data, display_id=None, update=False, **kind):
        data = self._small(data)
        if not update:
            self.add({"output_type": "display_data", "data": data, "metadata": {}, **kind}, display_id)
        elif display_id in self.by_id:
            self.by_id[display_id]["data"] = data

    def error(self, name, text, lines):
        self.add({"output_type": "error", "ename": name, "evalue": _cut(text), "traceback": [*map(_cut, lines[-50:])]})

    def clear(self, wait):
        self.outputs, self.clearing = (self.outputs, True) if wait else ([], False)

    def _clear_if_due(self):
        if self.clearing:
            self.outputs, self.clearing = [], False

    def _small(self, data):
        """Return what is to be shown, or the beginning of its text where there is no room for it all."""
        try:
            size = sum(len(value) if isinstance(value, str) else len(json.dumps(value)) for value in data.values())
        except (TypeError, ValueError, RecursionError):
            size = self.room + 1
        if size <= self.room:
            self.room -= size
            return data
        text = data.get("text/plain", "")
        return {"text/plain": f"{text[:1000] if isinstance(text, str) else ''}\n[the output was cut: it is too large]"}

    def _fitting(self, text):
        """Return as much of a text as there is room for, and say once that the rest was cut."""
        room, self.left = max(self.left, 0), self.left - len(text)
        if self.left >= 0 or self.cut:
            return text[:room]
        self.cut = True
        return text[:room] + "\n[the rest of the output was cut]\n"


class Stream:
    """sys.stdout or sys.stderr of the notebook."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self, recorder, name):
        self.recorder, self.name = recorder, name

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self.recorder.stream(self.name, text)
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def writable(self):
        return True


def make_shell(recorder):
    """Return an IPython shell whose outputs go to the recorder, as those of a kernel go to its notebook."""
    from ipykernel.compiler import XCachingCompiler
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.text import SList
    from traitlets.config import Config

    class Publisher(DisplayPublisher):
        def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **kwargs):
            recorder.display(data, (transient or {}).get("display_id"), update)

        def clear_output(self, wait=False):
            recorder.clear(wait)

    class Hook(DisplayHook):
        def write_output_prompt(self):
            pass

        def start_displayhook(self):
            super().start_displayhook()
            self.made = None  # it stays so where the value cannot be shown

        def write_format_data(self, format_dict, md_dict=None):
            self.made = format_dict

        def finish_displayhook(self):
            if self.made:
                recorder.display(self.made, output_type="execute_result", execution_count=self.prompt_count)
            self._is_active = False

    class Shell(InteractiveShell):
        displayhook_class, display_pub_class, compiler_class = Hook, Publisher, XCachingCompiler

        def _showtraceback(self, etype, evalue, stb):
            recorder.error(str(getattr(etype, "__name__", etype)), _text(evalue), list(stb))

        def system(self, command):
            sys.stderr.write(f"[no program can be started here: {command[:80]}]\n")

        def getoutput(self, command, split=True, depth=0):
            self.system(command)
            return SList() if split else ""

        def enable_gui(self, gui=None):
            pass

        def ask_exit(self):
            pass

    config = Config()
    config.HistoryManager.enabled = False
    shell = Shell.instance(config=config)
    shell.set_hook("show_in_pager", lambda shell, text, start=0, screen_lines=0: None)  # it is no part of a notebook
    shell.kernel = shell  # what a notebook asks to learn that it is one
    return shell


def _text(value):
    try:
        return str(value)
    except Exception:  # whatever a student's exception raises when it is read
        return ""


def _cut(text, most=10_000):
    return text if len(text) <= most else f"{text[:most]} [...]"


class Notebook:
    """One notebook being run."""

    def __init__(self):
        from helpers.asking import ask, derivations
        from helpers.portable import pack
        from helpers.reference import decode

        self.call, self.pack, self.decode = ask, pack, decode  # before a notebook can put others in their place
        derivations()
        self.recorder, self.loop = Recorder(), None
        self.shell = make_shell(self.recorder)
        self.shell.run_cell("%matplotlib inline", silent=True)

    def run(self, request):
        """Run a cell; return its outputs, and whether it ended in an error."""
        import builtins

        self.recorder.begin(request["room"])
        sys.stdout, sys.stderr = Stream(self.recorder, "stdout"), Stream(self.recorder, "stderr")
        builtins.input = _no_input
        with limited(request["seconds"]):
            success = self._run_cell(request["source"])
        count = self.shell.execution_count - 1
        return {"outputs": self.recorder.made(), "count": count, "failed": not success}

    def _run_cell(self, source):
        """Run a cell in the event loop, as a kernel does, and return whether it ended well."""
        shell, problem = self.shell, None
        try:
            source = shell.transform_cell(raw := source)
        except Exception:  # a student's transformer may raise anything; IPython shows it as the cell's error
            problem = sys.exc_info()
        cell = shell.run_cell_async(raw, store_history=True, transformed_cell=source, preprocessing_exc_tuple=problem)
        self.loop = self.loop or asyncio.new_event_loop()  # of this process: its pipes must not be another's
        try:
            result = self.loop.run_until_complete(cell)
        except KeyboardInterrupt:  # while it waited for something
            shell.showtraceback()
            return False
        shell.events.trigger("post_execute")
        shell.events.trigger("post_run_cell", result)
        return result.success

    def ask(self, request):
        """Ask a function of the notebook for its answer to a case; return it as plain data."""
        self.recorder.begin(0)
        if request["name"] not in self.shell.user_ns:
            return {"undefined": True}
        function = self.shell.user_ns[request["name"]]
        with limited(request["seconds"]):
            inputs = self.decode(request["case"])
            answer = self.call(request["kind"], request["given"], function, inputs, aloud=False)
        return {"answer": {**vars(answer), "value": self.pack(answer.value)}}


def _no_input(prompt=""):
    raise EOFError("input() has nobody to ask while a notebook is graded")


class limited:
    """A context in which OutOfTime is raised after ``seconds``."""

    def __init__(self, seconds):
        self.seconds = seconds

    def __enter__(self):
        signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def __exit__(self, kind, value, trace):
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, number, frame):
        raise OutOfTime(f"stopped after {self.seconds:g} seconds")


def serve(notebook, channel):
    """Answer requests, one after the other, until the channel is closed."""
    lines = channel.makefile("rb")
    while line := lines.readline():
        request = json.loads(line)
        if request["do"] == "start":
            prepare(request)
            reply = {"ready": True}
        else:
            reply = notebook.run(request) if request["do"] == "run" else notebook.ask(request)
        text = json.dumps({"id": request["id"], **reply}, default=str)
        channel.setblocking(True)  # whatever the notebook made of its descriptors
        channel.sendall(text.encode("utf-8", "replace") + b"\n")


def prepare(request):
    """Make this process that of one notebook: files, chance and confinement of its own."""
    import random

    import numpy

    for name, data in request["beside"].items():
        with open(name, "wb") as file:
            file.write(b64decode(data))
    random.seed()
    numpy.random.seed()
    confine(request)


def fork_for_each(notebook, requests):
    """Fork a child into a sandbox for each notebook, until the grader is gone."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # else a child could read and write this process's memory
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    gc.freeze()
    while True:
        command, ends, _, _ = socket.recv_fds(requests, 1 << 17, 2)
        if not command:
            return
        if not os.fork():
            try:
                requests.close()
                channel, life = (socket.socket(fileno=end) for end in ends)
                serve(notebook, enter(json.loads(command), life, channel))
            finally:
                os._exit(0)
        for end in ends:
            os.close(end)


def enter(command, life, channel):
    """Open a sandbox, and go on in it as a child without any privilege, with nothing open but the channel: return it.

    The parent waits outside until the end.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    sandbox, first = opened(command, life)
    spaces = {name for name in NAMESPACES if namespace(first, name) != namespace("self", name)}
    if not {"user", "mnt", "pid"} <= spaces:  # the canary proves the others
        raise OSError("the sandbox is open to all sides")
    flags = sum(NAMESPACES[name] for name in spaces)
    called(ctypes.CDLL(None, use_errno=True).setns, os.pidfd_open(first), flags)
    child = os.fork()  # only a child is in the new namespace of processes
    if child:
        channel.close()
        os.waitpid(child, 0)
        sandbox.wait()
        os._exit(0)
    os.setsid()
    os.chdir("/box")
    drop_privileges()
    channel = socket.socket(fileno=os.dup2(channel.detach(), 3))
    os.closerange(4, 256)
    return channel


def opened(command, life):
    """Return the process of a sandbox in which a program waits for the end of its lifeline, and that program's pid."""
    told, tell = os.pipe()
    command[1:1] = ["--info-fd", str(tell)]
    sandbox = subprocess.Popen(
        command, stdin=life, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=[tell], start_new_session=True
    )
    os.close(tell)
    life.close()
    with open(told) as told:
        first = json.load(told)["child-pid"]
    if not sandbox.stdout.read(1):
        raise OSError("the sandbox did not open")
    return sandbox, first


def namespace(pid, name):
    return os.readlink(f"/proc/{pid}/ns/{name}")


def drop_privileges():
    """Take away, for good, the privileges that whoever makes a user namespace has in it."""
    libc = ctypes.CDLL(None, use_errno=True)
    capability = 0
    while not libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0):
        capability += 1
    called(libc.capset, (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0), (ctypes.c_uint32 * 6)())
    called(libc.prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def called(function, *arguments):
    """Call a function of the C library. Raises OSError where it fails."""
    if function(*arguments):
        raise OSError(ctypes.get_errno(), f"{function.__name__}: {os.strerror(ctypes.get_errno())}")


def warm(notebook):
    """Do once what every notebook does first, and forget it again."""
    for source in WARMING:
        notebook.run({"source": source, "seconds": 60, "room": 10_000})
    notebook.shell.reset(new_session=True)
    notebook.loop.close()
    notebook.loop = None


def main():
    """Take the channel for this program alone, and let notebooks have nothing for stdin, stdout and stderr.

    Arguments: the folder of the student copy; "template" where it forks for each notebook, else it serves one.
    """
    channel = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    copy = sys.argv[1]
    sys.path[:0] = [copy]
    sys.path.append(os.getcwd())
    shutil.copytree(os.path.join(copy, "matplotlib"), os.environ["MPLCONFIGDIR"], dirs_exist_ok=True)
    notebook = Notebook()
    if "template" not in sys.argv:
        return serve(notebook, channel)
    warm(notebook)
    return fork_for_each(notebook, channel)


if __name__ == "__main__":
    main()
