"""The CDK constructs of Lambda Warden: each can be taken alone, `WardenStack` takes them all."""
