"""Where a deployment runs: a real account, or the embedded AWS on this machine."""

import platform
import sys
from dataclasses import dataclass
from typing import Final, Self

from aws_cdk import RemovalPolicy
from aws_cdk import aws_lambda as lambda_

from functions.shared.config import ConfigError

_MANYLINUX_OF_AMAZON_LINUX_2023: Final = "aarch64-manylinux_2_28"
"""Amazon Linux 2023, on which Lambda's Python 3.13 runs, has glibc 2.34; 2.28 wheels suffice."""


@dataclass(frozen=True, slots=True)
class Target:
    """What differs between deployments.

    Attributes:
        name: `aws` or `local`.
        python: Minor version of the functions' runtime, such as `3.13`.
        arm: Whether the functions run on arm64, x86_64 otherwise.
        wheels: uv's name of the platform that compiled dependencies are for; empty: this host's.
        keeps_data: Whether the table and the bucket outlive the stack.
        at_once: Most invocations of one consumer at the same time; 0 for no limit of the target's.
    """

    name: str
    python: str
    arm: bool
    wheels: str
    keeps_data: bool
    at_once: int = 0

    @classmethod
    def aws(cls) -> Self:
        """A real account: arm64, and data that a deleted stack leaves behind."""
        return cls("aws", "3.13", True, _MANYLINUX_OF_AMAZON_LINUX_2023, True)  # noqa: FBT003

    @classmethod
    def local(cls) -> Self:
        """The embedded AWS, which runs functions with this machine's Python and processor."""
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        return cls(
            name="local",
            python=version,
            arm=platform.machine().lower() in {"arm64", "aarch64"},
            wheels="",
            keeps_data=False,
            at_once=2,  # each starts a process of its own, which takes a second of a processor
        )

    @classmethod
    def named(cls, name: object) -> Self:
        """The target of that name, `aws` where none is given.

        Raises:
            ConfigError: There is no such target.
        """
        if name in (None, "", "aws"):
            return cls.aws()
        if name == "local":
            return cls.local()
        raise ConfigError(f"context target: no such target {name!r}; use 'aws' or 'local'")

    @property
    def architecture(self) -> lambda_.Architecture:
        """The processor of the functions."""
        return lambda_.Architecture.ARM_64 if self.arm else lambda_.Architecture.X86_64

    @property
    def runtime(self) -> lambda_.Runtime:
        """The runtime of the functions."""
        return lambda_.Runtime(f"python{self.python}", lambda_.RuntimeFamily.PYTHON)

    @property
    def removal_policy(self) -> RemovalPolicy:
        """What becomes of data when the stack is deleted."""
        return RemovalPolicy.RETAIN if self.keeps_data else RemovalPolicy.DESTROY
