"""Out of the process: files, network, programs, the grader's browser. Nothing is read, written or reached."""

from nbformat.v4 import new_output

from tests.corpus.submission import Submission
from tests.corpus.writing import after, extra, right, says, shows

LOST = {"lost_factor": 0}
GUESS = "\n    return {'line': 1, 'repair': 0 * W}"


def _escape(name, does, code, also_in_cell=False):
    """Return a submission that tries it when lost_factor is called, and is wrong there; or in a cell of its own."""
    if also_in_cell:
        return Submission(
            f"escape-{name}",
            "escape",
            f"{does}, in a cell of its own; all answers are right",
            {},
            right(extra("cost", code)),
        )
    return Submission(
        f"escape-{name}",
        "escape",
        f"{does}; that answer is wrong, the others keep their marks",
        LOST,
        right(lost_factor=code.rstrip() + GUESS),
    )


def _page(name, does, *edits, deserves=None, **answers):
    """Return a submission with a script that would set the page's title to 'pwned'."""
    return Submission(
        f"page-{name}",
        "escape",
        f"{does}: no live script on a page, the marks are those of the answers",
        deserves or {},
        right(*edits, **answers),
    )


SECRET = """
    try:
        text = open("$secret").read()
    except OSError as error:
        text = repr(error)
    print(text)"""
CODED = """
    try:
        return {"line": 1, "repair": [float(ord(letter)) for letter in open("$secret").read()]}
    except OSError:
        pass"""
RAISED = """
    raise ValueError(open("$secret").read())"""
WRITES = """
    import os
    for act in (lambda: open("$victim", "w").write("changed"), lambda: open("$drop/file", "w").write("x"),
                lambda: os.remove("$victim"), lambda: os.symlink("$secret", "$drop/link"),
                lambda: os.rename("$victim", "$drop/victim"), lambda: os.chmod("$victim", 0o777)):
        try:
            act()
        except OSError:
            pass"""
GRADEBOOK = """
    import sqlite3
    try:
        with sqlite3.connect("$gradebook", timeout=1) as db:
            db.execute("update grade set auto_score = 100")
            db.execute("delete from student")
    except Exception:
        pass"""
COURSE = """
    import glob, os
    for path in ["$course/nbgrader_config.py", *glob.glob("$course/source/*/*"), *glob.glob("$course/course/*/*/*/*")]:
        try:
            with open(path, "a") as f:
                f.write("changed")
        except OSError:
            pass"""
CONNECTS = """
    import socket
    for address in [("127.0.0.1", $port), ("192.0.2.1", 80)]:
        try:
            with socket.create_connection(address, timeout=1) as s:
                s.sendall(b"hello")
        except OSError:
            pass
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            s.sendto(b"hello", ("127.0.0.1", $port))
    except OSError:
        pass"""
URL = """
    import urllib.request
    try:
        urllib.request.urlopen("http://127.0.0.1:$port/", timeout=1).read()
    except OSError:
        pass"""
PROGRAMS = """
    import os, subprocess
    for act in (lambda: subprocess.run(["touch", "$drop/run"]), lambda: os.system("touch $drop/system; cat $secret"),
                lambda: os.posix_spawn("/usr/bin/touch", ["touch", "$drop/spawn"], {})):
        try:
            act()
        except Exception:
            pass"""
EXEC = """
    import os
    os.execv("/bin/sh", ["sh", "-c", "touch $drop/exec; cat $secret"])"""
CTYPES = """
    import ctypes
    try:
        libc = ctypes.CDLL(None)
        libc.system(b"touch $drop/libc")
        libc.creat(b"$drop/creat", 0o644)
        libc.unshare(0x10000000)
    except Exception:
        pass"""
MAGIC = """
    !touch $drop/magic
    !cat $secret"""
BASH = """%%bash
touch $drop/bash
cat $secret"""
WRITEFILE = """%%writefile $drop/written
x"""
HOME = """
    import os
    from pathlib import Path
    home = Path(os.path.expanduser("~"))
    print(len(list(home.iterdir())), sorted(os.environ))
    print([value for name, value in os.environ.items() if name.startswith("BACKPROP")])"""
SELF = """
    import os
    for fd in range(3, 64):
        try:
            print(fd, os.readlink(f"/proc/self/fd/{fd}"), os.pread(fd, 6, 0) == b"SQLite")
        except OSError:
            pass"""
MEMORY = """
    import os
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/mem", "r+b") as memory:
                memory.seek(0x10000)
                memory.read(16)
        except OSError:
            pass"""
