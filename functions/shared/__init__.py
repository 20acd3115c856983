"""The vocabulary and the edges that every function shares."""
