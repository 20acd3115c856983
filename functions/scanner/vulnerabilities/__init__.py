"""Which advisories affect what is deployed, and what changed since the last look."""
