"""What SNS is given for a digest: a body within its limits, and attributes to select by. Pure.

A message is at most 256 KiB (SNS API reference, Publish). The body holds the JSON document inside
JSON, which doubles every quotation mark, and the e-mail beside it.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from functions.notifier.digest.contents import Digest
from functions.notifier.digest.document import document
from functions.notifier.digest.mail import mail
from functions.notifier.digest.short import sms

LARGEST: Final = 250_000
"""Bytes of a body; the rest of SNS's limit is for attributes."""

_FEWER: Final = (10, 3, 0)


def body(digest: Digest) -> str:
    """The body for `MessageStructure=json`; sections are shortened, never cut, where it is long."""
    whole = _body(digest)
    for lines in _FEWER:
        if len(whole.encode()) <= LARGEST:
            break
        whole = _body(_shortened(digest, lines))
    return whole


def attributes(digest: Digest) -> Mapping[str, str | tuple[str, ...]]:
    """What a subscription's filter policy can select by; a tuple becomes a `String.Array`.

    There is no severity among them: who subscribes to critical alerts is not woken by a digest.
    """
    return {
        "kind": ("digest",),
        "owner": digest.addressee,
        "account": digest.account,
        "region": digest.region,
        "cadence": digest.edition.cadence,
    }


def _body(digest: Digest) -> str:
    machines = json.dumps(document(digest), ensure_ascii=False, allow_nan=False)
    forms = {"default": machines, "email": mail(digest), "sms": sms(digest)}
    return json.dumps(forms, ensure_ascii=False)


def _shortened(digest: Digest, lines: int) -> Digest:
    sections = tuple(replace(one, lines=one.lines[:lines]) for one in digest.sections)
    return replace(digest, sections=sections)
