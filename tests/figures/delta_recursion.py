"""The figures of notebook 04."""

import numpy as np

from helpers import activations
from helpers.plots import delta_recursion as plots

PARAMS = {"W1": np.ones((3, 2)), "b1": np.ones((3, 1)), "W2": np.ones((2, 3)), "b2": np.ones((2, 1))}
X = np.linspace(0, 1, 192).reshape(64, 3)
OUTPUTS = np.full((10, 3), -0.8)
OUTPUTS[[1, 7, 5], [0, 1, 2]] = 0.5
SLOPES = {"sigmoid": activations.sigmoid_prime, "tanh": activations.tanh_prime, "ReLU": activations.relu_prime}

FIGURES = {
    "network": (lambda: plots.network(PARAMS), ["2 layers of weights", "layer 1 has 3", "output layer 3"]),
    "error_comes_back": (lambda: plots.error_comes_back(3), ["3 units", "delta 3 times w3j", "f'(z_j)"]),
    "recursion_shapes": (lambda: plots.recursion_shapes(), ["n_l x n_(l+1)", "n_(l+1) x N", "n_l x N"]),
    "slopes": (lambda: plots.slopes(SLOPES), ["sigmoid at most 0.25", "tanh at most 1", "ReLU at most 1"]),
    "delta_by_layer": (
        lambda: plots.delta_by_layer({"sigmoid": [1e-7, 1e-4, 0.1], "tanh": [0.01, 0.1, 0.1]}),
        ["sigmoid from about 10^-1 in layer 3 to about 10^-7 in layer 1", "tanh", "10^-2 in layer 1"],
    ),
    "images": (lambda: plots.images(X, np.array([3.0, 7.0, 1.0])), ["3 images", "3, 7, 1."]),
    "accuracy_by_epoch": (
        lambda: plots.accuracy_by_epoch([0.5, 0.8, 0.99], [0.4, 0.7, 0.96]),
        ["3 epochs", "40.0 % after the first, 96.0 %", "99.0 %", "marks 95 %"],
    ),
    "misread": (
        lambda: plots.misread(X, OUTPUTS, np.array([1.0, 1.0, 3.0])),
        ["2 of 3", "a 1 read as 7 (output 0.5; that of the 1 is -0.8)", "a 3 read as 5"],
    ),
}
