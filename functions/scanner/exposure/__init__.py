"""Who from outside a resource policy lets in, by evaluating it."""
