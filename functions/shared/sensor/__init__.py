"""What the sensor says in a function's log: its lines, its policy, and what is remembered of it."""
