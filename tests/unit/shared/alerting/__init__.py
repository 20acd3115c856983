"""How alerts are written down, and the forms in which they leave."""
