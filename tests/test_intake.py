"""Whatever an editor, a mail program or a student did to a notebook: what can be understood is understood, and said."""

import ast
import copy
import io
import json
import os
import zipfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.utils import is_locked

from grader import intake
from grader.demo import answered, right_answers
from grader.intake import NeedsHuman, parse, read
from grader.rebuild import Skeleton, is_answer, rebuild
from tests.corpus.format import version_3
from tests.corpus.structure import bare, colab, same_ids, vscode

ROOT = Path(__file__).resolve().parent.parent
ROOMS = sorted(path.parent.name for path in ROOT.glob("notebooks/*/*.ipynb"))
ROOM = ROOMS[0]
SKELETONS = {room: Skeleton(nbformat.read(ROOT / "notebooks" / room / f"{room}.ipynb", 4)) for room in ROOMS}
RIGHT = {}
for room in ROOMS:
    own = nbformat.v4.new_notebook(cells=SKELETONS[room].cells, metadata=SKELETONS[room].metadata)
    RIGHT[room] = answered(own, right_answers(SimpleNamespace(root=ROOT), room))
EXAMPLES = int(os.environ.get("EXAMPLES", 60))
DATA = RIGHT[ROOM].encode()
STUBS = nbformat.writes(
    nbformat.v4.new_notebook(cells=SKELETONS[ROOM].cells, metadata=SKELETONS[ROOM].metadata)
).encode()


def tree(room=ROOM):
    return json.loads(RIGHT[room])


def code(nb):
    """Return {name: its code} of what the notebook defines when it is run: the last function, else the last value."""
    functions, values = {}, {}
    for cell in nb["cells"]:
        if cell["cell_type"] == "code":
            for node in ast.parse("".join(cell["source"]).replace("%matplotlib inline", "")).body:
                names = [target.id for target in getattr(node, "targets", []) if isinstance(target, ast.Name)]
                values |= dict.fromkeys(names, ast.unparse(node))
                if isinstance(node, ast.FunctionDef):
                    functions[node.name] = ast.unparse(node)
    return values | functions


def answers_of(nb, room=ROOM):
    defined = code(nb)
    return {name: defined.get(name) for name in SKELETONS[room].answers}


def keeps_all(rebuilt, room=ROOM):
    """Hold a rebuilt notebook to the right answers and to our own cells as we released them."""
    nbformat.validate(rebuilt)
    assert answers_of(rebuilt, room) == answers_of(tree(room), room)
    cells = {cell.id: cell for cell in rebuilt.cells}
    assert len(cells) == len(rebuilt.cells), "no two cells have one id"
    for ours in SKELETONS[room].cells:
        if is_locked(ours):
            assert cells[ours.id].source == ours.source
            assert cells[ours.id].metadata == ours.metadata
            assert cells[ours.id].cell_type == ours.cell_type


def of(name, nb):
    return next(cell for cell in nb["cells"] if cell.get("id") == name)


# --- an honest notebook ----------------------------------------------------------------------------


@pytest.mark.parametrize("room", ROOMS)
def test_an_honest_notebook_stays_what_it_is(room):
    rebuilt, repairs = rebuild(tree(room), SKELETONS[room])
    handed_in = nbformat.reads(RIGHT[room], 4)
    assert repairs == []
    assert [(c.id, c.cell_type, c.source, c.metadata) for c in rebuilt.cells] == [
        (c.id, c.cell_type, c.source, c.metadata) for c in handed_in.cells
    ]
    assert rebuild(rebuilt, SKELETONS[room]) == (rebuilt, [])
    keeps_all(rebuilt, room)


@pytest.mark.parametrize("room", ROOMS)
def test_a_notebook_belongs_to_its_own_assignment_alone(room):
    for other in ROOMS:
        assert SKELETONS[other].is_ours(tree(room)) == (other == room)


# --- the file --------------------------------------------------------------------------------------

