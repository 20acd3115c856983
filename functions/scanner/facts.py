"""What the scanner knows about one function when it judges it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from functions.scanner.vulnerabilities.finding import MatchResult
from functions.shared.arn import FunctionArn
from functions.shared.config import ScannerPolicy
from functions.shared.events.change import UrlAccess
from functions.shared.packages import Inventory
from functions.shared.reading import Reading, Unknown

_NOT_ASKED = Unknown("not asked")


@dataclass(frozen=True, slots=True)
class Configuration:
    """The part of a function's configuration that rules look at.

    Attributes:
        runtime: Runtime identifier, empty for container images.
        package_type: `Zip` or `Image`.
        code_sha256: Identity of the deployed code, base64.
        revision: Identity of this configuration.
        role: ARN of the execution role.
        layers: ARNs of the layer versions, in the order they are merged.
        tracing: `Active` or `PassThrough`.
        failure_target: Dead-letter target ARN, empty where there is none.
        code_url: Where the code can be downloaded for some minutes; never logged or stored.
    """

    runtime: str = ""
    package_type: str = "Zip"
    code_sha256: str = ""
    revision: str = ""
    role: str = ""
    layers: tuple[str, ...] = ()
    tracing: str = ""
    failure_target: str = ""
    code_url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """One allowing statement of a function's resource policy, flattened for judgement.

    Attributes:
        sid: The statement's id.
        principals: `*`, accounts, ARNs or services, as the policy spells them.
        actions: Allowed actions.
        conditions: Condition keys in lower case with their values; the operator is dropped.
    """

    sid: str
    principals: tuple[str, ...]
    actions: tuple[str, ...]
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AdvisoryState:
    """The advisory data that was matched against, or why there was none.

    Attributes:
        newest: When the sources were last asked, the oldest of all ecosystems.
        version: Identity of the index, for telling whether a match is out of date.
    """

    newest: datetime
    version: str


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """Everything one judgement is based on; what could not be read says why.

    Attributes:
        function: The function.
        configuration: Its configuration.
        policy: The allowing statements of its resource policy; none where it has no policy.
        urls: Its function URLs.
        tags: Its tags.
        inventory: What is inside its code and layers.
        advisories: The data that the packages were looked up in.
        matches: What is known to be vulnerable among the packages.
    """

    function: FunctionArn
    configuration: Reading[Configuration] = _NOT_ASKED
    policy: Reading[tuple[Statement, ...]] = _NOT_ASKED
    urls: Reading[tuple[UrlAccess, ...]] = _NOT_ASKED
    tags: Reading[Mapping[str, str]] = _NOT_ASKED
    inventory: Reading[Inventory] = _NOT_ASKED
    advisories: Reading[AdvisoryState] = _NOT_ASKED
    matches: Reading[MatchResult] = _NOT_ASKED


@dataclass(frozen=True, slots=True)
class Setting:
    """What a judgement is measured against.

    Attributes:
        policy: The platform team's scanner settings.
        now: The time of the judgement.
    """

    policy: ScannerPolicy
    now: datetime
