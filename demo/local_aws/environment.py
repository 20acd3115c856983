"""The two environments: what the server process sees, and what its users are given.

The server's is built from nothing but a few names of the host, so that Lambda workers,
which inherit it, see neither the host's credentials nor its settings.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from demo.local_aws.processes import LOOPBACK, MARK

SECRET_KEY = "local"  # noqa: S105 - opens nothing but the emulator on the loopback interface
"""Secret of every client; the emulator checks signatures of IAM users and sessions only."""

_HOST_NAMES = ("PATH", "LANG", "LC_ALL", "TZ", "SYSTEMROOT", "LD_LIBRARY_PATH")


def server_environment(
    *,
    directory: Path,
    port: int,
    account: str,
    region: str,
    enforce_iam: bool,
    concurrency: int,
    mark: str,
) -> dict[str, str]:
    """Return the whole environment of the server process and of its Lambda workers.

    Args:
        directory: the private folder; state, temporary files and home live below it.
        port: port on the loopback interface: TCP for the APIs, UDP for the X-Ray daemon.
        account: account of callers whose key names none.
        region: region of callers whose request names none.
        enforce_iam: evaluate policies for users, roles and sessions.
        concurrency: how many Lambda invocations may run at once in total.
        mark: see ``processes.MARK``.
    """
    return {
        **{name: os.environ[name] for name in _HOST_NAMES if name in os.environ},
        "HOME": str(directory / "home"),
        "TMPDIR": str(directory / "tmp"),
        "STATE_DIR": str(directory / "state"),
        "S3_DATA_DIR": str(directory / "state" / "s3"),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": LOOPBACK,
        "MINISTACK_HOST": LOOPBACK,
        "MINISTACK_ACCOUNT_ID": account,
        "MINISTACK_REGION": region,
        "AUTH": "true" if enforce_iam else "false",
        "LAMBDA_EXECUTOR": "local",
        "LAMBDA_ACCOUNT_CONCURRENCY": str(concurrency),
        "LAMBDA_WARM_TTL_SECONDS": "60",
        "MINISTACK_WORKER_THREADS": "32",
        # Each of these would open a further port, or look for a container daemon.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": f"unix://{directory / 'no-docker.sock'}",
        "LOG_LEVEL": "WARNING",
        "AWS_ENDPOINT_URL": f"http://{LOOPBACK}:{port}",
        "AWS_ENDPOINT_URL_S3": f"http://{LOOPBACK}:{port}",
        "AWS_XRAY_DAEMON_ADDRESS": f"{LOOPBACK}:{port}",
        "AWS_EC2_METADATA_DISABLED": "true",
        MARK: mark,
    }


def laid_over(host: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment of a program that is to talk to the emulator.

    Args:
        host: the environment it would have otherwise. Every ``AWS_`` variable of it is
            left out: a profile or an endpoint of another account must not win.
        ours: what ``client_environment`` returns.
    """
    kept = {name: value for name, value in host.items() if not name.startswith("AWS_")}
    passed = f"{host.get('NO_PROXY') or host.get('no_proxy') or ''},{LOOPBACK}".lstrip(",")
    return {**kept, **ours, "NO_PROXY": passed, "no_proxy": passed}


def client_environment(*, directory: Path, port: int, account: str, region: str) -> dict[str, str]:
    """Return the variables that point boto3, the AWS CLI and the CDK CLI at the emulator.

    The access key is the account id, which is how the emulator tells accounts apart.

    Args:
        directory: the private folder.
        port: where the emulator listens.
        account: 12-digit account of the caller.
        region: region of the caller.
    """
    endpoint = f"http://{LOOPBACK}:{port}"
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_ACCESS_KEY_ID": account,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_SESSION_TOKEN": "",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_CONFIG_FILE": str(directory / "home" / "no-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(directory / "home" / "no-credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "CDK_DEFAULT_ACCOUNT": account,
        "CDK_DEFAULT_REGION": region,
        "CDK_DISABLE_CLI_TELEMETRY": "1",
        # The CLI remembers there which account a key belongs to; it does not look at HOME.
        "CDK_HOME": str(directory / "home" / "cdk"),
    }
