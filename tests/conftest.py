"""Settings of all tests: the same examples on every machine, and no verdict from slowness.

Property tests try few examples, so that the tests are run often; `make test THOROUGH=1` tries
twenty times as many.
"""

import functools
import os

import botocore.session
from hypothesis import HealthCheck, settings

# Each session would read the models of its services anew, some megabytes of JSON.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)

settings.register_profile(
    "quick",
    deadline=None,
    derandomize=True,
    max_examples=20,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", parent=settings.get_profile("quick"), max_examples=400)
settings.load_profile("thorough" if os.environ.get("THOROUGH") else "quick")
