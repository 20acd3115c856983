"""The forms in which a graph of flows is printed."""
