"""The brake on a runaway: a cap on reserved concurrency, recorded first and always lifted."""
