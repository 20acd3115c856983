"""Measurements of the product, each against a rival or a bound, in one run."""
