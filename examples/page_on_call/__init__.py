"""All of Lambda Warden, with a pager."""
