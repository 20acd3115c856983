"""The policy that a stack is deployed with."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from aws_cdk import aws_s3_assets as assets
from constructs import Construct

from functions.shared.config import ConfigError, WardenConfig
from functions.shared.core.text import plain
from functions.shared.policy.agreement import disagreements
from functions.shared.policy.model import Policy
from functions.shared.policy.read import PolicyError, default_policy, read_policy
from functions.shared.policy.store import as_document
from stacks.reach import Reach


def deployed_policy(config: WardenConfig) -> Policy:
    """The policy that the settings name, the default where they name none.

    Raises:
        ConfigError: It cannot be read, something in it is wrong, or it does not know an
            environment that the settings speak of.
    """
    policy = _read(config.policy) if config.policy else default_policy()
    if found := disagreements(policy, config):
        name = config.policy or "the policy that Warden comes with"
        raise ConfigError("\n".join(f"{plain(name)}: {one}" for one in found))
    return policy


@cache
def _read(path: str) -> Policy:
    try:
        return read_policy(Path(path).read_bytes())
    except OSError as error:
        raise ConfigError(
            f"warden.policy: {plain(path)} cannot be read ({error.strerror}); write the path from "
            "the folder that the app runs in"
        ) from error
    except PolicyError as error:
        lines = "\n".join(f"  {fault}" for fault in error.faults)
        raise ConfigError(f"{plain(path)}, wrong policy:\n{lines}") from error


class DeployedPolicy(Construct):
    """The policy as an asset of the stack, where the settings name one.

    The asset holds what the file means, as JSON, so that no function needs to read YAML for it.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,  # noqa: A002 - CDK's own name for it
        *,
        config: WardenConfig,
    ) -> None:
        """Make the asset.

        Args:
            scope: Parent construct.
            id: Name within the parent.
            config: The `warden` block; `config.policy` names the file.

        Raises:
            ConfigError: See `deployed_policy`.
        """
        super().__init__(scope, id)
        self.policy = deployed_policy(config)
        self._asset = self._as_asset() if config.policy else None

    def _as_asset(self) -> assets.Asset:
        with TemporaryDirectory() as folder:  # CDK takes a copy at once
            file = Path(folder) / "policy.json"
            file.write_text(as_document(self.policy), encoding="utf-8")
            return assets.Asset(self, "File", path=str(file))

    @property
    def reach(self) -> Reach:
        """What a function that judges by the policy works with."""
        if self._asset is None:
            return Reach()
        arn = self._asset.bucket.arn_for_objects(self._asset.s3_object_key)
        return Reach({"policy": arn}, {"WARDEN_POLICY": self._asset.s3_object_url})
