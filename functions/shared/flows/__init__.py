"""Who calls a function and what it calls: edges, what is remembered of them, and their graph."""
