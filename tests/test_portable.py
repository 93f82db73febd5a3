"""What travels out of a student's process: plain data arrive as they were, whatever else is forged is refused."""

import base64
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from helpers import reference
from helpers.asking import Answer, ask_function
from helpers.judging import judge
from helpers.portable import DEEP, MOST, Foreign, kind, pack, portable, unpack
from tests.test_mistakes import WRONG_ANSWERS


def travelled(value):
    return unpack(json.loads(json.dumps(pack(value))))


def same(one, two):
    """Return whether portable data are equal in type, shape and every bit that counts; nan is nan."""
    if type(one) is not type(two):
        return False
    if isinstance(one, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(two) and all(map(same, one, two))
    if isinstance(one, np.ndarray):
        return one.dtype == two.dtype and one.shape == two.shape and one.tobytes() == two.tobytes()
    return one == two or (one != one and two != two)


NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats() | st.complex_numbers() | st.booleans()
DTYPES = st.one_of(
    hnp.boolean_dtypes(),
    hnp.integer_dtypes(endianness="?"),
    hnp.unsigned_integer_dtypes(endianness="?"),
    hnp.floating_dtypes(endianness="?"),
    hnp.complex_number_dtypes(endianness="?"),
)
ARRAYS = hnp.arrays(DTYPES, hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5))
PLAIN = st.recursive(
    st.none() | NUMBERS | st.text(max_size=30) | ARRAYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(PLAIN)
def test_what_is_plain_arrives_as_it_was(value):
    plain = portable(value)
    assert same(travelled(plain), plain)


@settings(max_examples=100, deadline=None)
@given(ARRAYS)
def test_an_array_keeps_its_numbers_its_shape_and_its_type(array):
    there = travelled(portable(array))
    assert same(there, np.array(array))
    assert there.flags.writeable
    assert there.base is None or there.base.base is None


@pytest.mark.parametrize(
    "array",
    [np.eye(3).T[::2], np.broadcast_to(1.0, (2, 3)), np.asfortranarray(np.arange(6.0).reshape(2, 3))],
)
def test_a_view_arrives_with_its_own_numbers(array):
    assert same(travelled(portable(array)), np.array(array, order="C"))


@pytest.mark.parametrize("number", [2**63 - 1, -(2**63) + 1, 2**63, -(2**70), 10**4000])
def test_whole_numbers_arrive_or_are_foreign(number):
    fits = abs(number) < 2**63
    assert travelled(portable(number)) == (number if fits else Foreign("int of object"))


# --- foreign things --------------------------------------------------------------------------------


class Liar:
    """Says of itself that it is a float, and runs code whenever it is looked at."""

    ran = []
    __class__ = property(lambda self: Liar.ran.append("class") or float)

    def __eq__(self, other):
        Liar.ran.append("eq")
        return True

    def __float__(self):
        return 1.0

    __hash__ = None


class Cheat(float):
    def __eq__(self, other):
        return True

    __hash__ = float.__hash__


class Tuple(tuple):
    def __eq__(self, other):
        return True

    __hash__ = tuple.__hash__


class Words(dict):
    def items(self):
        raise AssertionError("code of the student's ran")

    __iter__ = keys = values = __getitem__ = items


class Text(str):
    __slots__ = ()


class Array(np.ndarray):
    def __eq__(self, other):
        return np.True_

    __hash__ = None

    def tobytes(self, order="C"):
        return b"\0" * self.nbytes


def cheating(numbers):
    return np.asarray(numbers).view(Array)


@pytest.mark.parametrize(
    "value",
    [
        Liar(),
        np.array([Liar()], dtype=object),
        np.array([[1], [2, 3]], dtype=object),
        np.array(["1.0"]),
        np.array([b"1"]),
        np.array([("a", 1)], dtype=[("name", "U9"), ("n", int)]),
        np.array(["2020-01-01"], dtype="datetime64[D]"),
        {1, 2},
        b"bytes",
        Text("right"),
        len,
        Liar,
        (x for x in range(3)),
        Exception("right"),
        "x".join,
        np.float64,
        [[1], [2, 3]],
        [None, 1],
        ["1", "2"],
        type("A" * 9999, (), {})(),
    ],
    ids=lambda value: type(value).__name__[:20],
)
def test_what_is_not_plain_is_the_name_of_its_type(value):
    plain = portable(value)
    assert isinstance(plain, Foreign)
    assert same(travelled(plain), plain)
    assert len(plain.type) <= 100
    assert type(plain).__eq__(plain, Foreign(plain.type))


def test_a_class_that_lies_about_itself_is_not_believed():
    Liar.ran.clear()
    assert portable(Liar()) == Foreign("Liar of object")
    assert "eq" not in Liar.ran
    assert portable({"a": Liar()}) == {"a": Foreign("Liar of object")}


def test_subclasses_lose_their_class_and_with_it_their_code():
    assert same(portable(Cheat(2)), np.array(2.0))
    assert same(portable(Tuple((1.0, 2.0))), np.array([1.0, 2.0]))
    assert portable(Words(a=1.0)) == {"a": 1.0}
    assert type(portable(Words(a=1.0))) is dict
    assert same(travelled(portable(cheating([1.0, 2.0]))), np.array([1.0, 2.0]))
    assert type(portable(cheating([1.0]))) is np.ndarray
    assert same(portable(np.ma.masked_array([1.0, 2.0], [True, False])), np.array([1.0, 2.0]))


def test_what_is_large_is_told_by_its_size():
    assert portable(np.zeros(MOST)) == Foreign(f"ndarray of {MOST:,} numbers")
    assert portable(np.broadcast_to(0.0, (10**6, 10**3))) == Foreign("ndarray of 1,000,000,000 numbers")
    assert len(portable("x" * 10**6)) == 1000
    assert len(portable(dict.fromkeys(range(5000)))) == 1000
    assert max(map(len, portable({"k" * 500: 1}))) == 100


def test_what_is_deep_ends_somewhere():
    deep = 1.0
    for _ in range(40):
        deep = {"a": deep}
    assert same(travelled(portable(deep)), portable(deep))
    endless = {}
    endless["a"] = endless
    assert str(portable(endless)).count("{") == DEEP
    rings = []
    rings.append(rings)
    assert isinstance(portable(rings), Foreign)
    nested = 1.0
    for _ in range(30):
        nested = [nested]
    assert same(travelled(portable(nested)), portable(nested))


# --- forged data -----------------------------------------------------------------------------------


def array(numbers=b"\0" * 8, dtype="<f8", shape=(1,), **more):
    return {"array": base64.b64encode(numbers).decode(), "dtype": dtype, "shape": list(shape)} | more


DEPTH = 1.0
for _ in range(2 * DEEP + 2):
    DEPTH = {"list": [DEPTH]}

FORGED = {
    "a list": [1, 2],
    "an empty dict": {},
    "unknown": {"pickle": "gASVAAAA"},
    "two at once": {"foreign": "x", "list": []},
    "a list of what is none": {"list": [[1]]},
    "a list that is none": {"list": {"0": 1}},
    "a list that is a text": {"list": "abc"},
    "too deep": DEPTH,
    "a dict that is none": {"dict": {"a": 1}},
    "a dict of three": {"dict": [["a", 1, 2]]},
    "a dict of texts": {"dict": ["ab"]},
    "a key that is a number": {"dict": [[1, 2]]},
    "a key that is a list": {"dict": [[["a"], 2]]},
    "a complex of texts": {"complex": ["1", "2"]},
    "a complex of ints": {"complex": [1, 2]},
    "a complex of three": {"complex": [1.0, 2.0, 3.0]},
    "a foreign number": {"foreign": 5},
    "objects": array(dtype="|O8"),
    "objects, native": array(dtype="=O8"),
    "records": array(dtype="<f4,<f4"),
    "records, short": array(dtype="<f,f"),
    "records of objects": array(dtype="|i,O"),
    "texts": array(dtype="<U2"),
    "bytes": array(dtype="|S8"),
    "void": array(dtype="|V8"),
    "times": array(dtype="<M8[s]"),
    "no type": array(dtype=""),
    "half a type": array(dtype="<"),
    "a type that is none": array(dtype="<f7"),
    "a size of nothing": array(dtype="<f0", numbers=b""),
    "a comma": array(dtype="f8,"),
    "a Python type": array(dtype="float"),
    "a name": array(dtype="object"),
    "too few numbers": array(shape=(2,)),
    "too many numbers": array(bytes(16), shape=()),
    "a negative side": array(shape=(-1,)),
    "two negative sides": array(shape=(-1, -1)),
    "a side of no size": array(shape=(10**12, 0), numbers=b""),
    "a side that is true": array(shape=(True,)),
    "a side that is a float": array(shape=(1.0,)),
    "a side that is a text": array(shape=("1",)),
    "a hundred dimensions": array(shape=(1,) * 100),
    "an overflow": array(shape=(2**32, 2**32), numbers=b""),
    "an empty overflow": array(shape=(MOST, MOST, MOST, 0), numbers=b""),
    "no base64": {"array": "%%%%", "dtype": "<f8", "shape": [1]},
    "base64 of letters": {"array": "é" * 12, "dtype": "<f8", "shape": [1]},
    "too large": array(bytes(MOST + 8), shape=(MOST // 8 + 1,)),
    "more than an array": array(more=1),
    "less than an array": {"array": "", "dtype": "<f8"},
    "a shape that is none": {"array": "", "dtype": "<f8", "shape": 0},
    "an array that is none": {"array": [1.0], "dtype": "<f8", "shape": [1]},
}


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED)
def test_what_is_forged_is_refused(data):
    with pytest.raises(ValueError):
        unpack(data)
    with pytest.raises(ValueError):
        unpack({"list": [{"dict": [["a", data]]}]})


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["<f8", "|O", "<f,f"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["array", "dtype", "shape", "list", "dict", "complex", "foreign"]), inner, max_size=3
        )
    ),
    max_leaves=15,
)


