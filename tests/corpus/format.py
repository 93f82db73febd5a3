"""Encodings and versions of the file: what can be understood is graded, what cannot is looked at by a human."""

import codecs
import json

from tests.corpus.submission import FLAGGED, HUMAN, NEEDS_HUMAN, NOTEBOOK, Submission
from tests.corpus.writing import as_json, before, right, stored

WRONG = "return {'line': 1, 'repair': 0 * W}"
LOST = {"lost_factor": 0}
GERMAN = before("gradient", "# Übung für später: größer, ½ und ²")


def _format(name, does, make, deserves=None, flags=(), outcome=FLAGGED):
    return Submission(f"format-{name}", "format", does, deserves or {}, make, flags, outcome)


def _human(name, does, make):
    return Submission(f"format-{name}", "format", does, HUMAN, make, (), NEEDS_HUMAN)


def recoded(encoding, errors="strict"):
    """Return a change of a notebook's bytes: not escaped, and in another encoding."""

    def change(data):
        text = json.dumps(json.loads(data), ensure_ascii=False, indent=1)
        return text.encode(encoding, errors)

    return change


def version_3(data):
    import nbformat

    return nbformat.writes(nbformat.convert(nbformat.reads(data.decode(), 4), 3), version=3).encode()


def version(major, minor):
    return lambda tree: tree.update(nbformat=major, nbformat_minor=minor)


def unknown_fields(tree):
    tree.update(future={"a": 1})
    for c in tree["cells"]:
        c.update(reviews=[], metadata=c["metadata"] | {"trusted": True, "x": None, "nan": float("nan")})


def kernel(name, language):
    return lambda tree: tree.update(
        metadata={
            "kernelspec": {"name": name, "display_name": name, "language": language},
            "language_info": {"name": language},
        }
    )


def no_metadata(tree):
    tree.update(metadata={})


def source_as_text(tree):
    for c in tree["cells"]:
        c["source"] = "".join(c["source"])


def odd_outputs(tree):
    """Store outputs that no version of the format allows."""
    code = [c for c in tree["cells"] if c["cell_type"] == "code"]
    code[0]["outputs"] = "none"
    code[1]["outputs"] = [{"output_type": "pyout", "text": ["old"]}]
    code[2]["execution_count"] = "*"
    code[3]["outputs"] = None


def long_outputs(tree):
    log = {"output_type": "stream", "name": "stdout", "text": "epoch 1: cost 15\n" * 500_000}
    next(c for c in tree["cells"] if c["cell_type"] == "code")["outputs"] = [log]


def deep_metadata(data):
    """Nest lists 200,000 deep in the notebook's metadata."""
    deep = b"[" * 200_000 + b"]" * 200_000
    return data.rstrip()[:-1] + b', "deep": ' + deep + b"}"


