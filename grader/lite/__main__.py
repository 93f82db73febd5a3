"""Build the course in the browser: JupyterLite around what students get, scanned for leaks as the bundle is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from grader import bundle, leaks
from grader.course import Course, CourseError

SETTINGS = Path(__file__).with_name("jupyter-lite.json")
TOOLS = Path(sys.prefix) / "lite"  # an environment of its own: the build copies every extension of JupyterLab in it
WHEELS = TOOLS / "wheels"
PROVIDED = "comm-*.whl"  # what a kernel needs and Pyodide does not have


def build(course, site):
    """Build the course in the browser into the folder ``site``, in place of what was there.

    Raises CourseError, and leaves the old one, where a tool is missing or a student would get what is not for them.
    """
    if not (TOOLS / "bin" / "jupyter-lite").exists():
        raise CourseError("the tools that build the course in the browser are missing: make lite sets them up")
    with TemporaryDirectory(prefix="backprop-lite-") as folder:
        student, sources, built = (Path(folder) / name for name in ("student", "sources", "built"))
        bundle.write(course, student)
        _lay_out(student, sources)
        _run_jupyterlite(sources, built)
        if found := leaks.scan(course, built):
            raise CourseError(f"nothing was built, because it would hold {'; '.join(found[:5])}")
        shutil.rmtree(site, ignore_errors=True)
        shutil.copytree(built, site)


def _lay_out(student, sources):
    """Lay the notebooks side by side, so that all share one record of progress, and the wheels where %pip looks."""
    for name in ("files", "pypi"):
        (sources / name).mkdir(parents=True)
    for path in student.glob("notebooks/*/*.ipynb"):
        shutil.copy(path, sources / "files")
    for path in [*student.glob("*.whl"), *WHEELS.glob(PROVIDED)]:
        shutil.copy(path, sources / "pypi")
    shutil.copy(SETTINGS, sources)


def _run_jupyterlite(sources, built):
    options = ["--contents", "files", "--apps", "lab", "--no-sourcemaps", "--no-unused-shared-packages"]
    command = [str(TOOLS / "bin" / "jupyter-lite"), "build", *options, "--output-dir", str(built)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": bundle.EPOCH}
    done = subprocess.run(command, cwd=sources, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CourseError(f"JupyterLite was not built: {(done.stderr or done.stdout).strip().splitlines()[-1]}")


def main():
    """Build dist/site/lite/; return the exit status. A CourseError is one line on stderr and status 1."""
    site = Path("dist", "site", "lite")
    try:
        build(Course(), site)
    except CourseError as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"{site} is the course in the browser. It needs a server: python -m http.server --directory dist/site")
    return 0


if __name__ == "__main__":
    sys.exit(main())
