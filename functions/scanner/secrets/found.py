"""What was found: where a credential stands and of which kind it is, never the credential."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class SecretVariable:
    """An environment variable that holds a credential.

    Attributes:
        name: The variable's name.
        kind: What the value is, for example `github pat`.
        by_name: True when only the name says so; the value has no known form.
    """

    name: str
    kind: str
    by_name: bool = False


@dataclass(frozen=True, slots=True, order=True)
class SecretPlace:
    """A credential in a deployed file.

    Attributes:
        path: The file inside the artefact.
        line: The line it starts on, from 1.
        kind: What it is, for example `private key`.
    """

    path: str
    line: int
    kind: str


@dataclass(frozen=True, slots=True)
class CodeSecrets:
    """What a look through the text files of one or several artefacts brought.

    Attributes:
        places: Where credentials stand.
        unread: Files that should have been looked at and were not, with their causes.
        complete: False when a whole artefact could not be looked at, which its inventory tells.
    """

    places: tuple[SecretPlace, ...] = ()
    unread: tuple[str, ...] = ()
    complete: bool = True

    def __add__(self, other: "CodeSecrets") -> "CodeSecrets":
        """Join the findings of two artefacts, dropping exact repeats."""
        return CodeSecrets(
            tuple(dict.fromkeys(self.places + other.places)),
            tuple(dict.fromkeys(self.unread + other.unread)),
            self.complete and other.complete,
        )
