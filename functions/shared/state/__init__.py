"""What Warden remembers: one DynamoDB table, one module for each kind of item."""
