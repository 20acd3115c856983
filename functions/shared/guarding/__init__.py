"""How parts ask the guard for a limit, and what it records."""
