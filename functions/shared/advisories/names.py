"""Package names as the index spells them, so that both sides of a look-up agree."""

import re
from typing import Final

_PEP_503_SEPARATORS: Final = re.compile(r"[-_.]+")
# Registries where names differ in more than case, or whose package URLs are written in lower case
# (https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst): a look-up by the spelling of
# a package URL must not miss `JSONStream` or `github.com/BurntSushi/toml`.
_CASELESS: Final = frozenset({"PyPI", "npm", "Go", "NuGet"})
# The Go vulnerability database calls the standard library `stdlib`, some inventories `std`.
_GO_STANDARD_LIBRARY: Final = "std"


def index_name(ecosystem: str, name: str) -> str:
    """The spelling under which a package is indexed.

    Python names compare normalised (https://peps.python.org/pep-0503/#normalized-names); elsewhere
    the registry's own spelling is the identity, apart from its case where case does not matter.
    """
    if ecosystem == "PyPI":
        name = _PEP_503_SEPARATORS.sub("-", name)
    elif ecosystem == "Go" and name == _GO_STANDARD_LIBRARY:
        return "stdlib"
    return name.lower() if ecosystem in _CASELESS else name
