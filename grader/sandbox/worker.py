"""Runs students' notebooks: the only program of the course in which student code runs.

It stands alone: started inside the sandbox, beside a copy of ``helpers`` that holds no answers. It imports once what
notebooks import, and then forks for each notebook a child that confines itself before it runs anything of a student's.
The grader hands over a channel for each notebook; on it go requests and replies, a line of JSON each. A child knows no
test, no expected output, no reference implementation: what it replies is a claim of the student's, which the grader
decodes strictly and judges.

    {"id", "do": "start", "seconds", "memory", "files", "filter", "beside"}  -> {"id", "ready"}
    {"id", "do": "run", "source", "seconds", "room"}                         -> {"id", "outputs", "count", "failed"}
    {"id", "do": "ask", "name", "kind", "given", "case", "seconds"}          -> {"id", "answer"} or {"id", "undefined"}

Between notebooks the grader says NEXT, with the channel, and KILL; it is told that a child is GONE and its files wiped.
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
import sys
from base64 import b64decode

PR_SET_DUMPABLE, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, PR_SET_NO_NEW_PRIVS = 4, 22, 2, 38
NEXT, KILL, GONE = b"next", b"kill", b"gone"
PRIVATE = ("/tmp", "/box", "/dev/shm")  # folders in memory, wiped after each notebook
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


def fork_for_each(notebook, control):
    """Fork a child for each notebook, until the grader is gone."""
    ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)  # else a child could read and write this process's memory
    gc.freeze()
    while channel := next_channel(control):
        child = os.fork()
        if not child:
            control.close()
            serve(notebook, channel)
            os._exit(0)
        channel.close()
        if control.recv(len(KILL)) != KILL:
            return
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        wipe()
        control.sendall(GONE)


def next_channel(control):
    """Return the channel of the next notebook, or None where there is none to come."""
    said, channels, _, _ = socket.recv_fds(control, len(NEXT), 1)
    return socket.socket(fileno=channels[0]) if said == NEXT else None


def wipe():
    """Empty the private folders. What cannot be removed ends this program, and a fresh one takes its place."""
    for folder in PRIVATE:
        empty(folder)


def empty(folder):
    """Remove all that is in a folder, whatever its rights, but what is mounted there; return whether that is all.

    No link is followed. Python itself may be mounted somewhere below /tmp.
    """
    os.chmod(folder, 0o700)
    whole = True
    for entry in list(os.scandir(folder)):
        if not entry.is_dir(follow_symlinks=False):
            os.unlink(entry.path)
        elif os.path.ismount(entry.path) or not empty(entry.path):
            whole = False
        else:
            os.rmdir(entry.path)
    return whole


def warm(notebook):
    """Do once what every notebook does first, and forget it again."""
    for source in WARMING:
        notebook.run({"source": source, "seconds": 60, "room": 10_000})
    notebook.shell.reset(new_session=True)
    notebook.loop.close()
    notebook.loop = None


def main():
    """Take the control for this program alone, and let notebooks have nothing for stdin, stdout and stderr.

    Arguments: the folder of the student copy; "once" where it serves a single notebook, without a fork.
    """
    control = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    copy = sys.argv[1]
    sys.path[:0] = [copy]
    sys.path.append(os.getcwd())
    shutil.copytree(os.path.join(copy, "matplotlib"), os.environ["MPLCONFIGDIR"], dirs_exist_ok=True)
    notebook = Notebook()
    if "once" in sys.argv:
        channel = next_channel(control)
        control.close()
        return serve(notebook, channel)
    warm(notebook)
    return fork_for_each(notebook, control)


if __name__ == "__main__":
    main()
