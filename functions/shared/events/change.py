"""`FunctionChange`: what happened to which function, when, and by whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from functions.shared.core.arn import FunctionArn
from functions.shared.core.text import plain


class ChangeKind(StrEnum):
    """What a change touched; `OBSERVED` is what the sweep found without an event."""

    CREATED = "created"
    CODE = "code updated"
    CONFIGURATION = "configuration updated"
    POLICY = "policy changed"
    URL = "function URL changed"
    TAGS = "tags changed"
    CONCURRENCY = "concurrency changed"
    EVENT_SOURCE = "event source changed"
    DELETED = "deleted"
    STATE = "state changed"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who made a change, as far as the event says.

    Attributes:
        arn: Identity that called the API; empty where the event carries none.
        tool: User agent of the call, for example that of CloudFormation or the console.
    """

    arn: str = ""
    tool: str = ""

    @property
    def name(self) -> str:
        """The short name a person knows the identity by: role session, user, or the service."""
        return self.arn.rpartition("/")[2] or self.arn or "unknown identity"


@dataclass(frozen=True, slots=True)
class PermissionGrant:
    """One statement added to a function's resource policy, as the request spelled it."""

    statement_id: str
    principal: str
    action: str
    source_arn: str = ""
    source_account: str = ""
    organization: str = ""
    url_auth_type: str = ""
    url_only: bool = False


@dataclass(frozen=True, slots=True)
class UrlAccess:
    """Who may call a function URL, and from which web origins.

    Attributes:
        auth_type: `NONE`, or `AWS_IAM`.
        allowed_origins: Web pages of these origins may call it.
        allows_credentials: Whether they may do so in the visitor's name.
        qualifier: The alias that it belongs to, empty for the function itself.
        created_at: When it was made, None where that is not known.
    """

    auth_type: str
    allowed_origins: tuple[str, ...] = ()
    allows_credentials: bool = False
    qualifier: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stated:
    """What the event itself states about the function; None where it is silent.

    Judged when the function cannot be asked: it is gone already, or lives in an account whose
    events are replayed elsewhere.
    """

    runtime: str | None = None
    role: str | None = None
    code_sha256: str | None = None
    layers: tuple[str, ...] | None = None
    tags: Mapping[str, str] | None = None
    permission: PermissionGrant | None = None
    url: UrlAccess | None = None
    reserved_concurrency: int | None = None
    event_source: str | None = None


@dataclass(frozen=True, slots=True)
class FunctionChange:
    """A function was created, changed, deleted or merely observed.

    Attributes:
        function: The function, unqualified.
        kind: What was touched.
        at: When it happened, by the event's own clock, aware.
        actor: Who did it.
        event_id: Identifier of the event, for logs and evidence.
        event_name: The API call or detail-type as AWS names it.
        stated: Facts that the event itself carries.
    """

    function: FunctionArn
    kind: ChangeKind
    at: datetime
    actor: Actor = Actor()
    event_id: str = ""
    event_name: str = ""
    stated: Stated = field(default_factory=Stated)


@dataclass(frozen=True, slots=True)
class NotAChange:
    """An event that is understood and needs no work; `reason` is what the log says."""

    reason: str


class MalformedEventError(ValueError):
    """An event that cannot be understood.

    Attributes:
        fault: Names the field and what it should be, and quotes nothing: fit for a log.
    """

    def __init__(self, fault: str, *, found: str = "") -> None:
        """The whole message also quotes what was `found`; it travels with the event only."""
        super().__init__(f"{fault} (found: {plain(found, 300)})" if found else fault)
        self.fault = fault
