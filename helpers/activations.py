"""Activation functions and their derivatives, both at the pre-activation z; the cases call them by name.

    sigmoid(z) = 1 / (1 + e^-z)        sigmoid_prime(z) = sigmoid(z) (1 - sigmoid(z))
    tanh(z)                            tanh_prime(z)    = 1 - tanh(z)^2
    relu(z)    = max(z, 0)             relu_prime(z)    = 1 where z > 0, else 0; at z = 0 it is 0

All are elementwise and accept complex arrays, so that a complex step may pass through them.
"""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z) * (1 - sigmoid(z))


def tanh(z):
    return np.tanh(z)


def tanh_prime(z):
    return 1 - np.tanh(z) ** 2


def relu(z):
    return np.where(np.real(z) > 0, z, 0)


def relu_prime(z):
    return np.where(np.real(z) > 0, 1.0, 0.0)


ACTIVATIONS = {f.__name__: f for f in (sigmoid, sigmoid_prime, tanh, tanh_prime, relu, relu_prime)}
