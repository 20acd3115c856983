"""Advisory sync: fetches OSV's exports, builds the advisory index and publishes it."""
