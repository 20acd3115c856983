"""CDK apps of users of Lambda Warden."""
