"""The vocabulary that every part shares; it imports nothing else of this project."""
