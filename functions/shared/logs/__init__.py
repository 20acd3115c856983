"""What CloudWatch Logs delivers, and what is remembered of it."""
