"""Where an owner's digest goes. Pure."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from functions.shared.alerting.routing import MAIN
from functions.shared.config import Route


def route_of(owner: str, routes: Iterable[Route]) -> str:
    """The route whose topic gets an owner's digest; `MAIN` where none does.

    It is the first that names the owner and takes all of the owner's alerts. A route for some
    severities, kinds or environments is a pager or a team's special case, where a digest has no
    business.

    Args:
        owner: The owner, `unknown` where there is none.
        routes: The routes of the settings, in their order.
    """
    return next((route.name for route in routes if _is_home_of(owner, route)), MAIN)


def _is_home_of(owner: str, route: Route) -> bool:
    takes_some = route.severities or route.kinds or route.environments
    return not takes_some and any(fnmatchcase(owner, pattern) for pattern in route.owners)
