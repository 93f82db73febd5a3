"""What lies in the folder: names, links, pipes, archives, other files. Nothing outside it is read."""

import io
import zipfile
from functools import cache

from tests.corpus.submission import FLAGGED, HUMAN, NEEDS_HUMAN, NOTEBOOK, ROOM, Fifo, Link, Submission
from tests.corpus.writing import beside, files, only_these, right, stored

WRONG = "return {'line': 1, 'repair': 0 * W}"
LOST = {"lost_factor": 0}


def same(data):
    return data


def _files(name, does, make, deserves=None, flags=(), outcome=None):
    return Submission(f"files-{name}", "format", does, deserves or {}, make, flags, outcome)


def _human(name, does, make, flags=()):
    return Submission(f"files-{name}", "format", does, HUMAN, make, flags, NEEDS_HUMAN)


def _hostile(name, does, make, deserves=None):
    return Submission(f"files-{name}", "escape", does, deserves or {}, make)


def zipped(**contents):
    """Return an archive as bytes; a name is free, so it may lead out of the folder."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


@cache
def bomb():
    """Return 100 kB of archive that hold 100 MB of zeros, in an archive in an archive."""
    inner = zipped(zeros=bytes(100_000_000))
    return zipped(**{f"{k}.zip": inner for k in range(2)})


def traversal(kit):
    drop = kit.bait["drop"]
    return zipped(**{"../../../../dropped.txt": "x", f"{drop}/dropped.txt": "x", "..\\..\\dropped.txt": "x"})


def linked(kit):
    """Return an archive with a symbolic link in it that leads to the secret."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo(NOTEBOOK)
        info.external_attr = 0o120777 << 16
        archive.writestr(info, str(kit.bait["secret"]))
    return stream.getvalue()


def in_zip(kit):
    return {f"{ROOM}.zip": zipped(**{NOTEBOOK: right()(kit)[NOTEBOOK]})}


def two_names(kit):
    return {NOTEBOOK: only_these()(kit)[NOTEBOOK], f"{ROOM}-Copy1.ipynb": right()(kit)[NOTEBOOK]}


def two_strangers(kit):
    return {"final.ipynb": right()(kit)[NOTEBOOK], "final2.ipynb": right(lost_factor=WRONG)(kit)[NOTEBOOK]}


def with_checkpoint(kit):
    stale = only_these()(kit)[NOTEBOOK]
    return {NOTEBOOK: right()(kit)[NOTEBOOK], f".ipynb_checkpoints/{ROOM}-checkpoint.ipynb": stale}


def as_link(name):
    return lambda kit: {NOTEBOOK: Link(str(kit.bait[name]))}


def beside_link(name, target):
    return lambda kit: right()(kit) | {name: Link(target(kit))}


