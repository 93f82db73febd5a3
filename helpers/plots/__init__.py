"""The figures, a module for each derivation:  from helpers.plots import linear_regression as plots."""
