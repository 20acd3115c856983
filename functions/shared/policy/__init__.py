"""The policy: which tags a function needs, and how long it may live."""
