"""One parser for each kind of lockfile; `registry` chooses by file name."""