SCRIPT = "<script>document.title = 'pwned'</script>"
IMAGE = """<img src="x" onerror="document.title = 'pwned'">"""
MARKDOWN = f"""
    {SCRIPT}

    {IMAGE} <svg onload="document.title = 'pwned'"></svg>
    <iframe srcdoc="<script>parent.document.title = 'pwned'</script>"></iframe>
    <details open ontoggle="document.title = 'pwned'">x</details>
    [here](javascript:document.title='pwned') <a href="java&#9;script:document.title='pwned'">there</a>
    <style>@import url("http://127.0.0.1:$port/style.css");</style>
    <form action="http://127.0.0.1:$port/"><button>Marks</button></form>
    <meta http-equiv="refresh" content="0;url=http://127.0.0.1:$port/">
    <math><mtext><table><mglyph><style><!--</style><img title="--&gt;{IMAGE}"></table></mtext></math>

    $\\href{{javascript:document.title='pwned'}}{{x}}$ and $x<y$ stay."""
STORED = [
    new_output("display_data", {"text/html": SCRIPT + IMAGE, "text/plain": "html"}),
    new_output("display_data", {"application/javascript": "document.title = 'pwned'", "text/plain": "js"}),
    new_output("display_data", {"image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg'>{SCRIPT}</svg>"}),
    new_output("display_data", {"text/markdown": SCRIPT + IMAGE, "text/latex": "$\\text{" + SCRIPT + "}$"}),
    new_output("stream", name="stdout", text="\x1b[31m" + SCRIPT + IMAGE + "\x1b[0m\x1b]8;;javascript:alert(1)\x07x"),
    new_output("error", ename=SCRIPT, evalue=IMAGE, traceback=[SCRIPT, IMAGE]),
]
LIVE = f"""
    from IPython.display import HTML, SVG, Javascript, Markdown, display
    display(HTML({SCRIPT + IMAGE!r}), Javascript("document.title = 'pwned'"), Markdown({SCRIPT + IMAGE!r}))
    print({SCRIPT!r})"""
ATTACHED = {
    "x.svg": {"image/svg+xml": "PHN2ZyB4bWxucz0naHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmcnIG9ubG9hZD0nYWxlcnQoMSknLz4="}
}


def _attached(nb):
    nb.cells[0].attachments = ATTACHED
    nb.cells[0].source += "\n\n![x](attachment:x.svg)\n![y](attachment:x.svg\" onerror=\"document.title='pwned')"
    nb.metadata["title"] = SCRIPT
    nb.metadata["authors"] = [{"name": SCRIPT}]
    nb.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": {"state": {"</script>" + SCRIPT: {}}}}


ESCAPE = [
    _escape("secret", "prints a secret file", SECRET),
    _escape("secret-coded", "returns a secret file as numbers", CODED),
    _escape("secret-raised", "raises a secret file as an error", RAISED),
    _escape("secret-in-cell", "prints a secret file", SECRET, True),
    _escape("writes", "writes, links, moves and removes files", WRITES),
    _escape("gradebook", "writes full marks into the gradebook", GRADEBOOK),
    _escape("course", "appends to the settings, the source and other students' work", COURSE),
    _escape("connects", "connects to this machine and to another", CONNECTS),
    _escape("url", "fetches a page", URL),
    _escape("programs", "starts programs", PROGRAMS),
    _escape("exec", "becomes a shell", EXEC),
    _escape("ctypes", "calls the C library past Python", CTYPES),
    _escape("magic", "runs shell commands by !", MAGIC, True),
    _escape("bash", "runs %%bash", BASH, True),
    _escape("writefile", "writes a file by %%writefile", WRITEFILE, True),
    _escape(
        "home",
        "looks into the home folder and the environment, and prints the names in it and what starts with BACKPROP",
        HOME,
    ),
    _escape("descriptors", "reads whatever files were left open", SELF),
    _escape("memory", "reads other processes' memory", MEMORY),
    _page("markdown", "scripts, handlers and links in a text cell", says("cost", MARKDOWN)),
    _page("outputs", "scripts in stored outputs", shows("picture", *STORED), shows("gradient-check", *STORED)),
    _page("live", "scripts displayed by cells and by an answer", extra("cost", LIVE), after("gradient", LIVE)),
    _page(
        "error",
        "a script in an error's name and text, in a wrong answer",
        deserves=LOST,
        lost_factor=f"raise type({SCRIPT!r}, (Exception,), {{}})({IMAGE!r})",
    ),
    _page(
        "keys",
        "a script in the keys and text of a returned dict",
        deserves=LOST,
        lost_factor=f"return {{'line': {SCRIPT!r}, {IMAGE!r}: 1}}",
    ),
    _page("attachment", "scripts in an attachment and in the notebook's metadata", _attached),
    _page(
        "comment",
        "a script in a comment of an answer",
        gradient=f"# {SCRIPT}{IMAGE}\nreturn 2 * X @ (predict(W, X) - y).T",
    ),
]