TEXT = json.dumps(json.loads(RIGHT[ROOM]), ensure_ascii=False).replace("# 1 ", "# größer ", 1)
ENCODED = {
    "utf-8": (TEXT.encode(), None),
    "utf-8 with its mark": (b"\xef\xbb\xbf" + TEXT.encode(), "utf-8"),
    "Latin-1": (TEXT.encode("latin-1", "replace"), "Latin-1"),
    "Windows-1252": (TEXT.encode("cp1252", "replace"), "Latin-1"),
    "utf-16": (TEXT.encode("utf-16"), "utf-16"),
    "utf-16, big end first": (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
    "utf-16 without its mark": (TEXT.encode("utf-16-le"), "utf-16"),
    "utf-32": (TEXT.encode("utf-32"), "utf-32"),
    "something after its end": (TEXT.encode() + b"\n<!-- sent from my phone -->", "after its end"),
    "lines of Windows": (TEXT.encode().replace(b"\n", b"\r\n"), None),
}


@pytest.mark.parametrize(("data", "note"), ENCODED.values(), ids=ENCODED)
def test_a_notebook_is_read_in_any_encoding(data, note):
    notebook, notes = parse(data)
    assert "größer" in str(notebook)
    assert [n for n in notes if note and note in n] if note else not notes
    keeps_all(rebuild(notebook, SKELETONS[ROOM])[0])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (DATA[:5000], "cut off or damaged at character"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "damaged"),
        (b"[" * 10**6, "nested too deeply"),
        (b"{}", "is not a notebook"),
        (b"[]", "is not a notebook"),
        (b'"text"', "is not a notebook"),
        (b'{"cells": {}}', "is not a notebook"),
        (b'{"cells": [], "nbformat": ' + b"1" * 5000 + b"}", "cannot be read"),
        (b'{"worksheets": [5], "nbformat": 3}', "cannot be converted"),
        (b'{"worksheets": [], "nbformat": "x", "metadata": 5}', "cannot be converted|is not a notebook"),
    ],
)
def test_what_is_no_notebook_needs_a_human(data, why):
    with pytest.raises(NeedsHuman) as reason:
        keeps_all(rebuild(parse(data)[0], SKELETONS[ROOM])[0])
    assert any(word in str(reason.value) for word in [*why.split("|"), "none of its cells"])


@pytest.mark.parametrize("version", [3, 5, 99, "4", None])
def test_old_and_future_formats_are_read(version):
    data = version_3(DATA) if version == 3 else json.dumps(tree() | {"nbformat": version}).encode()
    notebook, notes = parse(data)
    assert notes
    keeps_all(rebuild(notebook, SKELETONS[ROOM])[0])


# --- the folder ------------------------------------------------------------------------------------


def put(folder, **files):
    for name, content in files.items():
        path = folder / name.replace("__", ".").replace("_in_", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def archive(**files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "."), content)
    return data.getvalue()


def taken(folder):
    return read(folder, ROOM, SKELETONS[ROOM])


NAME = f"{ROOM}.ipynb"


@pytest.mark.parametrize(
    "name", ["my work.ipynb", "Untitled1.ipynb", f"{ROOM}.ipynb.txt", f"{ROOM} (1).IPYNB", "ü.json"]
)
def test_a_renamed_notebook_is_found(tmp_path, name):
    put(tmp_path, **{name: DATA})
    assert f"renamed: it was called {name}" in taken(tmp_path).repairs


def test_a_notebook_is_found_in_a_folder_and_in_a_zip(tmp_path):
    put(tmp_path / "a", **{f"work/{NAME}": DATA, "work/data.csv": b"1"})
    found = taken(tmp_path / "a")
    assert found.repairs == ["found in a folder: work", "extra files: data.csv"]
    put(tmp_path / "b", work__zip=archive(**{f"deep/er/{NAME}": DATA, "__MACOSX/x": b"", "../../etc/y.csv": b"2"}))
    found = taken(tmp_path / "b")
    assert found.repairs == ["unpacked: work.zip"]
    assert found.notebook == tree()
    assert not list(tmp_path.glob("**/y.csv"))


