"""What a report is made of, as it was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from functions.shared.alerting.store import StoredAlert
from functions.shared.aws.listing import Listed
from functions.shared.config import WardenConfig
from functions.shared.core.reading import Known, Reading
from functions.shared.cost.bill import Bill
from functions.shared.flows.graph import Graph
from functions.shared.muting.silence import Silence
from functions.shared.muting.waiver import Waiver
from functions.shared.review.period import Period


@dataclass(frozen=True, slots=True)
class Ecosystem:
    """Packages of one kind in the estate.

    Attributes:
        name: Its name, as OSV has it.
        packages: How many different packages there are.
        versions: How many versions of them, together.
        artefacts: In how much code, layers included, some of them are.
    """

    name: str
    packages: int
    versions: int
    artefacts: int


@dataclass(frozen=True, slots=True)
class Inventories:
    """What is known to be in the deployed code.

    Attributes:
        digests: The artefacts whose inventories there are.
        read: How many of them were counted for this report.
        damaged: How many could not be understood.
        ecosystems: What they hold, the most packages first.
    """

    digests: frozenset[str] = frozenset()
    read: int = 0
    damaged: int = 0
    ecosystems: tuple[Ecosystem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """Everything that a report shows.

    Attributes:
        config: The settings of the deployment.
        account: Account that is watched.
        region: Region that is watched.
        bucket: Warden's bucket.
        made_at: When it was read.
        period: What is looked back on.
        functions: Every function.
        alerts: Every alert, resolved ones of late included.
        waivers: Every waiver.
        silences: Every silence.
        inventories: What the deployed code contains.
        flows: Who calls whom, as far as it is remembered.
        pictures: Pictures of incidents as SVG, by the place that an alert names.
        bill: What Warden cost in the period.
        owner: Whose part of the estate it is; empty: everybody's.
    """

    config: WardenConfig
    account: str
    region: str
    bucket: str
    made_at: datetime
    period: Period
    functions: Reading[Sequence[Listed]]
    alerts: Sequence[StoredAlert]
    waivers: Sequence[Waiver]
    silences: Sequence[Silence]
    inventories: Reading[Inventories]
    flows: Graph
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    bill: Bill
    owner: str = ""

    @property
    def listed(self) -> Sequence[Listed]:
        """The functions, none where they could not be listed."""
        return self.functions.value if isinstance(self.functions, Known) else ()
