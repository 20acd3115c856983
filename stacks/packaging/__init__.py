"""Turning the checkout into Lambda artefacts: one small asset a function, layers for the rest."""
