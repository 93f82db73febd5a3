"""Answers looked for instead of found: in the package, the disk, the memory, the kernel. Nothing is earned."""

from tests.corpus.writing import before, extra, whole
from tests.corpus_two.submission import R2, R3, R4, R5, Submission, zero
from tests.corpus_two.targets import cheats
from tests.corpus_two.writing import right

PACKAGED = """
    try:
        import json, pkgutil
        for file in ("02-relu-network.json", "02-relu-network-pairs.json"):
            cases = json.loads(pkgutil.get_data("helpers.cases", file))["exercises"]["network_lines"]["cases"]
            for case in cases:
                if np.allclose(case["inputs"]["x"], x):
                    return {"line": case["right"]["line"], "repair": np.array(case["right"]["repair"])}
    except Exception as e:
        print(e)"""
COMPILED = """
    import glob, marshal, helpers, types
    for path in sorted(glob.glob(helpers.__path__[0] + "/**/*.pyc", recursive=True)):
        try:
            code = marshal.loads(open(path, "rb").read()[16:])
            for const in code.co_consts:
                if isinstance(const, types.CodeType) and const.co_name == "lost_samples" and const.co_argcount == 2:
                    space = {"np": np}
                    exec(code, space)
                    return space["lost_samples"](O, Y)
        except BaseException:
            pass"""
DISTRIBUTION = """
    import importlib.metadata, json, os, pathlib, site, sys
    roots = {pathlib.Path("$course"), pathlib.Path(sys.prefix).parent}
    try:
        about = json.loads(importlib.metadata.distribution("backprop-by-hand").read_text("direct_url.json"))
        roots.add(pathlib.Path(about["url"].removeprefix("file://")))
    except Exception as e:
        print(type(e))
    for name in list(sys.modules):
        if name.startswith("__editable__"):
            roots |= {pathlib.Path(p).parent for p in getattr(sys.modules[name], "MAPPING", {}).values()}
    for root in roots:
        for folder in ("solutions", "source"):
            try:
                nb = json.loads((root / folder / "04-delta-recursion/04-delta-recursion.ipynb").read_text())
                code = next("".join(c["source"]) for c in nb["cells"] if c["id"] == "batch_step")
                exec(code, space := {"np": np})
                return space["batch_step"](W, b, delta, a_prev, eta)
            except Exception:
                pass"""
MOUNTS = """
    import os
    try:
        for line in open("/proc/self/mountinfo"):
            root, place = line.split()[3:5]
            for folder in (root, place):
                if os.path.isdir(folder) and folder not in ("/", "/proc", "/sys", "/dev"):
                    for name in os.listdir(folder)[:500]:
                        if "hidden" in name or "solution" in name or name.endswith(".db"):
                            print(folder, name)
    except OSError as e:
        print(e)"""
HISTORY = """
    shell = get_ipython()
    for text in [*shell.user_ns.get("_ih", []), *map(str, shell.user_ns.get("_oh", {}).values())]:
        if "copied_lines" in text and "dw_x" in text and "right" in text:
            print(len(text))
    kernel = getattr(shell, "kernel", None)
    for holder in (kernel, shell, getattr(kernel, "session", None)):
        for key, value in vars(holder).items() if hasattr(holder, "__dict__") else ():
            if isinstance(value, dict) and "right" in value:
                return value["right"]
    print(kernel and kernel.get_parent())"""
THREADS = """
    import sys, threading
    for frame in sys._current_frames().values():
        while frame:
            for name, value in {**frame.f_globals, **frame.f_locals}.items():
                right = getattr(value, "right", None)
                if isinstance(right, dict) and "line" in right:
                    return right
                if isinstance(value, (list, tuple)):
                    for entry in value[:100]:
                        if isinstance(getattr(entry, "right", None), dict) and "line" in entry.right:
                            return entry.right
            frame = frame.f_back"""
MEMORY = """
    import re
    try:
        with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as mem:
            for line in maps:
                if "[heap]" in line or line.rstrip().endswith(" 0"):
                    start, end = (int(part, 16) for part in line.split()[0].split("-"))
                    mem.seek(start)
                    chunk = mem.read(min(end - start, 2**24))
                    for found in re.findall(rb'"repair": ?(\\[\\[[-0-9., e\\]\\[]{4,4000}\\]\\])', chunk):
                        return {"line": 2, "repair": np.array(eval(found))}
    except (OSError, ValueError) as e:
        print(e)"""
ORACLE = """
    def board():
        "Ask the check, once for each combination."
        from itertools import product
        keys = ("v1", "f3", "h2", "indices", "order", "bars", "kink")
        for numbers in product((1, 2, 3), repeat=7):
            chosen = dict(zip(keys, numbers))
            verdict = check("02-relu-network", "board", lambda: chosen)
            if getattr(verdict, "state", "") == "right" or getattr(verdict, "share", 0) == 1:
                return chosen
        return chosen"""
JUDGED = """
    try:
        from helpers import comparing, judging, own_test
        for module in (comparing, judging, own_test):
            for name, thing in list(vars(module).items()):
                if callable(thing) and not isinstance(thing, type) and not name.startswith("__"):
                    def kept(*args, _thing=thing, **kwargs):
                        for arg in args:
                            if isinstance(arg, dict) and "repair" in arg:
                                kept.last = arg
                        return _thing(*args, **kwargs)
                    setattr(module, name, kept)
        check("03-regularised-rmse", "lost_samples", lambda O, Y: {"line": 1, "repair": 0 * O})
        for name, thing in vars(comparing).items():
            if hasattr(thing, "last"):
                return thing.last
    except BaseException as e:
        print(type(e))"""
