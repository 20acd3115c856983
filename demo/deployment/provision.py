"""From an empty local AWS to one with Lambda Warden deployed and its advisories in place."""

from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from demo.deployment.advisories import give_advisories
from demo.deployment.cdk import Cdk
from demo.deployment.lockfiles import give_lockfiles
from demo.deployment.settings import warden_block
from demo.deployment.warden import Warden
from demo.local_aws import LocalAws
from demo.screen import Screen
from demo.workshop import Workshop


class Provision:
    """One deployment in the making; synthesizing begins at once, because it needs no AWS."""

    def __init__(self, overlay: Mapping[str, Any], place: Workshop, screen: Screen) -> None:
        """Begin to synthesize.

        Args:
            overlay: Settings laid over those of cdk.json.
            place: Where to work.
            screen: Where to tell of it.
        """
        self._cdk = Cdk(place.programs, place.folder)
        self._place = place
        self._screen = screen
        self._synthesized: Future[Path] = place.pool.submit(self._cdk.synth, warden_block(overlay))

    def finish(self, aws: LocalAws, *meanwhile: "Future[Any]") -> Warden:
        """Deploy, and have the sample advisories synced.

        Args:
            aws: Where to deploy.
            meanwhile: Other work that must be done before Warden is deployed.

        Raises:
            ProgramFailedError: The CDK failed.
            SyncFailedError: The advisories could not be synced.
        """
        with self._screen.step("Synthesized the app, bootstrapped the account for the CDK"):
            bootstrapped = self._place.pool.submit(self._cdk.bootstrap, aws)
            works: list[Future[Any]] = [bootstrapped, self._synthesized, *meanwhile]
            for work in works:
                work.result()
        with self._screen.step("Deployed Lambda Warden with the CDK"):
            warden = Warden.from_outputs(self._cdk.deploy(aws, self._synthesized.result()))
        with self._screen.step("Synced the sample advisories"):
            give_advisories(aws, warden)
            give_lockfiles(aws, warden)
        return warden
