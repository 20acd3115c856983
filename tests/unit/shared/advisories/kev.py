"""Catalogues of known exploited flaws, in the form in which CISA publishes them."""

import json
from typing import Any


def entry(cve: str, since: str = "2026-03-01", *, ransomware: bool = False) -> dict[str, Any]:
    """One flaw of a catalogue."""
    return {
        "cveID": cve,
        "vendorProject": "Demo",
        "product": "Demo",
        "vulnerabilityName": "Demo Deserialization Vulnerability",
        "dateAdded": since,
        "shortDescription": "Made up for a test.",
        "requiredAction": "Apply mitigations.",
        "dueDate": "2026-03-22",
        "knownRansomwareCampaignUse": "Known" if ransomware else "Unknown",
        "notes": "",
        "cwes": ["CWE-502"],
    }


def catalogue(*entries: dict[str, Any], **changes: Any) -> bytes:
    """A whole catalogue."""
    document = {
        "title": "CISA Catalog of Known Exploited Vulnerabilities",
        "catalogVersion": "2026.03.01",
        "dateReleased": "2026-03-01T18:00:00.0000Z",
        "count": len(entries),
        "vulnerabilities": list(entries),
    }
    return json.dumps(document | changes).encode()
