"""Package names as the index spells them, so that both sides of a look-up agree."""

import re
from typing import Final

_PEP_503_SEPARATORS: Final = re.compile(r"[-_.]+")


def index_name(ecosystem: str, name: str) -> str:
    """The spelling under which a package is indexed.

    Python names compare normalised (https://peps.python.org/pep-0503/#normalized-names) and NuGet
    ids regardless of case; everywhere else the registry's own spelling is the identity.
    """
    if ecosystem == "PyPI":
        return _PEP_503_SEPARATORS.sub("-", name).lower()
    if ecosystem == "NuGet":
        return name.lower()
    return name
