"""What putting the sensor into a function, or taking it off, changes of its configuration. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sensor.built import PRELOAD
from sensor.policy import VARIABLE, Category, Mode, SensorPolicy
from warden.failure import RefusedError

_MOST_LAYERS: Final = 5
_ROOM: Final = 4096  # bytes of all variables together; source: Lambda developer guide, quotas
_PRELOAD: Final = "LD_PRELOAD"
_COMPILING: Final = ("nodejs", "java", "dotnet")


@dataclass(frozen=True, slots=True)
class Setup:
    """The part of a function's configuration that the sensor changes.

    Attributes:
        layers: ARNs of its layers, in order.
        variables: Its environment.
    """

    layers: tuple[str, ...]
    variables: Mapping[str, str]

    def difference(self, after: "Setup") -> list[str]:
        """What changes, a line each; other variables' values are never shown."""
        lines = [f"+ layer {one}" for one in after.layers if one not in self.layers]
        lines += [f"- layer {one}" for one in self.layers if one not in after.layers]
        for name in (_PRELOAD, VARIABLE):
            old, new = self.variables.get(name), after.variables.get(name)
            lines += [f"- {name}={old}"] if old is not None and old != new else []
            lines += [f"+ {name}={new}"] if new is not None and old != new else []
        return lines


def setup_of(configuration: Mapping[str, Any]) -> Setup:
    """Read what Lambda says of a function.

    Raises:
        RefusedError: The sensor cannot be put into it, or its variables cannot be read, so that
            writing them back would lose them.
    """
    if configuration.get("PackageType", "Zip") != "Zip":
        raise RefusedError(
            "It is an image: Lambda gives images no layers. Copy the library into it."
        )
    environment = configuration.get("Environment", {})
    if environment.get("Error"):
        raise RefusedError(
            "Its variables cannot be read with your credentials (their key is not yours to use); "
            "writing them back would lose them."
        )
    layers = tuple(one["Arn"] for one in configuration.get("Layers", []))
    return Setup(layers, dict(environment.get("Variables", {})))


def attached(now: Setup, layer: str, policy: str | None, runtime: str) -> Setup:
    """With the sensor.

    Args:
        now: As it is.
        layer: ARN of the layer's version.
        policy: Its policy; None: as it is.
        runtime: The function's runtime.

    Raises:
        RefusedError: There is no room for it, or the policy would stop the runtime itself.
    """
    others = tuple(one for one in now.layers if _name(one) != _name(layer))
    if len(others) >= _MOST_LAYERS:
        raise RefusedError(f"It has {len(others)} layers, and Lambda allows {_MOST_LAYERS}.")
    preloaded = _others(now)
    variables = dict(now.variables) | {_PRELOAD: ":".join([PRELOAD, *preloaded])}
    if policy is not None:
        _check(SensorPolicy.parse(policy), runtime)
        variables.pop(VARIABLE, None)
        variables |= {VARIABLE: policy} if policy else {}
    size = sum(len(name.encode()) + len(value.encode()) for name, value in variables.items())
    if size > _ROOM:
        raise RefusedError(f"Its variables would take {size} bytes, and Lambda allows {_ROOM}.")
    return Setup((*others, layer), variables)


def detached(now: Setup, layer: str, before: Mapping[str, str]) -> Setup:
    """Without the sensor: what was there before is back, unless somebody changed it since.

    Args:
        now: As it is.
        layer: ARN of a version of the layer.
        before: The variables of ours that stood there before; absent where none did.
    """
    variables = dict(now.variables)
    rest = _others(now)
    variables.pop(_PRELOAD, None)
    if rest:
        variables[_PRELOAD] = ":".join(rest)
    variables.pop(VARIABLE, None)
    if VARIABLE in before:
        variables[VARIABLE] = before[VARIABLE]
    return Setup(tuple(one for one in now.layers if _name(one) != _name(layer)), variables)


def ours(setup: Setup) -> dict[str, str]:
    """The variables that the sensor's commands may change, as they stand."""
    return {name: setup.variables[name] for name in (_PRELOAD, VARIABLE) if name in setup.variables}


def is_attached(setup: Setup) -> bool:
    """Whether the function has the sensor's variable."""
    return PRELOAD in setup.variables.get(_PRELOAD, "").split(":")


def _check(policy: SensorPolicy, runtime: str) -> None:
    code = policy.entries.get(Category.CODE)
    if code is None or code.mode is not Mode.BLOCK or not runtime.startswith(_COMPILING):
        return
    if not any(one in {"anonymous", "*"} for one in code.allowed):
        raise RefusedError(
            f"{runtime} compiles as it runs and needs executable memory: with code=block it would "
            "not start. Allow it: code=block:anonymous"
        )


def _others(setup: Setup) -> list[str]:
    """What else the function preloads."""
    return [one for one in setup.variables.get(_PRELOAD, "").split(":") if one not in {"", PRELOAD}]


def _name(layer: str) -> str:
    """A layer's ARN without its version."""
    return layer.rpartition(":")[0]


def names(lines: Sequence[str]) -> str:
    """Lines of a difference as one text; that nothing changes where there are none."""
    return "\n".join(lines) or "Nothing changes."