@settings(max_examples=400, deadline=None)
@given(JSON)
def test_any_json_is_refused_or_becomes_plain_data(data):
    try:
        value = unpack(data)
    except ValueError:
        return
    assert plain(value)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=40), st.text("<>|=biufcOSUVMm,0123456789", max_size=5), st.lists(st.integers(-1, 5), max_size=4)
)
def test_any_array_is_refused_or_holds_numbers(raw, dtype, shape):
    try:
        value = unpack(array(raw, dtype, shape))
    except ValueError:
        return
    assert value.dtype.kind in "biufc"
    assert value.nbytes == len(raw)


def plain(value):
    if isinstance(value, dict):
        return all(type(key) is str and plain(entry) for key, entry in value.items())
    if isinstance(value, list):
        return all(map(plain, value))
    if type(value) is np.ndarray:
        return value.dtype.kind in "biufc" and value.nbytes <= MOST
    return value is None or type(value) in (bool, int, float, complex, str, Foreign)


def test_a_text_is_cut():
    assert len(unpack("x" * 5000)) == 1000
    assert len(unpack({"foreign": "x" * 5000}).type) == 100


def test_a_kind_is_a_name():
    assert [kind(v) for v in (1, None, np.eye(2), Foreign("Tensor"))] == ["int", "NoneType", "ndarray", "Tensor"]


# --- verdicts --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("assignment", "name", "cls"), WRONG_ANSWERS[::4])
def test_a_verdict_is_the_same_for_what_has_travelled(assignment, name, cls):
    exercise = reference.load(assignment, name)
    given = [ask_function(getattr(cls(), name), case.inputs) for case in exercise.cases]
    if exercise.kind == "derivation":
        given = [replace(answer, value=[answer.value] * exercise.lines) for answer in given]
    here = [replace(answer, value=portable(answer.value)) for answer in given]
    there = [Answer(**{**vars(answer), "value": travelled(portable(answer.value))}) for answer in given]
    assert judge(exercise, here) == judge(exercise, there)
    assert judge(exercise, there).state == judge(exercise, given).state
