"""Small real data sets, shipped with the course; README.md beside them names source and licence."""

import csv
from importlib.resources import files

import numpy as np


def load(name):
    """Return the data set ``name`` as {column: array}, numbers as float64 (N,), the rest as strings (N,).

    Raises FileNotFoundError with the names there are.
    """
    path = files(__package__) / f"{name}.csv"
    if not path.is_file():
        names = sorted(p.name.removesuffix(".csv") for p in files(__package__).iterdir() if p.name.endswith(".csv"))
        raise FileNotFoundError(f"no data set {name!r}; there is {', '.join(names)}")
    with path.open(encoding="utf-8") as f:
        rows = list(csv.DictReader(f))
    return {column: _column([row[column] for row in rows]) for column in rows[0]}


def _column(cells):
    """Return the cells as floats where all are numbers, else as strings."""
    try:
        return np.array([float(cell) for cell in cells])
    except ValueError:
        return np.array(cells)
