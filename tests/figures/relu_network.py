"""The figures of notebook 02."""

import numpy as np

from helpers.answers.relu_network import WORKED_EXAMPLE, Right
from helpers.plots import relu_network as plots

PARAMS, X, Y = WORKED_EXAMPLE.values()
RIGHT = Right()
SEEN = RIGHT.forward(PARAMS, X)
YEAR = np.linspace(0, 1, 25)
UNITS = {"v1": np.array([YEAR < 0.5, YEAR < 2.0, YEAR > 2.0]), "v2": np.array([YEAR > 0.3]), "y_hat": np.array([YEAR])}

FIGURES = {
    "network": (
        lambda: plots.network(PARAMS, SEEN | {"x": X}, RIGHT.deltas(PARAMS, SEEN, Y)),
        ["3 inputs, 2 and 2", "x = (1, 2, -1)", "v1 = (6, 0)", "prediction = (-6)", "delta2 = (8, -4)"],
    ),
    "relu": (lambda: plots.relu(), ["0 where z is negative", "1 where z is positive"]),
    "backward_step": (lambda: plots.backward_step(), ["4 x 5", "4 x 3", "3 x 5", "one row of W transposed"]),
    "exposed": (
        lambda: plots.exposed(by_hand=WORKED_EXAMPLE),
        ["by hand shows 11 of 14", "not these: a mean over the samples"],
    ),
    "loss_by_step": (
        lambda: plots.loss_by_step([3456.7, 200.0, 12.0, 11.0], 100.0),
        ["3,460 at the start, 11 after 3 steps", "has 100", "from step 2 on"],
    ),
    "fit": (
        lambda: plots.fit(YEAR, YEAR, YEAR, np.sin(6 * YEAR), 1 - YEAR, "ppm"),
        ["25 points", "rises to 1.0 in Apr", "falls to -1.0 in Oct", "from 1.0 to 0.0"],
    ),
    "regions": (
        lambda: plots.regions(YEAR, UNITS),
        ["v11 Jan to Jun", "v12 all year", "v13 never", "v21 May to Dec", "the 2 places"],
    ),
}
