"""The alerts that a decision is about: named one by one, or by patterns."""

from collections.abc import Mapping, Sequence

import click

from functions.shared.alerting.store import StoredAlert
from functions.shared.runtime.deployment import Deployment
from warden.failure import RefusedError
from warden.finding_one import find_one
from warden.naming import matcher_of


def chosen_alerts(
    warden: Deployment, fingerprints: Sequence[str], typed: Mapping[str, str]
) -> list[StoredAlert]:
    """The alerts of some fingerprints, or the open ones that meet all patterns.

    Raises:
        UsageError: Both were given, or neither.
        RefusedError: One of the names matches nothing.
    """
    matcher = matcher_of(typed)
    if fingerprints and not matcher.is_empty:
        raise click.UsageError("FINGERPRINT and patterns exclude each other.")
    if fingerprints:
        return [find_one(warden, one) for one in fingerprints]
    if matcher.is_empty:
        raise click.UsageError(
            "Name alerts: by FINGERPRINT, or by patterns such as --function or --rule."
        )
    current = warden.stored_alerts.current()
    found = [one for one in current if one.alert.is_open and matcher.matches(one.alert)]
    if not found:
        raise RefusedError(f"No open alert matches {matcher}.")
    return found