FILES = [
    _files("renamed", "called 'my work.ipynb'", stored(same, name="my work.ipynb"), None, ("renamed",), FLAGGED),
    _files(
        "renamed-half",
        "renamed, an answer wrong",
        stored(same, right(lost_factor=WRONG), f"{ROOM} (1).ipynb"),
        LOST,
        ("renamed",),
        FLAGGED,
    ),
    _files(
        "renamed-upper",
        "01-Linear-Regression.IPYNB",
        stored(same, name="01-Linear-Regression.IPYNB"),
        None,
        ("renamed",),
        FLAGGED,
    ),
    _files(
        "renamed-unicode",
        "a name in Greek, with blanks and an emoji",
        stored(same, name="Άσκηση 1 🙂.ipynb"),
        None,
        ("renamed",),
        FLAGGED,
    ),
    _files(
        "in-a-folder",
        "in a folder of its own, as an unpacked archive leaves it",
        stored(same, name=f"{ROOM}/{NOTEBOOK}"),
        outcome=FLAGGED,
    ),
    _files("checkpoint", "with JupyterLab's checkpoint, which is older and is not what counts", with_checkpoint),
    _files(
        "extra",
        "notes, a picture, a Word file beside the notebook",
        beside(right(), notes__txt="mine", photo__jpg=b"\xff\xd8\xff" * 99, report__docx=zipped(a="b")),
    ),
    _files(
        "timestamp",
        "a timestamp.txt of the student's own, in the year 1970",
        beside(right(), timestamp__txt="1970-01-01 00:00:00 UTC"),
    ),
    _files("timestamp-future", "a timestamp of the year 2999", beside(right(), timestamp__txt="2999-01-01 00:00 UTC")),
    _files(
        "timestamp-garbage",
        "a timestamp that is none, an answer wrong",
        beside(right(lost_factor=WRONG), timestamp__txt=b"\xff\xfeyesterday\x00"),
        LOST,
    ),
    _files(
        "many",
        "300 small files beside the notebook",
        lambda kit: right()(kit) | {f"data/{k}.txt": b"x" for k in range(300)},
    ),
    _files("long-name", "a file with a name of 200 letters", lambda kit: right()(kit) | {"x" * 200: b"x"}),
    _human("nothing", "a file of notes and no notebook", files(notes__txt="I shall hand in tomorrow.")),
    _human(
        "only-checkpoint",
        "nothing but JupyterLab's checkpoint: perhaps an old state, so a human decides",
        stored(same, name=f".ipynb_checkpoints/{ROOM}-checkpoint.ipynb"),
    ),
    _human("script", "the notebook exported as a Python script", files(**{f"{ROOM}__py": "def predict(W, X): ..."})),
    _human("web-page", "the notebook exported as a web page", files(**{f"{ROOM}__html": "<h1>1</h1>"})),
    _human("folder", "a folder with the notebook's name", lambda kit: {f"{NOTEBOOK}/notes.txt": b"x"}),
    _human("two-strangers", "two notebooks, neither with the name, with different answers", two_strangers),
    _human("two-names", "the released notebook untouched under its name, and a copy with everything right", two_names),
    _files("zip", "an archive with the notebook in it: unpacked, and said so", in_zip, flags=("unpacked",)),
    _human(
        "zip-as-notebook", "an archive under the notebook's name", lambda kit: {NOTEBOOK: in_zip(kit)[f"{ROOM}.zip"]}
    ),
    _human(
        "zip-bomb-alone", "an archive that unpacks to 200 MB, and nothing else", files(work__zip=lambda kit: bomb())
    ),
    _files(
        "zip-bomb",
        "the same bomb beside a right notebook: nobody unpacks it",
        beside(right(), work__zip=lambda kit: bomb()),
    ),
    _human("link-loop", "a link that leads to itself", lambda kit: {NOTEBOOK: Link(NOTEBOOK)}),
    _human("link-nowhere", "a link that leads nowhere", lambda kit: {NOTEBOOK: Link("/nowhere/at-all.ipynb")}),
    _human("fifo", "a pipe under the notebook's name: whoever opens it waits for ever", lambda kit: {NOTEBOOK: Fifo()}),
    _files("fifo-beside", "a pipe beside a right notebook", beside(right(), pipe=Fifo())),
    _files(
        "link-beside",
        "links to /dev/zero and to itself beside a right notebook",
        beside(right(), zero__bin=Link("/dev/zero"), loop=Link("loop")),
    ),
    Submission(
        "files-link-secret",
        "escape",
        "the notebook is a link to a secret file: not followed",
        HUMAN,
        as_link("secret"),
        (),
        NEEDS_HUMAN,
    ),
    Submission(
        "files-link-neighbour",
        "escape",
        "the notebook is a link to somebody else's work: not followed",
        HUMAN,
        lambda kit: {NOTEBOOK: Link(f"../../honest-plain/{ROOM}/{NOTEBOOK}")},
        (),
        NEEDS_HUMAN,
    ),
    Submission(
        "files-link-solution",
        "escape",
        "the notebook is a link to the worked source: not followed",
        HUMAN,
        lambda kit: {NOTEBOOK: Link(f"{kit.bait['course']}/source/{ROOM}/{NOTEBOOK}")},
        (),
        NEEDS_HUMAN,
    ),
    _hostile(
        "link-data",
        "a link to a secret file beside a right notebook",
        beside_link("data.csv", lambda kit: str(kit.bait["secret"])),
    ),
    _hostile(
        "link-course",
        "a link to the whole course beside a right notebook",
        beside_link("course", lambda kit: str(kit.bait["course"])),
    ),
    _hostile(
        "zip-traversal",
        "an archive whose names lead out of the folder, beside a right notebook: not unpacked",
        beside(right(), work__zip=traversal),
    ),
    _hostile(
        "zip-link",
        "an archive with a link in it, beside a right notebook: not unpacked",
        beside(right(), work__zip=linked),
    ),
]
