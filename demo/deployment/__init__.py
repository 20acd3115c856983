"""Deploying Lambda Warden into the local AWS with the real CDK command line."""
