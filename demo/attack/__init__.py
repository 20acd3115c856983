"""A denial-of-wallet attack, replayed with and without the guard: `python -m demo.attack`."""
