"""What the scanner knows about one function when it judges it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from functions.scanner.bundles.versions import Joined
from functions.scanner.deployers import Deployer
from functions.scanner.failure_handling import FailureHandling
from functions.scanner.releases.release import Release
from functions.scanner.role_rights import WideRight
from functions.scanner.runtimes import Runtimes, shipped
from functions.scanner.secrets.found import CodeSecrets, SecretVariable
from functions.scanner.vulnerabilities.finding import MatchResult
from functions.shared.config import ScannerPolicy
from functions.shared.core.arn import FunctionArn
from functions.shared.core.packages import Inventory
from functions.shared.core.policy_document import Policy
from functions.shared.core.reading import Known, Reading, Unknown
from functions.shared.events.change import UrlAccess

if TYPE_CHECKING:
    # Parsers of lockfiles hang on it, which most scans do not need.
    from functions.scanner.against_repository import RepositoryDrift

NOT_ASKED: Final = Unknown("not asked")


@dataclass(frozen=True, slots=True)
class Configuration:
    """The part of a function's configuration that rules look at.

    Attributes:
        runtime: Runtime identifier, empty for container images.
        package_type: `Zip` or `Image`.
        code_sha256: Identity of the deployed code, base64.
        code_size: Size of the deployed code in bytes, as it was uploaded.
        revision: Identity of this configuration.
        role: ARN of the execution role.
        layers: ARNs of the layer versions, in the order they are merged.
        tracing: `Active` or `PassThrough`.
        failure_target: Dead-letter target ARN, empty where there is none.
        code_error: Why Lambda does not give the code out, in its own words; empty where it does.
        mounts: File systems that are mounted, as `path (ARN)`.
        image: The container image as Lambda resolved it; empty for code in an archive.
        architecture: `x86_64` or `arm64`.
        code_url: Where the code can be downloaded for some minutes; never logged or stored.
        variables: The environment variables, until they are judged; never logged or stored.
    """

    runtime: str = ""
    package_type: str = "Zip"
    code_sha256: str = ""
    code_size: int = 0
    revision: str = ""
    role: str = ""
    layers: tuple[str, ...] = ()
    tracing: str = ""
    failure_target: str = ""
    code_error: str = ""
    mounts: tuple[str, ...] = ()
    image: str = ""
    architecture: str = "x86_64"
    code_url: str = field(default="", repr=False)
    variables: Reading[Mapping[str, str]] = field(default=NOT_ASKED, repr=False)


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
        qualifier: The version or alias that the facts are about, empty for the function itself.
        configuration: Its configuration.
        policy: Its resource policy; without statements where it has none.
        qualified_policies: The policies of those of its versions and aliases that are reached.
        urls: Its function URLs.
        tags: Its tags.
        inventory: What is inside its code and layers.
        advisories: The data that the packages were looked up in.
        matches: What is known to be vulnerable among the packages.
        bundles: What lockfiles added to what is known of bundled packages.
        drift: How its code differs from its repository; a known None where it names none.
        secret_variables: Which environment variables hold credentials.
        code_secrets: Where credentials stand in its code.
        role_rights: What its execution role may do without bounds.
        role_users: The functions that use its execution role, the first users at the front.
        failure_handling: Where events go that it failed to handle.
        known_layers: Its layers, without versions, when Warden first looked at it.
        known_accounts: The foreign accounts that its policy let in then.
        releases: Its versions that are in use, beside $LATEST, which the other facts are about.
        deployers: Who deployed it, as far as events told, the first at the front.
    """

    function: FunctionArn
    qualifier: str = ""
    configuration: Reading[Configuration] = NOT_ASKED
    policy: Reading[Policy] = NOT_ASKED
    qualified_policies: Reading[Mapping[str, Reading[Policy]]] = NOT_ASKED
    urls: Reading[tuple[UrlAccess, ...]] = NOT_ASKED
    tags: Reading[Mapping[str, str]] = NOT_ASKED
    inventory: Reading[Inventory] = NOT_ASKED
    advisories: Reading[AdvisoryState] = NOT_ASKED
    matches: Reading[MatchResult] = NOT_ASKED
    bundles: Reading[Joined] = NOT_ASKED
    drift: "Reading[RepositoryDrift | None]" = NOT_ASKED
    secret_variables: Reading[tuple[SecretVariable, ...]] = NOT_ASKED
    code_secrets: Reading[CodeSecrets] = NOT_ASKED
    role_rights: Reading[tuple[WideRight, ...]] = NOT_ASKED
    role_users: Reading[tuple[FunctionArn, ...]] = NOT_ASKED
    failure_handling: Reading[FailureHandling] = NOT_ASKED
    known_layers: Reading[frozenset[str]] = NOT_ASKED
    known_accounts: Reading[frozenset[str]] = NOT_ASKED
    releases: "Reading[tuple[ReleaseFacts, ...]]" = NOT_ASKED
    deployers: Reading[tuple[Deployer, ...]] = NOT_ASKED

    @property
    def all_matches(self) -> Reading[MatchResult]:
        """What is known to be vulnerable in $LATEST and in every version that is in use."""
        if isinstance(self.matches, Unknown) or isinstance(self.releases, Unknown):
            return self.matches
        others = [one.code.matches for one in self.releases.value if one.code]
        known = [self.matches.value, *(one.value for one in others if isinstance(one, Known))]
        return Known(
            MatchResult(
                tuple(dict.fromkeys(found for one in known for found in one.vulnerabilities)),
                tuple(dict.fromkeys(found for one in known for found in one.undecided)),
                tuple(dict.fromkeys(found for one in known for found in one.problems)),
            )
        )


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What is known of one version that is in use.

    Attributes:
        release: The version, and what points at it.
        code: Its configuration and what is inside it, as of a function of its own; None where it
            is $LATEST.
        policies: Its resource policy and those of the aliases that point at it, by qualifier.
    """

    release: Release
    code: FunctionFacts | None
    policies: Mapping[str, Reading[Policy]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a judgement is measured against.

    Attributes:
        policy: The platform team's scanner settings.
        now: The time of the judgement.
        runtimes: When support of Lambda's runtimes ends.
    """

    policy: ScannerPolicy
    now: datetime
    runtimes: Runtimes = field(default_factory=shipped)
