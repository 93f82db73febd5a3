"""The figures of notebook 05."""

import numpy as np

from helpers.plots import tiny_rnn as plots

PARAMS = {"w": 1.5, "w_x": -0.8, "w_h": 0.6, "b1": 0.2, "b2": -0.4}
LEFT = {1: np.array([0.25, 0.0625, 1e-3]), 8: np.array([2.0, 4.0, 1e3])}
YEARS = np.array([2000.0, 2001.0, 2002.0])

FIGURES = {
    "network": (lambda: plots.network(PARAMS), ["w = 1.5", "w_x = -0.8", "w_h = 0.6", "b1 = 0.2", "b2 = -0.4"]),
    "unrolled": (lambda: plots.unrolled(3), ["3 steps", "to h3"]),
    "two_paths": (lambda: plots.two_paths(), ["q2 h1", "q1 h0", "q2 w_h"]),
    "sigmoids": (lambda: plots.sigmoids(), ["1/(1 + e^-u)", "1/(1 - e^-u)", "pole at 0"]),
    "reach": (
        lambda: plots.reach([LEFT, LEFT]),
        ["up to 3 steps", "w_h = 1 leaves about 10^-3", "w_h = 8 leaves about 10^3"],
    ),
    "series": (
        lambda: plots.series(YEARS, np.array([3.0, 90.0, 150.0]), 2001),
        ["2000 to 2002", "between 3 and 150", "2001"],
    ),
    "training": (
        lambda: plots.training({"full": [1.0, 0.5, 0.25], "cut": [1.0, 0.6, 0.3]}, ("naive", 0.4)),
        ["over 3 steps", "full, 1 at first, 0.25", "cut, 1 at first, 0.3", "has 0.4"],
    ),
    "forecasts": (
        lambda: plots.forecasts(
            YEARS, np.array([1.0, 2.0, 3.0]), {"network": np.array([1.0, 2.0, 6.0]), "naive": np.array([2.0, 2.0, 2.0])}
        ),
        ["2000 to 2002", "network: 1.73", "naive: 0.816"],
    ),
}
