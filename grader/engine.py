"""Work done on an executor: a few pieces at a time, and what dies with its process tried again, alone.

Any ``concurrent.futures.Executor`` will do. Here is one of processes of this machine; ``grader.cluster`` has another.
"""

import multiprocessing
import os
import signal
import tempfile
import threading
from collections import deque
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, ProcessPoolExecutor, wait
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from multiprocessing import forkserver
from tempfile import TemporaryDirectory

from grader.sandbox import SandboxError

AHEAD = 2  # pieces of work under way for each process, so that none has to wait for the writer
TRIES = 2  # times that work is tried again, alone, after its process or sandbox died beside others


class Lost(Exception):
    """Work whose process ended, or whose sandbox failed, each time that it was tried."""


class Engine:
    """Does work, a call at a time; use it in a with statement.

    open_executor  gives a fresh executor, as a context manager
    count          how many processes it has
    died           the exceptions with which it tells that a process ended
    """

    def __init__(self, open_executor, count, died=(BrokenExecutor,)):
        self.open_executor, self.count, self.died = open_executor, count, (*died, SandboxError)
        self.waiting, self.running = deque(), {}

    def __enter__(self):
        self.stack = ExitStack()
        self.executor = self.stack.enter_context(self.open_executor(self.count))
        return self

    def __exit__(self, *failure):
        return self.stack.__exit__(*failure)

    def first(self, function, argument):
        """Do a piece of work before any other. Raises what it raises, and SandboxError where its process ends."""
        try:
            return self._start(function, argument).result()
        except SandboxError:
            raise
        except self.died:
            result = self._again(function, argument)
        if isinstance(result, Lost):
            raise SandboxError(f"nothing was graded: {result}")
        return result

    def submit(self, key, function, argument):
        """Take a piece of work that goes before what is still to come."""
        self.waiting.append((key, function, argument))

    def results(self, work):
        """Yield (key, result) as each piece is done; work is an iterable of (key, function, argument).

        The result is a Lost where the work could not be done; any other exception is raised here.
        """
        work = iter(work)
        while self._fill(work):
            done, _ = wait(self.running, return_when=FIRST_COMPLETED)
            for future in done:
                key, function, argument = self.running.pop(future)
                try:
                    result = future.result()
                except self.died:
                    result = self._again(function, argument)
                yield key, result

    def _fill(self, work):
        """Start what there is room for; return whether anything is under way."""
        while len(self.running) < AHEAD * self.count:
            piece = self.waiting.popleft() if self.waiting else next(work, None)
            if piece is None:
                break
            self.running[self._start(*piece[1:])] = piece
        return bool(self.running)

    def _start(self, function, argument):
        try:
            return self.executor.submit(function, argument)
        except BrokenExecutor:
            self.executor = self.stack.enter_context(self.open_executor(self.count))
            return self.executor.submit(function, argument)

    def _again(self, function, argument):
        for _ in range(TRIES):
            try:
                with self.open_executor(1) as executor:
                    return executor.submit(function, argument).result()
            except self.died as failure:
                why = failure
        return Lost(str(why) if isinstance(why, SandboxError) else f"grading it ended its process {TRIES + 1} times")


def local(count=None, sharing=nullcontext):
    """Return an Engine of processes of this machine, one for each processor where ``count`` is None.

    sharing  a context manager for as long as they are there; it gives a function that each calls first, or None
    """
    return Engine(partial(processes, sharing=sharing), count or os.cpu_count() or 1)


def warm_up(scheduler=None):
    """Begin to load what all workers of this machine need, in the process that they fork from; return meanwhile."""
    if hasattr(os, "fork") and not scheduler:
        _context()
        forkserver.ensure_running()


def _context():
    context = multiprocessing.get_context("forkserver" if hasattr(os, "fork") else "spawn")
    if hasattr(os, "fork"):
        context.set_forkserver_preload(["grader.warm"])
    return context


@contextmanager
def processes(count, sharing=nullcontext):
    """Give an executor of processes of this machine, which end with this one."""
    context = _context()
    with TemporaryDirectory(prefix="backprop-", ignore_cleanup_errors=True) as folder, sharing() as begin:
        pool = ProcessPoolExecutor(count, mp_context=context, initializer=_begin, initargs=(folder, begin))
        try:
            yield pool
        except BaseException:
            processes = list((pool._processes or {}).values())
            pool.shutdown(wait=False, cancel_futures=True)
            for process in processes:
                process.kill()
                process.join()
            raise
        else:
            pool.shutdown()


def _begin(folder, begin):
    """Let this process end as soon as the one that started it has, in whatever way that ended; not by Ctrl-C.

    folder  for its temporary files: it may be killed and clear nothing away
    begin   a function to call first, or None
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = folder

    def watch():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    if begin:
        begin()
