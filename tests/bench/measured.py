"""Run a command and tell what it took: seconds, CPU seconds of it and of all that it started, memory at its peak."""

import ctypes
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Taken:
    wall: float  # seconds
    cpu: float  # seconds, user and system, of all processes
    peak: float  # MB, shared pages counted once (PSS)


def run(command, cwd, **environment):
    """Return what ``command`` took. Raises RuntimeError, with what it said, where it fails."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | environment
    done = subprocess.run(
        [sys.executable, __file__, *command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}")
    return Taken(**json.loads(done.stdout.splitlines()[-1]))


def last_line(command):
    """Return what the last line of a command's output says, as JSON. Raises RuntimeError, with what it said."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def spread(values):
    """Return the value in the middle of several, the least and the greatest."""
    values = list(values)
    return {
        "median": round(statistics.median(values), 3),
        "least": round(min(values), 3),
        "most": round(max(values), 3),
    }


def main():
    """Run the command of the arguments, and adopt whatever outlives its parent, so that nothing goes uncounted."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    start, peak = time.monotonic(), 0.0
    child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    while child.poll() is None:
        peak = max(peak, sum(map(_pss, _descendants(os.getpid()))))
        time.sleep(0.5)
    wall = time.monotonic() - start
    while _reaped():
        pass
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({"wall": wall, "cpu": used.ru_utime + used.ru_stime, "peak": peak}))
    return child.returncode


def _reaped():
    try:
        os.wait()
    except ChildProcessError:
        return False
    return True


def _descendants(pid):
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            found += [child, *_descendants(child)]
        except OSError:
            continue
    return found


def _pss(pid):
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((float(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


if __name__ == "__main__":
    sys.exit(main())
