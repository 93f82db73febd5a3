"""What lies in the folder: odd encodings, odd names, archives in archives, half a file, too many files."""

import base64
import gzip
import io
import json
import tarfile
import zipfile

from tests.corpus.submission import HUMAN, Link
from tests.corpus_two.submission import R2, R3, R4, R5, Submission, zero
from tests.corpus_two.writing import as_json, beside, instead, right, stored, stubs

WRONG = "return 0 * y_hat"


def _zipped(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data)
    return buffer.getvalue()


def _tarred(files, mode="w:gz"):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    packed = bytearray(buffer.getvalue())
    if mode == "w:gz":
        packed[4:8] = bytes(4)  # the time, so that it is the same each time
    return bytes(packed)


def _script(data):
    cells = json.loads(data)["cells"]
    parts = [f"# In[{k}]:\n\n\n{''.join(c['source'])}" for k, c in enumerate(cells, 1) if c["cell_type"] == "code"]
    return ("#!/usr/bin/env python\n# coding: utf-8\n\n" + "\n\n\n".join(parts) + "\n").encode()


def _long_tail(data):
    """A shorter file saved over a longer one: its end is still there."""
    return data + data[len(data) * 9 // 10 :]


def _mojibake(tree):
    for c in tree["cells"]:
        c["source"] = "".join(c["source"]).encode().decode("latin-1").replace("\x85", "_").replace("\x80", "_")


def _many_outputs(tree):
    image = base64.b64encode(bytes(range(256)) * 600).decode()
    for c in tree["cells"]:
        if c["cell_type"] == "code":
            c["execution_count"] = None
            c["outputs"] = [{"output_type": "display_data", "data": {"image/png": image}, "metadata": {}}] * 3


def _file(room, name, does, make, deserves=None, **more):
    return Submission(f"file-{name}", "file", does, deserves or {}, make, room=room, **more)


def _plain(kit, data):
    return data


def _untouched(kit, data):
    return kit.notebook.encode()


def _wrong(kit, data):
    return stubs()(kit)[kit.file]


def _two_zips(kit, data):
    return _zipped({f"{kit.room}/{kit.file}": data, f"__MACOSX/{kit.room}/._{kit.file}": b"\0\5\x16\7" * 40})


FILES = [
    _file(R2, "utf-16-no-mark", "UTF-16 without its mark", stored(
        lambda data: data.decode().encode("utf-16-le")), or_human=True),
    _file(R2, "utf-16-big-endian", "UTF-16, the other way round, with Windows line ends", stored(
        lambda data: b"\xfe\xff" + data.decode().replace("\n", "\r\n").encode("utf-16-be"))),
    *(_file(R2, f"of-{name}", "the student's folder is called so by the learning platform", beside(
        right(), {"note.txt": name})) for name in ("O'Brien, Zoë (12345)", "[red]Ann [*] %s {0}", "a.b & c;d")),
    _file(R2, "one-line", "the JSON in one line, keys in another order", as_json(
        lambda tree: dict(reversed(tree.items())), indent=None, separators=(",", ":"))),
    _file(R2, "browser-copy", "called '... (1).ipynb', as a browser names what it has already", instead(
        {"$room (1).ipynb": _plain})),
    _file(R2, "mac", "zipped and unpacked by a Mac, which leaves its own files beside it", instead(
        {"$room.ipynb": _plain, "._$room.ipynb": lambda kit, data: b"\0\5\x16\7" * 100,
         ".DS_Store": lambda kit, data: b"\0\0\0\1Bud1", "__MACOSX/._$room.ipynb": lambda kit, data: b"\0\5"})),
    _file(R2, "half-saved", "a shorter notebook saved over a longer one, whose end still follows", stored(_long_tail),
        or_human=True),
    _file(R3, "zip-in-zip", "an archive in an archive", instead(
        {"hand-in.zip": lambda kit, data: _zipped({"inner.zip": _zipped({kit.file: data})})}), or_human=True),
    _file(R3, "zip-by-mac", "an archive packed by a Mac, in a folder, with its resource forks", instead(
        {"Archive.zip": _two_zips}), or_human=True),
    _file(R3, "tar", "a tar.gz", instead({"work.tar.gz": lambda kit, data: _tarred({kit.file: data})}), or_human=True),
    _file(R3, "gzipped", "the notebook gzipped under its own name", stored(
        lambda data: gzip.compress(data, mtime=0)), or_human=True),
    _file(R3, "txt", "called .ipynb.txt, as Windows saves it when it hides endings", instead(
        {"$room.ipynb.txt": _plain}), or_human=True),
    _file(R3, "no-ending", "called without its ending", instead({"$room": _plain}), or_human=True),
    _file(R3, "json-ending", "called .json", instead({"$room.json": _plain}), or_human=True),
    _file(R4, "copy-untouched", "answered under its name, and the released one called '-Copy1' beside it", instead(
        {"$room.ipynb": _plain, "$room-Copy1.ipynb": _untouched}), or_human=True),
    _file(R4, "named-untouched", "the released one under its name, and the answered one called 'FINAL'", instead(
        {"$room.ipynb": _untouched, "$room FINAL.ipynb": _plain}), or_human=True),
    _file(R4, "all-notebooks", "all the course's notebooks in the folder, this one's among them", beside(
        right(), {f"{room}.ipynb": b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
                  for room in ("01-linear-regression", R2, R3)}), or_human=True),
    _file(R4, "undecodable-name", "a file beside it with a name that is no UTF-8, and others with odd names", beside(
        right(), {"bad\udcff\udcfe.txt": b"x", "line\nend.txt": b"x", "[bold]%s {0}.csv": b"x", "-rf": b"x",
                  "'; touch x; '.txt": b"x", " .ipynb ": b"x"})),
    _file(R4, "deep-folders", "40 folders in each other, beside it", beside(
        right(), {"/".join(["deeper"] * 40) + "/note.txt": b"x"})),
    _file(R4, "quoted-json", "the notebook as a string in JSON: saved by a script that dumped it twice", stored(
        lambda data: json.dumps(data.decode()).encode()), or_human=True),
    _file(R5, "mojibake", "UTF-8 read as Latin-1 and saved again: comments and texts are spoilt", as_json(_mojibake)),
    _file(R5, "outputs", "handed in with 30 MB of pictures in its outputs", as_json(_many_outputs), or_human=True),
    _file(R5, "script-of-it", "exported as a script, and nothing else", instead(
        {"$room.py": lambda kit, data: _script(data)}), or_human=True),
    _file(R5, "trailing-comma", "one comma too many in the JSON, from an editor of text", stored(
        lambda data: data.rstrip()[:-1].rstrip() + b",\n}"), or_human=True),
    _file(R5, "trailing-comma-wrong", "the same with a wrong answer", stored(
        lambda data: data.rstrip()[:-1].rstrip() + b",\n}", right(output_delta=WRONG)), zero("output_delta"),
        or_human=True),
    _file(R5, "empty-folder", "a note that the notebook could not be uploaded", instead(
        {"README.txt": lambda kit, data: b"Sorry, the upload failed!"}), HUMAN),
    _file(R5, "half", "cut off in the middle of a cell, as a full disk leaves it", stored(
        lambda data: data[: len(data) * 2 // 3]), HUMAN),
    _file(R5, "linked-own", "a link to the notebook in a folder of its own beside it", beside(
        instead({"work/$room.ipynb": _plain}), {f"{R5}.ipynb": Link(f"work/{R5}.ipynb")}), or_human=True),
]  # fmt: skip
