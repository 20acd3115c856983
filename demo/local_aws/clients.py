"""boto3 clients of the emulator that nothing of the user's own set-up can divert."""

import os
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from demo.local_aws.environment import SECRET_KEY


def client_of(service: str, *, endpoint_url: str, account: str, region: str, **options: Any) -> Any:
    """Return a boto3 client that ignores the user's configuration, profile and proxies.

    Args:
        service: boto3's name of the service.
        endpoint_url: where the emulator listens.
        account: account of the caller; also the access key.
        region: region of the caller.
        options: further arguments of ``boto3.client``, which win over the above.
    """
    defaults: dict[str, Any] = {
        "endpoint_url": endpoint_url,
        "aws_access_key_id": account,
        "aws_secret_access_key": SECRET_KEY,
        "region_name": region,
        "config": Config(
            retries={"max_attempts": 2, "mode": "standard"},
            connect_timeout=5,
            read_timeout=120,
            max_pool_connections=20,
            proxies={},
        ),
    }
    # The service is chosen at run time, for which boto3 has no common type.
    make: Any = boto3.session.Session(botocore_session=_session_of_its_own()).client
    return make(service, **{**defaults, **options})


def _session_of_its_own() -> botocore.session.Session:
    nowhere = (None, None, os.devnull, None)
    return botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": nowhere,
            "credentials_file": nowhere,
        }
    )
