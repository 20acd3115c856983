"""Addresses of the launcher's own door into the emulator, which AWS does not have."""

PREFIX = "/_local_aws/"
READY = PREFIX + "ready"
EVENTS = PREFIX + "events"
METRICS = PREFIX + "metrics"

HEADER = "x-local-aws"
"""Request header that must carry the server's mark, so that no web page can post here."""
