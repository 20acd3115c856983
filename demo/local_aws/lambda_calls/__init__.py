"""Calls of Lambda's API, recorded as CloudTrail would and put on the default bus."""
