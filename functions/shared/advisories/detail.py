"""Packing an advisory's text, which is most of the index, into half its size.

One record is too short to compress by itself, so both sides start from what advisories have in
common. The dictionary is part of the file format: change `layout.FORMAT_VERSION` with it.
"""

import zlib
from typing import Final

_COMMON: Final = (
    b"https://www.openwall.com/lists/oss-security/https://groups.google.com/g/golang-announce/c/"
    b"https://rustsec.org/advisories/RUSTSEC-20"
    b"https://pkg.go.dev/vuln/GO-20https://go.dev/issue/https://go.dev/cl/"
    b"https://github.com/pypa/advisory-database/tree/main/vulns/"
    b"https://github.com/ossf/malicious-packages/tree/main/osv/malicious/npm/"
    b"https://security.netapp.com/advisory/https://lists.debian.org/https://nvd.nist.gov/vuln/detail/CVE-20"
    b"https://github.com/advisories/GHSA-/security/advisories/GHSA-https://github.com/"
    b"/issues//commit//pull/ allows remote attackers to execute arbitrary code denial of service"
    b' cross-site scripting vulnerability in  before  via a crafted [[null,null,""],"'
    b'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"],"'
    b'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"],"Malicious code in '
    b' (npm)",["https://","https://github.com/"],"20T00:00:00+00:00"]'
)
_RAW: Final = -15  # Deflate without header and checksum: the file has its own hash.


def pack(text: str) -> bytes:
    """Compress a text."""
    packer = zlib.compressobj(level=6, wbits=_RAW, zdict=_COMMON)
    return packer.compress(text.encode()) + packer.flush()


def unpack(content: bytes) -> str:
    """The text that was packed.

    Raises:
        zlib.error: The content is damaged.
        ValueError: What comes out is no text.
    """
    return zlib.decompressobj(wbits=_RAW, zdict=_COMMON).decompress(content).decode()
