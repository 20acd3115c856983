"""What can go wrong with the embedded AWS itself.

LocalAwsError
├── AlreadyRunningError   the folder already holds a running one
├── NotRunningError       the folder holds none
├── StartFailedError      it did not become ready; the message ends with its log
└── RefusedError          a request at the launcher's own door was not understood
"""


class LocalAwsError(Exception):
    """Base of every error of the embedded AWS."""


class AlreadyRunningError(LocalAwsError):
    """One is already running in the folder that was given."""


class NotRunningError(LocalAwsError):
    """None is running in the folder that was given."""


class StartFailedError(LocalAwsError):
    """The server process ended, or did not become ready in time."""


class RefusedError(LocalAwsError):
    """The launcher's own door refused an event or a series; the message names the field."""
