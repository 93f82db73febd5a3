"""The errata of the source derivation of notebook 05."""