def test_of_several_notebooks_the_one_that_is_meant_is_taken(tmp_path):
    put(tmp_path, **{NAME: DATA, "notes.ipynb": nbformat.writes(nbformat.v4.new_notebook()).encode()})
    assert taken(tmp_path).repairs == ["extra notebook ignored: notes.ipynb"]


def test_two_notebooks_that_could_be_meant_need_a_human(tmp_path):
    put(tmp_path, **{"a.ipynb": DATA, "b.ipynb": DATA})
    with pytest.raises(NeedsHuman, match=r"a\.ipynb, b\.ipynb"):
        taken(tmp_path)
    put(tmp_path / "stubs", **{NAME: STUBS, "notes.ipynb": DATA})
    with pytest.raises(NeedsHuman, match=r"several notebooks could be meant"):
        taken(tmp_path / "stubs")


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "but nothing"),
        ({"report__pdf": b"%PDF"}, r"but report\.pdf"),
        ({NAME: DATA[:3000]}, "cut off or damaged"),
        ({NAME: b'{"cells": []}'}, "is not a notebook of"),
        ({NAME: RIGHT[ROOMS[-1]].encode()}, "is not a notebook of"),
        ({"x__zip": b"PK\x03\x04 no"}, "x.zip|nothing"),
        ({"x__zip": archive(**{f"{k}.csv": b"1" for k in range(1001)})}, "nothing"),
        ({NAME: b" " * 20_000_001}, "nothing"),
    ],
)
def test_what_cannot_be_understood_needs_a_human_and_it_says_why(tmp_path, files, why):
    put(tmp_path, **files)
    with pytest.raises(NeedsHuman, match=why):
        taken(tmp_path)


def test_an_archive_that_swells_is_not_unpacked(tmp_path):
    put(tmp_path, **{NAME: DATA, "bomb.zip": archive(a__csv=bytes(21_000_000))})
    assert "bomb.zip cannot be unpacked (unpacked it is too large)" in taken(tmp_path).repairs
    nested = archive(b__zip=archive(c__zip=archive(d__csv=b"1")))
    put(tmp_path, **{"bomb.zip": nested})
    assert set(taken(tmp_path).files) == {"b.zip"}, "what lies in an archive in an archive stays there"


@pytest.mark.parametrize("place", range(0, 400, 7))
def test_a_damaged_archive_is_left_alone(tmp_path, place):
    data = bytearray(archive(a__csv=b"1,2,3" * 99, b__csv=os.urandom(99)))
    data[place % len(data)] ^= 0xFF
    put(tmp_path, **{NAME: DATA, "x.zip": bytes(data)})
    assert taken(tmp_path).notebook == tree()


def test_links_pipes_and_folders_are_named_and_left_alone(tmp_path):
    (tmp_path / "secret").write_text("secret")
    folder = tmp_path / "submitted"
    put(folder, **{NAME: DATA, "a/b/deep.csv": b"1", ".hidden": b"1", "__pycache__/x.pyc": b"1"})
    (folder / "link.csv").symlink_to(tmp_path / "secret")
    (folder / "up").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    found = taken(folder)
    assert found.files == {}
    notes = " ".join(found.repairs)
    for note in ("link ignored: link.csv", "link ignored: up", "special file ignored: pipe", "folder ignored: b"):
        assert note in notes


def test_a_link_in_place_of_the_notebook_needs_a_human(tmp_path):
    put(tmp_path, other__ipynb=DATA)
    (tmp_path / "submitted").mkdir()
    (tmp_path / "submitted" / NAME).symlink_to(tmp_path / "other.ipynb")
    with pytest.raises(NeedsHuman):
        taken(tmp_path / "submitted")


