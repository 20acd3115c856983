"""Versions of bundled packages, by what stands beside the code: a lockfile, or an SBOM inside."""
