"""The tag-enforcer alone."""