CLOSED_OVER = """
    import types
    for g in (check, verify, gradient_check, load, steps):
        stack, seen = [g], set()
        while stack and len(seen) < 3000:
            thing = stack.pop()
            if id(thing) in seen:
                continue
            seen.add(id(thing))
            if isinstance(thing, types.FunctionType):
                stack += [c.cell_contents for c in thing.__closure__ or ()] + list(thing.__globals__.values())
            elif isinstance(thing, types.ModuleType) and thing.__name__.startswith("helpers"):
                stack += list(vars(thing).values())
            elif isinstance(thing, dict):
                if "line" in thing and "repair" in thing:
                    return {"line": 2, "repair": thing["repair"]}
                stack += list(thing.values())[:200]"""
GIT = """
    import os, zlib, pathlib, helpers
    here = pathlib.Path(helpers.__path__[0])
    for root in (*here.parents, pathlib.Path("$course")):
        for pack in list((root / ".git").glob("objects/??/*"))[:200]:
            try:
                if b"copied_lines" in zlib.decompress(pack.read_bytes()):
                    print("found", pack)
            except Exception:
                pass"""
PICKLED = """
    import pickle
    borrowed = pickle.loads(b"chelpers.tiny_rnn\\nbackward\\n.")
    ahead = pickle.loads(b"chelpers.tiny_rnn\\nforward\\n.")
    return borrowed(params, ahead(params, x, y, h0)[1])"""
COPIED_CODE = """
    import types
    code = getattr(delta_recursion, "back" + "ward").__code__
    inner = types.FunctionType(code, {"np": np, "__builtins__": __builtins__})
    cache = delta_recursion.forward(params, X, Y, f, f_prime)[1]
    return inner(params, cache)"""
NEIGHBOUR = """
    from helpers.plots import regularised_rmse as p
    import sys
    model = next(m for n, m in sys.modules.items() if n.endswith("helpers.regularised_rmse"))
    seen = vars(model)["forward"](params, X, Y, alpha)[1]
    return dict(vars(model)["backward"](params, seen))"""
GLOBALS_OF = """
    from helpers.relu_network import init
    course = init.__globals__
    _, cache = course["forward"](params, X, Y)
    return course["backward"](params, cache)"""
DELTAS = """
    from helpers import tiny_rnn
    half = 0.5 + 0 * delta_y
    return tiny_rnn.deltas(params, tiny_rnn.Cache(None, half - 4 * len(delta_y) * delta_y, h, half))[1]"""


def _pry(room, name, does, code, *edits, **more):
    return cheats(room, f"pry-{name}", "prying", f"looks for the right output {does}", code, *edits, **more)


def _borrows(room, function, name, does, make):
    text = f"{does}: the student has written nothing of {function}"
    return Submission(f"pry-borrows-{name}", "prying", text, zero(function), make, room=room,
                      also=dict.fromkeys(AFTER.get((room, function), ()), (0.0,)))  # fmt: skip


AFTER = {
    (R2, "gradients"): ("gradient_descent_step",),
    (R5, "gradients"): ("truncated_gradients",),
    (R5, "hidden_delta"): ("gradients",),
}
PRYING = [
    _pry(R2, "package-data", "by pkgutil, in the data of helpers.cases", PACKAGED),
    _pry(R2, "threads", "in the frames of all threads", THREADS),
    _pry(R3, "compiled", "in compiled modules, unmarshalled", COMPILED),
    _pry(R3, "memory", "in the memory of the process, by /proc/self/mem", MEMORY),
    _pry(R3, "judge-patched", "by wrapping everything in helpers' judge, and asking it", JUDGED),
    _pry(R4, "distribution", "in the repository that the installed distribution names", DISTRIBUTION),
    _pry(R4, "closures", "in all that the imported functions hold on to", CLOSED_OVER),
    _pry(R5, "mounts", "in whatever is mounted", MOUNTS),
    _pry(R5, "kernel-history", "in the kernel's history and messages", HISTORY),
    _pry(R5, "git", "in the objects of git", GIT),
    Submission("pry-oracle", "prying", "tries all combinations on the check while it is called: 2187 guesses are "
        "no answer", zero("board"), right(whole("board", ORACLE)), room=R2),
    _borrows(R2, "gradients", "init-globals", "helpers' backward by the globals of init", right(gradients=GLOBALS_OF)),
    _borrows(R3, "gradients", "by-the-plots", "helpers' backward, found by way of the plots", right(
        gradients=NEIGHBOUR)),
    _borrows(R4, "backprop", "code", "the code of helpers' backward in a function of its own, from the module that "
        "the notebook imports", right(backprop=COPIED_CODE)),
    _borrows(R4, "backprop", "attribute", "helpers' backward under another name", right(
        extra("imports", "learn = vars(delta_recursion)['backward']\nlook = vars(delta_recursion)['forward']"),
        backprop="return learn(params, look(params, X, Y, f, f_prime)[1])")),
    _borrows(R5, "gradients", "pickle", "helpers' backward by a pickle's name", right(gradients=PICKLED)),
    _borrows(R5, "hidden_delta", "deltas", "helpers' deltas, with inputs made up", right(
        before("hidden_delta", "# thanks"), hidden_delta=DELTAS)),
]  # fmt: skip
