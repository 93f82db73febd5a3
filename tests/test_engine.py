"""What the engine does before there is work for it."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT

WARM = """
import os, sys
from multiprocessing.forkserver import _forkserver
from grader.engine import local, warm_up

if __name__ == "__main__":
    warm_up({scheduler})
    begun = _forkserver._forkserver_pid
    assert "nbgrader" not in sys.modules and "sympy" not in sys.modules
    with local(1) as engine:
        assert engine.executor.submit(os.getppid).result(60) == _forkserver._forkserver_pid
    print(begun == _forkserver._forkserver_pid)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="workers fork on Linux alone")
@pytest.mark.parametrize(("scheduler", "begun"), [("None", "True"), ("'tcp://10.0.0.5:8786'", "False")])
def test_what_workers_fork_from_loads_while_this_process_goes_on_and_not_for_a_cluster(scheduler, begun, tmp_path):
    path = tmp_path / "warm.py"
    path.write_text(WARM.format(scheduler=scheduler))
    done = subprocess.run([sys.executable, path], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.strip() == begun, done.stderr
