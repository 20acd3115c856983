"""The names of the topics of routes and chats, by which the notifier finds what the stack made.

Their ARNs need no room in the notifier's environment then, of which Lambda allows 4 KB in all.
"""


def route_topic(prefix: str, route: str) -> str:
    """Name of the topic of a route.

    Args:
        prefix: The setting `name_prefix`.
        route: Name of the route.
    """
    return f"{prefix}-alerts-{route}"


def chat_topic(prefix: str) -> str:
    """Name of the topic for chats."""
    return f"{prefix}-chat"