FORMAT = [
    _format("bom", "UTF-8 with a byte-order mark", stored(lambda data: codecs.BOM_UTF8 + data), outcome=None),
    _format(
        "not-escaped", "UTF-8, nothing escaped, with umlauts", stored(recoded("utf-8"), right(GERMAN)), outcome=None
    ),
    _format("latin-1", "Latin-1, with umlauts in the code", stored(recoded("latin-1", "replace"), right(GERMAN))),
    _format("windows", "Windows-1252, with umlauts and dashes", stored(recoded("cp1252", "replace"), right(GERMAN))),
    _format("utf-16", "UTF-16 with its mark, as Notepad stores it", stored(recoded("utf-16"), right(GERMAN))),
    _format("utf-16-half", "UTF-16, an answer wrong", stored(recoded("utf-16"), right(lost_factor=WRONG)), LOST),
    _format("utf-32", "UTF-32", stored(recoded("utf-32")), outcome=None),
    _format("crlf", "Windows line ends in the file", stored(lambda data: data.replace(b"\n", b"\r\n")), outcome=None),
    _format("version-3", "stored in nbformat 3, with its worksheets", stored(version_3)),
    _format("version-3-half", "nbformat 3, an answer wrong", stored(version_3, right(lost_factor=WRONG)), LOST),
    _format("version-4-0", "nbformat 4.0 in name, with ids", as_json(version(4, 0)), outcome=None),
    _format("version-4-99", "a future minor version", as_json(version(4, 99)), outcome=None),
    _format("version-5", "a future version, 5.0, cells as we know them", as_json(version(5, 0))),
    _format(
        "unknown-fields",
        "fields that the format does not know, and NaN in the metadata",
        as_json(unknown_fields),
        outcome=None,
    ),
    _format("kernel-r", "the kernel of R, and Python in the cells", as_json(kernel("ir", "R")), flags=("kernel",)),
    _format("kernel-conda", "a kernel that only the student has", as_json(kernel("my-env", "python")), outcome=None),
    _format("no-metadata", "no metadata of the notebook at all", as_json(no_metadata), outcome=None),
    _format("source-as-text", "sources as text in place of lines", as_json(source_as_text), outcome=None),
    _format(
        "odd-outputs",
        "stored outputs that no format allows: outputs are not what is handed in",
        as_json(odd_outputs),
        outcome=None,
    ),
    _format("long-outputs", "8 MB of stored outputs: not what is handed in", as_json(long_outputs), outcome=None),
    _human("truncated", "cut off in the middle", stored(lambda data: data[: len(data) // 2])),
    _human("empty", "an empty file", stored(lambda data: b"")),
    _human("zeros", "as many zero bytes as a full disk leaves", stored(lambda data: bytes(len(data)))),
    _human("noise", "random bytes", stored(lambda data: bytes((k * k * 31 + k) % 256 for k in range(5000)))),
    _human(
        "web-page",
        "the log-in page of the university in place of the notebook",
        stored(lambda data: b"<!DOCTYPE html><html><head><title>Log in</title></head><body></body></html>"),
    ),
    _human("json-number", "JSON, but a number", stored(lambda data: b"42")),
    _human("json-cells", "JSON whose cells are a number", as_json(lambda tree: tree.update(cells=3))),
    _human(
        "json-cell-list",
        "JSON whose cells are numbers and nulls",
        as_json(lambda tree: tree.update(cells=[1, None, "x", [[]]])),
    ),
    _human(
        "json-source",
        "cells whose sources are numbers",
        as_json(lambda tree: [c.update(source=7) for c in tree["cells"]] and None),
    ),
    _human(
        "git-conflict",
        "the marks of a merge conflict in the JSON",
        stored(lambda data: data.replace(b'"cells": [', b'<<<<<<< HEAD\n "cells": [\n=======\n "cells": [', 1)),
    ),
    _human("deep", "lists nested 200,000 deep in the JSON", stored(deep_metadata)),
    _human("deep-cells", "nothing but opened brackets", stored(lambda data: b'{"cells":' * 100_000)),
    _human("huge", "64 million zero bytes", stored(lambda data: bytes(64_000_000))),
    _human(
        "digits",
        "a number of a million digits in place of the format's version",
        stored(lambda data: b'{"nbformat": ' + b"9" * 1_000_000 + b', "cells": []}'),
    ),
    _human(
        "no-cells",
        "a notebook of ours without a cell: nobody hands that in on purpose",
        as_json(lambda tree: tree.update(cells=[])),
    ),
    _human(
        "other-assignment",
        "another assignment's notebook under this one's name",
        lambda kit: {NOTEBOOK: other_notebook()},
    ),
]


def other_notebook():
    """Return a short notebook with the graded cells of another assignment."""
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

    def graded(name, source, grade):
        own = {"grade": grade, "grade_id": name, "locked": grade, "schema_version": 3, "solution": not grade}
        return new_code_cell(source, id=name, metadata={"nbgrader": own | ({"points": 2} if grade else {})})

    cells = [new_markdown_cell("# 5 · A tiny recurrent network", id="title")]
    for name in ("sgm", "forward", "loss"):
        cells += [graded(name, f"def {name}(u):\n    return 1 / (1 + np.exp(-u))", False)]
        cells += [graded(f"{name}-check", f'check("05-tiny-rnn", "{name}", {name}).require()', True)]
    return writes(new_notebook(cells=cells)).encode()
