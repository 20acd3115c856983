"""Tag-enforcer: who owns a function, where it belongs, and when it must be gone."""
