"""Which cells the marks depend on: pictures, verifications and training runs of ours need not be run again.

A student's own cells are always run, and of ours those that make a name which another cell that is run may use. A cell
of ours that is not run keeps what it showed when the notebook was handed in.
"""

import ast
import builtins
import re
import symtable
from dataclasses import dataclass
from functools import cache

from grader.outside import is_test
from grader.rebuild import is_answer

# names through which a program can reach any other, so that all cells are run
DYNAMIC = {"eval", "exec", "compile", "globals", "locals", "vars", "dir", "get_ipython", "__import__", "In", "Out"}
LATER = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda  # what looks names up when it is called
SHORTHAND = re.compile(r"_+(i*|i?\d+)$|_o?h$")  # what IPython calls the results and sources of earlier cells


@dataclass(frozen=True)
class Names:
    """The names of a cell: what it uses, and what it makes or may change."""

    used: frozenset
    made: frozenset
    changed: frozenset  # what it calls a method of, which may change it unless it is a module or function


def needed(nb, skeleton):
    """Return the ids of the code cells of a rebuilt notebook that have to be run."""
    ours = {cell.id: cell.source for cell in skeleton.cells if not is_answer(cell) and not is_test(cell)}
    cells = {cell.id: cell for cell in nb.cells if cell.cell_type == "code"}
    names = {id_: names_of(cell.source) for id_, cell in cells.items()}
    run = {id_ for id_, cell in cells.items() if ours.get(id_) != cell.source or not names[id_]}
    if any(not names[id_] or _dynamic(names[id_]) for id_ in run):
        return set(cells)
    known = {id_: found for id_, found in names.items() if found}
    steady = frozenset(vars(builtins)).union(*(_steady(cell.source) for id_, cell in cells.items() if id_ in known))
    while True:
        used = frozenset().union(*(known[id_].used for id_ in run))
        more = {id_ for id_, found in known.items() if (found.made | found.changed - steady) & used} - run
        if not more:
            return run
        run |= more


def _dynamic(names):
    return names.used & DYNAMIC or any(map(SHORTHAND.match, names.used)) or "*" in names.made


@cache
def names_of(source):
    """Return the Names of a cell, or None where it is not plain Python, as a magic is not."""
    try:
        tree, table = ast.parse(source), symtable.symtable(source, "cell", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    symbols = [symbol for scope in _scopes(table) for symbol in scope.get_symbols() if _is_global(scope, symbol)]
    made = {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}
    added_to = {node.target.id for node in ast.walk(tree) if _adds_to_a_name(node)} & made
    used = _used_first(tree, {symbol.get_name() for symbol in symbols if symbol.is_referenced()} | added_to)
    changed = set()
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute() as base):
                changed |= _bases(base)
            case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
                made |= _bases(node.value) & used
            case ast.ImportFrom(names=[ast.alias(name="*")]):
                made.add("*")
    return Names(frozenset(used), frozenset(made), frozenset(changed & used))


def _used_first(tree, names):
    """Return those of the global names that a cell uses before it has itself given them a value."""
    used, own = set(), set()
    for statement in tree.body:
        loaded = _loaded(statement) & names
        later = any(
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) for node in ast.walk(statement)
        )
        used |= loaded if later else loaded - own
        match statement:
            case ast.Assign(targets=targets):
                own |= {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                own |= {(alias.asname or alias.name).split(".")[0] for alias in aliases}
    return used


def _scopes(table):
    """Yield a symbol table and all that are nested in it."""
    yield table
    for child in table.get_children():
        yield from _scopes(child)


def _is_global(scope, symbol):
    return scope.get_type() == "module" or symbol.is_global()


def _loaded(statement):
    """Return the names whose values a statement takes; x += 1 takes one too."""
    nodes = list(ast.walk(statement))
    taken = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return taken | {node.target.id for node in nodes if _adds_to_a_name(node)}


def _adds_to_a_name(node):
    return isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name)


def _bases(expression):
    """Return the names that stand in an expression or statement."""
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}


@cache
def _steady(source):
    """Return the names that a cell gives to modules and functions, which no call changes."""
    names = set()
    for node in ast.parse(source).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names.update((alias.asname or alias.name).split(".")[0] for alias in aliases)
    return frozenset(names)
