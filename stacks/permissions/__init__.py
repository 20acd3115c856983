"""What each function may do: one table, from which the roles and docs/permissions.md are made."""
