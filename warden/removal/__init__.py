"""The end of a function, by a person's command: archived, removed, and put back."""
