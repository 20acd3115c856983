"""From what CloudWatch Logs delivers to what its lines say. Pure, and bounded."""