def test_names_that_would_break_a_report_are_shown_in_a_line(tmp_path):
    put(tmp_path, **{NAME: DATA})
    for name in (b"\xff\xfe.csv", b"two\nlines.csv", b"x" * 200 + b".csv", b"\x1b[31mred.csv"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(b"1")
    (tmp_path / "a\nb").symlink_to("/")
    notes = taken(tmp_path).repairs
    assert all(note.isprintable() and len(note) < 500 for note in notes), notes
    assert "".join(notes).encode()


def test_all_together_is_bounded_and_the_notebook_comes_first(tmp_path, monkeypatch):
    monkeypatch.setattr(intake, "LARGEST_ALL", len(DATA) + 10)
    put(tmp_path, **{NAME: DATA, "0.csv": bytes(8), "00.csv": bytes(8)})
    found = taken(tmp_path)
    assert found.notebook == tree()
    assert list(found.files) == ["0.csv"]
    assert "too large or not to be read, ignored: 00.csv" in found.repairs


def test_few_files_beside_the_notebook_are_kept(tmp_path):
    put(tmp_path, **{NAME: DATA, **{f"{k:03}.csv": b"1" for k in range(80)}})
    assert len(taken(tmp_path).files) == 50


# --- the cells -------------------------------------------------------------------------------------


def first_answer(nb):
    return next(cell for cell in nb["cells"] if cell["id"] in SKELETONS[ROOM].answers)


def check_of(nb, name):
    return of(f"{name}-check", nb)


def changed(change):
    nb = tree()
    change(nb)
    return rebuild(nb, SKELETONS[ROOM])


def _emptied(nb):
    of("imports", nb)["source"] = ""


def _edited_check(nb):
    check_of(nb, "gradient")["source"] = "print('Passed')"


def _renamed_check(nb):
    check_of(nb, "gradient").update(source=["1 + 1"], metadata={}, id="own")


def _merged(nb):
    answer, check = of("gradient", nb), check_of(nb, "gradient")
    answer["source"] = "".join(answer["source"]) + "\n\n" + "".join(check["source"])
    nb["cells"].remove(check)


def _split(nb):
    place = nb["cells"].index(of("gradient", nb))
    nb["cells"].insert(place, {"cell_type": "code", "source": "factor = 2", "metadata": {}, "outputs": []})


def _twice(nb):
    nb["cells"] += copy.deepcopy(nb["cells"])


def _all_in_one(nb):
    source = "\n\n".join("".join(cell["source"]) for cell in nb["cells"] if cell["cell_type"] == "code")
    nb["cells"] = [{"cell_type": "code", "source": source}]


DAMAGED = {
    "metadata lost to Colab": (colab, ""),
    "metadata lost to VS Code": (vscode, ""),
    "nothing but sources": (bare, ""),
    "one id for all": (same_ids, ""),
    "ids lost": (lambda nb: [cell.pop("id") for cell in nb["cells"]], ""),
    "metadata is no dict": (lambda nb: [cell.update(metadata=7) for cell in nb["cells"]], ""),
    "nbgrader is no dict": (lambda nb: [cell.update(metadata={"nbgrader": [1]}) for cell in nb["cells"]], ""),
    "ids are numbers": (lambda nb: [cell.update(id=7) for cell in nb["cells"]], ""),
    "cells that are none": (lambda nb: nb["cells"].extend([5, None, "x", []]), ""),
    "reversed": (lambda nb: nb["cells"].reverse(), "reordered"),
    "pasted twice": (_twice, "duplicate of gradient ignored"),
    "an answer became text": (lambda nb: of("gradient", nb).update(cell_type="markdown"), "gradient was a markdown"),
    "an answer became raw": (lambda nb: of("gradient", nb).update(cell_type="raw"), "gradient was a raw"),
    "an answer became nonsense": (lambda nb: of("gradient", nb).update(cell_type={"a": "\n"}), "gradient was a"),
    "a check became text": (lambda nb: check_of(nb, "gradient").update(cell_type="markdown"), ""),
    "a check deleted": (lambda nb: nb["cells"].remove(check_of(nb, "gradient")), "restored: gradient-check"),
    "a check edited": (_edited_check, "restored: gradient-check, which had been edited"),
    "a check in another's place": (_renamed_check, "restored: gradient-check"),
    "all text deleted": (
        lambda nb: nb.update(cells=[cell for cell in nb["cells"] if cell["cell_type"] == "code"]),
        "text cell",
    ),
    "an answer merged with its check": (_merged, "restored: gradient-check"),
    "an answer split": (_split, ""),
    "all in one cell": (_all_in_one, "stands in another cell"),
    "surrogates": (lambda nb: nb["cells"].append({"cell_type": "code", "source": "x = '\ud800'"}), ""),
    "a NUL": (lambda nb: nb["cells"].append({"cell_type": "markdown", "source": "a\x00b"}), ""),
    "outputs of no form": (lambda nb: [cell.update(outputs=[5], execution_count="x") for cell in nb["cells"]], ""),
}


@pytest.mark.parametrize(("change", "note"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_notebook_keeps_its_answers(change, note):
    rebuilt, repairs = changed(change)
    assert note in "; ".join(repairs)
    assert all(repair.isprintable() for repair in repairs)
    keeps_all(rebuilt)
    assert nbformat.writes(rebuilt).encode()
    assert rebuild(rebuilt, SKELETONS[ROOM])[0] == rebuilt


def test_emptied_imports_are_completed():
    rebuilt, repairs = changed(_emptied)
    ours = next(cell.source for cell in SKELETONS[ROOM].cells if cell.id == "imports")
    assert ours in of("imports", rebuilt).source
    assert is_locked(of("imports", SKELETONS[ROOM].__dict__)) or "imports completed" in repairs


def test_of_two_answers_the_first_stands_and_the_other_below_it():
    """The second one, run later, is what the student's notebook used to the end."""

    def twice(nb):
        place = nb["cells"].index(of("gradient", nb))
        nb["cells"].insert(place + 1, {"cell_type": "code", "source": "def gradient(W, X, y):\n    return 7"})

    rebuilt, repairs = changed(twice)
    ids = [cell.id for cell in rebuilt.cells]
    assert repairs == ["duplicate of gradient kept below it"]
    assert rebuilt.cells[ids.index("gradient") + 1].source.endswith("return 7")
    assert ids.index("gradient") + 1 < ids.index("gradient-check")


def test_an_answer_below_its_check_stays_there():
    def below(nb):
        place = nb["cells"].index(check_of(nb, "gradient"))
        nb["cells"].insert(place + 1, {"cell_type": "code", "source": "def gradient(W, X, y):\n    return 7"})

    rebuilt, _ = changed(below)
    ids = [cell.id for cell in rebuilt.cells]
    assert rebuilt.cells[ids.index("gradient-check") + 1].source.endswith("return 7")


def test_a_stub_above_the_answer_is_no_answer():
    stub = next(cell for cell in SKELETONS[ROOM].cells if cell.id == "gradient")
    rebuilt, _ = changed(lambda nb: nb["cells"].insert(0, json.loads(json.dumps(stub))))
    keeps_all(rebuilt)


def test_an_answer_that_is_missing_is_our_stub_again():
    rebuilt, repairs = changed(lambda nb: nb["cells"].remove(of("gradient", nb)))
    assert "restored: gradient, which was missing" in repairs
    assert "NotImplementedError" in of("gradient", rebuilt).source


@pytest.mark.parametrize("cells", [[], [{"cell_type": "code", "source": "1"}], [5], [{"source": "x" * 10**6}]])
def test_none_of_our_cells_needs_a_human(cells):
    with pytest.raises(NeedsHuman, match="none of its cells"):
        rebuild({"cells": cells}, SKELETONS[ROOM])


def test_too_many_cells_need_a_human():
    with pytest.raises(NeedsHuman, match="has 2001 cells"):
        rebuild({"cells": [{}] * 2001}, SKELETONS[ROOM])


# --- several at once -------------------------------------------------------------------------------


def _pick(nb, number, kind=None):
    cells = [cell for cell in nb["cells"] if kind in (None, cell["cell_type"])]
    return cells[number % len(cells)]


def _defines(cell):
    return any(f"def {name}" in "".join(cell["source"]) for skeleton in SKELETONS.values() for name in skeleton.answers)


def lose_ids(nb, k):
    for cell in nb["cells"]:
        cell.pop("id", None)


def lose_metadata(nb, k):
    for cell in nb["cells"]:
        cell["metadata"] = {}


def one_id(nb, k):
    for cell in nb["cells"]:
        cell["id"] = "x"


def swap_metadata(nb, k):
    one, two = _pick(nb, k, "code"), _pick(nb, k // 7, "code")
    one["metadata"], two["metadata"] = two.get("metadata", {}), one.get("metadata", {})


def move(nb, k):
    cell = _pick(nb, k)
    nb["cells"].remove(cell)
    nb["cells"].insert(k // 7 % (len(nb["cells"]) + 1), cell)


def reverse(nb, k):
    nb["cells"].reverse()


def paste(nb, k):
    cell = _pick(nb, k)
    nb["cells"].insert(nb["cells"].index(cell) + 1, copy.deepcopy(cell))


def retype(nb, k):
    _pick(nb, k, "code")["cell_type"] = ("markdown", "raw")[k % 2]


def delete(nb, k):
    harmless = [cell for cell in nb["cells"] if not _defines(cell)]
    if len(harmless) > 1:
        nb["cells"].remove(harmless[k % len(harmless)])


def merge(nb, k):
    place = k % (len(nb["cells"]) - 1)
    one, two = nb["cells"][place : place + 2]
    if one["cell_type"] == two["cell_type"] == "code":
        one["source"] = "".join(one["source"]) + "\n\n" + "".join(two["source"])
        nb["cells"].remove(two)


def edit(nb, k):
    cell = _pick(nb, k)
    if not _defines(cell):
        cell["source"] = "".join(cell["source"]) + ("\n# mine" if cell["cell_type"] == "code" else "\nmine")


def empty(nb, k):
    cell = _pick(nb, k)
    if not _defines(cell):
        cell["source"] = ""


def write(nb, k):
    nb["cells"].insert(
        k % len(nb["cells"]), {"cell_type": ("code", "markdown")[k % 2], "source": f"# {k}", "id": "own"}
    )


def in_lines(nb, k):
    for cell in nb["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)


DAMAGES = [lose_ids, lose_metadata, one_id, swap_metadata, move, reverse, paste, retype, delete, merge, edit, empty]
DAMAGES += [write, in_lines]
STORED = {
    "as it is": lambda data: data,
    "with a mark": lambda data: b"\xef\xbb\xbf" + data,
    "wide": lambda data: data.decode().encode("utf-16"),
    "not escaped": lambda data: json.dumps(json.loads(data), ensure_ascii=False).encode("cp1252", "replace"),
}


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(ROOMS),
    st.lists(st.tuples(st.sampled_from(DAMAGES), st.integers(0, 10_000)), max_size=8),
    st.sampled_from(sorted(STORED)),
)
def test_whatever_happens_to_a_right_notebook_all_its_answers_stay(room, damages, stored):
    nb = tree(room)
    for damage, number in damages:
        damage(nb, number)
    notebook, _ = parse(STORED[stored](json.dumps(nb).encode()))
    assert SKELETONS[room].is_ours(notebook)
    rebuilt, repairs = rebuild(notebook, SKELETONS[room])
    keeps_all(rebuilt, room)
    again, _ = rebuild(rebuilt, SKELETONS[room])
    assert again == rebuilt
    assert all(repair.isprintable() for repair in repairs)


@settings(max_examples=EXAMPLES, derandomize=True, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda s: (
            st.lists(s)
            | st.dictionaries(
                st.sampled_from(
                    ["cells", "source", "metadata", "nbgrader", "grade_id", "id", "cell_type", "worksheets", "nbformat"]
                ),
                s,
            )
        ),
        max_leaves=25,
    )
)
def test_whatever_else_is_json_is_a_notebook_or_needs_a_human(value):
    try:
        notebook, _ = parse(json.dumps(value).encode())
        SKELETONS[ROOM].is_ours(notebook)
        rebuilt, _ = rebuild(notebook, SKELETONS[ROOM])
        nbformat.validate(rebuilt)
    except NeedsHuman:
        pass


def test_an_answer_cell_is_one_that_is_to_be_written():
    assert {cell.id for cell in SKELETONS[ROOM].cells if is_answer(cell)} == set(SKELETONS[ROOM].answers)
